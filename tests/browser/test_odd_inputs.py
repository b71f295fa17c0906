"""What strangers choose, on the page: what it is, or one sentence on why it is nothing; pressing the button is safe."""

import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from tests.browser.test_page import SLOW, opened, upload
from tests.clips import bad_video, encoded, remuxed, write_sound
from tests.test_hostile import BOMBS, bomb

ABOUT = "document.querySelector('#about').innerText"


def cut(folder: Path) -> Path:
    """Its index, which comes last, is lost."""
    path = encoded(folder / "cut.mp4")
    path.write_bytes(path.read_bytes()[:-600])
    return path


def named(name: str) -> Callable[[Path], Path]:
    return lambda folder: encoded(folder / name, count=10)


def grows(folder: Path) -> Path:
    path = folder / "grows.h264"
    parts = [encoded(folder / f"{w}.h264", count=10, size=(w, h)) for w, h in ((64, 48), (128, 96))]
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


CHOSEN: dict[str, tuple[Callable[[Path], Path], str]] = {
    "text": (lambda folder: bad_video(folder, "text"), "⚠️ text.mp4 is not a video"),
    "nothing": (lambda folder: bad_video(folder, "empty"), "⚠️ empty.mp4"),
    "sound": (lambda folder: write_sound(folder / "sound.mp4"), "⚠️ sound.mp4"),
    "a bomb": (lambda folder: bomb(folder / "bomb.mp4", *BOMBS["bomb.mp4"]), "⚠️ the pictures of bomb.mp4"),
    "a bomb that is a picture": (lambda folder: bomb(folder / "bomb.apng", *BOMBS["bomb.apng"]), "⚠️ the pictures of"),
    "without its index": (cut, "⚠️ cut.mp4"),
    "random": (lambda folder: Path(shutil.copy("/dev/null", folder / "x")), "⚠️"),
    "a long name": (named("n" * 200 + ".mp4"), "10 frames"),
    "a name of dots": (named("....mp4"), "10 frames"),
    "a name in other letters": (named("ходьба 走路 🏃.mp4"), "10 frames"),
    "one frame": (lambda folder: encoded(folder / "one.mp4", count=1), "1 frames"),
    "an animation": (lambda folder: encoded(folder / "a.gif", "gif", count=10, pixels="rgb8"), "10 frames"),
    "pictures that grow": (grows, "frames"),
    "flat pixels": (lambda folder: encoded(folder / "flat.mp4", count=10, aspect=Fraction(2)), "10 frames"),
    "another container": (lambda folder: remuxed(encoded(folder / "a.mp4", count=10), folder / "b.ts"), "10 frames"),
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
    page.wait_for_function(f"{ABOUT}.includes({said!r})", timeout=SLOW)
    line = page.evaluate(ABOUT)
    assert len(line.strip().splitlines()) <= 3 and "Traceback" not in line and str(tmp_path) not in line
    if line.startswith("⚠️"):
        page.click("#go")
        page.wait_for_selector("#trouble p[role=alert]", timeout=SLOW)
        told = page.inner_text("#trouble")
        assert "\n" not in told.strip() and "went wrong on the server" not in told
