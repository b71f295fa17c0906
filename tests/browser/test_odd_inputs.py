"""What strangers choose, on the page: what it is, or one sentence on why it is nothing; pressing the button is safe."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from tests.browser.test_page import opened, upload
from tests.clips import bad_video, bomb, encoded, remuxed, write_sound
from tests.test_hostile import BOMBS

SOON = 40_000
"""Milliseconds that a first look may take on a busy machine."""
ABOUT = "document.querySelector('#about').innerText"


def cut(folder: Path) -> Path:
    """Its index, which comes last, is lost."""
    path = encoded(folder / "cut.mp4")
    path.write_bytes(path.read_bytes()[:-600])
    return path


def named(name: str) -> Callable[[Path], Path]:
    return lambda folder: encoded(folder / name, count=10)


def called_video(make: Callable[[Path], Path]) -> Callable[[Path], Path]:
    """The field takes files that are called videos, and only those."""
    return lambda folder: make(folder).rename(folder / "odd.mp4")


def grows(folder: Path) -> Path:
    path = folder / "grows.h264"
    parts = [encoded(folder / f"{w}.h264", count=10, size=(w, h)) for w, h in ((64, 48), (128, 96))]
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


CHOSEN: dict[str, tuple[Callable[[Path], Path], str]] = {
    "text": (lambda folder: bad_video(folder, "text"), "⚠️ text.mp4 is not a video"),
    "nothing": (lambda folder: bad_video(folder, "empty"), "⚠️ empty.mp4"),
    "sound": (lambda folder: write_sound(folder / "sound.mp4"), "⚠️ sound.mp4"),
    "a bomb": (lambda folder: bomb(folder / "bomb.mp4", *BOMBS["bomb.mp4"]), "⚠️ The pictures of bomb.mp4"),
    "a picture that is a bomb": (called_video(lambda folder: bomb(folder / "b.apng", *BOMBS["bomb.apng"])), "⚠️"),
    "without its index": (cut, "⚠️ cut.mp4"),
    "a long name": (named("n" * 200 + ".mp4"), "10 frames"),
    "a name of dots": (named("....mp4"), "10 frames"),
    "a name in other letters": (named("ходьба 走路 🏃.mp4"), "10 frames"),
    "one frame": (lambda folder: encoded(folder / "one.mp4", count=1), "1 frames"),
    "an animation": (called_video(lambda folder: encoded(folder / "a.gif", "gif", 10, pixels="rgb8")), "10 frames"),
    "pictures that grow": (called_video(grows), "20 frames"),
    "flat pixels": (lambda folder: encoded(folder / "flat.mp4", count=10, aspect=Fraction(2)), "10 frames"),
    "another container": (lambda folder: remuxed(encoded(folder / "a.mp4", count=10), folder / "b.mkv"), "10 frames"),
}
"""What is chosen, and what the line below the field says of it."""


@pytest.fixture(scope="module")
def page(browser, site):
    page = opened(browser, site)
    yield page
    page.context.close()
    assert not page.problems


@pytest.mark.parametrize("kind", CHOSEN)
def test_it_is_described_or_refused_in_a_sentence(page, tmp_path, kind):
    make, said = CHOSEN[kind]
    page.reload()
    page.wait_for_selector("#go")
    upload(page, make(tmp_path))
    page.wait_for_function(f"{ABOUT}.includes({said!r})", timeout=SOON)
    line = page.evaluate(ABOUT)
    assert len(line.strip().splitlines()) <= 3 and "Traceback" not in line and str(tmp_path) not in line
    if line.startswith("⚠️"):
        page.click("#go")
        page.wait_for_selector("#trouble p[role=alert]", timeout=SOON)
        told = page.inner_text("#trouble")
        assert "\n" not in told.strip() and "went wrong on the server" not in told
