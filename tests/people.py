"""People in pictures, made up: a stick figure anywhere, of any size, in any colours."""

import numpy as np

from factory import STANDING
from pose3d.core.skeleton import H36M17
from pose3d.detect.people import Person
from pose3d.track.state import TRUNK

RED, BLUE = (np.eye(8, dtype=np.float32)[[n]] for n in (0, 5))
FIGURE = np.array([STANDING[joint][:2] for joint in H36M17.joints])
FIGURE = (FIGURE - FIGURE[TRUNK].mean(0)) / np.linalg.norm(np.ptp(FIGURE, axis=0))


def person(x: float = 0.0, y: float = 0.0, size: float = 100.0, colours: np.ndarray = RED, score: float = 0.9):
    """Somebody upright whose trunk's middle is at x, y pixels; size: the diagonal of their box."""
    return Person((FIGURE * size + [x, y]).astype(np.float32), np.full(17, score, np.float32), colours)


def dressed(distance: float) -> np.ndarray:
    """Colours at a Hellinger distance from RED."""
    same = (1 - distance**2) ** 2
    return (same * RED + (1 - same) * BLUE).astype(np.float32)
