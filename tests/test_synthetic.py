"""The example clips and the mannequin that plays in them."""

from pathlib import Path

import numpy as np
import pytest

from pose3d.core.camera import Camera
from pose3d.core.skeleton import H36M17
from pose3d.io.video import frames, probe
from synthetic.body import Body
from synthetic.clips import CLIPS, Clip, choose
from synthetic.exercises import Squats
from synthetic.placement import Placement
from synthetic.trials import TRIALS
from synthetic.truth import Truth, load_truth

EXAMPLES = Path(__file__).parent.parent / "assets" / "examples"
ALL = {clip.name: clip for clip in (*CLIPS, *(trial.clip for trial in TRIALS))}
NAMES = [clip.name for clip in CLIPS]
TRUTHS = {name: clip.truth() for name, clip in ALL.items()}


def bones(truth: Truth) -> np.ndarray:
    """(E, T) metres."""
    return np.stack([np.linalg.norm(truth.xyz[:, a] - truth.xyz[:, b], axis=-1) for a, b in H36M17.edges])


@pytest.mark.parametrize("name", ALL)
def test_bones_keep_their_lengths(name: str) -> None:
    assert np.ptp(bones(TRUTHS[name]), axis=1).max() < 1e-4


@pytest.mark.parametrize("name", ALL)
def test_person_stays_in_the_picture(name: str) -> None:
    truth = TRUTHS[name]
    size = np.array([truth.camera.width, truth.camera.height])
    assert (truth.xy > 0.04 * size).all() and (truth.xy < 0.96 * size).all()


@pytest.mark.parametrize("name", NAMES)
def test_pelvis_travels(name: str) -> None:
    assert np.linalg.norm(np.ptp(TRUTHS[name].xyz[:, 0], axis=0)) > 0.15


@pytest.mark.parametrize("name", ALL)
def test_feet_stay_above_the_floor_and_do_not_leap(name: str) -> None:
    clip = ALL[name]
    for side in "LR":
        toes = clip.figure().bones[f"{side}Toes"]
        assert toes.origin[:, 1].min() > -0.002
        controls = clip.motion.controls(clip.body, clip.times).feet[side]
        reached = clip.figure().bones[f"{side}Foot"].origin
        assert np.abs(reached - controls.ankle).max() < 0.004, "a leg is too short for where the motion puts its foot"


def test_squats_plant_the_feet_and_go_down() -> None:
    figure = choose(["squats"])[0].figure()
    ankles = figure.joints[:, H36M17.indices("LAnkle", "RAnkle")]
    assert np.ptp(ankles, axis=0).max() < 1e-6
    assert 0.35 < np.ptp(figure.joints[:, 0, 1]) < 0.45


def test_jumping_jacks_leave_the_floor() -> None:
    ankles = choose(["jumping_jacks"])[0].figure().joints[:, H36M17.indices("LAnkle", "RAnkle"), 1]
    assert ankles.min(axis=1).max() > 0.08 + 0.05


def test_walk_covers_metres_and_holds_its_feet_on_the_floor() -> None:
    clip = choose(["walk"])[0]
    figure = clip.figure()
    pelvis = figure.joints[:, 0]
    assert 3 < np.linalg.norm(np.diff(pelvis, axis=0), axis=-1).sum() < 4
    balls = np.stack([figure.bones[f"{side}Toes"].origin for side in "LR"], 1)
    steps = np.linalg.norm(np.diff(balls, axis=0), axis=-1).min(axis=1)
    assert np.quantile(steps, 0.9) < 0.012, "in every frame one foot stands still"


def test_left_is_the_persons_left() -> None:
    camera = Camera.from_fov(640, 480)
    facing = Clip("front", Squats(), camera, Placement(), frames=3).truth()
    left, right = facing.xyz[0, H36M17.indices("LShoulder", "RShoulder"), 0]
    assert left > right, "someone who faces the camera has the left shoulder on the picture's right"


def test_scaled_body_has_the_stature() -> None:
    assert Body().scaled(1.85).stature == pytest.approx(1.85)
    truth = Clip("tall", Squats(), Camera.from_fov(640, 480), Placement(), frames=3, body=Body().scaled(1.85)).truth()
    assert truth.height == pytest.approx(1.85)


def test_truth_survives_its_file(tmp_path: Path) -> None:
    truth = TRUTHS["walk"]
    truth.save(tmp_path / "walk.json")
    again = load_truth(tmp_path / "walk.json")
    assert (again.name, again.fps, again.height) == (truth.name, truth.fps, pytest.approx(truth.height))
    assert np.abs(again.xyz - truth.xyz).max() <= 0.6e-4
    assert again.camera.fx == pytest.approx(truth.camera.fx, abs=1e-4)


def test_unknown_clip_lists_the_names() -> None:
    with pytest.raises(ValueError, match="walk"):
        choose(["moonwalk"])


@pytest.mark.parametrize("name", NAMES)
def test_files_agree_with_their_truth(name: str) -> None:
    path, truth = EXAMPLES / f"{name}.mp4", load_truth(EXAMPLES / f"{name}.json")
    info = probe(path)
    assert (info.width, info.height) == (truth.camera.width, truth.camera.height)
    assert info.fps == pytest.approx(truth.fps, abs=1e-3)
    assert sum(1 for _ in frames(path)) == len(truth.xyz)
    assert path.stat().st_size < 700_000
    assert np.abs(truth.xyz - TRUTHS[name].xyz).max() < 1e-3, "render the clips again: python -m synthetic"


def test_mannequin_is_drawn_where_the_truth_projects() -> None:
    pytest.importorskip("vtk")
    from synthetic.mannequin import build_mannequin
    from synthetic.scene import build_scene

    camera = Camera(200, 260, 240.0, 236.0, 92.0, 137.0)
    clip = Clip("small", Squats(), camera, Placement((0.3, 1.2, 3.4)), frames=3)
    mannequin = build_mannequin(clip.body, clip.clothes)
    scene = build_scene(mannequin, camera, clip.placement)
    posed = mannequin.posed(clip.figure(), 0)
    change = np.abs(scene.render(posed).astype(int) - scene.render(None)).max(axis=-1)
    column, row = clip.truth().xy[0].round().astype(int).T
    assert (change[row, column] > 12).all(), "every joint lies inside the drawn body"
    drawn = np.argwhere(change > 90)[:, ::-1]
    outline = camera.project(clip.placement.to_camera(posed.points))
    assert np.abs(drawn.min(0) - outline.min(0)).max() < 2, "the body's left and upper edge"
    assert np.abs(drawn.max(0) + 1 - outline.max(0))[0] < 2, "its right edge; below, the shadow goes on"
