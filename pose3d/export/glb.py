"""GLB: binary glTF 2.0, an animated avatar for web viewers, Windows, Blender and game engines."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pygltflib has no stubs, and no types for some of its functions

from __future__ import annotations

from pathlib import Path

import numpy as np
import pygltflib as gl

from pose3d.core.arrays import Bools, Floats
from pose3d.core.presence import absent
from pose3d.core.result import Result
from pose3d.export.gltf_buffer import GltfBuffer
from pose3d.export.gltf_tracks import HIPS, Tracks, keyframes, rest_nodes
from pose3d.motion.animated import animated
from pose3d.motion.avatar import Mesh, avatar
from pose3d.motion.humanoid import NAMES, Humanoid, capitalised

ROUGHNESS = 0.8
"""Skin and cloth: no mirror, no chalk."""


def write(result: Result, path: Path) -> None:
    """Metres, y up, floor at 0, z towards the camera; keyframe times are the frames' own, the span's first at 0.

    The hips move and turn, every other node only turns, as retargeting wants it: bone lengths are the clip's medians.
    The mesh is skinned to the nodes, so that Blender imports an armature. Before it plays, the figure stands
    where it starts with its arms out ("T"), which engines take for the pose of no rotation. While nobody is there, the
    root's scale is 0: glTF's own way to hide a figure for some time.
    """
    humanoid, gone = animated(result), absent(result.pose2d)
    buffer = GltfBuffer()
    nodes, titles = len(NAMES), [capitalised(name) for name in NAMES]
    document = gl.GLTF2(
        asset=gl.Asset(generator="pose3d"),
        scene=0,
        scenes=[gl.Scene(nodes=[0, nodes])],
        nodes=[*rest_nodes(humanoid, titles, humanoid.places[0]), gl.Node(name="Body", mesh=0, skin=0)],
        meshes=[gl.Mesh(name="Body", primitives=[_primitive(avatar(humanoid), buffer)])],
        materials=[_material()],
        skins=[gl.Skin(joints=list(range(nodes)), skeleton=0, inverseBindMatrices=buffer.add(_inverse_bind(humanoid)))],
        animations=[_animation(humanoid, result.times, gone, buffer)],
        accessors=buffer.accessors,
        bufferViews=buffer.views,
        buffers=[gl.Buffer(byteLength=len(buffer.data))],
    )
    document.set_binary_blob(bytes(buffer.data))
    document.save_binary(str(path))


def _material() -> gl.Material:
    surface = gl.PbrMetallicRoughness(metallicFactor=0.0, roughnessFactor=ROUGHNESS)
    return gl.Material(name="Body", pbrMetallicRoughness=surface, doubleSided=False)


def _primitive(mesh: Mesh, buffer: GltfBuffer) -> gl.Primitive:
    attributes = gl.Attributes(
        POSITION=buffer.add(mesh.position, limits=True, target=gl.ARRAY_BUFFER),
        NORMAL=buffer.add(mesh.normal, target=gl.ARRAY_BUFFER),
        COLOR_0=buffer.add(mesh.colour, target=gl.ARRAY_BUFFER),
        JOINTS_0=buffer.add(mesh.bone, target=gl.ARRAY_BUFFER),
        WEIGHTS_0=buffer.add(mesh.weight, target=gl.ARRAY_BUFFER),
    )
    corners = buffer.add(mesh.triangles.reshape(-1), target=gl.ELEMENT_ARRAY_BUFFER)
    return gl.Primitive(attributes=attributes, indices=corners, material=0)


def _inverse_bind(humanoid: Humanoid) -> Floats:
    """(N, 4, 4) float32, column-major as glTF wants it: nothing but a shift, bones at rest have the world's axes."""
    matrices = np.tile(np.eye(4, dtype=np.float32), (len(NAMES), 1, 1))
    matrices[:, 3, :3] = -humanoid.rest
    return matrices


def _animation(humanoid: Humanoid, times: Floats, gone: Bools, buffer: GltfBuffer) -> gl.Animation:
    """A rotation for every bone, the hips' place, and their scale where it hides the figure.

    times: (T,) seconds; gone: (T,), the frames in which the root is scaled to nothing.
    """
    seconds, kept = keyframes(times)
    tracks = Tracks(buffer, seconds)
    tracks.add_bones(humanoid.rotations[kept], humanoid.places[kept])
    if gone.any():
        scale = np.repeat(np.where(gone[kept], 0, 1).astype(np.float32)[:, None], 3, axis=1)
        tracks.add(HIPS, "scale", scale, gl.ANIM_STEP)
    return tracks.animation
