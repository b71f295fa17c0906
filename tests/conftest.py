from pathlib import Path

import pytest

from pose3d.core.resources import ASSETS


@pytest.fixture(scope="session")
def examples() -> Path:
    """The folder of example clips with their truth."""
    return ASSETS / "examples"
