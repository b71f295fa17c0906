"""Every figure that README and docs quote, measured again on this machine.

    python -m benchmarks [NAME ...] [--motion MOTION.npz] [--real FOLDER]

Without names all of them, which takes hours; what needs data that is not given is left out, and says so. First it
prints what the figures depend on: machine and versions.
"""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import psutil
import typer

from pose3d.pipelines import versions

MOTION, REAL = "--motion", "--real"
"""Motion capture as `pose3d train` takes it; a folder of videos with triangulated truth."""


@dataclass(frozen=True)
class Quoted:
    """A benchmark whose figures stand in a document. needs: the option that names its data; given before options."""

    document: str
    needs: str | None = None
    options: tuple[str, ...] = ()


QUOTED: dict[str, tuple[Quoted, ...]] = {
    "accuracy": (Quoted("docs/evaluation.md"),),
    "actions": (Quoted("docs/actions.md", MOTION, ("--data",)),),
    "batch": (Quoted("docs/scaling.md"),),
    "clip": (Quoted("docs/efficiency.md"),),
    "compare": (Quoted("docs/comparing.md"),),
    "count": (Quoted("docs/counting.md"),),
    "count_mocap": (Quoted("docs/counting.md", MOTION),),
    "efficiency": (Quoted("docs/efficiency.md"),),
    "encoder": (Quoted("docs/efficiency.md"),),
    "examples": (Quoted("docs/evaluation.md"), Quoted("docs/evaluation.md", options=("--model", "canonical"))),
    "exports": (Quoted("docs/formats.md"),),
    "feet": (Quoted("docs/evaluation.md"),),
    "lifter": (
        Quoted("docs/evaluation.md", MOTION),
        Quoted("docs/evaluation.md", MOTION, ("--model", "canonical")),
    ),
    "long": (Quoted("docs/efficiency.md"),),
    "measure": (Quoted("docs/measuring.md"),),
    "noise": (Quoted("docs/training.md"),),
    "quality": (Quoted("docs/evaluation.md"),),
    "rates": (Quoted("docs/evaluation.md"),),
    "real": (Quoted("docs/evaluation.md", REAL),),
    "room": (Quoted("docs/evaluation.md", REAL),),
    "root": (Quoted("docs/training.md", MOTION),),
    "served": (Quoted("docs/efficiency.md"),),
    "start": (Quoted("docs/efficiency.md"),),
    "up": (Quoted("docs/evaluation.md", MOTION),),
    "verdict": (Quoted("docs/evaluation.md", REAL),),
    "whole": (Quoted("docs/efficiency.md"),),
}
"""By the module's name."""


def machine() -> str:
    """What the figures depend on, a line each."""
    cores, memory = psutil.cpu_count(), psutil.virtual_memory().total / 1e9
    told = {"processor": processor(), "cores": cores, "memory": f"{memory:.0f} GB", "system": platform.platform()}
    return "\n".join(f"{name}: {value}" for name, value in (told | versions()).items())


def processor() -> str:
    """Its name, as far as the system tells."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def run(name: str, quoted: Quoted, data: Mapping[str, Path | None]) -> bool:
    """Prints the benchmark's figures under its command; whether it ran well, or could not be run for want of data."""
    given = data[quoted.needs] if quoted.needs else None
    if quoted.needs and given is None:
        print(f"\n# {name} ({quoted.document}): left out, it needs {quoted.needs}", flush=True)
        return True
    arguments = [*quoted.options, *([str(given)] if given else [])]
    command = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
    print(f"\n# python -m benchmarks.{' '.join([name, *arguments])} ({quoted.document})", flush=True)
    return subprocess.run(command, check=False).returncode == 0


def main(
    names: Annotated[list[str] | None, typer.Argument(help=f"Any of {', '.join(QUOTED)}.")] = None,
    motion: Annotated[Path | None, typer.Option(help="Motion capture, as `pose3d train` takes it.")] = None,
    real: Annotated[Path | None, typer.Option(help="A folder of videos with triangulated truth.")] = None,
) -> None:
    """Prints them one after the other; exit status 1 if one failed."""
    if unknown := set(names or ()) - set(QUOTED):
        raise typer.BadParameter(f"unknown: {', '.join(sorted(unknown))}")
    print(machine(), flush=True)
    ended = [run(name, quoted, {MOTION: motion, REAL: real}) for name in names or QUOTED for quoted in QUOTED[name]]
    raise typer.Exit(0 if all(ended) else 1)


if __name__ == "__main__":
    typer.run(main)
