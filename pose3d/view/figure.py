"""One frame as a Plotly figure; the page's player starts from the same traces."""
# pyright: reportMissingTypeStubs=false
# Plotly has no stubs

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from plotly import graph_objects as go

from pose3d.core.arrays import Floats
from pose3d.core.colours import COLOURS
from pose3d.core.result import Result
from pose3d.view.scene import CORNER, Scene, Viewpoint, scene

STATIC_TRACES = 4
"""Floor, its lines, the paths and the scale come first and never change; then, for each person, `_moving`."""

GAP = (None, None, None)
"""Plotly lifts the pen here."""

SUNK = 0.04
"""Metres that the floor is drawn too low, lest it cut through the ankles' dots, which Plotly draws as flat discs."""

UNDER = 0.01
"""Metres that the tiles lie below their lines, so that the lines win."""

HALF_VIEW = np.tan(np.pi / 8)
"""Plotly's perspective always opens 45 degrees from the lower edge to the upper."""

AIR = 1.08
"""How much farther than necessary the viewer stands."""

MARKS = 6
"""At most so many lengths are written along a side of the floor."""

LOOK = {"tile": "#e6e9ee", "line": "#cdd2da", "path": "#868e99", "faint": "#545d6e", "hollow": "#ffffff"}
"""Of the floor, what is written on it and of hollow joints on a light page; the player has its own for a dark one."""


def figure(result: Result, frame: int = 0) -> go.Figure:
    """The 3D skeleton of one frame (0 to T - 1; negative counts from the end) on its floor, axes fixed for the clip."""
    if not -len(result) <= frame < len(result):
        raise IndexError(f"frame {frame} is not one of the {len(result)} frames")
    return scene_figure(scene(result), frame % len(result))


def scene_figure(shown: Scene, frame: int) -> go.Figure:
    """As `figure`, of a scene that was made already."""
    moving = [trace for person in shown.people for trace in _moving(person, frame)]
    return go.Figure([*_still(shown), *moving], _layout(shown))


def limbs(shown: Scene, side: str) -> list[int | None]:
    """The joints that a line of one side visits, None where the pen is lifted; a limb has its far joint's side."""
    skeleton = shown.skeleton
    visited: list[int | None] = []
    for parent, child in shown.edges:
        if skeleton.sides[child] == side:
            visited += [parent, child, None]
    return visited


@dataclass(frozen=True)
class Framing:
    """Where Plotly's viewer stands to have the whole clip in sight, in Plotly's units (see `_units`)."""

    direction: Floats
    """(3,) of length 1, from the centre towards the viewer."""
    centre: Floats
    """(3,) the middle of the joints' extent."""
    tall: float
    """Distance at which the clip's height fits the plot's."""
    wide: float
    """Distance at which its width fits that of a square plot; it grows with height / width of the plot."""

    @classmethod
    def of(cls, shown: Scene, viewpoint: Viewpoint, around: float = 0.0) -> Framing:
        """The framing from one viewpoint of everybody in every frame, and of their paths.

        around: metres that are to be in sight around them.
        """
        points = _units(shown, shown.extent)
        centre = (points.min(axis=0) + points.max(axis=0)) / 2
        right, up, near = viewpoint.axes @ (points - centre).T
        air = around / _unit(shown)
        wide, tall = (float((near + (np.abs(way) + air) / HALF_VIEW).max() * AIR) for way in (right, up))
        return cls(viewpoint.axes[2], centre, tall, wide)

    def camera(self) -> dict[str, Any]:
        """Plotly's camera for a square plot."""
        eye = self.centre + self.direction * max(self.tall, self.wide)
        return {"eye": _point(eye), "up": _point(np.array([0, 0, 1])), "center": _point(self.centre)}

    def to_dict(self) -> dict[str, Any]:
        """Plain values for the player, which knows the plot's shape."""
        return {
            "direction": _point(self.direction), "centre": _point(self.centre),
            "tall": round(self.tall, 4), "wide": round(self.wide, 4),
        }  # fmt: skip


def _units(shown: Scene, points: Floats) -> Floats:
    """Metres to Plotly's units: the axes' box is centred at 0 and has the diagonal of a unit cube."""
    return (points - (shown.low + shown.high) / 2) / _unit(shown)


def _unit(shown: Scene) -> float:
    """Metres of one of Plotly's units."""
    return float(np.linalg.norm(shown.high - shown.low) / np.sqrt(3))


def _moving(shown: Scene, frame: int) -> list[go.Scatter3d]:
    """Left, right and middle limbs, then the joints."""
    lines = [_limb_trace(shown.joints[frame], limbs(shown, side), side) for side in COLOURS]
    return [*lines, _joint_trace(shown, frame)]


def _limb_trace(joints: Floats, visited: list[int | None], side: str) -> go.Scatter3d:
    points = [GAP if j is None else joints[j].tolist() for j in visited]
    return _scatter(points, mode="lines", name=side, line={"color": COLOURS[side], "width": 9})


