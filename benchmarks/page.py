"""How fast the page is: first paint beside that of an empty Gradio page, and the player's script beside a frame's time.

    python -m benchmarks.page [--rounds 3] [--video VIDEO]

First paint: until the example's video, clip, verdict and downloads have a place on the screen; of the empty page, until
its one line has. Pages take turns, so that other work on the machine meets both alike. Script: Chrome's own count of
the main thread's CPU time while 900 frames play (the player, Plotly.update and Plotly's calls of WebGL), for each frame
that was drawn. With a video: from the press of the button until its skeleton stands there, and until its clip is there,
for which the skeleton had to wait before. Needs Chromium.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import typer

from pose3d.ui import build, launch_settings
from tests.browser.conftest import ARGS, launched
from tests.browser.player_page import opened, write_page
from tests.browser.timing import PARTS, first_paint, script_per_frame
from tests.factory import walking

SHOWN = {"page": PARTS, "empty": ["#line"]}
SHOWN_PLAYER = "document.querySelector('#player .p3d-skeleton')?.pose3d"
CLIP = "document.querySelector('#clip video')"
MOST_WAIT = 600_000
"""Milliseconds."""
FRAMES, RATE = 900, 30
"""Of the clip that is played, and a second."""


def empty() -> gr.Blocks:
    """The least that Gradio can show."""
    with gr.Blocks() as blocks:
        gr.Markdown("Nothing.", elem_id="line")
    return blocks


def served(blocks: gr.Blocks, **settings: Any) -> str:
    """Its address."""
    return blocks.launch(prevent_thread_lock=True, quiet=True, **settings)[1]


def paint(browser: Any, address: str, parts: list[str]) -> float:
    """Seconds, in a page of its own."""
    page = browser.new_page()
    seconds = first_paint(page, address, parts)
    page.close()
    return seconds


def script(browser: Any, folder: Path) -> float:
    """Milliseconds for a frame, in a page of its own."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    result = walking(folder / "long.mp4", np.arange(FRAMES) / RATE)
    opened(page, write_page(folder / "long.html", result, "width: 320px; height: 240px"))
    spent, _ = script_per_frame(page)
    page.close()
    return spent


def waits(browser: Any, address: str, video: Path) -> tuple[float, float]:
    """Seconds from the press of the button to the skeleton and to the clip."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    page.wait_for_function(f"{SHOWN_PLAYER}?.ready")
    page.evaluate(f"window.before = {SHOWN_PLAYER}")
    page.locator("#video input[type=file]").first.set_input_files(video)
    page.wait_for_function("document.querySelector('#about').innerText.includes('frames')")
    begun = time.monotonic()
    page.click("#go")
    page.wait_for_function(f"{SHOWN_PLAYER} !== window.before && {SHOWN_PLAYER}?.ready", timeout=MOST_WAIT)
    skeleton = time.monotonic() - begun
    page.wait_for_function(f"{CLIP}?.readyState > 1 && !{CLIP}.src.includes('ahead')", timeout=MOST_WAIT)
    clip = time.monotonic() - begun
    page.close()
    return skeleton, clip


def main(rounds: int = 3, video: Path | None = None) -> None:
    """Prints medians and their ratios."""
    addresses = {"page": served(build(), **launch_settings()), "empty": served(empty())}
    with launched(ARGS) as browser, tempfile.TemporaryDirectory() as folder:
        paints = {name: [paint(browser, addresses[name], SHOWN[name])] for name in addresses}  # caches fill
        for _ in range(rounds):
            for name, seconds in paints.items():
                seconds.append(paint(browser, addresses[name], SHOWN[name]))
        page, nothing = (statistics.median(paints[name][1:]) for name in ("page", "empty"))
        print(f"first paint: {page:.2f} s, an empty page {nothing:.2f} s: {page / nothing:.1f} times as long")
        if video:
            waits(browser, addresses["page"], video)  # models are loaded
            pairs = [waits(browser, addresses["page"], video) for _ in range(rounds)]
            skeleton, clip = (statistics.median(seconds) for seconds in zip(*pairs, strict=True))
            print(f"from the button to the skeleton {skeleton:.1f} s, to the clip {clip:.1f} s: {skeleton / clip:.2f}")
        spent = script(browser, Path(folder))
        print(f"script: {spent:.1f} ms a frame, {spent * RATE / 1000:.0%} of its time at {RATE} a second")


if __name__ == "__main__":
    typer.run(main)
