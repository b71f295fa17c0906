"""OpenCV, or one sentence about what it needs."""

from pose3d.core.errors import DependencyError

SYSTEM_LIBRARIES = "on Debian or Ubuntu install the system libraries: apt-get install libgl1 libglib2.0-0"

try:
    import cv2
except ImportError as e:
    raise DependencyError(f"OpenCV cannot be loaded ({e}); {SYSTEM_LIBRARIES}") from e

__all__ = ["SYSTEM_LIBRARIES", "cv2"]
