"""What many visitors cost the page, half of whom misbehave, and what hundreds of jobs leave behind.

    python -m benchmarks.visitors [--honest 8] [--bad 8] [--jobs 200] [--frames 12] [--bombs 6]

First all come at once: honest ones have a clip made; the others send garbage, drop their connection while they wait or
are worked on, call with wrong values, guess at files, or begin new visits as fast as they can. It prints how many of
the honest were served and when, and what the others were told. Then it has so many jobs done, some at a time, and
prints memory, threads, descriptors and disk before and after: of the server's process, and of its workers. At last
bombs, small files with huge pictures, are looked at, all at once: it prints when they are refused, and what it costs.
"""

from __future__ import annotations

import contextlib
import itertools
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import httpx
import psutil
import typer

from pose3d.core.resources import ASSETS
from pose3d.ui.controls import CONTROLS
from tests.clips import bomb
from tests.serving import serving

VIDEO = ASSETS / "examples" / "squats.mp4"
AT_ONCE = 4
"""Jobs that are asked for at a time in the second part."""
EVERY = 0.02
"""Seconds between two looks at the memory."""
PATIENCE = 900.0
"""Seconds until an answer is given up."""
MEGABYTE = 1e6

Values = list[Any]


def uploaded(address: str, name: str, content: bytes) -> str:
    """Where the server keeps it."""
    answer = httpx.post(f"{address}/gradio_api/upload", files={"files": (name, content)}, timeout=PATIENCE)
    return answer.json()[0]


def values(path: str, frames: int) -> Values:
    """Of the endpoint estimate, in its order."""
    settings = {name: control.start for name, control in CONTROLS.items()} | {"max_frames": frames}
    return [{"path": path, "meta": {"_type": "gradio.FileData"}}, *settings.values()]


def called(address: str, data: Values) -> httpx.Response:
    """The answer to a call: it holds the number under which the result can be had."""
    return httpx.post(f"{address}/gradio_api/call/estimate", json={"data": data}, timeout=PATIENCE)


def result(address: str, data: Values, seconds: float = PATIENCE) -> str:
    """The last event's name: complete or error; "left" after so many seconds, when the connection is dropped."""
    number = called(address, data).json()["event_id"]
    until, event = time.monotonic() + seconds, "none"
    try:
        with httpx.stream("GET", f"{address}/gradio_api/call/estimate/{number}", timeout=seconds) as answer:
            for line in answer.iter_lines():
                event = line.removeprefix("event: ") if line.startswith("event: ") else event
                if time.monotonic() > until:
                    return "left"
    except httpx.ReadTimeout:
        return "left"
    return event


def honest(address: str, path: str, frames: int) -> tuple[str, float]:
    """How it ended, and after how many seconds; who is sent away comes back."""
    began = time.monotonic()
    while (event := result(address, values(path, frames))) == "error" and time.monotonic() - began < PATIENCE:
        time.sleep(2)
    return event, time.monotonic() - began


def garbage(address: str, path: str) -> str:
    """A file that is no video."""
    return result(address, values(uploaded(address, "garbage.mp4", bytes(range(256)) * 100), 12))


def drop(address: str, path: str) -> str:
    """A long job, left after a second."""
    return result(address, values(path, 300), seconds=1.0)


def nonsense(address: str, path: str) -> str:
    """Values of the wrong kinds."""
    return str(called(address, [path, *["nonsense"] * len(CONTROLS)]).status_code)


def guess(address: str, path: str) -> str:
    """A file of the server's."""
    return str(httpx.get(f"{address}/gradio_api/file=/etc/passwd", timeout=PATIENCE).status_code)


def hammer(address: str, path: str) -> str:
    """New visits, whose answers nobody waits for."""
    return str(called(address, values(path, 12)).status_code)


BAD: tuple[Callable[[str, str], str], ...] = (garbage, drop, nonsense, guess, hammer)


def misbehave(address: str, path: str, which: int, over: threading.Event) -> Counter[str]:
    """Until it is over; what was told how often."""
    told: Counter[str] = Counter()
    for act in itertools.cycle(BAD[which % len(BAD) :] + BAD[: which % len(BAD)]):
        if over.is_set():
            return told
        told[f"{act.__name__}: {act(address, path)}"] += 1
    raise AssertionError("a cycle has no end")


