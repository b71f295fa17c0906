"""What README and docs/ tell people to type works, and what they point to is there."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from factory import made_up
from many import short_clip
from pose3d.cli.app import app

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
CLIP = "assets/examples/squats.mp4"


def blocks(path, language):
    return re.findall(rf"^```{language}\n(.*?)^```", path.read_text("utf-8"), re.S | re.M)


def commands(path):
    """The words of every call of our command that a page shows."""
    for line in "".join(blocks(path, "bash")).replace("\\\n", " ").splitlines():
        words = shlex.split(line.replace("[", "").replace("]", ""), comments=True)
        if words[:1] == ["pose3d"] or words[:3] == ["python", "-m", "pose3d"]:
            yield words[1 if words[0] == "pose3d" else 3 :]


def test_python_lines(tmp_path, monkeypatch, capsys):
    code, _ = blocks(README, "python")
    monkeypatch.chdir(tmp_path)
    exec(code.replace(CLIP, str(ROOT / CLIP)), {})
    frames = len(json.loads((tmp_path / "out" / "keypoints.json").read_text())["keypoints"])
    assert f"({frames}, 17, 3) relative" in capsys.readouterr().out


def test_the_command_line(tmp_path, monkeypatch):
    """As it stands there, but for the number of frames."""
    words, asked, compared, measured, done, many = commands(README)
    words = [str(ROOT / CLIP) if word == CLIP else word for word in words]
    command = [sys.executable, "-m", "pose3d", *words, "--max-frames", "4"]
    ran = subprocess.run(
        command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    counted = CliRunner().invoke(app, [str(tmp_path / word) if word == "out" else word for word in asked])
    assert counted.exit_code == 0 and counted.stdout.startswith("Squat: 0")
    same = CliRunner().invoke(app, [str(tmp_path / "out") if word.endswith(".mp4") else word for word in compared])
    assert same.exit_code == 0 and same.stdout.startswith("100 of 100")
    told = CliRunner().invoke(app, [str(tmp_path / word) if word == "out" else word for word in measured])
    assert told.exit_code == 0 and "not for diagnosis" in told.stdout
    when = CliRunner().invoke(app, [str(tmp_path / word) if word == "out" else word for word in done])
    assert when.exit_code == 0 and when.stdout.startswith("Standing 0.1 s")
    (tmp_path / "videos").mkdir()
    short_clip(tmp_path / "videos" / "a.mp4", 4)
    monkeypatch.chdir(tmp_path)
    each = CliRunner().invoke(app, many)
    assert each.exit_code == 0 and "1 done, 0 failed" in each.stdout, each.output
    names = {
        "keypoints.json",
        "skeleton.html",
        "render.mp4",
        *(f"motion.{e}" for e in ("bvh", "glb", "vrma", "trc", "mot", "c3d", "csv")),
    }
    assert {file.name for file in (tmp_path / "out").iterdir()} == names


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_commands_and_options_are_there(path):
    group = typer.main.get_group(app)
    for name, *words in commands(path):
        _, command, _ = group.resolve_command(typer.Context(group), [name])
        assert command
        options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert {word for word in words if word.startswith("-")} <= options, (name, words)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_what_is_pointed_to_is_there(path):
    text = path.read_text("utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (path.parent / target).exists(), target
    for file in re.findall(r"\b(?:assets|benchmarks|configs|pose3d|tests|tools)/[\w/]+\.\w+", text):
        assert (ROOT / file).is_file(), file
    assert "python benchmarks/" not in text, "a file that is run by its path does not find pose3d in a checkout"
    for name in re.findall(r"python -m benchmarks\.(\w+)", text):
        assert (ROOT / "benchmarks" / f"{name}.py").is_file(), name


def test_every_key_of_keypoints_json_is_told():
    table = (ROOT / "docs" / "formats.md").read_text("utf-8").split("## keypoints.json")[1].split("## Exports")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.M) == list(made_up(np.arange(3) / 30).to_dict())
