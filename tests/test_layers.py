"""Imports point down, heavy packages stay in their rooms, importing has no side effects."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tools.imports import FLOOR

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "pose3d").rglob("*.py"))
HEAVY = {
    "torch": ("lift/", "detect/hrnet", "train/", "io/models/"),
    "onnxruntime": ("detect/runner.py",),
    "gradio": ("ui/",),
    "av": ("io/",),
    "scipy": ("core/scientific.py",),
    "mediapipe": (),
    "ray": ("batch/",),
    "fsspec": ("batch/",),
}
"""Where alone a package may be imported."""
LATE = ("torch", "gradio", "plotly", "onnxruntime", "fsspec", "ray")
"""What `import pose3d` leaves for when it is used."""


def inside(path):
    """A module's path in the package, for example "io/video.py"."""
    return path.relative_to(ROOT / "pose3d").as_posix()


def imported(path):
    """Names of all modules that a file imports, at any place in it; `from pose3d import x` counts as pose3d.x."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(name):
    """The room of pose3d.<room>...; what is no room is the package's own __init__."""
    part = name.split(".")[1] if "." in name else "__init__"
    return part if part in FLOOR else "__init__"


def test_every_room_has_its_floor():
    assert {Path(inside(path)).parts[0].removesuffix(".py") for path in MODULES} == set(FLOOR)


@pytest.mark.parametrize("path", MODULES, ids=inside)
def test_imports_point_down(path):
    own = Path(inside(path)).parts[0].removesuffix(".py")
    rooms = {room(name) for name in imported(path) if name.split(".")[0] == "pose3d"}
    assert {other for other in rooms - {own} if FLOOR[other] >= FLOOR[own]} == set()


@pytest.mark.parametrize("path", MODULES, ids=inside)
def test_heavy_packages_stay_in_their_rooms(path):
    packages = {name.split(".")[0] for name in imported(path)} & set(HEAVY)
    assert {package for package in packages if not inside(path).startswith(HEAVY[package])} == set()


def test_importing_is_light():
    code = f"import sys, pose3d; print([name for name in {LATE} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
