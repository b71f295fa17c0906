"""Scene, figure, the player's data and file, and the rendered clip."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from clips import write_video
from factory import made_up, walking, with_observed
from pose3d import view
from pose3d.core.colours import COLOURS
from pose3d.core.config import RunConfig
from pose3d.core.errors import ConfigError, VideoError
from pose3d.core.ground import Ground
from pose3d.core.skeleton import H36M17
from pose3d.io.video import frames, probe
from pose3d.view import player_data, render_clip, skeleton_html
from pose3d.view.draw import INK, RGB, Lens, Panel
from pose3d.view.figure import MARKS, STATIC_TRACES
from pose3d.view.scene import CORNER, MAX_TILES, Viewpoint, scene

figure: Any = view.figure
"""Plotly's types do not know what is in a figure."""
EVEN = np.arange(25) / 25.0
UNEVEN = np.array([0, 0.04, 0.08, 0.2, 0.24, 0.5, 0.52])
LEFT_WRIST, PELVIS, HEAD = H36M17.indices("LWrist", "Pelvis", "Head")


@pytest.fixture
def result(tmp_path: Path):
    return walking(tmp_path / "walk.mp4", EVEN)


def test_scene_stands_on_the_floor_in_the_middle(result):
    shown = scene(result)
    assert shown.joints.shape == (25, 17, 3)
    assert np.all(shown.joints[:, HEAD, 2] > 1.5)
    np.testing.assert_allclose(shown.joints[..., 2], result.world[..., 1], atol=1e-6)
    assert np.all(shown.joints >= shown.low) and np.all(shown.joints <= shown.high)
    middle = (shown.joints.min(axis=(0, 1)) + shown.joints.max(axis=(0, 1))) / 2
    np.testing.assert_allclose(middle[:2], 0, atol=1e-5)


def test_scene_keeps_distances_and_handedness(result):
    before, after = result.pose3d.placed[3], scene(result).joints[3]
    np.testing.assert_allclose(np.ptp(before, axis=0)[[0, 2, 1]], np.ptp(after, axis=0), atol=1e-5)
    turned = np.linalg.lstsq(before - before[0], after - after[0], rcond=None)[0]
    assert np.linalg.det(turned) == pytest.approx(1, abs=1e-4)


def test_a_levelled_ground_is_what_is_shown(result):
    """Up and floor come from the result's ground and nowhere else."""
    up = np.array([0, -np.cos(0.3), -np.sin(0.3)], np.float32)
    tilted = replace(result, ground=Ground(up, -1.2, 1.0))
    shown = scene(tilted)
    heights = tilted.pose3d.placed @ up + 1.2
    np.testing.assert_allclose(shown.joints[..., 2], heights, atol=1e-5)


GONE = slice(0, 6)


@pytest.fixture
def late(result):
    """Nobody in the first six frames, and for 0.24 s in between, which is interpolated."""
    observed = result.pose2d.observed.copy()
    observed[GONE] = observed[10:16] = False
    return with_observed(result, observed)


def test_frames_without_the_person_are_hidden(late):
    data = player_data(late)
    assert data["absent"] == [0, 1, 2, 3, 4, 5] and data["first"] == 6
    np.testing.assert_allclose(
        data["figure"]["data"][data["moving"] + 3]["x"], np.array(data["joints"])[6, :, 0], atol=1e-3
    )
    np.testing.assert_allclose(
        data["joints"][0], data["joints"][6], err_msg="made-up poses do not set the scene's size"
    )


def test_a_wild_pose_without_the_person_does_not_shrink_the_scene(late):
    root = late.pose3d.root.copy()
    root[2] = [300, 0, 900]
    wild = replace(late, pose3d=replace(late.pose3d, root=root))
    np.testing.assert_array_equal(scene(wild).high, scene(late).high)


def beside(result, scale: float = 1.0, lifted: float = 0.0):
    """Somebody 1 m to the right and behind, `scale` times as large and far away, `lifted` metres above the floor."""
    root = (result.pose3d.root + [1, -lifted, 1]) * scale
    pose = replace(result.pose3d, root=root.astype(np.float32), xyz=result.pose3d.xyz * np.float32(scale))
    return replace(result, pose3d=pose, person=2)


