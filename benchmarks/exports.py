"""Exported files as other programs read them, against the result that they were made of.

    python -m benchmarks.exports [RESULT_OR_VIDEO ...] [--packages FOLDER] [--opensim PYTHON --model RAJAGOPAL.osim]

By default on the example clips. For BVH, GLB and VRMA in Blender (Debian's package `blender`, and `python3-numpy`) and
three.js: how far the bones' starts are from the humanoid that was written (largest, mm), and how far they and the
head's end are from `Result.world` (mean, largest, and largest in the first frame, mm), over all frames. The first is
what file and reader lose, the second also what bones of constant length and joints with limits lose. For GLB and VRMA:
the messages of Khronos' validator. For MOT: the angles between the limbs of OpenSim's model and ours (median and
largest, degrees); its own limbs are a few degrees from straight.

The npm packages are put into PACKAGES, by default a folder that is removed again: Node.js 18 or later has to be there.
For OpenSim name a Python with the package `opensim`, and a model of opensim-models. What is not there is left out, and
said.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from pose3d import Result, pipeline
from pose3d.core.geometry import degrees_between
from pose3d.core.resources import ASSETS
from pose3d.core.skeleton import H36M17
from pose3d.export import export
from pose3d.export.even import EvenMotion
from pose3d.motion.animated import animated, animated_at
from pose3d.motion.gait_model import TO_MODEL
from pose3d.motion.humanoid import BONES, NAMES, capitalised

READERS = Path(__file__).parent / "readers"
NPM = ("three@0.182", "gltf-validator@2.0.0-dev.3.10", "@pixiv/three-vrm-animation@3", "@pixiv/three-vrm-core@3")
FORMATS = ("bvh", "glb", "vrma", "mot")
BLENDER_READS = ("bvh", "glb")
FROM_BLENDER = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]])
"""Blender's axes, z up and y away from the camera, to the world's."""
JOINTS = {capitalised(bone.name): bone.start for bone in BONES} | {"Head/end": "Head"}
"""Bones in the files, or their ends, to the joints that they are at. VRMA has its names in small letters."""
LIMBS = {
    "thighs": ("femur", "tibia", "Hip", "Knee"),
    "shins": ("tibia", "talus", "Knee", "Ankle"),
    "upper arms": ("humerus", "ulna", "Shoulder", "Elbow"),
    "forearms": ("ulna", "hand", "Elbow", "Wrist"),
}
"""The model's bodies and our joints at both ends of a limb."""


@dataclass(frozen=True)
class Frames:
    """What a file should show. times: (T,) seconds from its start; world: (T, 17, 3) metres, as `Result.world`; bones:
    (T, N, 3) metres, where the humanoid's start."""

    times: np.ndarray
    world: np.ndarray
    bones: np.ndarray

    @classmethod
    def of(cls, result: Result, name: str) -> Frames:
        if name in ("bvh", "mot"):
            motion = EvenMotion.of(result)
            humanoid = animated_at(result, motion.world, motion.source, motion.rate)
            return cls(motion.times, motion.world, humanoid.starts())
        world, bones = result.world.astype(np.float64), animated(result).starts()
        shift = bones[0, 0] * [1, 0, 1] if name == "vrma" else np.zeros(3)
        return cls(result.times - result.times[0], world - shift, bones - shift)


@dataclass(frozen=True)
class Tools:
    """packages: a folder with node_modules; the others are None where they are not there."""

    packages: Path
    node: str | None
    blender: str | None
    opensim: str | None
    model: Path | None


def read(command: list[str | Path]) -> str:
    """What the command prints. Raises CalledProcessError with its errors shown."""
    return subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, text=True).stdout


def in_node(script: str, tools: Tools, *arguments: Path) -> Any:
    """What one of the scripts for Node.js prints. They find packages beside themselves."""
    return json.loads(read([tools.node or "", shutil.copy(READERS / script, tools.packages), *arguments]))


def compare(name: str, program: str, starts: dict[str, Any], frames: Frames, more: str) -> None:
    """Prints a line. starts: what the program shows, (T, 3) metres by the bones' names, in the world's axes."""
    found = {capitalised(start): np.array(places) for start, places in starts.items() if start}
    bones = np.stack([found[capitalised(bone)] for bone in NAMES], axis=1)
    shown = [start for start in JOINTS if start in found]
    joints = frames.world[:, H36M17.indices(*(JOINTS[start] for start in shown))]
    written = 1000 * np.linalg.norm(bones - frames.bones, axis=-1)
    off = 1000 * np.linalg.norm(np.stack([found[start] for start in shown], axis=1) - joints, axis=-1)
    away = f"{off.mean():6.2f} {off.max():6.2f} {off[0].max():6.2f}"
    print(f"  {name:<5}{program:<14} {written.max():6.3f} mm from the humanoid; from the world {away} mm; {more}")


