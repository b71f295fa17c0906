"""What the project makes itself.

python -m synthetic clips [--out assets/examples] [--only walk]: the example clips.
python -m synthetic avatar [--out assets]: the avatar's mesh.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from pose3d.core.resources import ASSETS
from synthetic.avatar import write_avatar
from synthetic.clips import CLIPS, choose
from synthetic.render import render_clip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m synthetic", description="Makes example clips and the avatar.")
    products = parser.add_subparsers(required=True)
    clips = products.add_parser("clips", help="render the example clips with exact 3D truth")
    clips.add_argument("--out", type=Path, default=ASSETS / "examples", help="folder for <name>.mp4 and <name>.json")
    clips.add_argument("--only", nargs="*", default=[], choices=[clip.name for clip in CLIPS], metavar="NAME")
    clips.set_defaults(make=make_clips)
    avatar = products.add_parser("avatar", help="make the avatar's mesh")
    avatar.add_argument("--out", type=Path, default=ASSETS, help="folder for avatar.npz")
    avatar.set_defaults(make=make_avatar)
    options = parser.parse_args()
    options.make(options)


def make_clips(options: argparse.Namespace) -> None:
    for clip in choose(options.only):
        render_clip(clip, options.out)
        size = (options.out / f"{clip.name}.mp4").stat().st_size
        print(f"{clip.name}: {clip.frames} frames, {size / 1000:.0f} kB")


def make_avatar(options: argparse.Namespace) -> None:
    path = options.out / "avatar.npz"
    template = write_avatar(path)
    print(f"{path.name}: {len(template.mesh.triangles)} triangles, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