def test_several_people_share_a_scene(result):
    shown = scene(result, [beside(result)])
    (other,) = shown.others
    np.testing.assert_allclose(other.joints - shown.joints, np.broadcast_to([1, 1, 0], other.joints.shape), atol=1e-5)
    for person in shown.people:
        assert (person.joints >= shown.low).all() and (person.joints <= shown.high).all()
        assert (person.low == shown.low).all() and person.tile == shown.tile


@pytest.mark.parametrize(("scale", "lifted", "moved"), [(1.2, 0, True), (0.8, 0, True), (1.0, 0.6, False)])
def test_they_stand_on_one_floor_unless_somebody_is_higher_up(result, scale, lifted, moved):
    """Statures are assumed: who is seen too large and too far away stands below the floor."""
    (other,) = scene(result, [beside(result, scale, lifted)]).others
    above = float(np.median(other.joints[..., 2].min(1)) - np.median(result.world[..., 1].min(1)))
    assert above == pytest.approx(0 if moved else lifted, abs=0.01)
    height = float(np.ptp(other.joints[..., 2], axis=1).mean())
    assert height == pytest.approx(float(np.ptp(result.world[..., 1], axis=1).mean()), rel=0.01)


def test_the_player_gets_everybody(result):
    data, alone = player_data(result, [beside(result)]), player_data(result)
    (other,) = data["others"]
    assert alone["others"] == [] and len(data["figure"]["data"]) == len(alone["figure"]["data"]) + 4
    assert other["limbs"] == data["limbs"] and other["interpolated"] == data["interpolated"]
    traces = data["figure"]["data"][data["moving"] :]
    for person, joints in zip([data, other], [traces[3], traces[7]], strict=True):
        np.testing.assert_allclose(np.array([joints[axis] for axis in "xyz"]).T, person["joints"][0], atol=1e-3)
    wide = [max(view["wide"], view["tall"]) for view in data["views"].values()]
    assert all(np.isfinite(wide))
    assert skeleton_html(result, others=[beside(result)]).count('"pose2d":null') == 2


