"""What a Space on ZeroGPU must do to be started. Its GPU is not used: our networks run in workers, on the processor."""

from importlib import import_module
from importlib.util import find_spec

PACKAGE = "spaces"
"""It is there on Spaces only."""


def want_one() -> None:
    """Marks a function as one that wants a GPU: a Space on ZeroGPU without any is refused. No effect anywhere else."""
    if find_spec(PACKAGE):
        import_module(PACKAGE).GPU(_never_called)


def _never_called() -> None:
    """So no GPU is ever asked for, and no visitor's quota is spent."""
