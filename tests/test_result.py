"""A result is saved and loaded whole."""

import json
import os
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from factory import made_up
from pose3d.analysis.angles import ANGLES, joint_angle
from pose3d.core.camera import Camera
from pose3d.core.config import RunConfig
from pose3d.core.errors import ConfigError, OutputError
from pose3d.core.ground import Ground
from pose3d.core.models import ModelInfo
from pose3d.core.people import PersonSeen
from pose3d.core.poses import Pose2D, Pose3D
from pose3d.core.result import KEYPOINTS, Result, clock
from pose3d.core.skeleton import H36M17

EVEN = np.arange(40) / 30
LENS = Camera(160, 120, 150.25, 149.75, 81.5, 60.125, (0.1, -0.05, 0.001, -0.0007, 0.02))


def noisy(result: Result, seed: int = 0) -> Result:
    """The same with numbers of full length in every field."""
    rng = np.random.default_rng(seed)
    flat, solid = result.pose2d, result.pose3d
    score = rng.random(flat.score.shape, np.float32)
    observed = rng.random(flat.observed.shape) < 0.7
    return replace(
        result,
        pose2d=Pose2D(
            rng.normal(300, 1e3, flat.xy.shape).astype(np.float32),
            score,
            observed,
            H36M17,
            camera=flat.camera,
            times=flat.times,
        ),
        pose3d=Pose3D(
            rng.normal(0, 1, solid.xyz.shape).astype(np.float32),
            rng.normal(0, 4, solid.root.shape).astype(np.float32),
            score,
            observed,
            rng.gamma(2.0, 2.0, len(solid)).astype(np.float32),
            "metre",
            H36M17,
            camera=solid.camera,
            times=solid.times,
        ),
        seconds={"detect": float(rng.gamma(2.0, 9.0)), "lift": 1e-7},
    )


def through(result: Result, camera: Camera) -> Result:
    """The same, seen through another camera."""
    flat, solid = result.pose2d, result.pose3d
    return replace(
        result,
        pose2d=Pose2D(flat.xy, flat.score, flat.observed, H36M17, camera=camera, times=flat.times),
        pose3d=Pose3D(
            solid.xyz,
            solid.root,
            solid.score,
            solid.observed,
            solid.reprojection_error,
            solid.units,
            H36M17,
            camera=camera,
            times=solid.times,
        ),
    )


def asked(**settings: Any) -> Result:
    """The walker with these settings."""
    return replace(made_up(EVEN), config=RunConfig(**settings))


def filmed(**facts: Any) -> Result:
    """The walker in a video of which this is known."""
    result = made_up(EVEN)
    return replace(result, video=replace(result.video, **facts))


def named(raw: bytes) -> Result:
    """The walker in a video with this name."""
    return filmed(path=Path(os.fsdecode(raw)))


PEOPLE = (
    PersonSeen(1, 40, 0.0, EVEN[-1], (60.0, 30.125, 100.0, 110.3333)),
    PersonSeen(2, 7, 1 / 3, 0.9, (0.0, 0.0, 1.5, 2.0)),
)

RESULTS: dict[str, Callable[[], Result]] = {
    "plain": lambda: made_up(EVEN),
    "full numbers": lambda: noisy(made_up(EVEN)),
    "one frame": lambda: noisy(made_up(np.array([2.5]))),
    "two frames": lambda: made_up(np.array([0.0, 1 / 3])),
    "television's rate": lambda: noisy(made_up(np.arange(3_000) / (30000 / 1001))),
    "a part": lambda: replace(made_up(12.345678901 + EVEN), config=RunConfig(start=12.3, end=13.7, max_frames=40)),
    "variable rate": lambda: noisy(made_up(np.cumsum(np.random.default_rng(1).uniform(1e-6, 0.3, 40)))),
    "distortion": lambda: replace(through(made_up(EVEN), LENS), config=RunConfig(camera=LENS)),
    "four distortion values": lambda: through(made_up(EVEN), replace(LENS, distortion=(0.1, 0.2, 0.3, 0.4))),
    "field of view": lambda: asked(fov=48.7),
    "metres, level": lambda: asked(height=1.724, level="on"),
    "tilted": lambda: replace(
        made_up(EVEN), ground=Ground(np.array([0.1, -0.9, -0.4]) / np.sqrt(0.98), -1 / 3, 0.87654321)
    ),
    "not level": lambda: asked(level="off", device="cpu"),
    "a selfie, turned": lambda: asked(mirror=True, rotate=270),
    "turned and mirrored by the file": lambda: filmed(rotation=90, mirrored=True, offset=1.0000333),
    "cut off": lambda: filmed(ends_early=True, width=1080, height=1920),
    "all outputs": lambda: asked(
        export=("csv", "bvh", "glb", "vrma", "trc", "mot", "c3d"),
        render=False,
        report=True,
        language="zh",
        azimuth=-90.5,
        elevation=3.25,
    ),
    "second of several people": lambda: replace(asked(person=2), people=PEOPLE, person=2),
    "nobody known": lambda: replace(made_up(EVEN), people=(), seconds={}, versions={}),
    "other models": lambda: replace(
        asked(model="SRMT-canonical", detector="hrnet"),
        detector=ModelInfo("hrnet", "ab" * 32),
        lifter=ModelInfo("x", ""),
    ),
    "a name in latin-1": lambda: named(b"/films/caf\xe9.mp4"),
    "a name of any bytes": lambda: named(b"a:b\n\xff\xfe-\xc3(\x01.mp4"),
    "a name in Chinese": lambda: named("视频/走路 🚶.mp4".encode()),
    "a name with a replacement mark": lambda: named("half\ufffd.mp4".encode()),
}


