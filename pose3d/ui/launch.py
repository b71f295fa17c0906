"""How the page is served, and what it looks like."""
# pyright: reportUnknownMemberType=false
# Gradio leaves a theme's values without types

from __future__ import annotations

from typing import Any

from gradio.themes import Base, Default
from starlette.middleware import Middleware

from pose3d.core.quotas import quotas
from pose3d.core.resources import ASSETS
from pose3d.ui.serving import WholeFiles
from pose3d.ui.words import i18n

RELEASE = """() => document.addEventListener("keyup", ({ target, key }) => {
  if (target.matches?.("input[type=range]") && /^(Arrow|Page|Home|End)/.test(key))
    target.dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
})"""
"""Gradio's sliders tell of their release only when it was a pointer's; keys shall do the same."""

SYSTEM_FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")


def launch_settings() -> dict[str, Any]:
    """What demo.launch() is given; where it listens comes from Gradio's own environment variables."""
    return {
        "theme": _theme(),
        "css_paths": [ASSETS / "player" / "player.css", ASSETS / "style.css"],
        "js": RELEASE,
        "i18n": i18n(),
        "max_file_size": int(quotas().file_mb * 1e6),
        "footer_links": ["api", "gradio", "settings"],
        "app_kwargs": {"middleware": [Middleware(WholeFiles)]},
        "run_history": False,  # it would keep what people upload in their browsers, unasked
    }


def _theme() -> Base:
    """Texts darker, in the dark lighter, than Gradio's: 4.5 to 1 against what is behind them."""
    return Default(primary_hue="blue", neutral_hue="slate", font=SYSTEM_FONT).set(
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_300",
        block_label_text_color="*neutral_600",
        link_text_color="*primary_700",
        link_text_color_dark="*primary_300",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
    )
