"""Imports point down, heavy packages stay in their rooms, importing has no side effects."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "pose3d").rglob("*.py"))
ROOMS = {
    "torch": ("pose3d/lift/", "pose3d/detect/hrnet", "pose3d/train/", "pose3d/io/models/"),
    "gradio": ("pose3d/ui/",),
    "mediapipe": ("pose3d/detect/blazepose.py",),
    "av": ("pose3d/io/video.py",),
    "vtk": (),
}
BELOW = {
    "pose3d/view/": ("detect", "lift", "pipeline", "ui", "export", "apps", "train"),
    "pose3d/export/": ("detect", "lift", "pipeline", "ui", "view", "apps", "train"),
    "pose3d/lift/": ("detect", "pipeline", "ui", "view", "export", "train"),
    "pose3d/detect/": ("lift", "pipeline", "ui", "view", "export", "train"),
    "pose3d/evaluate/": ("detect", "pipeline", "ui", "view", "export", "train"),
    "pose3d/pipeline.py": ("ui", "view", "export"),
}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_down(path):
    name = path.relative_to(ROOT).as_posix()
    for module in imported(path):
        rooms = ROOMS.get(module.split(".")[0])
        assert rooms is None or name.startswith(rooms), f"{name} must not import {module}"
        for room, forbidden in BELOW.items():
            if name.startswith(room):
                assert not module.startswith(tuple(f"pose3d.{f}" for f in forbidden)), (
                    f"{name} must not import {module}"
                )


def test_importing_is_light():
    code = "import sys, pose3d; print([m for m in ('torch', 'mediapipe', 'gradio', 'plotly') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
