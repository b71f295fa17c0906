"""GLB: binary glTF 2.0, an animated, visible skeleton for web viewers, Windows, Blender and game engines."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pygltflib has no stubs, and no types for some of its functions

from __future__ import annotations

from pathlib import Path

import numpy as np
import pygltflib as gl

from pose3d.core.arrays import Bools, Floats
from pose3d.core.presence import absent, stand_ins
from pose3d.core.result import Result
from pose3d.export.gltf_buffer import GltfBuffer
from pose3d.motion.bones import Mesh, bone_mesh
from pose3d.motion.rig import Rig, solve


def write(result: Result, path: Path) -> None:
    """Metres, y up, floor at 0, z towards the camera; keyframe times are the frames' own, the span's first at 0.

    Nodes carry rotations and, for the change of bone lengths, translations: every joint is where the pose has it.
    The mesh is skinned to the nodes, so that Blender imports an armature. Before it plays, the file shows the first
    pose that there is. While nobody is there, the root's scale is 0: glTF's own way to hide a figure for some time.
    """
    skeleton, gone = result.pose3d.skeleton, absent(result.pose2d)
    rig = solve(result.world[stand_ins(gone)].astype(np.float64), skeleton)
    buffer = GltfBuffer()
    nodes = len(rig.nodes)
    document = gl.GLTF2(
        asset=gl.Asset(generator="pose3d"),
        scene=0,
        scenes=[gl.Scene(nodes=[0, nodes])],
        nodes=[*_nodes(rig), gl.Node(name="Body", mesh=0, skin=0)],
        meshes=[gl.Mesh(name="Body", primitives=[_primitive(bone_mesh(rig, skeleton), buffer)])],
        materials=[gl.Material(pbrMetallicRoughness=gl.PbrMetallicRoughness(metallicFactor=0.0, roughnessFactor=0.7))],
        skins=[gl.Skin(joints=list(range(nodes)), skeleton=0, inverseBindMatrices=buffer.add(_inverse_bind(rig)))],
        animations=[_animation(rig, result.times, gone, buffer)],
        accessors=buffer.accessors,
        bufferViews=buffer.views,
        buffers=[gl.Buffer(byteLength=len(buffer.data))],
    )
    document.set_binary_blob(bytes(buffer.data))
    document.save_binary(str(path))


def _nodes(rig: Rig) -> list[gl.Node]:
    """The nodes as they are in the first frame."""
    parents = np.array([node.parent for node in rig.nodes])
    return [
        gl.Node(
            name=node.name,
            children=np.flatnonzero(parents == n).tolist(),
            rotation=rig.rotations[0, n].tolist(),
            translation=rig.translations[0, n].tolist(),
        )
        for n, node in enumerate(rig.nodes)
    ]


def _primitive(mesh: Mesh, buffer: GltfBuffer) -> gl.Primitive:
    attributes = gl.Attributes(
        POSITION=buffer.add(mesh.position, limits=True, target=gl.ARRAY_BUFFER),
        NORMAL=buffer.add(mesh.normal, target=gl.ARRAY_BUFFER),
        COLOR_0=buffer.add(mesh.colour, target=gl.ARRAY_BUFFER),
        JOINTS_0=buffer.add(mesh.node, target=gl.ARRAY_BUFFER),
        WEIGHTS_0=buffer.add(mesh.weight, target=gl.ARRAY_BUFFER),
    )
    return gl.Primitive(attributes=attributes, material=0)


def _inverse_bind(rig: Rig) -> Floats:
    """(N, 4, 4) float32, column-major as glTF wants it: nothing but a shift, nodes at rest have the world's axes."""
    matrices = np.tile(np.eye(4, dtype=np.float32), (len(rig.nodes), 1, 1))
    matrices[:, 3, :3] = -rig.rest
    return matrices


def _animation(rig: Rig, times: Floats, gone: Bools, buffer: GltfBuffer) -> gl.Animation:
    """A rotation for every node that turns, a translation for every node that is not in its parent's place.

    times: (T,) seconds; gone: (T,), the frames in which the root is scaled to nothing.
    """
    seconds = (times - times[0]).astype(np.float32)
    keys = np.r_[True, np.diff(seconds) > 0]  # the format forbids two keyframes at one time, also after rounding
    tracks = _Tracks(buffer, buffer.add(seconds[keys], limits=True))
    turns = _near(rig.rotations)[keys].astype(np.float32)
    steps = rig.translations[keys].astype(np.float32)
    for n, node in enumerate(rig.nodes):
        if node.targets:
            tracks.add(n, "rotation", turns[:, n])
    for n, node in enumerate(rig.nodes):
        if not node.base:
            tracks.add(n, "translation", steps[:, n])
    if gone.any():
        scale = np.repeat(np.where(gone[keys], 0, 1).astype(np.float32)[:, None], 3, axis=1)
        tracks.add(0, "scale", scale, gl.ANIM_STEP)
    return tracks.animation


class _Tracks:
    """An animation that grows: what a node does at the clock's times."""

    def __init__(self, buffer: GltfBuffer, clock: int):
        self.animation = gl.Animation(name="motion")
        self._buffer, self._clock = buffer, clock

    def add(self, node: int, path: str, values: Floats, interpolation: str = gl.ANIM_LINEAR) -> None:
        """path: "rotation", "translation" or "scale"; values: (T, 3 or 4) float32."""
        output = self._buffer.add(values)
        sampler = gl.AnimationSampler(input=self._clock, output=output, interpolation=interpolation)
        target = gl.AnimationChannelTarget(node=node, path=path)
        self.animation.channels.append(gl.AnimationChannel(sampler=len(self.animation.samplers), target=target))
        self.animation.samplers.append(sampler)


def _near(rotations: Floats) -> Floats:
    """(T, N, 4) quaternions to the same rotations with signs by which each frame lies near the one before."""
    turned = np.sum(rotations[1:] * rotations[:-1], axis=-1, keepdims=True) < 0
    signs = np.cumprod(np.where(turned, -1, 1), axis=0)
    return np.concatenate([rotations[:1], rotations[1:] * signs])
