"""The page's player: its data, and the player with everything it needs in one HTML file."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# Plotly has no stubs, and no types for to_json

from __future__ import annotations

import functools
import html
import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import numpy as np
from plotly.offline import get_plotlyjs

from pose3d.analysis import running
from pose3d.core.arrays import Floats
from pose3d.core.colours import COLOURS
from pose3d.core.resources import ASSETS
from pose3d.core.result import Result
from pose3d.core.words import LANGUAGES, Texts, say
from pose3d.ground.contacts import ANKLES
from pose3d.lift.root import stature
from pose3d.motion import avatar
from pose3d.view.avatar import avatar_data, worn_data
from pose3d.view.figure import STATIC_TRACES, Framing, limbs, scene_figure
from pose3d.view.scene import VIEWPOINTS, Scene, scene
from pose3d.view.tally import tally_data

PARTS = (
    "words",
    "clocks",
    "autoplay",
    "turntable",
    "overlay",
    "body",
    "ground",
    "avatar",
    "marks",
    "scale",
    "bars",
    "count",
    "second",
    "player",
)
DIGITS = 16
"""Hex digits in a library's name, by which versions are told apart."""
PLAYER_SCRIPTS = tuple(ASSETS / "player" / f"{name}.js" for name in PARTS)
"""What makes up window.Pose3DPlayer, in the order in which a browser must run it; Plotly may come before or after."""

THREE = ASSETS / "player" / "three.min.js"
"""What the avatar needs of three.js (see tools/three): window.Pose3DThree; Pose3DPlayer.three may be its address."""

FLESH = 0.18
"""Metres that the avatar's hands, feet and head reach beyond the joints."""


FAR = 1.5
"""Body heights between two places of a way, beyond which whoever goes it would be small in a picture of all of it."""


def player_data(result: Result, others: Sequence[Result] = ()) -> dict[str, Any]:
    """What assets/player/player.js needs, ready for JSON.

    joints (T, J, 3) metres in display axes, to the millimetre; interpolated (T) lists of joints that were not observed;
    stands (T) lists of ankles whose feet stand; feet: these ankles, left and right; absent: frames without anybody;
    unknown: joints that were never in the picture; first: the first frame with somebody; times (T) seconds from the
    clip's first frame; offset: seconds of that frame on the source video's clock; duration of the clip; tile: side of a
    floor tile in metres; limbs: for each line trace the joints that it visits; figure: Plotly's traces and layout of
    the first frame with somebody; moving: the first trace that changes; pelvis: the joint that a viewer follows;
    follow: whether the viewer does so at first; views: framings by name; pose2d: the joints in the video's picture,
    pixels (T, J, 2) to a tenth, and that picture's width and height; turned, mirrored: whether the visitor asked for
    that, so that the video itself is not. avatar: see avatar_data. others: of more people in the video, joints,
    interpolated, stands, absent, unknown, limbs, pose2d, avatar. count: see tally_data; of the first person.
    """
    return scene_data(scene(result, others), (result, *others))


def scene_data(shown: Scene, everybody: Sequence[Result]) -> dict[str, Any]:
    """As `player_data`, of a scene that was made already."""
    result, *others = everybody
    times = result.times
    return {
        **_person(shown, result),
        "others": [_person(person, other) for person, other in zip(shown.others, others, strict=True)],
        "first": shown.first,
        "times": rounded(times - times[0], 4),
        "offset": round(result.video.offset + float(times[0]), 4),
        "duration": round(result.video.duration, 4),
        "tile": shown.tile,
        "names": list(shown.skeleton.joints),
        "colours": COLOURS,
        "figure": plotted(shown),
        "moving": STATIC_TRACES,
        "pelvis": shown.skeleton.parents.index(-1),
        "feet": list(shown.skeleton.indices(*ANKLES)),
        "follow": not others and _goes_far(shown, result),
        "views": framings(shown),
        "turned": result.config.rotate != 0,
        "mirrored": result.config.mirror,
        "count": tally_data(running(result), float(times[0])),
    }


def plotted(shown: Scene) -> dict[str, Any]:
    """Plotly's data and layout of the first frame with somebody."""
    plot = json.loads(scene_figure(shown, shown.first).to_json() or "")
    return {"data": plot["data"], "layout": plot["layout"]}