def test_the_clip_shows_everybody(result, tmp_path: Path):
    """In the picture and in space, below the legend."""
    other = beside(result)
    other = replace(other, pose2d=replace(other.pose2d, xy=other.pose2d.xy + np.array([50, 0], np.float32)))
    clip = render_clip(result, tmp_path / "two.mp4", Viewpoint(0, 5), others=[other])
    image = next(frames(clip)).image
    for half in np.split(image, [image.shape[1] - image.shape[0]], axis=1):
        seen = (np.ptp(half[len(half) // 8 :].astype(int), axis=-1) > 60).any(0)
        assert (np.diff(np.r_[0, seen]) == 1).sum() == 4, "columns of two sides of two people, their trunks are grey"


def test_the_player_starts_where_anybody_is(late):
    assert player_data(late)["first"] > 0
    nobody_late = with_observed(late, np.ones_like(late.pose2d.observed))
    assert player_data(late, [nobody_late])["first"] == 0


LEGS = H36M17.indices("RHip", "RKnee", "RAnkle", "LHip", "LKnee", "LAnkle")


@pytest.fixture
def legless(result):
    """Filmed from the waist up: the legs are the lifter's guess."""
    observed = result.pose2d.observed.copy()
    observed[:, LEGS] = False
    return with_observed(result, observed)


def test_joints_never_in_the_picture_are_not_drawn(legless):
    data = player_data(legless)
    assert data["unknown"] == sorted(LEGS)
    assert not set(LEGS) & {joint for visited in data["limbs"] for joint in visited}
    sizes = data["figure"]["data"][data["moving"] + 3]["marker"]["size"]
    assert [size == 0 for size in sizes] == [joint in LEGS for joint in range(17)]


def test_clip_shows_no_legs_that_were_never_in_the_picture(result, legless, tmp_path: Path):
    def rows(shown, name):
        image = next(frames(render_clip(shown, tmp_path / name))).image
        halves = np.split(image, [image.shape[1] - image.shape[0]], axis=1)
        legend = len(image) // 8
        return [max(row for row in range(legend, len(half)) if coloured(half[row : row + 1]) > 0) for half in halves]

    for whole, upper in zip(rows(result, "whole.mp4"), rows(legless, "upper.mp4"), strict=True):
        assert upper < 0.8 * whole


def test_clip_shows_no_skeleton_where_nobody_is(late, tmp_path: Path):
    images = [frame.image for frame in frames(render_clip(late, tmp_path / "out.mp4"))]
    for index, image in enumerate(images):
        video, space = np.split(image, [image.shape[1] - image.shape[0]], axis=1)
        drawn = [coloured(half[len(half) // 8 :]) for half in (video, space)]
        assert [count > 200 for count in drawn] == [index >= 6] * 2, (index, drawn)


def coloured(image: np.ndarray) -> int:
    """Pixels that are not grey."""
    return int((np.ptp(image.astype(int), axis=-1) > 60).sum())


def test_player_s_clock_is_the_file_s(result):
    """Frame k shows at offset + times[k]: pictures may start after the sound, and a part after the pictures."""
    video = replace(made_up(EVEN[10:], result.video.path).video, offset=1.0)
    data = player_data(replace(made_up(EVEN[10:]), video=video))
    np.testing.assert_allclose(data["offset"] + np.array(data["times"]), 1 + EVEN[10:], atol=1e-4)


def test_sides_have_one_colour_in_all_views(result):
    lines = figure(result).data[STATIC_TRACES:]
    assert {line.name: line.line.color for line in lines[:3]} == COLOURS == player_data(result)["colours"]
    assert {side: "#" + bytes(RGB[side]).hex() for side in RGB} == COLOURS


def test_one_wild_position_does_not_ask_for_endless_floor(result):
    root = result.pose3d.root.copy()
    root[7] = [1e5, 0, 3e5]
    shown = scene(replace(result, pose3d=replace(result.pose3d, root=root)))
    assert max(len(line) for line in shown.grid) <= MAX_TILES + 3


@pytest.mark.parametrize("azimuth, elevation, near", [(0, 0, (0, -1, 0)), (90, 0, (1, 0, 0)), (0, 90, (0, 0, 1))])
def test_viewpoint_names_where_the_viewer_stands(azimuth, elevation, near):
    axes = Viewpoint(azimuth, elevation).axes
    np.testing.assert_allclose(axes[2], near, atol=1e-9)
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-9)
    assert np.linalg.det(axes) == pytest.approx(1)


@pytest.mark.parametrize("azimuth, elevation", [(0, 91), (float("nan"), 0), (0, float("nan"))])
def test_viewpoint_refuses_angles_that_are_none(azimuth, elevation):
    with pytest.raises(ConfigError, match="elevation must lie between"):
        Viewpoint(azimuth, elevation)


def test_lens_shows_the_picture_at_azimuth_0_and_fits_every_frame(result):
    points = Lens.fitted(scene(result), Viewpoint(0, 0), 400, 300)(scene(result).joints)
    assert points[..., 0].min() >= 0 and points[..., 0].max() <= 400
    assert points[..., 1].min() >= 0 and points[..., 1].max() <= 300
    np.testing.assert_array_equal(
        np.argsort(points[12, [1, 4, 10], 0]), np.argsort(result.pose2d.xy[12, [1, 4, 10], 0])
    )
    assert np.all(points[:, HEAD, 1] < points[:, PELVIS, 1])


def test_figure_has_fixed_equal_axes_and_sides(result):
    first, last = figure(result), figure(result, -1)
    assert first.layout.scene == last.layout.scene
    view = first.layout.scene
    sizes = [np.ptp(axis.range) for axis in (view.xaxis, view.yaxis, view.zaxis)]
    ratio = np.array([view.aspectratio.x, view.aspectratio.y, view.aspectratio.z])
    np.testing.assert_allclose(ratio / sizes, ratio[0] / sizes[0], rtol=1e-3)
    names = [trace.name for trace in first.data[STATIC_TRACES:]]
    assert names == ["left", "right", "middle", "joints"]
    assert len({trace.line.color for trace in first.data[STATIC_TRACES:][:3]}) == 3


def test_figure_tells_joints_that_were_interpolated(result):
    joints = figure(result, 5).data[-1]
    assert joints.marker.color[LEFT_WRIST] != joints.marker.line.color[LEFT_WRIST]
    assert joints.marker.color[HEAD] == joints.marker.line.color[HEAD]
    assert "not seen" in joints.text[LEFT_WRIST] and joints.text[HEAD] == "Head"
    with pytest.raises(IndexError, match="25 frames"):
        figure(result, 25)


def test_player_data_is_relative_to_the_chosen_part(tmp_path: Path):
    data = player_data(walking(tmp_path / "part.mp4", EVEN, start=0.4))
    assert data["times"][0] == 0 and data["offset"] == pytest.approx(0.4)
    assert len(data["times"]) == len(data["joints"]) == len(data["interpolated"]) == 15
    assert data["duration"] == pytest.approx(0.6)
    assert data["interpolated"][0] == [LEFT_WRIST] and data["interpolated"][1] == []
    json.dumps(data, allow_nan=False)


def test_player_data_has_the_joints_in_the_picture(result):
    picture = player_data(result)["pose2d"]
    assert (picture["width"], picture["height"]) == (160, 120)
    np.testing.assert_allclose(picture["joints"], result.pose2d.xy, atol=0.051)


def test_floor_tells_metres(result):
    shown = scene(result)
    scale = figure(result).data[STATIC_TRACES - 1]
    assert "1 m" in scale.text
    for x, y, text in zip(scale.x, scale.y, scale.text, strict=True):
        along = x - shown.low[0] if y == shown.low[1] else y - shown.low[1]
        assert f"{along:g} m" == text
    wild = result.pose3d.root.copy()
    wild[7] = [1e5, 0, 3e5]
    far = figure(replace(result, pose3d=replace(result.pose3d, root=wild)))
    assert len(far.data[STATIC_TRACES - 1].text) <= 2 * MARKS


@pytest.mark.parametrize("name", ["</script><script>alert(1)<!--.mp4", "%%data%%.mp4", "a & b.mp4"])
def test_html_is_one_file_and_survives_names(result, name):
    video = replace(result.video, path=Path(name))
    text = skeleton_html(replace(result, video=video), title=name)
    assert text.count(f"<h1>{html.escape(name)}</h1>") == 1
    own = re.sub(r"<script>(/\*\*\s+\* plotly\.js|var Pose3DThree=).*?</script>", "", text, flags=re.S)
    assert len(own) < len(text) / 10, "the libraries' scripts were not found"
    assert not re.search(r"\s(src|href)\s*=|@import|url\(", own)
    assert own.count("<script") == own.count("</script>") == 3
    assert json.loads(re.findall(r'id="data">(.*?)</script>', text, re.S)[0])["names"] == list(H36M17.joints)


@pytest.mark.parametrize("times", [EVEN, UNEVEN, EVEN[:1]], ids=["even", "uneven", "one frame"])
def test_clip_has_the_video_s_frames_and_times(tmp_path: Path, times):
    result, done = walking(tmp_path / "in.mp4", times), []
    path = render_clip(result, tmp_path / "out.mp4", progress=lambda *step: done.append(step))
    out = probe(path)
    np.testing.assert_allclose(out.times, times, atol=1e-3)
    assert done == [(i + 1, len(times)) for i in range(len(times))]
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert context.width % 2 == context.height % 2 == 0


def test_clip_draws_only_the_chosen_part(tmp_path: Path):
    result = walking(tmp_path / "in.mp4", EVEN, start=0.4)
    out = render_clip(result, tmp_path / "out.mp4")
    np.testing.assert_allclose(probe(out).times, EVEN[:15], atol=1e-3)
    grey = [float(frame.image[:20, :20].mean()) for frame in frames(out)]
    assert grey[0] == pytest.approx(90, abs=4), "the eleventh frame of the source is grey 90"


@pytest.mark.parametrize("width, height", [(161, 121), (90, 161), (1920, 1081)])
def test_clip_of_odd_sizes(tmp_path: Path, width, height):
    result = walking(tmp_path / "in.mp4", EVEN[:2], width, height)
    out = probe(render_clip(result, tmp_path / "out.mp4"))
    assert out.height % 2 == out.width % 2 == 0 and out.height <= 720


def test_clip_shows_both_sides_over_the_video_and_in_space(result, tmp_path: Path):
    image = next(iter(frames(render_clip(result, tmp_path / "out.mp4", Viewpoint(0, 0))))).image
    for half in np.split(image, [image.shape[1] - image.shape[0]], axis=1):
        left, right = (_middle_of(half, RGB[side]) for side in ("left", "right"))
        assert left > right, "the figure faces the camera: its left is on the picture's right"


def _middle_of(image: np.ndarray, colour: tuple[int, ...]) -> float:
    close = np.abs(image[image.shape[0] // 8 :].astype(int) - colour).sum(axis=-1) < 90
    assert close.sum() > 50
    return float(np.nonzero(close)[1].mean())


def test_clip_needs_the_video_as_it_was(result, tmp_path: Path):
    times = EVEN.copy()
    times[-1] += 1
    with pytest.raises(VideoError, match="run the whole video again"):
        render_clip(made_up(times, result.video.path), tmp_path / "out.mp4")
    assert not (tmp_path / "out.mp4").exists()


def test_clip_is_drawn_from_where_the_run_s_settings_say(result, tmp_path: Path):
    behind = replace(result, config=RunConfig(azimuth=180, elevation=0))
    image = next(iter(frames(render_clip(behind, tmp_path / "out.mp4")))).image
    space = image[:, image.shape[1] - image.shape[0] :]
    left, right = (_middle_of(space, RGB[side]) for side in ("left", "right"))
    assert left < right, "seen from behind"


@pytest.mark.parametrize(
    "how", [{"rotate": 90}, {"rotate": 270}, {"rotate": 180}, {"mirror": True}, {"rotate": 90, "mirror": True}]
)
def test_clip_draws_the_picture_as_the_visitor_turned_it(tmp_path: Path, how):
    """A white mark in the upper left corner of the file's picture goes where the setting takes it."""
    write_video(tmp_path / "mark.mp4", [0, 0.1], size=(160, 120))
    config = RunConfig(**how)
    info = probe(tmp_path / "mark.mp4", orientation=config.orientation)
    result = replace(made_up(info.times, info.path, info.width, info.height), config=config)
    hidden = with_observed(result, np.zeros_like(result.pose2d.observed))
    image = next(iter(frames(render_clip(hidden, tmp_path / "out.mp4")))).image
    video = image[:, : image.shape[1] - image.shape[0]].mean(axis=-1)
    corners = np.array([[video[10, 10], video[10, -10]], [video[-10, 10], video[-10, -10]]])
    expected = np.array([[1, 0], [0, 0]])
    expected = np.rot90(expected, how.get("rotate", 0) // 90)
    np.testing.assert_array_equal(corners > 200, expected[:, ::-1] if config.mirror else expected)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_legend_has_a_dot_and_a_word_for_each_side(result, language):
    """No other writing, and the word's ink stands right of its own dot."""
    image = Panel(scene(result), CORNER, 720, 720, language).empty.astype(int)
    ink = np.abs(image - INK).sum(axis=-1) < 90
    assert not ink[60:].any()
    left, right = (np.nonzero(np.abs(image[:60] - RGB[side]).sum(axis=-1) < 60)[1].mean() for side in ("left", "right"))
    columns = np.nonzero(ink[:60])[1]
    assert left < right and ((columns > left) & (columns < right)).sum() > 30 and (columns > right).sum() > 30
    other = Panel(scene(result), CORNER, 720, 720, "zh" if language == "en" else "en").empty
    assert np.any(image != other)


@pytest.mark.parametrize("seconds, follow", [(2.4, False), (3.2, True)])
def test_player_follows_who_goes_far(seconds, follow):
    """At 1 m/s; 1.5 body heights are 2.6 m here. Two people are shown together."""
    result = made_up(np.arange(0, seconds, 0.04))
    assert player_data(result)["follow"] is follow
    assert player_data(result, [beside(result)])["follow"] is False


def test_player_is_told_what_the_visitor_asked_for(result):
    asked = player_data(replace(result, config=RunConfig(rotate=90, mirror=True)))
    plain = player_data(result)
    assert (plain["turned"], plain["mirrored"], asked["turned"], asked["mirrored"]) == (False, False, True, True)
