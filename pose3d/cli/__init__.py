"""The command line: `pose3d`, or `python -m pose3d`."""

from pose3d.cli.app import main

__all__ = ["main"]