def in_three(path: Path, frames: Frames, folder: Path, tools: Tools) -> None:
    times = folder / "times.json"
    times.write_text(json.dumps(frames.times.tolist()))
    found = in_node("three_loaders.mjs", tools, path, times)
    more = f"{found['duration']:.3f} s"
    if vrm := found.get("vrm"):
        hips = vrm["hips"][1]
        more += f", pixiv: {len(vrm['rotations'])} rotations, {vrm['translations']} moves, hips at {hips:.3f} m at rest"
    compare(path.suffix[1:], "three.js", found["starts"], frames, more)


def in_blender(path: Path, frames: Frames, folder: Path, tools: Tools) -> None:
    times, out = folder / "times.json", folder / "blender.json"
    times.write_text(json.dumps(frames.times.tolist()))
    script = ["--python", READERS / "blender_scene.py", "--", path, times, out]
    read([tools.blender or "", "--background", "--factory-startup", "--python-exit-code", "1", *script])
    found = json.loads(out.read_text())
    starts = {name: np.array(places) @ FROM_BLENDER.T for name, places in found["starts"].items()}
    if path.suffix == ".glb":
        del starts["Head/end"]  # Blender makes tails up: glTF has none
    first, last = found["frames"]
    more = f"{len(found['bones'])} bones, {(last - first) / found['fps']:.3f} s, {found['fps']:.3f} fps, "
    more += f"up is {'xyz'[np.argmax(np.ptp(np.array(list(found['starts'].values()))[:, 0], axis=0))]}"
    if "corners" in found:
        more += f", {found['corners']} corners, lowest at {found['lowest']:.3f} m"
    compare(path.suffix[1:], f"Blender {found['version']}", starts, frames, more)


def validated(path: Path, tools: Tools) -> None:
    issues = in_node("validate.mjs", tools, path)["issues"]
    counts = ", ".join(f"{issues[f'num{kind}']} {kind.lower()}" for kind in ("Errors", "Warnings", "Infos", "Hints"))
    codes = sorted({message["code"] for message in issues["messages"]})
    print(f"  {path.suffix[1:]:<5}{'validator':<14} {counts} {' '.join(codes)}")


def in_opensim(path: Path, frames: Frames, folder: Path, tools: Tools) -> None:
    out = folder / "opensim.json"
    read([tools.opensim or "", READERS / "opensim_motion.py", tools.model or "", path, out])
    found = json.loads(out.read_text())
    bodies = {name: np.array(places) for name, places in found["bodies"].items()}
    world = TO_MODEL.apply(frames.world.reshape(-1, 3)).reshape(frames.world.shape)
    joints = {name: world[:, joint] for joint, name in enumerate(H36M17.joints)}
    hips = (bodies["femur_l"] + bodies["femur_r"]) / 2
    text = [f"hips {1000 * np.linalg.norm(hips - joints['Pelvis'], axis=-1).max():.1f} mm off at most"]
    for limb, (start, end, above, below) in LIMBS.items():
        angles = np.concatenate(
            [
                degrees_between(
                    bodies[f"{end}_{side}"] - bodies[f"{start}_{side}"],
                    joints[f"{side.upper()}{below}"] - joints[f"{side.upper()}{above}"],
                )
                for side in "lr"
            ]
        )
        text.append(f"{limb} {np.median(angles):.1f} ({angles.max():.1f})")
    print(f"  {'mot':<5}{'OpenSim':<14} {', '.join(text)} degrees; {found['time'][-1]:.3f} s")


def checked(result: Result, tools: Tools) -> None:
    """Prints the lines of one result."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in export(result, folder, FORMATS):
            kind = path.suffix[1:]
            frames = Frames.of(result, kind)
            if tools.node and kind in ("glb", "vrma"):
                validated(path, tools)
            if tools.node and kind != "mot":
                in_three(path, frames, folder, tools)
            if tools.blender and kind in BLENDER_READS:
                in_blender(path, frames, folder, tools)
            if tools.opensim and tools.model and kind == "mot":
                in_opensim(path, frames, folder, tools)


def loaded(path: Path) -> Result:
    """A saved result, or that of a video."""
    return Result.load(path) if path.is_dir() or path.suffix == ".json" else pipeline()(path)


def main(
    results: Annotated[list[Path] | None, typer.Argument(metavar="RESULT_OR_VIDEO")] = None,
    packages: Annotated[Path | None, typer.Option(help="Keep the npm packages here.")] = None,
    opensim: Annotated[str | None, typer.Option(help="A Python that has opensim.")] = None,
    model: Annotated[Path | None, typer.Option(help="Rajagopal2016.osim, or one like it.")] = None,
) -> None:
    """Prints a few lines per result."""
    with tempfile.TemporaryDirectory() as name:
        tools = Tools(packages or Path(name), shutil.which("node"), shutil.which("blender"), opensim, model)
        for missing in [tool for tool in ("node", "blender", "opensim", "model") if not getattr(tools, tool)]:
            print(f"without {missing}")
        if tools.node and not (tools.packages / "node_modules").is_dir():
            read(["npm", "install", "--no-audit", "--no-fund", "--prefix", tools.packages, *NPM])
        for path in results or sorted((ASSETS / "examples").glob("*.mp4")):
            print(path.name)
            checked(loaded(path), tools)


if __name__ == "__main__":
    typer.run(main)