def _joint_trace(shown: Scene, frame: int) -> go.Scatter3d:
    """Joints; interpolated ones are hollow, and say so; those never in the picture have no size.

    Always all joints, and always the same symbol: Plotly 3.6 loses points that were gaps or "circle-open" at first.
    """
    names, unseen = shown.skeleton.joints, shown.interpolated[frame]
    colours = [COLOURS[side] for side in shown.skeleton.sides]
    inside = [LOOK["hollow"] if fill else colour for fill, colour in zip(unseen, colours, strict=True)]
    text = [f"{name} (not seen)" if fill else name for name, fill in zip(names, unseen, strict=True)]
    sizes = np.where(shown.unknown, 0, 5).tolist()
    marker = {"size": sizes, "color": inside, "line": {"color": colours, "width": 2}}
    hover = "%{text}<br>x %{x:.2f} y %{y:.2f} z %{z:.2f} m<extra></extra>"
    points = shown.joints[frame].tolist()
    return _scatter(points, mode="markers", name="joints", marker=marker, text=text, hovertemplate=hover)


def _still(shown: Scene) -> list[Any]:
    """Floor, its lines, everybody's way over it, and lengths along two of its sides."""
    (x0, y0, _), (x1, y1, _) = shown.low.tolist(), shown.high.tolist()
    xs, ys = (line.tolist() for line in shown.grid)
    lines = [point for x in xs for point in ((x, y0, -SUNK), (x, y1, -SUNK), GAP)]
    lines += [point for y in ys for point in ((x0, y, -SUNK), (x1, y, -SUNK), GAP)]
    ways = [point for person in shown.people for point in (*_rounded(person.path - [0, 0, SUNK]), GAP)][:-1]
    flat = {"ambient": 1, "diffuse": 0, "specular": 0, "fresnel": 0}  # the tiles' colour is exactly the one given
    floor = go.Mesh3d(
        x=[x0, x1, x1, x0], y=[y0, y0, y1, y1], z=[-SUNK - UNDER] * 4, i=[0, 0], j=[1, 2], k=[2, 3],
        color=LOOK["tile"], lighting=flat, hoverinfo="skip", name="floor",
    )  # fmt: skip
    return [
        floor,
        _scatter(lines, mode="lines", name="lines", line={"color": LOOK["line"], "width": 1}),
        _scatter(ways, mode="lines", name="path", line={"color": LOOK["path"], "width": 3}),
        _scale(shown),
    ]


def _scale(shown: Scene) -> go.Scatter3d:
    """Metres along the floor's front from the left, and from there along its right side away from the camera.

    Not at that side's end, where the floor would cover half of the text.
    """
    (x0, y0, _), (x1, y1, _) = shown.low.tolist(), shown.high.tolist()
    step = _scale_step(max(x1 - x0, y1 - y0), shown.tile)
    marks = [(x0 + length, y0, length) for length in _multiples(step, x1 - x0)]
    marks += [(x1, y0 + length, length) for length in _multiples(step, y1 - y0 - shown.tile)]
    points, text = [(x, y, -SUNK) for x, y, _ in marks], [f"{length:g} m" for *_, length in marks]
    font = {"size": 11, "color": LOOK["faint"]}
    return _scatter(points, mode="text", name="scale", text=text, textfont=font, textposition="bottom center")


def _multiples(step: float, end: float) -> list[float]:
    """Of the step, from once on and up to the end."""
    return [step * (i + 1) for i in range(int(end / step + 1e-6))]


def _scale_step(longest: float, tile: float) -> float:
    """Metres between lengths that are written: the fewest tiles that make whole metres, doubled while crowded."""
    step = max(1.0, tile)
    while longest / step > MARKS:
        step *= 2
    return step


def _layout(shown: Scene) -> dict[str, Any]:
    """Hidden, equal, fixed axes; proportions by their lengths in metres, with the diagonal of a unit cube."""
    ratio = _units(shown, shown.high) - _units(shown, shown.low)
    axes = {
        f"{name}axis": {"range": [float(low), float(high)], "visible": False, "autorange": False}
        for name, low, high in zip("xyz", shown.low, shown.high, strict=True)
    }
    camera = Framing.of(shown, CORNER).camera()
    view = {"aspectmode": "manual", "aspectratio": _point(ratio), "camera": camera, "dragmode": "turntable"}
    blank = {"template": "none", "paper_bgcolor": "rgba(0,0,0,0)", "margin": {"l": 0, "r": 0, "t": 0, "b": 0}}
    blank |= {"hoverlabel": {"bgcolor": "#2b313d", "bordercolor": "#2b313d", "font": {"color": "white"}}}
    return blank | {"scene": axes | view, "showlegend": False, "uirevision": "pose3d"}


def _scatter(points: Any, **look: Any) -> go.Scatter3d:
    x, y, z = (list(values) for values in zip(*points, strict=True)) if len(points) else ([], [], [])
    return go.Scatter3d(x=x, y=y, z=z, **({} if "hovertemplate" in look else {"hoverinfo": "skip"}), **look)


def _rounded(points: Floats) -> list[list[float]]:
    return np.round(points.astype(np.float64), 3).tolist()


def _point(xyz: Floats) -> dict[str, float]:
    return dict(zip("xyz", (round(float(v), 5) for v in xyz), strict=True))