@pytest.mark.parametrize("make", RESULTS.values(), ids=RESULTS)
def test_loading_is_the_inverse_of_saving(make: Callable[[], Result], tmp_path: Path) -> None:
    result = make()
    path = result.save(tmp_path / "new" / "folder")
    assert path == tmp_path / "new" / "folder" / KEYPOINTS
    loaded = Result.load(path)
    assert loaded == result
    assert os.fsencode(loaded.video.path) == os.fsencode(result.video.path)


def test_a_folder_is_loaded_by_the_file_in_it(tmp_path: Path) -> None:
    result = made_up(EVEN)
    result.save(tmp_path)
    assert Result.load(tmp_path) == result


def test_what_is_loaded_has_the_types_of_what_was_saved(tmp_path: Path) -> None:
    result = noisy(made_up(EVEN))
    loaded = Result.load(result.save(tmp_path))
    for pose in ("pose2d", "pose3d", "video", "ground"):
        for field in fields(getattr(result, pose)):
            before, after = (getattr(getattr(r, pose), field.name) for r in (result, loaded))
            assert type(before) is type(after), field.name
            assert getattr(before, "dtype", None) == getattr(after, "dtype", None), field.name
    np.testing.assert_array_equal(loaded.world, result.world)


def test_float64_arrays_are_stored_as_they_are_kept(tmp_path: Path) -> None:
    """Poses made by others, in NumPy's usual type."""
    result = noisy(made_up(EVEN))
    flat = result.pose2d
    wide = Pose2D(
        flat.xy + 1e-9, flat.score.astype(np.float64), flat.observed, H36M17, camera=flat.camera, times=EVEN.tolist()
    )
    assert wide.xy.dtype == wide.score.dtype == np.float32
    other = replace(result, pose2d=wide)
    assert Result.load(other.save(tmp_path)) == other


@pytest.mark.parametrize("name", ANGLES)
def test_angles_of_a_loaded_result_are_those_of_the_fresh_one(name: str, tmp_path: Path) -> None:
    result = noisy(made_up(EVEN))
    fresh, loaded = (joint_angle(r.pose3d, name) for r in (result, Result.load(result.save(tmp_path))))
    np.testing.assert_array_equal(loaded, fresh)


CHANGES: dict[str, Callable[[Result], Result]] = {
    "one joint by a hair": lambda r: replace(r, pose3d=replaced(r.pose3d, "xyz")),
    "one pixel by a hair": lambda r: replace(r, pose2d=replaced(r.pose2d, "xy")),
    "the floor": lambda r: replace(r, ground=replace(r.ground, floor=np.nextafter(r.ground.floor, 0))),
    "the name": lambda r: replace(r, video=replace(r.video, path=Path("other.mp4"))),
    "a setting": lambda r: replace(r, config=RunConfig(report=True)),
    "a weight": lambda r: replace(r, lifter=ModelInfo("made up", "2" * 64)),
    "a person": lambda r: replace(r, people=()),
    "a time": lambda r: replace(r, seconds={"detect": 2.0}),
}


def replaced(pose: Any, name: str) -> Any:
    """The pose with the very next number in one place of one array."""
    values = getattr(pose, name).copy()
    values[3, 4, 1] = np.nextafter(values[3, 4, 1], np.float32(np.inf))
    copy = object.__new__(type(pose))
    for field in fields(pose):
        object.__setattr__(copy, field.name, values if field.name == name else getattr(pose, field.name))
    return copy


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_results_that_differ_are_not_equal(change: Callable[[Result], Result], tmp_path: Path) -> None:
    result = noisy(made_up(EVEN))
    assert change(result) != result
    assert Result.load(change(result).save(tmp_path)) != result


def test_the_file_has_the_keys_that_others_rely_on(tmp_path: Path) -> None:
    result = noisy(made_up(EVEN))
    content = json.loads(result.save(tmp_path, "render.mp4").read_text("utf-8"))
    assert list(content)[:3] == ["keypoints", "timestamps", "output_video"]
    assert content["output_video"] == "render.mp4"
    assert np.shape(content["keypoints"]) == np.shape(content["world"]) == (40, 17, 3)
    assert len(content["timestamps"]) == len(content["times"]) == 40
    assert content["timestamps"][31] == "00:00:01.033"
    assert content["joint_names"] == list(H36M17.joints)
    np.testing.assert_array_equal(np.array(content["world"], np.float32), result.world)
    known = {
        "root",
        "scores",
        "observed",
        "reprojection_error",
        "fps",
        "units",
        "camera",
        "model",
        "pose2d",
        "up",
        "floor",
    }
    assert known < set(content)
    assert json.loads(result.save(tmp_path).read_text("utf-8"))["output_video"] is None


