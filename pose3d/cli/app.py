"""The commands. Their modules load heavy packages, so each is entered when its command is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from pose3d.core.asked import ASKED

HOMES = {
    "run": ("run", "Writes keypoints.json, skeleton.html, render.mp4 and the exports of VIDEO."),
    "batch": (
        "batch",
        "Writes what `run` writes, for many videos; what was done before, with the same settings, is skipped.",
    ),
    **{name: ("ask", told) for name, told in ASKED.items()},
    "train": ("models", "Trains a lifter on recorded motion; goes on from the last checkpoint in the folder."),
    "fetch": ("models", "Downloads a published model once, checks it and keeps it for --model and --detector hrnet."),
    "evaluate": (
        "models",
        "Prints MPJPE, P-MPJPE, N-MPJPE, MPJVE (mm), 3DPCK@150 and AUC (%), per action and overall.",
    ),
}
"""Command to the module of this folder in which a function has its name, and what a list says of it."""


class Late(TyperGroup):
    """Lists the commands by what `HOMES` says of them, and enters the module of the one that is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The name of the command that is called, the command with its options, and the arguments that are left."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, _command(str(name)), rest


def _command(name: str) -> Any:
    home, told = HOMES[name]
    alone = typer.Typer(add_completion=False)
    alone.command(name, help=told)(getattr(import_module(f"pose3d.cli.{home}"), name))
    return typer.main.get_command(alone)


def _listed() -> None:
    """Stands for a command in the list."""


app = typer.Typer(cls=Late, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
for command, (_, told) in HOMES.items():
    app.command(command, help=told)(_listed)


@app.callback()
def about() -> None:
    """Turns an ordinary video of a person into 3D motion."""


def main() -> None:
    """Entry point of the command `pose3d`."""
    app(prog_name="pose3d")
