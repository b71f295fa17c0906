"""SciPy's rotations, which take longer to import than a command's help may take."""
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

from scipy.spatial.transform import Rotation

__all__ = ["Rotation"]