def cost(process: psutil.Process, folder: Path) -> dict[str, str]:
    """Of the server now."""
    workers = [child for child in process.children(recursive=True) if child.status() != psutil.STATUS_ZOMBIE]
    disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {
        "server MB": f"{process.memory_info().rss / MEGABYTE:.0f}",
        "workers MB": " ".join(f"{child.memory_info().rss / MEGABYTE:.0f}" for child in workers),
        "threads": str(process.num_threads()),
        "descriptors": str(process.num_fds()),
        "disk MB": f"{disk / MEGABYTE:.1f}",
    }


def print_cost(when: str, costs: dict[str, str]) -> None:
    """One line."""
    print(f"{when:<22}" + " · ".join(f"{name} {value}" for name, value in costs.items()), flush=True)


def explode(process: psutil.Process, address: str, content: bytes, bombs: int) -> None:
    """So many bombs at once; prints when they are refused, and what memory it takes at most."""
    paths = [uploaded(address, f"bomb{n}.mp4", content + bytes(n)) for n in range(bombs)]  # each is another file
    before, most, over = memory(process), [0], threading.Event()

    def watch() -> None:
        while not over.wait(EVERY):
            most.append(memory(process))

    watching = threading.Thread(target=watch)
    watching.start()
    with ThreadPoolExecutor(bombs) as pool:
        ended = list(pool.map(lambda path: timed(address, path), paths))
    over.set()
    watching.join()
    seconds = ", ".join(f"{seconds:.2f}" for _, seconds in ended)
    print(f"{bombs} bombs of {len(content) / MEGABYTE:.1f} MB: {dict(Counter(event for event, _ in ended))}", end=" ")
    print(f"after {seconds} s; memory up by {(max(most) - before) / MEGABYTE:.0f} MB at most")


def timed(address: str, path: str) -> tuple[str, float]:
    """How a job ended, and after how many seconds."""
    began = time.monotonic()
    return result(address, values(path, 12)), time.monotonic() - began


def memory(process: psutil.Process) -> int:
    """Bytes that the server and its workers have."""
    total = 0
    for each in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += each.memory_info().rss
    return total


def main(
    honest_ones: Annotated[int, typer.Option("--honest")] = 8,
    bad: Annotated[int, typer.Option("--bad")] = 8,
    jobs: Annotated[int, typer.Option("--jobs")] = 200,
    frames: Annotated[int, typer.Option("--frames")] = 12,
    bombs: Annotated[int, typer.Option("--bombs")] = 6,
) -> None:
    """Prints all parts."""
    with tempfile.TemporaryDirectory() as place, serving(Path(place)) as site:
        process, address = psutil.Process(site.process.pid), site.address
        path = uploaded(address, VIDEO.name, VIDEO.read_bytes())
        print(f"the first job: {honest(address, path, frames)[1]:.1f} s")
        print_cost("before", cost(process, site.folder))
        over = threading.Event()
        with ThreadPoolExecutor(honest_ones + bad) as pool:
            misbehaving = [pool.submit(misbehave, address, path, n, over) for n in range(bad)]
            served = [
                future.result() for future in [pool.submit(honest, address, path, frames) for _ in range(honest_ones)]
            ]
            over.set()
            told = sum((future.result() for future in misbehaving), Counter[str]())
        seconds = sorted(seconds for _, seconds in served)
        done = sum(event == "complete" for event, _ in served)
        print(f"honest visitors served: {done} of {honest_ones}, after {seconds[0]:.0f} to {seconds[-1]:.0f} s")
        print("the others were told: " + ", ".join(f"{what} ({count})" for what, count in sorted(told.items())))
        print_cost("after them", cost(process, site.folder))
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            ended = Counter(event for event, _ in pool.map(lambda _: honest(address, path, frames), range(jobs)))
        print(f"{jobs} jobs: {dict(ended)}, {(time.monotonic() - began) / max(jobs, 1):.2f} s each")
        print_cost(f"after {jobs} jobs", cost(process, site.folder))
        explode(process, address, bomb(Path(place) / "bomb.mp4", "libx264", "yuv420p").read_bytes(), bombs)


if __name__ == "__main__":
    typer.run(main)
