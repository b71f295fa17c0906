"""A small page with the player and, if wanted, a video; and waiting for what happens on it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from pose3d.core.resources import ASSETS
from pose3d.core.result import Result
from pose3d.ui.player import scripts as all_scripts
from pose3d.view import THREE, player_data

PLAYER = "document.getElementById('player').pose3d"
VIDEO = "document.getElementById('video')"

PROJECT = f"""(points) => {{
  const {{ plot }} = {PLAYER}, [across, down] = [plot.clientWidth, plot.clientHeight];
  const {{ dataScale, glplot }} = plot._fullLayout.scene._scene;
  const {{ model, view, projection }} = glplot.cameraParams;
  const times = (m, v) => [0, 1, 2, 3].map((row) => v.reduce((sum, x, k) => sum + m[4 * k + row] * x, 0));
  return points.map((point) => {{
    const [x, y, , w] = times(projection, times(view, times(model, [...point.map((v, k) => v * dataScale[k]), 1])));
    return [((x / w + 1) / 2) * across, ((1 - y / w) / 2) * down];
  }});
}}"""
"""Where points of the scene are in the plot as Plotly draws it, in CSS pixels."""

STILL: dict[str, Any] = {"reduced_motion": "reduce"}
"""Of a browser's context in which nothing plays by itself."""

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>player</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="{css}"><style>:root {{ color-scheme: light dark; }} body {{ margin: 8px; }}</style>
{scripts}</head>
<body>{video}<div id="player"></div>
<script>
Pose3DPlayer.three = {three};
Pose3DPlayer.mount(document.getElementById("player"), {data}, document.getElementById("video"));
</script></body></html>
"""


def write_page(path: Path, result: Result, style: str | None = None, **more: Any) -> Path:
    """Beside the result's video, which is shown in this style, or without one. more: for the player's data."""
    video = f'<div><video id="video" src="{result.video.path.name}" muted style="{style}"></video></div>'
    css = (ASSETS / "player" / "player.css").resolve().as_uri()
    scripts = "".join(f'<script src="{script.resolve().as_uri()}"></script>' for script in all_scripts())
    data = json.dumps(player_data(result) | more)
    three = json.dumps(THREE.resolve().as_uri())
    text = PAGE.format(css=css, scripts=scripts, data=data, three=three, video="" if style is None else video)
    path.write_text(text, encoding="utf-8")
    return path


def opened(page: Any, path: Path) -> Any:
    """The same page, once the player on it is drawn."""
    page.goto(path.as_uri())
    wait(page, f"{PLAYER} && {PLAYER}.placed && !{PLAYER}.drawing")
    return page


def wait(page: Any, condition: str, seconds: float = 60.0) -> None:
    """Until the JavaScript expression is true; skeleton.html's security policy forbids Playwright's own waiting."""
    end = time.monotonic() + seconds
    while not page.evaluate(f"Boolean({condition})"):
        assert time.monotonic() < end, f"not true after {seconds:g} s: {condition}"
        page.wait_for_timeout(30)
