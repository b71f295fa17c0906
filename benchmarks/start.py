"""How long it takes until pose3d is there: wall time of fresh processes, beside one that imports NumPy alone;
and of the page until its first answer.

python -m benchmarks.start [--rounds 10]

Every round runs each of them once, after one to warm the disk's cache. The ratio to NumPy is what can be compared
between machines.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import typer

from tests.serving import serving

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = {
    "import numpy": ["-c", "import numpy"],
    "import pose3d": ["-c", "import pose3d"],
    "pose3d.pipeline is asked for": ["-c", "import pose3d; pose3d.pipeline"],
    "pose3d --help": ["-m", "pose3d", "--help"],
    "pose3d run --help": ["-m", "pose3d", "run", "--help"],
    "our models are loaded": ["-c", "import pose3d; pose3d.pipeline()"],
    "import torch": ["-c", "import torch"],
}


def seconds(arguments: list[str]) -> float:
    """Of wall time, until the process has ended."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def first_answer() -> float:
    """Seconds of wall time until the page answers."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)):
        return time.perf_counter() - start


MEASURED: dict[str, Callable[[], float]] = {
    **{name: partial(seconds, arguments) for name, arguments in PROGRAMS.items()},
    "the page answers": first_answer,
}


def main(rounds: int = 10) -> None:
    """Prints a line per program: median, quartiles, and the median of its ratios to NumPy's time."""
    taken = np.array([[measure() for measure in MEASURED.values()] for _ in range(rounds + 1)])[1:]
    print(f"{'':<30} {'seconds':>8} {'quartiles':>14} {'times NumPy':>12}")
    for name, column in zip(MEASURED, taken.T, strict=True):
        low, middle, high = np.percentile(column, [25, 50, 75])
        print(f"{name:<30} {middle:>8.2f} {low:>6.2f} to {high:.2f} {np.median(column / taken[:, 0]):>12.1f}")


if __name__ == "__main__":
    typer.run(main)
