"""Joint angles by the conventions of the International Society of Biomechanics, as far as joint positions allow.

Wu et al. 2002, J. Biomech. 35:543 (hip, spine), after Grood and Suntay 1983, J. Biomech. Eng. 105:136; Wu et al. 2005,
J. Biomech. 38:981 (shoulder, elbow, thorax). Frames have x ahead, y up, z to the right. Segments are lines between the
17 joints, not frames of bony landmarks. So there is no turn of thigh, shin, upper arm or forearm about its own length,
no tilt of the pelvis (it goes with the trunk), and nothing at ankles and wrists; a knee or an elbow that bends the
wrong way is told as one that bends the right way by as much. Where ISB counts downwards what people count upwards
(bending ahead, moving a leg away), the sign is turned over and said to be: all angles here grow with the movement they
are named after. Upright with hanging arms all are 0, but for `shoulder_plane`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.analysis.frames import UP
from pose3d.analysis.signals import ARM, LEG, SIGNALS, TRUNK, Body, Signal
from pose3d.core.arrays import Floats
from pose3d.core.geometry import degrees_between, unit

NO_FLEXION = 75.0
"""Degrees aside from which there is no angle ahead: the line points along the axis that it would turn about."""
NO_PLANE = 20.0
"""Degrees between an arm and the line of the trunk, hanging or overhead, up to which it is raised in no plane."""
SIDEWAYS = 60.0
"""Degrees by which hips and shoulders are steeper: somebody lies on their side, and ahead means nothing."""


@dataclass(frozen=True)
class Frame:
    """Unit vectors (T, 3) of a segment: x ahead, y up, z to the right."""

    x: Floats
    y: Floats
    z: Floats

    def of(self, vectors: Floats) -> tuple[Floats, Floats, Floats]:
        """Components (T,) of vectors (T, 3): ahead, up, right."""
        ahead, up, right = ((vectors * axis).sum(-1) for axis in (self.x, self.y, self.z))
        return ahead, up, right


def pelvis(body: Body) -> Frame:
    """z along the hips (Wu 2002: along the iliac spines), y along the trunk, square to it."""
    z = unit(body.at("RHip") - body.at("LHip"))
    y = unit(body.trunk - (body.trunk * z).sum(-1, keepdims=True) * z)
    return Frame(np.cross(y, z), y, z)


def thorax(body: Body) -> Frame:
    """y along the trunk (Wu 2005), z along the shoulders, square to it."""
    y = unit(body.trunk)
    x = unit(np.cross(y, body.at("RShoulder") - body.at("LShoulder")))
    return Frame(x, y, np.cross(x, y))


def room(body: Body) -> Frame:
    """y upright, z over the floor to the body's right; NaN where it lies on its side."""
    line = body.at("RHip") - body.at("LHip") + body.at("RShoulder") - body.at("LShoulder")
    steep = np.abs(_slope(line)) > SIDEWAYS
    right = np.where(steep[:, None], np.nan, -body.left)
    return Frame(np.cross(UP, right), np.broadcast_to(UP, right.shape), right)


def _ahead(frame: Frame, line: Floats) -> Floats:
    """(T,) degrees that a line (T, 3) turns ahead of `frame.y`, about its z; NaN where it points along z."""
    ahead, up, _ = frame.of(line)
    return np.where(np.abs(_aside(frame, line)) > NO_FLEXION, np.nan, np.degrees(np.arctan2(ahead, up)))


def _aside(frame: Frame, line: Floats) -> Floats:
    """(T,) degrees that a line (T, 3) leaves the frame's plane of x and y, to the right."""
    ahead, up, right = frame.of(line)
    return np.degrees(np.arctan2(right, np.hypot(ahead, up)))


def _outward(side: str) -> float:
    """The sign of z away from the body."""
    return 1.0 if side == "R" else -1.0


def _thigh(body: Body, side: str) -> Floats:
    return body.at(f"{side}Knee") - body.at(f"{side}Hip")


def _upper_arm(body: Body, side: str) -> Floats:
    return body.at(f"{side}Elbow") - body.at(f"{side}Shoulder")


def _hip_flexion(body: Body, side: str) -> Floats:
    """ISB's alpha: the thigh ahead of the line of the trunk; behind it below 0 (extension)."""
    ahead, up, _ = pelvis(body).of(_thigh(body, side))
    return np.where(np.abs(_hip_abduction(body, side)) > NO_FLEXION, np.nan, np.degrees(np.arctan2(ahead, -up)))


