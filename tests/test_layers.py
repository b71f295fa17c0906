"""Imports point down, heavy packages stay in their rooms, importing has no side effects."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import pose3d
from pose3d.analysis import QUESTIONS
from pose3d.cli.app import HOMES
from pose3d.core.asked import ASKED
from tools.imports import FLOOR

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "pose3d").rglob("*.py"))
HEAVY = {
    "torch": (
        "lift/by_torch.py", "lift/canonical_net.py", "lift/hdformer_net.py", "lift/hdformer_served.py",
        "detect/hrnet_by_torch.py", "detect/hrnet_net.py", "train/", "io/models/",
    ),
    "onnxruntime": ("io/models/runner.py",),
    "gradio": ("ui/",),
    "av": ("io/",),
    "scipy": ("core/scientific.py", "core/rotations.py"),
    "mediapipe": (),
    "ray": ("batch/",),
    "fsspec": ("batch/",),
    "onnx": (),
    "onnxscript": (),
}  # fmt: skip
"""Where alone a package may be imported."""
LATE = ("torch", "gradio", "plotly", "onnxruntime", "scipy", "cv2", "av", "pydantic", "numpy", "fsspec", "ray")
"""What `import pose3d` leaves for when it is used."""
UNUSED = ("torch", "gradio", "onnx", "onnxscript")
"""What a run with our own models, all its files written, never loads."""


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


def loaded(code, names):
    """Those of the names that are imported once the code has run, in a process of its own."""
    told = f"{code}\nimport sys\nprint([name for name in {names} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, cwd=ROOT, check=True)
    return done.stdout.splitlines()[-1]


def test_no_public_name_is_a_modules():
    """Importing the module would put it in the name's place, which is looked up late."""
    names = {Path(inside(path)).parts[0].removesuffix(".py") for path in MODULES}
    assert set(pose3d.__all__) & names == set()


def test_importing_is_light():
    assert loaded("import pose3d", LATE) == "[]"


def test_all_that_the_package_promises_is_there():
    assert [name for name in pose3d.__all__ if not hasattr(pose3d, name)] == []
    assert set(pose3d.__all__) == set(dir(pose3d))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        pose3d.nothing  # noqa: B018


def test_the_list_of_commands_loads_none_of_them():
    told = "from pose3d.cli.app import app\napp(['--help'], standalone_mode=False)"
    assert loaded(told, (*LATE, "yaml", "pose3d.cli.run")) == "[]"


@pytest.mark.parametrize("command", HOMES)
def test_the_help_of_a_command_loads_no_models(command):
    told = f"from pose3d.cli.app import app\napp(['{command}', '--help'], standalone_mode=False)"
    assert loaded(told, ("torch", "gradio", "onnxruntime", "scipy.interpolate", "cv2", "av")) == "[]"


def test_every_question_is_a_command():
    assert set(ASKED) == set(QUESTIONS)


@pytest.mark.parametrize("model", ["hdformer", "canonical"])
def test_a_run_needs_no_torch(model, examples, tmp_path):
    command = ["run", str(examples / "walk.mp4"), "-o", str(tmp_path), "--max-frames", "6", "--model", model]
    run = f"from pose3d.cli.app import app\napp({command}, standalone_mode=False)"
    assert loaded(run, UNUSED) == "[]"
    assert (tmp_path / "keypoints.json").exists()


def test_workers_of_the_page_need_no_torch():
    code = "from pose3d.core.config import RunConfig\nfrom pose3d.jobs import preview, tasks\ntasks.models(RunConfig())"
    assert loaded(code, UNUSED) == "[]"
