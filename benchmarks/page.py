"""How fast the page is: first paint beside that of an empty Gradio page, and the player's script beside a frame's time.

    python -m benchmarks.page [--rounds 3]

First paint: until the example's video, clip, verdict and downloads have a place on the screen; of the empty page, until
its one line has. Pages take turns, so that other work on the machine meets both alike. Script: Chrome's own count of
the main thread's CPU time while 900 frames play (the player, Plotly.update and Plotly's calls of WebGL), for each frame
that was drawn. Needs Chromium.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import typer

from pose3d.ui import build, launch_settings
from tests.browser.conftest import ARGS, launched
from tests.browser.player_page import PLAYER, opened, write_page
from tests.factory import walking

PARTS = {"page": ["#player video", "#clip video", "#verdict .p3d-bar", "#files a"], "empty": ["#line"]}
FRAMES, RATE, PLAYED = 900, 30, 5
"""Of the clip that is played, a second, and for how many seconds."""


def empty() -> gr.Blocks:
    """The least that Gradio can show."""
    with gr.Blocks() as blocks:
        gr.Markdown("Nothing.", elem_id="line")
    return blocks


def served(blocks: gr.Blocks, **settings: Any) -> str:
    """Its address."""
    return blocks.launch(prevent_thread_lock=True, quiet=True, **settings)[1]


def first_paint(browser: Any, address: str, parts: list[str]) -> float:
    """Seconds until all parts have a place on the screen."""
    page = browser.new_page()
    page.add_init_script(
        f"""const watch = setInterval(() => {{
          if (!{parts}.every((part) => document.querySelector(part)?.getBoundingClientRect().width)) return;
          window.shown = performance.now() / 1000;
          clearInterval(watch);
        }}, 20)"""
    )
    page.goto(address)
    page.wait_for_function("window.shown")
    seconds = page.evaluate("window.shown")
    page.close()
    return seconds


def script_per_frame(browser: Any, folder: Path) -> float:
    """Milliseconds of script for a frame of the player, with trail, follow and overlay on."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    result = walking(folder / "long.mp4", np.arange(FRAMES) / RATE)
    opened(page, write_page(folder / "long.html", result, "width: 320px; height: 240px"))
    page.evaluate(f"{PLAYER}.setTrail('LWrist'), {PLAYER}.setFollow(true), {PLAYER}.setOverlay(true)")
    page.evaluate(
        f"() => {{ const player = {PLAYER}, draw = player.draw.bind(player); window.drawn = 0;"
        " player.draw = (frame) => { drawn += 1; return draw(frame); }; player.play(); }"
    )
    page.wait_for_timeout(1000)  # the browser has compiled what it runs often
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before, drawn = script_seconds(session), page.evaluate("drawn")
    page.wait_for_timeout(1000 * PLAYED)
    spent, drawn = script_seconds(session) - before, page.evaluate("drawn") - drawn
    page.close()
    return 1000 * spent / drawn


def script_seconds(session: Any) -> float:
    """Of the page's main thread."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "ScriptDuration")


def main(rounds: int = 3) -> None:
    """Prints medians and their ratios."""
    addresses = {"page": served(build(), **launch_settings()), "empty": served(empty())}
    with launched(ARGS) as browser, tempfile.TemporaryDirectory() as folder:
        paints = {name: [first_paint(browser, addresses[name], PARTS[name])] for name in addresses}  # caches fill
        for _ in range(rounds):
            for name, seconds in paints.items():
                seconds.append(first_paint(browser, addresses[name], PARTS[name]))
        page, nothing = (statistics.median(paints[name][1:]) for name in ("page", "empty"))
        print(f"first paint: {page:.2f} s, an empty page {nothing:.2f} s: {page / nothing:.1f} times as long")
        script = script_per_frame(browser, Path(folder))
        print(f"script: {script:.1f} ms a frame, {script * RATE / 1000:.0%} of its time at {RATE} a second")


if __name__ == "__main__":
    typer.run(main)
