"""configs/exercises.yaml: whole, described, and wrong files are named."""

from __future__ import annotations

import pytest
import yaml

from pose3d.analysis.exercises import FILE, Exercises, exercises
from pose3d.analysis.signals import SIGNALS
from pose3d.core.errors import ConfigError
from pose3d.core.resources import CONFIGS
from pose3d.core.settings import read_settings

TEXT = (CONFIGS / FILE).read_text("utf-8")


def squat() -> dict:
    return yaml.safe_load(TEXT)["squat"]


def read(tmp_path, rule: dict):
    path = tmp_path / "exercises.yaml"
    path.write_text(yaml.safe_dump({"squat": rule}, allow_unicode=True), "utf-8")
    return read_settings(path.resolve(), Exercises).root["squat"]


def test_the_shipped_rules_are_read():
    assert list(exercises()) == list(yaml.safe_load(TEXT))
    assert exercises()["squat"].name == {"en": "squat", "zh": "深蹲"}


def test_its_head_describes_every_signal_with_its_unit():
    rows = [line[1:].split() for line in TEXT.splitlines() if line.startswith("#   ")]
    described = {row[0]: row[1] for row in rows if row[1] in ("degrees", "legs", "arms")}
    assert described == {name: signal.unit for name, signal in SIGNALS.items()}


WRONG = {
    "unknown key": ({"colour": "red"}, "squat.colour: Extra inputs are not permitted"),
    "unknown signal": ({"signal": "ear_height"}, "no signal ear_height; there are knee_flexion,"),
    "unknown lead": ({"leads": "ear_height"}, "no signal ear_height"),
    "levels": ({"rest": 90}, "rest must be below reach, got 90 and 58"),
    "seconds": ({"seconds": {"least": 3, "most": 2}}, "seconds: least must be below most"),
    "no Chinese": ({"name": {"en": "squat"}}, "a text for zh is missing"),
    "no limit": ({"posture": [{"signal": "trunk_lean", "at": "turn"}]}, "give least, most or both"),
    "no such moment": ({"posture": [{"signal": "trunk_lean", "at": "noon", "most": 1}]}, "squat.posture.0.at"),
    "a fault unsaid": ({"faults": {"a": {"signal": "trunk_lean", "at": "turn", "most": 1}}}, "faults.a.says"),
    "not a number": ({"rest": "low"}, "squat.rest: Input should be a valid number"),
}


@pytest.mark.parametrize(("change", "sentence"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_named_with_its_key(change, sentence, tmp_path):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, squat() | change)
    assert sentence in str(caught.value) and "exercises.yaml" in str(caught.value)


def test_what_is_left_out_is_filled_in(tmp_path):
    plain = {name: value for name, value in squat().items() if name not in ("posture", "faults")}
    rule = read(tmp_path, plain)
    assert rule.posture == () and rule.faults == {} and rule.leads is None
