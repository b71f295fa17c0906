"""Every setting of a run: what it is without a word, what it may be, and what is said where it may not."""

import pickle

import pytest

from pose3d.core.camera import Camera
from pose3d.core.config import Limits, RunConfig, choices, limits
from pose3d.core.errors import ConfigError
from pose3d.core.video import Orientation, Span

LENS = Camera(640, 480, 500.0, 510.0, 300.0, 250.0)

DEFAULTS = {
    "model": "hdformer", "detector": "blazepose", "device": "auto", "person": None, "start": 0.0, "end": None,
    "max_frames": None, "rotate": 0, "mirror": False, "fov": None, "camera": None, "height": None, "level": "auto",
    "figure": "skeleton",
    "azimuth": None, "elevation": None, "export": (), "render": True, "report": False,
    "count": "auto", "stills": "person", "language": "en",
}  # fmt: skip
"""As documented for the command line."""

LIMITS = {
    "person": Limits(1, None), "max_frames": Limits(1, None), "start": Limits(0, 100_000, "s"),
    "end": Limits(0, 100_000, "s"), "fov": Limits(5, 160, "deg"), "height": Limits(0.3, 2.6, "m"),
    "azimuth": Limits(-360, 360, "deg"), "elevation": Limits(-90, 90, "deg"),
    "rotate": Limits(None, None, "deg"), "model": Limits(None, None),
}  # fmt: skip

REFUSED = {
    "unknown": ({"speed": 3}, "no setting 'speed'; there are model, detector,"),
    "choice": ({"level": "flat"}, "level cannot be flat; there are auto, on, off"),
    "quarter": ({"rotate": 45}, "rotate cannot be 45; there are 0, 90, 180, 270"),
    "too large": ({"fov": 161}, "fov must lie between 5 and 160 deg, got 161"),
    "too small": ({"person": 0}, "person must be at least 1, got 0"),
    "negative": ({"start": -1}, "start must lie between 0 and 100000 s, got -1"),
    "no part": ({"end": 0}, "the start must lie before the end and not below 0, got start 0, end 0"),
    "kind": ({"mirror": "left"}, "the setting mirror cannot be 'left': Input should be a valid boolean"),
    "infinite": ({"height": float("inf")}, "the setting height cannot be inf: Input should be a finite number"),
    "order": ({"start": 2, "end": 2}, "the start must lie before the end and not below 0, got start 2, end 2"),
    "two lenses": ({"fov": 60, "camera": LENS}, "give either a camera or a field of view, not both"),
}


def test_defaults():
    assert {name: getattr(RunConfig(), name) for name in RunConfig.model_fields} == DEFAULTS


@pytest.mark.parametrize("name", LIMITS)
def test_limits(name):
    assert limits(name) == LIMITS[name]


def test_choices():
    assert choices("level") == ("auto", "on", "off") and choices("rotate") == (0, 90, 180, 270)
    assert choices("model") == choices("fov") == ()


@pytest.mark.parametrize(("settings", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_said_in_a_sentence(settings, sentence):
    with pytest.raises(ConfigError) as caught:
        RunConfig(**settings)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize("settings", [{"fov": 5}, {"fov": 160}, {"height": 0.3}, {"height": 2.6}, {"elevation": -90}])
def test_limits_are_allowed(settings):
    assert RunConfig(**settings).model_dump(include=settings.keys()) == settings


def test_the_same_but_for_some_settings():
    config = RunConfig(camera=LENS, end=2.0, export=("bvh",))
    assert config.but(start=1.0) == RunConfig(camera=LENS, start=1.0, end=2.0, export=("bvh",))
    with pytest.raises(ConfigError, match="start 3, end 2"):
        config.but(start=3.0)
    with pytest.raises(ConfigError, match="no setting 'begin'"):
        config.but(begin=3.0)


def test_part_and_turn_are_those_asked_for():
    config = RunConfig(start=1.0, end=2.0, max_frames=7, rotate=90, mirror=True)
    assert config.span == Span(1.0, 2.0, 7) and config.orientation == Orientation(90, True)


def test_settings_travel_to_other_processes():
    config = RunConfig(camera=LENS, level="on")
    assert pickle.loads(pickle.dumps(config)) == config
    with pytest.raises(ValueError, match="frozen"):
        config.level = "off"
