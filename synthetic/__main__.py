"""python -m synthetic --out assets/examples [--only walk]: renders the example clips."""

from __future__ import annotations

import argparse
from pathlib import Path

from synthetic.clips import CLIPS, choose
from synthetic.render import render_clip


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m synthetic", description="Renders example clips with exact 3D truth."
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for <name>.mp4 and <name>.json")
    parser.add_argument("--only", nargs="*", default=[], choices=[clip.name for clip in CLIPS], metavar="NAME")
    options = parser.parse_args()
    for clip in choose(options.only):
        render_clip(clip, options.out)
        size = (options.out / f"{clip.name}.mp4").stat().st_size
        print(f"{clip.name}: {clip.frames} frames, {size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
