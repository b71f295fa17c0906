from pathlib import Path

import pytest

from pose3d.core.quotas import PREFIX, quotas
from pose3d.core.resources import ASSETS


@pytest.fixture(scope="session")
def examples() -> Path:
    """The folder of example clips with their truth."""
    return ASSETS / "examples"


@pytest.fixture
def allow(monkeypatch):
    """Sets quotas of this process, by name, while the test runs."""

    def set_quotas(**values):
        for name, value in values.items():
            monkeypatch.setenv(PREFIX + name.upper(), str(value))
        quotas.cache_clear()

    yield set_quotas
    monkeypatch.undo()
    quotas.cache_clear()
