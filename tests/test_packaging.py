"""What `pip install .` brings."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def test_the_package_needs_what_the_requirements_say():
    listed = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line]
    block = re.search(r"^dependencies = \[\n(.*?)^\]", (ROOT / "pyproject.toml").read_text(), re.S | re.M)
    assert block and re.findall(r'"(.+)"', block[1]) == listed


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, ROOT]
    subprocess.run([str(part) for part in command], check=True, capture_output=True, cwd=folder)
    return next(folder.glob("*.whl"))


def test_assets_and_settings_travel_in_the_wheel(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in (
        "assets/hdformer.safetensors",
        "assets/hdformer.onnx",
        "assets/canonical_path.onnx",
        "assets/canonical_poses.onnx",
        "assets/blazepose/heavy.onnx",
        "assets/avatar.npz",
        "configs/words/errors.yaml",
        "py.typed",
    ):
        assert f"pose3d/{name}" in names
    assert not [name for name in names if name.startswith(("tests/", "synthetic/", "assets/"))]
    assert wheel.stat().st_size < 60e6


def test_the_wheel_works_outside_the_checkout(wheel, tmp_path):
    """Unpacked elsewhere, with the packages that are installed here: the command finds its own models."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    video = ROOT / "assets" / "examples" / "walk.mp4"
    code = f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); from pose3d.cli import main; main()"
    arguments = ["run", str(video), "-o", str(tmp_path / "out"), "--max-frames", "3", "--no-render"]
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "keypoints.json").is_file()
