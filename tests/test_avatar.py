"""The avatar: a closed, smooth surface that fits a humanoid's bones and keeps its girth when they turn."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from pose3d.core.colours import COLOURS, linear
from pose3d.core.geometry import unit
from pose3d.motion.avatar import Mesh, Template, avatar, load
from pose3d.motion.humanoid import BONES, NAMES, PARENTS, Humanoid
from synthetic.avatar import build
from synthetic.avatar_rest import JOINTS, SOLE

ANKLE_HEIGHT = JOINTS["LAnkle"][1] - SOLE


@dataclass(frozen=True)
class Bend:
    """degrees: about x, then y, then z; before, after: towards the outside of the bend; share: of girth that stays."""

    bone: str
    degrees: tuple[float, float, float]
    before: tuple[float, float, float]
    after: tuple[float, float, float]
    share: float


@pytest.fixture(scope="module")
def template() -> Template:
    return load()


@pytest.fixture(scope="module")
def mesh(template: Template) -> Mesh:
    return template.mesh


def humanoid(template: Template, factors: dict[str, float] | None = None) -> Humanoid:
    """At rest for one frame; factors: of the offsets of bones, by name."""
    starts = template.starts.astype(np.float64)
    offsets = starts - np.where(np.arange(len(BONES))[:, None] > 0, starts[list(PARENTS)], 0)
    for name, factor in (factors or {}).items():
        offsets[NAMES.index(name)] *= factor
    return Humanoid(offsets, np.tile([0.0, 0, 0, 1], (1, len(BONES), 1)), np.zeros((1, 3)), template.head)


def skinned(template: Template, degrees: dict[str, tuple[float, float, float]]) -> np.ndarray:
    """(V, 3) corners by plain linear blend skinning; degrees: bones' turns about x, then y, then z."""
    turns, starts = [], []
    for name, parent, start in zip(NAMES, PARENTS, template.starts.astype(np.float64), strict=True):
        turn = Rotation.from_euler("XYZ", degrees.get(name, (0, 0, 0)), degrees=True)
        if parent >= 0:
            starts.append(starts[parent] + turns[parent].apply(start - template.starts[parent]))
            turn = turns[parent] * turn
        else:
            starts.append(start)
        turns.append(turn)
    matrices, places, mesh = np.stack([turn.as_matrix() for turn in turns]), np.stack(starts), template.mesh
    local = mesh.position[:, None] - template.starts[mesh.bone]
    moved = places[mesh.bone] + np.einsum("vkij,vkj->vki", matrices[mesh.bone], local)
    return (mesh.weight[..., None] * moved).sum(1)


def whole(mesh: Mesh) -> np.ndarray:
    """(F, 3) triangles between places: corners in one place, which differ in colour alone, count as one."""
    places = np.unique(mesh.position, axis=0, return_inverse=True)[1].ravel()
    return places[mesh.triangles.astype(np.int64)]