def framings(shown: Scene) -> dict[str, Any]:
    """What the player needs to look at a scene from each of VIEWPOINTS."""
    return {name: Framing.of(shown, viewpoint, FLESH).to_dict() for name, viewpoint in VIEWPOINTS.items()}


def _person(shown: Scene, result: Result) -> dict[str, Any]:
    """What the player needs of each person."""
    return {
        "joints": rounded(shown.joints, 3),
        "interpolated": [np.flatnonzero(row).tolist() for row in shown.interpolated],
        "absent": np.flatnonzero(shown.absent).tolist(),
        "unknown": np.flatnonzero(shown.unknown).tolist(),
        "stands": _stands(shown, result),
        "limbs": [limbs(shown, side) for side in COLOURS],
        "pose2d": _picture(result),
        "avatar": avatar_data(shown, result),
    }


def _stands(shown: Scene, result: Result) -> list[list[int]]:
    """The ankles of the feet that stand, frame by frame; none where that is not known."""
    if result.planted is None:
        return [[] for _ in range(len(shown))]
    ankles = np.array(shown.skeleton.indices(*ANKLES))
    return [ankles[row].tolist() for row in result.planted.stands]


def _goes_far(shown: Scene, result: Result) -> bool:
    """By the diagonal of the way, not by its length: who steps on the spot stays in sight."""
    way = float(np.linalg.norm(np.ptp(shown.path, axis=0)))
    return way > FAR * stature(result.pose3d.xyz, result.pose3d.skeleton)


def _picture(result: Result) -> dict[str, Any]:
    """The 2D joints in the order of the 3D ones, and the size of the picture that they lie in."""
    pose = result.pose2d
    joints = pose.xy[:, pose.skeleton.indices(*result.pose3d.skeleton.joints)]
    return {"width": result.video.width, "height": result.video.height, "joints": rounded(joints, 1)}


def rounded(array: Floats, digits: int) -> list[Any]:
    """Nested lists of short decimals."""
    return np.round(array.astype(np.float64), digits).tolist()


def skeleton_html(result: Result, title: str | None = None, others: Sequence[Result] = ()) -> str:
    """One HTML file with Plotly, player and data inside: it opens from disk and plays without a network.

    title: plain text, by default the video's file name. others: of more people in the video, shown too.
    """
    data = player_data(result, others)
    facts = {"frames": len(result), "seconds": result.video.duration, "tile": data["tile"]}
    notes = {
        lang: say("player", "note", lang, scale=say("player", result.pose3d.units, lang), **facts) for lang in LANGUAGES
    }
    return player_page(data, title or result.video.path.name, notes)


def player_page(data: dict[str, Any], title: str, notes: Texts) -> str:
    """One HTML file with the player of such data, without a video. title, notes: plain text."""
    for person in (data, *data["others"]):
        person["pose2d"] = None  # without the video there is nothing to draw them over
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
        **_scripts(),
        "script": "\n".join(script.read_text("utf-8") for script in PLAYER_SCRIPTS),
        "data": inline_json(data),
    }
    return {"policy": POLICY, "scripts": filled(SCRIPTS, parts), "player": filled(PLAYER, parts)}


def shared_parts() -> dict[str, str]:
    """By name, the long parts of pages and data that are the same in all of them: the libraries, and the avatar's."""
    return {**_scripts(), **worn_data(avatar.load().mesh)}


def _scripts() -> dict[str, str]:
    return {"plotly": get_plotlyjs(), "three": THREE.read_text("utf-8")}


@functools.cache
def libraries() -> dict[str, str]:
    """Name of a file to the script that it is for: those that are the same in all pages. The name tells the content."""
    return {f"{name}-{sha256(text.encode()).hexdigest()[:DIGITS]}.js": text for name, text in _scripts().items()}


def with_libraries_at(place: str, page: str) -> str:
    """The page without `libraries`, which it takes from their files. place: where these are, as seen from the page."""
    for name, text in libraries().items():
        page = page.replace(f"<script>{text}</script>", f'<script src="{place}{name}"></script>', 1)
    return page.replace(POLICY, POLICY.replace("script-src", "script-src 'self' file:"), 1)


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
<script>%%three%%</script>
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
