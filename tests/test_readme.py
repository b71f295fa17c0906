"""README's Python lines do what they say."""

import json
import re

from pose3d.core.resources import ROOT


def test_python_lines(tmp_path, monkeypatch, capsys):
    code, _ = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    clip = ROOT / "assets" / "examples" / "squats.mp4"
    monkeypatch.chdir(tmp_path)
    exec(code.replace("assets/examples/squats.mp4", str(clip)), {})
    frames = len(json.loads((tmp_path / "out" / "keypoints.json").read_text())["keypoints"])
    assert f"({frames}, 17, 3) relative" in capsys.readouterr().out