def crosses(position: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """(F, 3) normals of triangles, as long as twice their areas."""
    a, b, c = (position[triangles[:, n]] for n in range(3))
    return np.cross(b - a, c - a)


def volume(position: np.ndarray, triangles: np.ndarray) -> float:
    """Cubic metres inside."""
    return float((position[triangles[:, 0]] * crosses(position, triangles)).sum()) / 6


def reach(position: np.ndarray, triangles: np.ndarray, start: np.ndarray, towards: np.ndarray) -> float:
    """Metres from a point to where a ray leaves the body for good (Möller and Trumbore 1997)."""
    a, b, c = (position[triangles[:, n]].astype(np.float64) for n in range(3))
    first, second, away = b - a, c - a, start - a
    across, over = np.cross(towards, second), np.cross(away, first)
    scale = (first * across).sum(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        u, v, far = (away * across).sum(1) / scale, over @ towards / scale, (second * over).sum(1) / scale
        hit = (u >= 0) & (v >= 0) & (u + v <= 1) & (far > 0)
    return float(far[hit].max())


def test_its_size(mesh: Mesh) -> None:
    assert 5_000 < len(mesh.triangles) < 15_000
    assert mesh.triangles.max() == len(mesh.position) - 1
    assert len(np.unique(mesh.triangles)) == len(mesh.position)


def test_its_arrays(mesh: Mesh) -> None:
    corners = len(mesh.position)
    expected = {
        "position": (np.float32, (corners, 3)),
        "normal": (np.float32, (corners, 3)),
        "colour": (np.float32, (corners, 3)),
        "triangles": (np.uint16, mesh.triangles.shape),
        "bone": (np.uint8, (corners, 4)),
        "weight": (np.float32, (corners, 4)),
    }
    assert {name: (array.dtype, array.shape) for name, array in vars(mesh).items()} == expected


def test_the_file_is_what_the_generator_makes(template: Template) -> None:
    """`python -m synthetic avatar` writes it anew."""
    made = build()
    assert np.array_equal(made.starts, template.starts) and made.head == template.head
    for name, array in vars(made.mesh).items():
        assert np.allclose(array, getattr(template.mesh, name), rtol=0, atol=1e-5), name


def test_every_edge_has_two_triangles(mesh: Mesh) -> None:
    """One in each direction: all parts are closed, and all triangles face the same way."""
    triangles = whole(mesh)
    edges = triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    assert len(np.unique(edges, axis=0)) == len(edges)
    assert {tuple(edge) for edge in edges} == {(b, a) for a, b in edges}


def test_triangles_face_outwards_as_the_normals_do(mesh: Mesh) -> None:
    facing = crosses(mesh.position, mesh.triangles)
    assert np.linalg.norm(facing, axis=1).min() / 2 > 1e-6, "square metres"
    agreement = (unit(facing)[:, None] * mesh.normal[mesh.triangles]).sum(-1)
    assert agreement.min() > 0.25 and np.median(agreement) > 0.98
    assert np.abs(np.linalg.norm(mesh.normal, axis=1) - 1).max() < 1e-6
    assert 0.065 < volume(mesh.position, mesh.triangles) < 0.085, "cubic metres; 70 kg of a person are 0.07"


def test_weights_sum_to_one_and_stay_near_their_bones(mesh: Mesh) -> None:
    assert np.abs(mesh.weight.sum(1) - 1).max() < 1e-6 and mesh.weight.min() >= 0
    assert (np.diff(mesh.weight, axis=1) <= 1e-6).all(), "the strongest comes first"
    assert set(np.unique(mesh.bone[mesh.weight > 0])) == set(range(len(BONES)))
    sides = np.array([1 if name.startswith("left") else -1 if name.startswith("right") else 0 for name in NAMES])
    strangers = (sides[mesh.bone] * mesh.position[:, :1] < -0.03) & (mesh.weight > 0.02)
    assert not strangers.any(), "corners of one side that hang on the other's bones"


def test_left_is_left(mesh: Mesh) -> None:
    """The left is at +x, and in the left's colour; eyes and toes look towards +z."""
    for side, sign in (("left", 1), ("right", -1)):
        painted = np.abs(mesh.colour - linear(COLOURS[side])).max(1) < 1e-6
        assert painted.sum() > 500 and (sign * mesh.position[painted, 0] > 0).all()
        bones = {NAMES[n] for n in mesh.bone[painted, 0]}
        assert {f"{side}{name}" for name in ("UpperArm", "LowerArm", "LowerLeg", "Foot")} <= bones
    feet = np.isin(mesh.bone[:, 0], [NAMES.index("leftFoot"), NAMES.index("rightFoot")])
    assert mesh.position[feet, 2].max() > 2 * -mesh.position[feet, 2].min()
    eyes = mesh.colour.max(1) < 0.05
    assert eyes.sum() > 20 and mesh.position[eyes, 2].min() > 0.07


def test_the_sides_are_mirror_images(mesh: Mesh) -> None:
    left, right = (mesh.position[sign * mesh.position[:, 0] > 0.001] * [sign, 1, 1] for sign in (1, -1))
    nearest = [np.linalg.norm(left - corner, axis=1).min() for corner in right[::7]]
    assert max(nearest) < 0.012 and np.median(nearest) < 1e-5, "metres"


def test_bones_lie_inside(template: Template) -> None:
    mesh = template.mesh
    for name, start in zip(NAMES, template.starts.astype(np.float64), strict=True):
        for towards in np.vstack([np.eye(3), -np.eye(3)]) + [1e-3, 2e-3, 3e-3]:
            assert reach(mesh.position, mesh.triangles, start, towards) > 0.02, name


BENDS = {
    "elbow": Bend("leftLowerArm", (0, -120, 0), (0, 0, -1), (0.87, 0, -0.5), 0.9),
    "elbow from the side": Bend("leftLowerArm", (0, -120, 0), (0, 1, 0), (0, 1, 0), 0.98),
    "knee": Bend("leftLowerLeg", (120, 0, 0), (0, 0, 1), (0, -0.5, 0.87), 0.9),
    "knee from the side": Bend("leftLowerLeg", (120, 0, 0), (1, 0, 0), (1, 0, 0), 0.98),
    "shoulder, arm down": Bend("leftUpperArm", (0, 0, -85), (0, 1, 0), (0.68, 0.74, 0), 0.87),
    "shoulder, arm ahead": Bend("leftUpperArm", (0, -90, 0), (0, 0, -1), (0.71, 0, -0.71), 0.84),
    "shoulder from ahead": Bend("leftUpperArm", (0, 0, -85), (0, 0, 1), (0, 0, 1), 0.98),
    "hip, sitting": Bend("leftUpperLeg", (-90, 0, 0), (0, 0, -1), (0, -0.71, -0.71), 0.75),
    "hip from the side": Bend("leftUpperLeg", (-90, 0, 0), (1, 0, 0), (1, 0, 0), 0.98),
}


@pytest.mark.parametrize("bend", BENDS)
def test_joints_keep_their_girth(template: Template, bend: str) -> None:
    """Blended matrices alone take half of an elbow away at 120 degrees, and 0.3 of a shoulder or a hip at 90."""
    case, mesh = BENDS[bend], template.mesh
    joint = template.starts[NAMES.index(case.bone)].astype(np.float64)
    straight = reach(mesh.position, mesh.triangles, joint, unit(np.array(case.before, float)))
    posed = skinned(template, {case.bone: case.degrees})
    bent = reach(posed, mesh.triangles, joint, unit(np.array(case.after, float)))
    assert bent > case.share * straight


def test_the_template_fits_itself(template: Template) -> None:
    fitted = avatar(humanoid(template))
    assert np.abs(fitted.position - template.mesh.position).max() < 1e-6
    assert np.abs(fitted.normal - template.mesh.normal).max() < 1e-6


def test_a_humanoid_twice_as_large_has_an_avatar_twice_as_large(template: Template) -> None:
    one = humanoid(template)
    fitted = avatar(replace(one, offsets=2 * one.offsets, head=2 * one.head))
    assert np.abs(fitted.position - 2 * template.mesh.position).max() < 1e-6
    assert np.abs(fitted.normal - template.mesh.normal).max() < 1e-6


def test_a_longer_bone_is_longer_and_as_thick(template: Template) -> None:
    """The left lower arm is 1.3 times as long: its hand moves, its girth stays, nothing else changes."""
    mesh, fitted = template.mesh, avatar(humanoid(template, {"leftHand": 1.3}))
    moved = fitted.position - mesh.position
    hand, arm = (mesh.bone[:, 0] == NAMES.index(name) for name in ("leftHand", "leftLowerArm"))
    longer = 0.3 * np.linalg.norm(
        template.starts[NAMES.index("leftHand")] - template.starts[NAMES.index("leftLowerArm")]
    )
    assert np.abs(moved[hand] - [longer, 0, 0]).max() < 1e-6
    assert np.abs(moved[arm, 1:]).max() < 1e-6
    elsewhere = ~(mesh.bone == NAMES.index("leftLowerArm")).any(1) & ~hand
    assert np.abs(moved[elsewhere]).max() < 1e-6
    agreement = (unit(crosses(fitted.position, mesh.triangles))[:, None] * fitted.normal[mesh.triangles]).sum(-1)
    assert agreement.min() > 0.2


def test_wider_hips_widen_the_pelvis(template: Template) -> None:
    fitted = avatar(humanoid(template, {"leftUpperLeg": 1.2, "rightUpperLeg": 1.2}))
    hips = (template.mesh.bone[:, 0] == NAMES.index("hips")) & (template.mesh.weight[:, 0] > 0.999)
    assert np.allclose(fitted.position[hips], template.mesh.position[hips] * [1.2, 1, 1], atol=1e-6)


@pytest.mark.parametrize("factor", [0.0, 1e-9, 0.1, 10.0])
@pytest.mark.parametrize("bones", [["leftHand"], ["chest", "neck"], list(NAMES)], ids=["arm", "trunk", "all"])
def test_strange_lengths_leave_a_body(template: Template, factor: float, bones: list[str]) -> None:
    fitted = avatar(humanoid(template, dict.fromkeys(bones, factor)))
    assert np.isfinite(fitted.position).all()
    assert np.abs(np.linalg.norm(fitted.normal, axis=1) - 1).max() < 1e-5
    if factor == 0:
        assert np.ptp(fitted.position, axis=0).min() > 0.15, "metres"


def test_soles_lie_flat_under_the_ankles(template: Template) -> None:
    feet = np.isin(template.mesh.bone[:, 0], [NAMES.index("leftFoot"), NAMES.index("rightFoot")])
    height = template.mesh.position[feet, 1] - template.starts[NAMES.index("leftFoot"), 1]
    assert height.min() == pytest.approx(-ANKLE_HEIGHT, abs=0.003)
    assert (height < -ANKLE_HEIGHT + 0.004).mean() > 0.1
