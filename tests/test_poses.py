"""What poses, videos and parts of them hold, and what they refuse."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from factory import made_up
from pose3d.core.colours import COLOURS, linear
from pose3d.core.errors import ConfigError
from pose3d.core.poses import Pose2D, Pose3D
from pose3d.core.skeleton import H36M17, Skeleton
from pose3d.core.video import AS_STORED, WHOLE, Orientation, Span, VideoInfo
from pose3d.detect.people import Person

RESULT = made_up(np.arange(6) / 25)
FLAT: dict[str, Any] = vars(RESULT.pose2d)
SOLID: dict[str, Any] = vars(RESULT.pose3d)
ONES = np.ones((17, 2), np.float32), np.ones(17, np.float32), np.ones((1, 8), np.float32)
EIGHT = [Orientation(rotate, mirror) for rotate in (0, 90, 180, 270) for mirror in (False, True)]


def test_a_rate_stands_for_times_from_zero():
    pose = Pose2D(**{name: value for name, value in FLAT.items() if name != "times"}, fps=50.0)
    np.testing.assert_array_equal(pose.times, np.arange(6) / 50)
    assert pose.fps == 50 and len(pose) == 6


@pytest.mark.parametrize("kind", [Pose2D, Pose3D])
def test_either_times_or_a_rate_and_a_camera(kind):
    fields = FLAT if kind is Pose2D else SOLID
    with pytest.raises(ValueError, match="give either times or fps"):
        kind(**fields, fps=25.0)
    without: dict[str, dict[str, Any]] = {name: fields | {name: None} for name in ("times", "camera")}
    with pytest.raises(ValueError, match="give either times or fps"):
        kind(**without["times"])
    with pytest.raises(ValueError, match=f"a {kind.__name__} needs a camera"):
        kind(**without["camera"])


@pytest.mark.parametrize("name", ["times", "score", "observed", "xy", "xyz", "root", "reprojection_error"])
def test_arrays_of_another_shape_are_refused(name):
    kind, fields = (Pose2D, FLAT) if name == "xy" else (Pose3D, SOLID)
    with pytest.raises(ValueError, match=f"{name} must have shape"):
        kind(**fields | {name: fields[name][..., None]})
    with pytest.raises(ValueError, match=f"(times|{name}) must have shape"):
        kind(**fields | {name: fields[name][:5]})


def test_joints_are_those_of_the_skeleton():
    with pytest.raises(ValueError, match=r"xy must have shape \(6, 17, 2\), got \(6, 16, 2\)"):
        Pose2D(**FLAT | {"xy": FLAT["xy"][:, 1:]})


def test_lists_and_wide_arrays_become_those_of_the_type():
    wide = {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in SOLID.items()}
    pose = Pose3D(**wide)
    assert {name: getattr(pose, name).dtype for name in ("times", "xyz", "root", "score", "observed")} == {
        "times": np.float64, "xyz": np.float32, "root": np.float32, "score": np.float32, "observed": bool,
    }  # fmt: skip
    assert pose.reprojection_error.dtype == np.float32 and pose == RESULT.pose3d


def test_equality_of_arrays():
    """NaN equals NaN, also in one dimension; another type of array, or another kind of pose, does not."""
    holes: list[dict[str, Any]] = [SOLID | {"reprojection_error": np.full(6, np.nan)} for _ in range(2)]
    assert Pose3D(**holes[0]) == Pose3D(**holes[1]) != RESULT.pose3d
    assert RESULT.pose2d != RESULT.pose3d and (RESULT.pose2d == 3) is False
    assert Person(*ONES) == Person(*ONES) != Person(ONES[0].astype(np.float64), *ONES[1:])


def test_placed_joints_are_those_of_the_pelvis_path():
    np.testing.assert_array_equal(RESULT.pose3d.placed[4, 3], RESULT.pose3d.xyz[4, 3] + RESULT.pose3d.root[4])


# --- parts, turns and videos ---


@pytest.mark.parametrize("part", [(-0.1,), (2, 2), (2, 1), (0, 0)])
def test_parts_that_end_before_they_begin(part):
    with pytest.raises(ConfigError, match="the start must lie before the end"):
        Span(*part)


def test_parts_of_no_frames():
    with pytest.raises(ConfigError, match="at least 1, got 0"):
        Span(max_frames=0)
    assert Span(max_frames=1) != Span() == WHOLE == Span(0.0, None, None)


@pytest.mark.parametrize("first", EIGHT)
@pytest.mark.parametrize("second", EIGHT)
def test_one_turn_after_another_is_one_turn(first, second):
    def turned(image, orientation):
        image = np.rot90(image, orientation.rotate // 90)
        return image[:, ::-1] if orientation.mirror else image

    image = np.arange(6).reshape(2, 3)
    np.testing.assert_array_equal(turned(image, first.then(second)), turned(turned(image, first), second))


def test_turns_are_quarters():
    with pytest.raises(ConfigError, match="not 45"):
        Orientation(45)
    assert Orientation() == AS_STORED == Orientation(0, False)


def test_a_video_lasts_until_its_last_frame_ends():
    video = VideoInfo(Path("a.mp4"), 64, 48, np.array([1.0, 1.1, 1.2, 1.3]))
    assert len(video) == 4 and video.fps == pytest.approx(10) and video.duration == pytest.approx(0.4)
    assert (video.rotation, video.mirrored, video.offset, video.ends_early) == (0, False, 0.0, False)
    with pytest.raises(ValueError, match="grow"):
        replace(video, times=[0.0, 0.0])


# --- skeletons and colours ---


def test_skeletons_of_odd_names():
    """A side needs its other side; without it, a joint that begins with L lies in the middle."""
    skeleton = Skeleton("odd", ("Root", "LFoot", "RFoot", "Lip"), (-1, 0, 0, 0))
    assert skeleton.sides == ("middle", "left", "right", "middle")
    assert skeleton.mirror.tolist() == [0, 2, 1, 3] and skeleton.children(0) == [1, 2, 3]
    assert len(skeleton) == 4 and skeleton.edges == ((0, 1), (0, 2), (0, 3))


def test_skeletons_that_are_none():
    with pytest.raises(ValueError, match="2 joints need as many parents, got 1"):
        Skeleton("short", ("A", "B"), (-1,))
    with pytest.raises(ValueError, match="joint names must be unique"):
        Skeleton("twins", ("A", "A"), (-1, 0))


def test_parents_come_before_children():
    assert [parent for parent, child in H36M17.edges if parent >= child] == []
    assert [child for _, child in H36M17.edges] == list(range(1, 17))


def test_every_side_has_a_colour():
    assert set(COLOURS) == set(H36M17.sides) and len(set(COLOURS.values())) == 3


def test_colours_are_made_linear_as_the_standard_says():
    """IEC 61966-2-1: half of the light is 188 of 255; below 10 it is a straight line."""
    assert linear("#00ffbc") == pytest.approx((0, 1, 0.5029), abs=1e-4)
    assert linear("#0a0a0b") == pytest.approx((10 / 255 / 12.92, 10 / 255 / 12.92, 0.003347), rel=1e-3)