def _hip_abduction(body: Body, side: str) -> Floats:
    """ISB's beta turned over: the thigh away from the other leg; towards it below 0 (adduction)."""
    return _outward(side) * _aside(pelvis(body), _thigh(body, side))


def _shoulder_elevation(body: Body, side: str) -> Floats:
    """ISB's beta turned over: the upper arm away from the line of the trunk downwards, in whatever plane; 0 to 180."""
    return degrees_between(_upper_arm(body, side), -body.trunk)


def _shoulder_plane(body: Body, side: str) -> Floats:
    """ISB's gamma: where the upper arm is raised; 0 aside (abduction), 90 ahead (flexion), below 0 behind."""
    ahead, _, right = thorax(body).of(_upper_arm(body, side))
    elevation = _shoulder_elevation(body, side)
    no_plane = np.minimum(elevation, 180 - elevation) < NO_PLANE
    return np.where(no_plane, np.nan, np.degrees(np.arctan2(ahead, _outward(side) * right)))


def _trunk_flexion(body: Body, _: str) -> Floats:
    """ISB's alpha of the thorax against the room turned over: ahead; backwards below 0."""
    return _ahead(room(body), body.trunk)


def _trunk_side_bend(body: Body, _: str) -> Floats:
    """ISB's beta: to the right; to the left below 0."""
    return _aside(room(body), body.trunk)


def _trunk_rotation(body: Body, _: str) -> Floats:
    """ISB's gamma, of the shoulders against the hips about the trunk: to the left; to the right below 0."""
    ahead, _up, right = Frame(*_about_trunk(body)).of(body.at("RShoulder") - body.at("LShoulder"))
    return np.degrees(np.arctan2(ahead, right))


def _about_trunk(body: Body) -> tuple[Floats, Floats, Floats]:
    """x, y and z of the hips, square to the trunk."""
    y = unit(body.trunk)
    x = unit(np.cross(y, body.at("RHip") - body.at("LHip")))
    return x, y, np.cross(x, y)


def _pelvis_list(body: Body, _: str) -> Floats:
    """The hips' line: down on the right, up on the left; the other way below 0."""
    return -_slope(body.at("RHip") - body.at("LHip"))


def _shoulder_list(body: Body, _: str) -> Floats:
    """The shoulders' line, likewise."""
    return -_slope(body.at("RShoulder") - body.at("LShoulder"))


def _slope(line: Floats) -> Floats:
    """(T,) degrees by which a line (T, 3) rises over the floor."""
    return 90 - degrees_between(line, UP)


def _head_flexion(body: Body, _: str) -> Floats:
    """From the middle of the shoulders to the top of the head, ahead of the line of the trunk; behind it below 0."""
    return _ahead(thorax(body), body.at("Head") - body.at("Thorax"))


def head_ahead(body: Body) -> Floats:
    """(T,) degrees: the same against the upright instead of the trunk."""
    return _ahead(room(body), body.at("Head") - body.at("Thorax"))


HIPS, SHOULDERS = ("LHip", "RHip"), ("LShoulder", "RShoulder")
SIDED: dict[str, Signal] = {
    "hip_flexion": Signal("degrees", (*HIPS, *TRUNK, "Hip", "Knee"), _hip_flexion),
    "hip_abduction": Signal("degrees", (*HIPS, *TRUNK, "Hip", "Knee"), _hip_abduction),
    "knee_flexion": Signal("degrees", LEG, SIGNALS["knee_flexion"].of),
    "shoulder_elevation": Signal("degrees", (*TRUNK, "Shoulder", "Elbow"), _shoulder_elevation),
    "shoulder_plane": Signal("degrees", (*TRUNK, *SHOULDERS, "Shoulder", "Elbow"), _shoulder_plane),
    "elbow_flexion": Signal("degrees", ARM, SIGNALS["elbow_flexion"].of),
}
"""Name to angle of either side: positive the same way on both."""
MIDDLE: dict[str, Signal] = {
    "trunk_flexion": Signal("degrees", (*HIPS, *SHOULDERS, *TRUNK), _trunk_flexion),
    "trunk_side_bend": Signal("degrees", (*HIPS, *SHOULDERS, *TRUNK), _trunk_side_bend),
    "trunk_rotation": Signal("degrees", (*HIPS, *SHOULDERS, *TRUNK), _trunk_rotation),
    "pelvis_list": Signal("degrees", HIPS, _pelvis_list),
    "shoulder_list": Signal("degrees", SHOULDERS, _shoulder_list),
    "head_flexion": Signal("degrees", (*SHOULDERS, *TRUNK, "Head"), _head_flexion),
}
"""Name to angle of the whole body, the same for either side."""
ISB = SIDED | MIDDLE
