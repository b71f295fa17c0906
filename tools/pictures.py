"""Makes the README's pictures, which is due whenever the page, the avatar or the weights change.

python -m tools.pictures motion     docs/motion.gif: an example beside its skeleton and avatar, over and over
python -m tools.pictures page       docs/page.png: the page as somebody finds it; needs Chromium
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import typer
from PIL import Image

from pose3d import Result, pipeline
from pose3d.core.arrays import Picture
from pose3d.core.config import RunConfig
from pose3d.core.resources import ASSETS
from pose3d.io.video import frames
from pose3d.view.body import skin
from pose3d.view.draw import Panel
from pose3d.view.render import Overlay
from pose3d.view.scene import Viewpoint, scene

DOCS = Path(__file__).parent.parent / "docs"
VIDEO = ASSETS / "examples" / "jumping_jacks.mp4"
FOV = 57.0
"""Degrees: the field of view of the examples' cameras, about."""
HEIGHT, WIDTH = 480, 330
"""Pixels of each of the three parts."""
STEP = 2
"""Every so many frames of the video are shown."""
SHORTEST, LONGEST = 2.0, 4.5
"""Seconds after which it starts again, where the pose is the most like the first."""
COLOURS = 256
"""The most that the GIF has."""
SAMPLES = 6
"""Pictures from which its palette is chosen."""
MOST_BYTES = 3_000_000
TICK = 0.01
"""Seconds: a GIF counts in these."""
PAGE_WIDTH, PAGE_HEIGHT = 1280, 900
"""Pixels of the browser's window."""
MOMENT = 1.0
"""Seconds of the page's example at which it is shown."""
PLAYER = "document.querySelector('#player .p3d-skeleton')?.pose3d"

app = typer.Typer(help=__doc__, no_args_is_help=True)


@app.command()
def motion(path: Path = DOCS / "motion.gif") -> None:
    """A few seconds of an example: the 2D joints in the video, the skeleton and the avatar from another side."""
    result = pipeline()(VIDEO, RunConfig(fov=FOV))
    start, end = loop(result)
    pictures = list(drawn(result))[start:end:STEP]
    write_gif(path, pictures, result.times[start : end + 1 : STEP])
    size = path.stat().st_size
    print(f"{path.name}: {len(pictures)} pictures of frames {start} to {end}, {size / 1e6:.2f} MB")
    if size > MOST_BYTES:
        raise SystemExit(f"more than {MOST_BYTES / 1e6:.0f} MB")


def loop(result: Result) -> tuple[int, int]:
    """First frame and the one that looks most like it, joints and their speeds, a few seconds later."""
    world = result.world.astype(np.float64)
    state = np.concatenate([world, np.gradient(world, result.times, axis=0) / result.pose3d.fps], axis=1)
    apart = np.linalg.norm(state[:, None] - state, axis=-1).mean(-1)
    length = result.times - result.times[:, None]
    whole = (np.arange(len(result)) - np.arange(len(result))[:, None]) % STEP == 0
    apart[(length < SHORTEST) | (length > LONGEST) | ~whole] = np.inf
    start, end = np.unravel_index(np.argmin(apart), apart.shape)
    return int(start), int(end)


def drawn(result: Result) -> Iterator[Picture]:
    """(HEIGHT, 3 * WIDTH, 3) uint8 RGB, every frame of the video."""
    shown, viewpoint = scene(result), Viewpoint.of(result.config)
    skeleton = Panel(shown, viewpoint, WIDTH, HEIGHT)
    avatar = Panel(shown, viewpoint, WIDTH, HEIGHT, skins=[skin(shown.people[0], result)])
    width = round(HEIGHT * result.video.width / result.video.height)
    overlay = Overlay(result.pose2d, result.video, width, HEIGHT)
    middle = np.median(overlay.xy[..., 0])
    left = int(np.clip(middle - WIDTH / 2, 0, width - WIDTH))
    for index, frame in enumerate(frames(result.video.path, size=(width, HEIGHT))):
        overlay.draw(index, frame.image)
        yield np.hstack([frame.image[:, left : left + WIDTH], skeleton.frame(index), avatar.frame(index)])


def write_gif(path: Path, pictures: list[Picture], times: np.ndarray) -> None:
    """times: seconds, one more than there are pictures.

    One palette for all, so that what stands still stays the same; its colours are spread over all that there are, else
    walls and paper take most of them, and a shirt gets none.
    """
    few = Image.fromarray(np.vstack(pictures[:: max(1, len(pictures) // SAMPLES)]))
    palette = few.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=1)
    images = [Image.fromarray(picture).quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
    ticks = np.diff(np.round((times - times[0]) / TICK).astype(int))
    milliseconds = [int(1000 * TICK * count) for count in ticks]
    images[0].save(path, save_all=True, append_images=images[1:], duration=milliseconds, loop=0, optimize=True)


@app.command()
def page(path: Path = DOCS / "page.png") -> None:
    """The page with its example, stopped in the middle of a step."""
    from pose3d.ui import build, launch_settings
    from tests.browser.conftest import ARGS, launched

    address = build().launch(prevent_thread_lock=True, quiet=True, **launch_settings())[1]
    with launched(ARGS) as browser:
        view = browser.new_page(viewport={"width": PAGE_WIDTH, "height": PAGE_HEIGHT})
        view.goto(address)
        view.wait_for_function(f"{PLAYER} && document.querySelector('#player video')?.readyState >= 2")
        view.evaluate(f"{PLAYER}.pause(), {PLAYER}.seek({MOMENT})")
        view.wait_for_timeout(2000)  # drawn, and every font and picture has come
        view.screenshot(path=path)
    with Image.open(path) as shot:
        shot.convert("RGB").quantize(256).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    app()
