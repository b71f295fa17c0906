"""What a browser tells of how long the page takes; the tests print it, benchmarks/page.py compares it."""

from __future__ import annotations

from typing import Any

from tests.browser.player_page import PLAYER

PARTS = ["#player video", "#clip video", "#verdict .p3d-bar", "#takeaway a"]
"""Of the example that the page shows at once."""
PLAYED = 5
"""Seconds for which frames are counted."""


def first_paint(page: Any, address: str, parts: list[str]) -> float:
    """Opens the address; seconds until all parts have a place on the screen."""
    page.add_init_script(
        f"""const watch = setInterval(() => {{
          if (!{parts}.every((part) => document.querySelector(part)?.getBoundingClientRect().width)) return;
          window.shown = performance.now() / 1000;
          clearInterval(watch);
        }}, 20)"""
    )
    page.goto(address)
    page.wait_for_function("window.shown")
    return page.evaluate("window.shown")


def script_per_frame(page: Any) -> tuple[float, int]:
    """Milliseconds of script for a frame that the page's player draws with all that it can show, and such frames."""
    page.evaluate(f"{PLAYER}.setTrail('LWrist'), {PLAYER}.setFollow(true), {PLAYER}.setOverlay(true)")
    page.evaluate(
        f"() => {{ const player = {PLAYER}, draw = player.draw.bind(player); window.drawn = 0;"
        " player.draw = (frame) => { drawn += 1; return draw(frame); }; player.play(); }"
    )
    page.wait_for_timeout(1000)  # the browser has compiled what it runs often
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before, drawn = _script_seconds(session), page.evaluate("drawn")
    page.wait_for_timeout(1000 * PLAYED)
    spent, frames = _script_seconds(session) - before, page.evaluate("drawn") - drawn
    return 1000 * spent / frames, frames


def _script_seconds(session: Any) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "ScriptDuration")
