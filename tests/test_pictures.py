"""The README's pictures: what makes them, and that they are small and move."""

import re
from pathlib import Path

import numpy as np
from PIL import Image, ImageSequence

from factory import made_up
from tools.pictures import HEIGHT, LONGEST, MOST_BYTES, SHORTEST, WIDTH, loop, write_gif

ROOT = Path(__file__).parent.parent


def test_it_starts_again_where_the_pose_is_the_same():
    """The walker takes a second for two steps, and goes on by a metre meanwhile: the nearest same pose wins."""
    result = made_up(np.arange(150) / 30)
    start, end = loop(result)
    assert result.times[end] - result.times[start] == SHORTEST
    assert (end - start) % 2 == 0 and SHORTEST < LONGEST


def in_gif(path, pictures, times):
    """Milliseconds and pictures as whoever opens it finds them, and how often it is repeated: 0 is for ever."""
    write_gif(path, pictures, times)
    with Image.open(path) as gif:
        found = [(frame.info["duration"], np.array(frame.convert("RGB"))) for frame in ImageSequence.Iterator(gif)]
        return *zip(*found, strict=True), gif.info["loop"]


def test_a_gif_keeps_its_time(tmp_path):
    """Sevenths of a second are no hundredths: the error does not add up."""
    pictures = [np.full((40, 60, 3), 100 * (number % 3), np.uint8) for number in range(14)]
    durations, shown, repeated = in_gif(tmp_path / "a.gif", pictures, np.arange(15) / 7 + 3)
    assert sum(durations) == 2000 and set(durations) == {140, 150} and repeated == 0
    assert [picture[0, 0, 0] for picture in shown] == [100 * (number % 3) for number in range(14)]


def test_a_gif_keeps_colours_that_few_pixels_have(tmp_path):
    """A shirt before a floor of many browns."""
    rng = np.random.default_rng(0)
    picture = (rng.uniform(0.5, 1, (200, 300, 1)) * [200, 150, 100] + rng.uniform(0, 20, (200, 300, 3))).astype(
        np.uint8
    )
    picture[90:100, 150:160] = 230, 190, 20
    _, (shown, *_), _ = in_gif(tmp_path / "a.gif", [picture, picture[::-1]], np.arange(3) / 10)
    assert np.abs(shown[90:100, 150:160].astype(int) - [230, 190, 20]).max() < 30


def test_the_readme_shows_them():
    names = re.findall(r"^!\[.+\]\((docs/.+)\)$", (ROOT / "README.md").read_text("utf-8"), re.M)
    assert names == ["docs/motion.gif", "docs/page.png"]
    assert all((ROOT / name).stat().st_size < MOST_BYTES for name in names)
    with Image.open(ROOT / names[0]) as gif:
        assert gif.size == (3 * WIDTH, HEIGHT) and len(list(ImageSequence.Iterator(gif))) > 20
