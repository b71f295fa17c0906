"""Views of a result: a figure, the player's data, self-contained pages, a rendered clip."""

from pose3d.view.figure import figure
from pose3d.view.pair import pair_data, pair_html
from pose3d.view.player import (
    PLAYER_SCRIPTS,
    THREE,
    libraries,
    player_data,
    shared_parts,
    skeleton_html,
    with_libraries_at,
)
from pose3d.view.render import render_clip
from pose3d.view.report import report_html
from pose3d.view.scene import CORNER, Viewpoint
from pose3d.view.tally import tally_data

__all__ = [
    "CORNER",
    "PLAYER_SCRIPTS",
    "THREE",
    "Viewpoint",
    "figure",
    "libraries",
    "pair_data",
    "pair_html",
    "player_data",
    "render_clip",
    "report_html",
    "shared_parts",
    "skeleton_html",
    "tally_data",
    "with_libraries_at",
]
