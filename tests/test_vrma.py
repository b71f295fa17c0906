"""VRMA files against the rules of VRMC_vrm_animation 1.0, and read back as a motion."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pose3d.core.ground import Planted
from pose3d.core.result import Result
from pose3d.core.skeleton import H36M17
from pose3d.export import export
from pose3d.export.gltf_tracks import ANKLE_HEIGHT
from pose3d.motion.humanoid import BONES
from test_export import (
    FAST_THEN_SLOW,
    GAP,
    LATE,
    MILLIMETRE,
    START,
    accessor,
    even,
    filmed,
    glb_transforms,
    load_glb,
    positions,
    result_of,
    standing,
    without,
)  # fmt: skip

REQUIRED = {
    "hips", "spine", "head", "leftUpperLeg", "leftLowerLeg", "leftFoot", "rightUpperLeg", "rightLowerLeg", "rightFoot",
    "leftUpperArm", "leftLowerArm", "leftHand", "rightUpperArm", "rightLowerArm", "rightHand",
}  # fmt: skip
"""vrm-c/vrm-specification, VRMC_vrm_animation-1.0/schema/VRMC_vrm_animation.humanoid.humanBones.schema.json."""
ALLOWED = REQUIRED | {
    "chest", "upperChest", "neck", "jaw", "leftToes", "rightToes", "leftShoulder", "rightShoulder",
}  # fmt: skip
"""The same file's properties, but for fingers."""
ABOVE = {
    "spine": "hips", "chest": "spine", "neck": "chest", "head": "neck",
    **{f"{s}{b}": f"{s}{a}" for s in ("left", "right") for b, a in (
        ("UpperArm", "Shoulder"), ("LowerArm", "UpperArm"), ("Hand", "LowerArm"), ("LowerLeg", "UpperLeg"),
        ("Foot", "LowerLeg"),
    )},
    "leftShoulder": "chest", "rightShoulder": "chest", "leftUpperLeg": "hips", "rightUpperLeg": "hips",
}  # fmt: skip
"""VRMC_vrm-1.0/humanoid.md: which bone is the parent of which."""


def written(result: Result, folder: Path) -> Any:
    return load_glb(export(result, folder, ["vrma"])[0])


def bones(gltf: Any) -> dict[str, int]:
    """Node by bone, as the extension says."""
    return {
        name: bone["node"] for name, bone in gltf.extensions["VRMC_vrm_animation"]["humanoid"]["humanBones"].items()
    }


def starts(gltf: Any, time: float) -> dict[str, np.ndarray]:
    """Where the bones start at a time, metres."""
    transforms = glb_transforms(gltf, time)
    return {name: transforms[node][:3, 3] for name, node in bones(gltf).items()}


def at_rest(gltf: Any) -> dict[str, np.ndarray]:
    """Where the bones start while nothing plays."""
    channels, gltf.animations[0].channels = gltf.animations[0].channels, []
    found = starts(gltf, 0.0)
    gltf.animations[0].channels = channels
    return found


# --- the rules ---


@pytest.mark.parametrize("frames", [1, 30])
def test_the_extension_follows_its_schema(frames: int, tmp_path: Path) -> None:
    gltf = written(filmed(even(frames)), tmp_path)
    assert gltf.extensionsUsed == ["VRMC_vrm_animation"]
    extension = gltf.extensions["VRMC_vrm_animation"]
    assert extension["specVersion"] == "1.0"
    assert set(extension) == {"specVersion", "humanoid"}
    assert set(extension["humanoid"]) == {"humanBones"}
    found = bones(gltf)
    assert REQUIRED <= set(found) <= ALLOWED
    assert [gltf.nodes[node].name for node in found.values()] == list(found)
    assert len(set(found.values())) == len(found)
    assert all(isinstance(node, int) and 0 <= node < len(gltf.nodes) for node in found.values())


def test_bones_hang_on_each_other_as_in_vrm(tmp_path: Path) -> None:
    gltf = written(filmed(even(3)), tmp_path)
    names = {node: name for name, node in bones(gltf).items()}
    above = {names[child]: names[n] for n, node in enumerate(gltf.nodes) for child in node.children}
    assert above == ABOVE
    assert gltf.scenes[gltf.scene].nodes == [bones(gltf)["hips"]]


def test_only_the_hips_move_and_nothing_is_scaled(tmp_path: Path) -> None:
    """VRMC_vrm_animation-1.0/README.md: no scales, and no translations of other bones than the hips."""
    gltf = written(without(filmed(even(120)), LATE | GAP), tmp_path)
    (animation,) = gltf.animations
    tracks = [(channel.target.node, channel.target.path) for channel in animation.channels]
    assert sorted(tracks) == sorted(
        [*((node, "rotation") for node in bones(gltf).values()), (bones(gltf)["hips"], "translation")]
    )
    assert all(node.scale is None and node.matrix is None for node in gltf.nodes)
    assert not gltf.meshes


