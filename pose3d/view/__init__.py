"""Views of a result: a figure, the player's data, one self-contained page, a rendered clip."""

from pose3d.view.figure import figure
from pose3d.view.player import player_data, skeleton_html
from pose3d.view.render import render_clip
from pose3d.view.scene import CORNER, Viewpoint

__all__ = ["CORNER", "Viewpoint", "figure", "player_data", "render_clip", "skeleton_html"]
