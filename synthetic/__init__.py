"""Example clips with exact truth: a shaded mannequin doing motions that are written by hand here.

exercises, walk (controls over time) ▸ kinematics (joints, bones) ▸ mannequin (skinned mesh) ▸ scene (VTK) ▸ render.
Only `scene` and `render` need VTK, a development dependency; `truth` reads the clips' truth without it.
"""
