"""The real page in a process of its own."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
START = 120
"""Seconds that the page may take to answer."""
END = 20
"""Seconds that it may take to end."""


@dataclass(frozen=True)
class Site:
    """address: without a slash at its end. folder: where the page keeps what it is sent. log: what it prints."""

    address: str
    folder: Path
    log: Path
    process: subprocess.Popen[bytes]

    def check(self) -> None:
        """Fails with what the page printed where it has ended."""
        assert self.process.poll() is None, f"app.py stopped:\n{self.log.read_text()}"


@contextlib.contextmanager
def serving(folder, *arguments, app="app.py", **environment):
    """`python app.py` with these arguments, from when it answers; or another app."""
    log = folder / "log"
    port = free_port()
    own = {"GRADIO_SERVER_PORT": str(port), "GRADIO_TEMP_DIR": str(folder / "cache")}
    with log.open("w") as out:
        command = [sys.executable, app, *arguments]
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | own | environment, stdout=out, stderr=out)
    site = Site(f"http://127.0.0.1:{port}", folder / "cache", log, process)
    try:
        wait_for(site)
        yield site
    finally:
        process.terminate()
        process.wait(END)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(site):
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        site.check()
        with contextlib.suppress(OSError):
            urllib.request.urlopen(site.address, timeout=5).close()
            return
        time.sleep(0.3)
    raise TimeoutError(f"app.py does not answer:\n{site.log.read_text()}")
