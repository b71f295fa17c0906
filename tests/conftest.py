import os
import shutil
import signal
from pathlib import Path

import pytest

from pose3d.core.quotas import PREFIX, quotas
from pose3d.core.resources import ASSETS
from pose3d.io.models.cache import CACHE

signal.signal(signal.SIGINT, signal.default_int_handler)
"""Tests interrupt processes: where the tests themselves were started in the background, these would ignore it."""


@pytest.fixture(scope="session", autouse=True)
def _cache_of_the_tests(tmp_path_factory):
    """Models are cached in a folder of the tests' own, which goes with them: they are large."""
    folder, before = tmp_path_factory.mktemp("cache"), os.environ.get(CACHE)
    os.environ[CACHE] = str(folder)
    yield
    os.environ.pop(CACHE)
    os.environ.update({CACHE: before} if before else {})
    shutil.rmtree(folder)


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
