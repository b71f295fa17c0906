"""Breaks the code on purpose, one small change at a time, and tells which changes the tests do not notice.

    python -m tools.mutants pose3d/track pose3d/lift/root.py --sample 40

pyproject.toml says which tests hold which file (`tool.mutants`). No file is changed: mutants are compiled in memory and
tested in a forked process, which Windows does not have. A survivor is a line that lacks a test, or has no effect; or
neither: a limit that no number ever meets exactly.
"""

from __future__ import annotations

import argparse
import importlib
import os
import random
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType

import pytest

from tools.mutations import mutants

if sys.version_info >= (3, 11):
    import tomllib
else:  # pytest brings it
    import tomli as tomllib

ROOT = Path(__file__).parent.parent
LOADED_ONCE = ("av", "cv2", "numpy.testing", "orjson", "pydantic", "scipy.signal", "scipy.spatial", "torch", "yaml")
"""Packages that take long to import: loaded before the processes fork."""
OPTIONS = ("-x", "-q", "--tb=no", "-p", "no:cacheprovider", "-p", "no:unraisableexception")
"""Of pytest. Without the last, half of the time goes into collecting garbage."""
PATIENCE, LEAST = 5, 5
"""Times as long as the tests usually take, and seconds more, after which a mutant hangs, and so is killed."""
MEMORY = 8 << 30
"""Bytes that a mutant may ask for: wrong sizes soon ask for more than there is."""


def survives(path: Path, code: CodeType, tests: Sequence[str], seconds: float) -> bool:
    """Whether the tests pass, within so many seconds, where a file has this code."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    signal.alarm(round(seconds))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    own = SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
        return code if Path(self.path) == path else own(self, fullname)

    SourceFileLoader.get_code = get_code
    os._exit(pytest.main([*tests, *OPTIONS]))


def score(path: Path, tests: Sequence[str], sample: int | None, seed: int) -> Counter[str]:
    """How many of a file's mutants were tried, and how many killed; prints the others."""
    started = time.monotonic()
    if not survives(path, compile(path.read_bytes(), str(path), "exec"), tests, 600):
        sys.exit(f"the tests of {path} fail as it is: {' '.join(tests)}")
    seconds = PATIENCE * (time.monotonic() - started) + LEAST
    tried = mutants(path)
    if sample is not None and sample < len(tried):
        tried = random.Random(seed).sample(tried, sample)
    alive = [mutant for mutant in tried if survives(path, mutant.code, tests, seconds)]
    for mutant in sorted(alive, key=lambda mutant: mutant.line):
        print(f"{path.relative_to(ROOT)}:{mutant.line}: {mutant.change}", flush=True)
    return Counter(tried=len(tried), killed=len(tried) - len(alive))


def report(name: str, counts: Counter[str]) -> None:
    share = counts["killed"] / max(counts["tried"], 1)
    print(f"{counts['killed']:5d} of {counts['tried']:4d} killed, {share:4.0%}  {name}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Tells which changes of the code the tests do not notice.")
    parser.add_argument("paths", nargs="*", default=["pose3d"], help="files or folders; without any, all in the table")
    parser.add_argument("--sample", type=int, metavar="N", help="at most N mutants of a file, drawn at random")
    parser.add_argument("--seed", type=int, default=0, help="of the drawing")
    asked = parser.parse_args()
    os.chdir(ROOT)
    os.environ |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "OMP_NUM_THREADS": "1"}
    for package in LOADED_ONCE:
        importlib.import_module(package)
    table = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["tool"]["mutants"]
    rooms: dict[str, Counter[str]] = {}
    for file in table:
        if any(Path(file).is_relative_to(path) for path in asked.paths):
            counts = score(ROOT / file, [f"tests/test_{name}.py" for name in table[file]], asked.sample, asked.seed)
            report(file, counts)
            room = Path(file).parent.as_posix()
            rooms[room] = rooms.get(room, Counter()) + counts
    for room, counts in rooms.items():
        report(room, counts)


if __name__ == "__main__":
    main()
