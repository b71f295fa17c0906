"""What Blender makes of a BVH or GLB file. Runs in Blender's own Python:

    blender --background --factory-startup --python blender_scene.py -- FILE TIMES OUT

TIMES: a JSON list of seconds; OUT: a JSON file, see `main`. The importers' own settings, as somebody has them who
chooses File > Import and presses the button, but for the scene's rate, which for BVH is taken from the file.
"""
# pyright: basic, reportMissingImports=false

import json
import sys
from pathlib import Path

import bpy
import numpy as np
from io_anim_bvh import import_bvh

# the importers of Blender 3.4, Debian 12's, use what Debian's Python 3.11 and NumPy 1.24 have no more
import_bvh.open = lambda path, mode: Path(path).open(mode.replace("U", ""))  # noqa: SIM115
np.bool = bool

IMPORTERS = {
    ".bvh": lambda path: bpy.ops.import_anim.bvh(filepath=path, update_scene_fps=True, update_scene_duration=True),
    ".glb": lambda path: bpy.ops.import_scene.gltf(filepath=path),
}


def main(file, times_file, out):
    """bones: names in order; frames: first and last key; fps; starts: bone to (T, 3) places of its head, Blender's axes
    and metres, and with "/end" of the tails of bones without children; corners: of the mesh, and lowest, least z in the
    first frame."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    IMPORTERS[Path(file).suffix](file)
    scene = bpy.context.scene
    (armature,) = [thing for thing in scene.objects if thing.type == "ARMATURE"]
    rate = scene.render.fps / scene.render.fps_base
    first, last = armature.animation_data.action.frame_range
    offset = first if Path(file).suffix == ".bvh" else 0
    starts = {}
    for time in json.loads(Path(times_file).read_text()):
        frame = offset + time * rate
        scene.frame_set(int(frame), subframe=frame - int(frame))
        for bone in armature.pose.bones:
            starts.setdefault(bone.name, []).append(list(armature.matrix_world @ bone.head))
            if not bone.children:
                starts.setdefault(f"{bone.name}/end", []).append(list(armature.matrix_world @ bone.tail))
    found = {
        "version": bpy.app.version_string,
        "bones": [bone.name for bone in armature.pose.bones],
        "frames": [first, last],
        "fps": rate,
        "starts": starts,
        **skin(scene),
    }
    Path(out).write_text(json.dumps(found))


def skin(scene):
    scene.frame_set(int(scene.frame_start))
    shapes = [thing for thing in scene.objects if thing.type == "MESH" and thing.find_armature()]
    if not shapes:
        return {}
    body = shapes[0].evaluated_get(bpy.context.evaluated_depsgraph_get())
    heights = [(body.matrix_world @ corner.co).z for corner in body.data.vertices]
    return {"corners": len(heights), "lowest": min(heights)}


main(*sys.argv[sys.argv.index("--") + 1 :])