def test_parts_that_do_not_belong_together_are_refused() -> None:
    result = made_up(EVEN)
    flat, solid, other = result.pose2d, result.pose3d, made_up(EVEN + 1)
    for name, parts in {
        "the 2D poses must have the 40 times": {"pose2d": other.pose2d},
        "the 3D poses must have the 40 times": {"pose3d": other.pose3d},
        "must have the scores": {"pose2d": replace(flat, score=flat.score / 2)},
        "must have the scores and observed": {"pose3d": replace(solid, observed=~solid.observed)},
        "must have the camera": {"pose2d": through(result, LENS).pose2d},
        "must have the camera and the skeleton": {"pose2d": replace(flat, skeleton=replace(H36M17, name="other"))},
    }.items():
        with pytest.raises(ValueError, match=name):
            replace(result, **parts)


def test_a_result_of_one_person_names_them() -> None:
    result = made_up(EVEN)
    fewest = Result(**{field.name: getattr(result, field.name) for field in fields(Result)[:7]})
    assert (fewest.people, fewest.person, fewest.seconds, fewest.versions) == ((), 1, {}, {})
    assert len(fewest) == 40 and fewest.times is fewest.video.times


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "00:00:00.000"), (59.9996, "00:01:00.000"), (3599.9994, "00:59:59.999"), (36_061.5, "10:01:01.500")],
)
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


# --- what cannot be read or written ---


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def edited(key: str, value: Any) -> Callable[[Path], None]:
    """Puts a value into the file, or takes it out where it is None."""

    def edit(path: Path) -> None:
        content = json.loads(path.read_text("utf-8"))
        content |= {key: value}
        path.write_text(json.dumps({k: v for k, v in content.items() if v is not None}))

    return edit


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut off": cut,
    "empty": lambda path: path.write_bytes(b""),
    "a video": lambda path: path.write_bytes(b"\x00\x00\x00\x18ftypmp42" + bytes(range(256))),
    "a list": lambda path: path.write_text("[1, 2]"),
    "a number": lambda path: path.write_text("3"),
    "no times": edited("times", None),
    "no settings": edited("settings", None),
    "times that fall": edited("times", [1.0, 0.5, *range(2, 40)]),
    "too few poses": edited("keypoints", [[[0.0] * 3] * 17]),
    "poses in words": edited("keypoints", "none"),
    "other joints": edited("joint_names", ["Nose"]),
    "an unknown setting": edited("settings", {"speed": 3}),
    "a setting out of range": edited("settings", {"height": -1}),
    "a camera without a focal length": edited("camera", {"width": 1, "height": 1}),
    "a camera of no size": edited(
        "camera", {"width": 0, "height": 1, "fx": 1, "fy": 1, "cx": 0, "cy": 0, "distortion": None}
    ),
    "an unknown fact": edited("video", {"path": "a.mp4", "width": 1, "height": 1, "colour": "red"}),
    "a path of no bytes": edited("video", {"path": "a.mp4", "width": 1, "height": 1, "path_bytes": "xyz"}),
    "people without boxes": edited("people", [{"number": 1}]),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_named_in_one_sentence(damage: Callable[[Path], object], tmp_path: Path) -> None:
    path = made_up(EVEN).save(tmp_path)
    damage(path)
    with pytest.raises(ConfigError) as caught:
        Result.load(path)
    for language in ("en", "zh"):
        sentence = caught.value.worded(language)
        assert str(path) in sentence
        assert "\n" not in sentence
        assert len(sentence) < len(str(path)) + 250


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("no times", "it has no times"),
        ("other joints", "it holds the joints Nose"),
        ("an unknown setting", "no setting 'speed'; there are model"),
        ("a camera of no size", "the sides of a camera's picture must have 1 to 100000 pixels, got 0x1"),
        ("too few poses", "times must have shape (1,), got (40,)"),
    ],
)
def test_what_is_damaged_is_named(damage: str, reason: str, tmp_path: Path) -> None:
    path = made_up(EVEN).save(tmp_path)
    DAMAGES[damage](path)
    with pytest.raises(ConfigError) as caught:
        Result.load(path)
    assert reason in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"keypoints.json cannot be read: No such file or directory"):
        Result.load(tmp_path / KEYPOINTS)
    with pytest.raises(ConfigError, match="cannot be read"):
        Result.load(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"file/out/keypoints.json cannot be written: Not a directory"):
        made_up(EVEN).save(tmp_path / "file" / "out")


def test_the_old_file_stays_until_the_new_one_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full half-way."""
    old = made_up(EVEN)
    path = old.save(tmp_path)

    def half(self: Path, content: bytes) -> int:
        with self.open("wb") as file:
            file.write(content[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(OutputError, match="no space left"):
        noisy(old).save(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [KEYPOINTS]
    assert Result.load(path) == old