def test_it_rests_in_a_t_on_the_floor(tmp_path: Path) -> None:
    """VRMC_vrm-1.0/tpose.md: upright, facing +z, arms out and legs straight down, soles at 0."""
    gltf = written(standing(5), tmp_path)
    assert all(node.rotation in (None, [0, 0, 0, 1]) for node in gltf.nodes)
    rest = at_rest(gltf)
    assert rest["leftFoot"][1] == pytest.approx(ANKLE_HEIGHT)
    assert rest["hips"] == pytest.approx([0, 0.45 + 0.43 + ANKLE_HEIGHT, 0], abs=1e-6)
    for side, sign in (("left", 1), ("right", -1)):
        upper, lower, hand = (rest[f"{side}{bone}"] for bone in ("UpperArm", "LowerArm", "Hand"))
        assert hand[1:] == pytest.approx(upper[1:], abs=1e-6)
        assert sign * (hand[0] - lower[0]) == pytest.approx(0.25, abs=1e-5)
        thigh, foot = rest[f"{side}UpperLeg"], rest[f"{side}Foot"]
        assert sign * thigh[0] == pytest.approx(0.13, abs=1e-5)
        assert foot[[0, 2]] == pytest.approx(thigh[[0, 2]], abs=1e-6)
    assert rest["head"][1] > rest["neck"][1] > rest["chest"][1] > rest["hips"][1]


# --- the motion ---


@pytest.mark.parametrize("frames", [1, 2, 60])
def test_every_joint_is_where_the_motion_has_it(frames: int, tmp_path: Path) -> None:
    """But for the path's start."""
    result = filmed(even(frames))
    gltf = written(result, tmp_path)
    shift = result.world[0, 0] * [1, 0, 1]
    for frame, time in enumerate(result.times - START):
        found = starts(gltf, time)
        for bone in BONES:
            joint = result.world[frame, H36M17.index(bone.start)] - shift
            np.testing.assert_allclose(found[bone.name], joint, atol=MILLIMETRE / 20, err_msg=bone.name)


def test_the_path_starts_above_the_origin(tmp_path: Path) -> None:
    gltf = written(filmed(even(60)), tmp_path)
    assert starts(gltf, 0.0)["hips"][[0, 2]] == pytest.approx([0, 0], abs=1e-6)


def test_who_comes_late_starts_above_the_origin_too(tmp_path: Path) -> None:
    gltf = written(without(filmed(even(120)), LATE), tmp_path)
    for time in (0.0, 40 * 1001 / 30000):
        assert starts(gltf, time)["hips"][[0, 2]] == pytest.approx([0, 0], abs=1e-6)


def test_who_stands_on_the_floor_stands_on_it_in_the_file(tmp_path: Path) -> None:
    """Programs scale the path by the hips' height at rest: upright, it is that of the motion."""
    result = result_of(np.repeat(standing().pose3d.placed, 10, axis=0))
    on_floor = result.world - [0, result.world[..., 1].min() - ANKLE_HEIGHT, 0]
    gltf = written(replace(result, planted=Planted(on_floor, np.ones((10, 2), bool))), tmp_path)
    assert starts(gltf, 0.1)["hips"][1] == pytest.approx(at_rest(gltf)["hips"][1], abs=1e-5)


@pytest.mark.parametrize("times", [even(20), FAST_THEN_SLOW], ids=["even", "changing"])
def test_keyframes_are_at_the_frames_own_times(times: np.ndarray, tmp_path: Path) -> None:
    gltf = written(filmed(times), tmp_path)
    for sampler in gltf.animations[0].samplers:
        np.testing.assert_allclose(accessor(gltf, sampler.input), times - times[0], atol=2e-6)


def test_keyframes_grow_also_when_rounded(tmp_path: Path) -> None:
    times = np.r_[np.arange(5) / 30, 600 + np.arange(5) * 1e-6, 601]
    gltf = written(filmed(times), tmp_path)
    seconds = accessor(gltf, gltf.animations[0].samplers[0].input)
    assert (np.diff(seconds) > 0).all()
    assert len(seconds) == 7


def test_quaternions_of_neighbours_lie_near_each_other(tmp_path: Path) -> None:
    """A person who turns twice: readers interpolate the long way round between q and -q."""
    gltf = written(result_of(positions(even(200), turn=0.4)), tmp_path)
    for channel in gltf.animations[0].channels:
        if channel.target.path == "rotation":
            values = accessor(gltf, gltf.animations[0].samplers[channel.sampler].output)
            assert (np.sum(values[1:] * values[:-1], axis=1) > 0).all()


@pytest.mark.parametrize("gone", [LATE, LATE[::-1], GAP], ids=["late", "early", "gap"])
def test_it_holds_while_nobody_is_there(gone: np.ndarray, tmp_path: Path) -> None:
    result = filmed(even(120))
    gltf = written(without(result, gone), tmp_path)
    first = int(np.argmin(gone))
    before = [starts(gltf, time)["leftHand"] for time in result.times - START]
    for frame in np.flatnonzero(gone):
        shown = max([f for f in range(frame) if not gone[f]], default=first)
        np.testing.assert_allclose(before[frame], before[shown], atol=1e-6)
