"""The page's player: its data, and the player with everything it needs in one HTML file."""

from __future__ import annotations

import html
import json
from typing import Any

import numpy as np
from plotly.offline import get_plotlyjs

from pose3d.core.resources import ASSETS
from pose3d.core.result import Result, rounded
from pose3d.view.figure import STATIC_TRACES, Framing, limbs, scene_figure
from pose3d.view.scene import COLOURS, VIEWPOINTS, scene

NOTES = {
    "en": "{frames} frames, {seconds:.1f} s. {scale} Floor tiles: {tile:g} m.",
    "zh": "{frames} 帧，{seconds:.1f} 秒。{scale}地面方格：{tile:g} 米。",  # noqa: RUF001
}
SCALES = {
    "en": {"metre": "Scale from the given height.", "relative": "Scale of an average adult."},
    "zh": {"metre": "尺度取自给定的身高。", "relative": "尺度按一般成年人估计。"},
}


PLAYER_SCRIPTS = tuple(
    ASSETS / "player" / f"{name}.js" for name in ("words", "clocks", "turntable", "overlay", "bars", "player")
)
"""What makes up window.Pose3DPlayer, in the order in which a browser must run it; Plotly may come before or after."""


def player_data(result: Result) -> dict[str, Any]:
    """What assets/player/player.js needs, ready for JSON.

    joints (T, J, 3) metres in display axes, to the millimetre; filled (T) lists of joints that were not seen; times (T)
    seconds from the clip's first frame; offset: seconds of that frame in the source video; duration of the clip;
    tile: side of a floor tile in metres;
    limbs: for each line trace the joints that it visits; figure: Plotly's traces and layout of frame 0; moving: the
    first trace that changes; pelvis: the joint that a viewer follows; views: framings by name; pose2d: the joints in
    the video's picture, pixels (T, J, 2) to a tenth, and that picture's width and height.
    """
    shown, times = scene(result), result.video.timestamps
    plot = json.loads(scene_figure(shown, 0).to_json() or "")
    return {
        "joints": rounded(shown.joints, 3),
        "filled": [np.flatnonzero(row).tolist() for row in shown.filled],
        "times": rounded(times - times[0], 4),
        "offset": round(float(times[0]), 4),
        "duration": round(result.video.duration, 4),
        "tile": shown.tile,
        "names": list(shown.skeleton.joints),
        "limbs": [limbs(shown, side) for side in COLOURS],
        "colours": COLOURS,
        "figure": {"data": plot["data"], "layout": plot["layout"]},
        "moving": STATIC_TRACES,
        "pelvis": shown.skeleton.parents.index(-1),
        "views": {name: Framing.of(shown, viewpoint).to_dict() for name, viewpoint in VIEWPOINTS.items()},
        "pose2d": _picture(result),
    }


def _picture(result: Result) -> dict[str, Any]:
    """The 2D joints in the order of the 3D ones, and the size of the picture that they lie in."""
    pose = result.pose2d
    joints = pose.xy[:, pose.skeleton.indices(*result.pose3d.skeleton.joints)]
    return {"width": result.video.width, "height": result.video.height, "joints": rounded(joints, 1)}


def skeleton_html(result: Result, title: str | None = None) -> str:
    """One HTML file with Plotly, player and data inside: it opens from disk and plays without a network.

    title: plain text, by default the video's file name.
    """
    title = title or result.video.path.name
    data = player_data(result) | {"pose2d": None}  # without the video there is nothing to draw them over
    facts = {"frames": len(result), "seconds": result.video.duration, "tile": data["tile"]}
    notes = {lang: note.format(scale=SCALES[lang][result.pose3d.units], **facts) for lang, note in NOTES.items()}
    parts = {
        "language": "en",
        "title": html.escape(title),
        "notes": "\n".join(f'<p lang="{lang}">{html.escape(note)}</p>' for lang, note in notes.items()),
    }
    return filled(PAGE, parts | player_parts(data))


def player_parts(data: dict[str, Any]) -> dict[str, str]:
    """What a page needs to hold the player: %%policy%% and %%scripts%% in its head, %%player%% where it is to be."""
    parts = {
        "style": (ASSETS / "player" / "player.css").read_text("utf-8"),
        "plotly": get_plotlyjs(),
        "script": "\n".join(script.read_text("utf-8") for script in PLAYER_SCRIPTS),
        "data": inline_json(data),
    }
    return {"policy": POLICY, "scripts": filled(SCRIPTS, parts), "player": filled(PLAYER, parts)}


def filled(template: str, parts: dict[str, str]) -> str:
    """The template with its %%names%% replaced, once: what stands in a part is not looked at."""
    return "".join(parts.get(piece, piece) for piece in template.split("%%"))


def inline_json(value: Any) -> str:
    """JSON that may stand inside a <script> element: no text in it can close the element or open a comment."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


POLICY = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; \
style-src 'unsafe-inline'; img-src data: blob:">"""

SCRIPTS = """<style>
%%style%%
</style>
<script>%%plotly%%</script>
<script>
%%script%%
</script>"""

PLAYER = """<div id="player"></div>
<script type="application/json" id="data">%%data%%</script>
<script>
Pose3DPlayer.mount(document.getElementById("player"), JSON.parse(document.getElementById("data").textContent), null);
</script>"""

HEAD = """<!doctype html>
<html lang="%%language%%">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
%%policy%%
<title>%%title%%</title>
%%scripts%%
<style>
"""
"""How every page with the player begins; the page's own style and body follow."""

PAGE = (
    HEAD
    + """:root { color-scheme: light dark; }
body { margin: 0 auto; padding: 1rem; max-width: 72rem; background: Canvas; color: CanvasText;
  font: 15px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.15rem; overflow-wrap: anywhere; }
p { margin: 0 0 .75rem; opacity: .75; font-size: .9rem; }
/* The player tells the reader's language. */
body:has(#player[lang=zh]) p[lang=en], body:not(:has(#player[lang=zh])) p[lang=zh] { display: none; }
#player { --pose3d-height: clamp(260px, 100vh - 15rem, 120vw); }
</style>
</head>
<body>
<main>
<h1>%%title%%</h1>
%%notes%%
%%player%%
</main>
</body>
</html>
"""
)
