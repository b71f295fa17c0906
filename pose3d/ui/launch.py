"""How the page is served, what it looks like, and how it ends."""
# pyright: reportUnknownMemberType=false
# Gradio leaves a theme's values without types

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType
from typing import Any, NoReturn

import gradio as gr
from gradio.themes import Base, Default
from starlette.middleware import Middleware

from pose3d.core.errors import ConfigError
from pose3d.core.quotas import quotas, take_arguments
from pose3d.core.resources import ASSETS
from pose3d.ui.ahead import whole
from pose3d.ui.gpu import want_one
from pose3d.ui.health import ROUTES
from pose3d.ui.joblog import start_logging
from pose3d.ui.serving import WholeFiles
from pose3d.ui.web.aliases import Aliases, served_folders
from pose3d.ui.web.bodies import Bodies
from pose3d.ui.web.faults import Faults
from pose3d.ui.web.headers import SecurityHeaders
from pose3d.ui.words import i18n

RELEASE = """() => document.addEventListener("keyup", ({ target, key }) => {
  if (target.matches?.("input[type=range]") && /^(Arrow|Page|Home|End)/.test(key))
    target.dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
})"""
"""Gradio's sliders tell of their release only when it was a pointer's; keys shall do the same."""

SYSTEM_FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")

GRACE = 1.5
"""Seconds that answers which are under way have, once the page shall end."""
BAD_USAGE = 2
"""Exit status."""


def take_or_exit(arguments: Sequence[str]) -> None:
    """Quotas from the command line of `python app.py`; a wrong one is a sentence on standard error, exit status 2."""
    try:
        take_arguments(arguments)
    except ConfigError as e:
        print(e, file=sys.stderr)
        sys.exit(BAD_USAGE)


def serve(demo: gr.Blocks) -> None:
    """Until this process is interrupted (Ctrl+C) or told to end (SIGTERM, as Docker and others do).

    Whoever starts the page may have switched off the collector of garbage: it is on again once the page is served.
    """
    start_logging()
    told = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        """Ends Gradio's waiting; the next signal is obeyed at once."""
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        told.set()
        _close_streams(demo)
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    want_one()
    demo.launch(**launch_settings(), prevent_thread_lock=True)
    gc.freeze()  # what is there now stays
    gc.enable()
    threading.Thread(target=whole, args=("en",), daemon=True).start()  # beside a launch that would wait for it
    demo.block_thread()
    if told.is_set():
        _leave()


def _close_streams(demo: gr.Blocks) -> None:
    """Whoever listens to a stream does not hold the page up."""
    if demo.is_running:
        demo.server_app.stop_event.set()
        threading.Timer(GRACE, lambda: setattr(demo.server, "force_exit", True)).start()


def _leave() -> NoReturn:
    """Does what is due at the end, and waits for no thread: one that is amid a job would hold Python up or make it
    abort."""
    atexit._run_exitfuncs()  # pyright: ignore[reportPrivateUsage]
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def launch_settings() -> dict[str, Any]:
    """What demo.launch() is given; where it listens comes from Gradio's own environment variables."""
    return {
        "theme": _theme(),
        "css_paths": [ASSETS / "player" / "player.css", ASSETS / "style.css"],
        "js": RELEASE,
        "i18n": i18n(),
        "state_session_capacity": quotas().visits,
        "max_file_size": int(quotas().file_mb * 1e6),
        "footer_links": ["api", "gradio", "settings"],
        "run_history": False,  # it would keep what people upload in their browsers, unasked
        "ssr_mode": False,  # a server of Node's would answer past what is below
        "enable_monitoring": False,
        "app_kwargs": {"middleware": _middleware(), "routes": list(ROUTES)},
    }


def _middleware() -> list[Middleware]:
    """Outermost first; around all of it Gradio puts what compresses answers and what lets other origins ask."""
    return [
        Middleware(SecurityHeaders),
        Middleware(Faults),
        Middleware(Bodies),
        Middleware(Aliases, served_folders()),
        Middleware(WholeFiles),
    ]


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
