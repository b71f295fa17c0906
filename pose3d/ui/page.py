"""The blocks of the page and what they are wired to."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Any

import gradio as gr
from gradio.themes import Default

from pose3d.config import ASSETS
from pose3d.errors import Pose3DError
from pose3d.lift import LIFTERS
from pose3d.pipeline import TALLEST
from pose3d.ui import lens
from pose3d.ui.handlers import estimate, redraw, rerender
from pose3d.ui.player import player
from pose3d.ui.words import MODEL_INFO, MODELS, about, plainly
from pose3d.video import MAX_BYTES, probe
from pose3d.view.scene import CORNER

HOUR = 3600
KEPT = 24 * HOUR
"""Seconds that files and results stay on the server."""

RELEASE = """() => document.addEventListener("keyup", ({ target, key }) => {
  if (target.matches?.("input[type=range]") && /^(Arrow|Page|Home|End)/.test(key))
    target.dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
})"""
"""Gradio's sliders tell of their release only when it was a pointer's; keys shall do the same."""

CLEAR = """() => document.querySelectorAll(".toast-close").forEach((button) => button.click())"""
"""Messages about what was tried before are closed."""

SCROLL = """() => {
  const player = document.querySelector("#player");
  if (player.getBoundingClientRect().bottom > innerHeight) player.scrollIntoView({ behavior: "smooth" });
}"""
"""On a phone the result is below all settings."""

HEADER = """# Video to 3D motion
Choose a video of a person and watch their skeleton move in 3D beside it."""

SYSTEM_FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")

THEME = Default(primary_hue="blue", neutral_hue="slate", font=SYSTEM_FONT)

LAUNCH: dict[str, Any] = {
    "theme": THEME,
    "css_paths": [ASSETS / "player.css", ASSETS / "style.css"],
    "js": RELEASE,
    "max_file_size": MAX_BYTES,
    "footer_links": ["api", "gradio", "settings"],
    "run_history": False,  # it would keep what people upload in their browsers, unasked
}
"""What demo.launch() is given; where it listens comes from Gradio's own environment variables."""

WEBCAM = gr.WebcamOptions(mirror=False, constraints={"video": {"width": {"ideal": 1280}, "height": {"ideal": 720}}})
"""A mirrored recording would exchange left and right; more pixels than that only cost time."""

WIRING: dict[str, Any] = {"api_visibility": "private", "queue": False, "show_progress": "hidden"}
"""For events that only keep the page consistent."""

HEAVY: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "heavy"}
"""For events that keep a processor busy: one at a time."""


@dataclass(frozen=True)
class CameraFields:
    """The fields that lens.py keeps consistent, in the order of lens.Lens."""

    preset: gr.Dropdown
    fov: gr.Slider
    fx: gr.Number
    fy: gr.Number
    cx: gr.Number
    cy: gr.Number

    @property
    def all(self) -> list[Any]:
        return [self.preset, self.fov, *self.intrinsics]

    @property
    def intrinsics(self) -> list[Any]:
        return [self.fx, self.fy, self.cx, self.cy]


def build() -> gr.Blocks:
    """The page, wired and queued, not yet launched."""
    with gr.Blocks(title="Video to 3D motion", delete_cache=(HOUR, KEPT), analytics_enabled=False) as demo:
        run, size = gr.State(time_to_live=KEPT), gr.State()
        gr.Markdown(HEADER, elem_id="header")
        with gr.Row(elem_id="columns"):
            with gr.Column(scale=4, min_width=320, elem_id="settings"):
                video, line = _video()
                button = gr.Button("Estimate 3D motion", variant="primary", size="lg", elem_id="go")
                camera = _camera()
                limits = _more()
            with gr.Column(scale=8, min_width=320, elem_id="result"):
                shown = player(elem_id="player", min_height=300)
                status = gr.Markdown(elem_id="status")
                clip = gr.Video(label="Rendered clip", interactive=False, elem_id="clip", height="auto")
                view = _view()
                files = gr.File(label="Downloads", file_count="multiple", interactive=False, elem_id="files")
        _wire_camera(video, line, size, camera)
        gr.on([button.click, video.change], None, js=CLEAR, api_visibility="private")
        button.click(None, js=SCROLL, api_visibility="private")
        button.click(
            estimate,
            [video, camera.fov, *camera.intrinsics, *limits, *view],
            [shown, clip, status, files, run],
            api_name="estimate",
            show_progress_on=shown,
            **HEAVY,
        )
        _wire_view(run, view, [clip, files, run], clip)
    return demo.queue(max_size=16, default_concurrency_limit=1)


def _video() -> tuple[gr.Video, gr.Markdown]:
    """format=None and no trimming: a conversion would need ffprobe, which is not there on a clean machine."""
    video = gr.Video(
        label="Video", sources=["upload", "webcam"], format=None, webcam_options=WEBCAM, height=300, elem_id="video"
    )
    line = gr.Markdown(elem_id="about")
    clips = sorted((ASSETS / "examples").glob("[!.]*.mp4"))
    if clips:
        names = [path.stem.replace("_", " ").capitalize() for path in clips]
        gr.Examples(
            [[str(path)] for path in clips],
            video,
            label="Or try an example",
            example_labels=names,
            cache_examples=False,
            api_visibility="private",
            elem_id="examples",
        )
    return video, line


def _camera() -> CameraFields:
    with gr.Accordion("Camera", open=True, elem_id="camera"):
        preset = gr.Dropdown(lens.CHOICES, value=lens.NOT_SURE, label="Filmed with", elem_id="preset")
        fov = gr.Slider(
            lens.NARROWEST,
            lens.WIDEST,
            lens.Lens().fov,
            step=0.5,
            label="Field of view",
            info="Degrees across the picture's longer side.",
            elem_id="fov",
        )
        with gr.Accordion("Exact values", open=False, elem_id="intrinsics"):
            gr.Markdown("In pixels of the video, from a calibration. 0 means: from the field of view.")
            with gr.Row():
                fx, fy = _pixels("fx"), _pixels("fy")
            with gr.Row():
                cx, cy = _pixels("cx"), _pixels("cy")
    return CameraFields(preset, fov, fx, fy, cx, cy)


def _pixels(name: str) -> gr.Number:
    return gr.Number(0, label=name, minimum=0, min_width=80, elem_id=name)


def _more() -> list[Any]:
    """Max frames, height in cm and model, in the order of `estimate`."""
    with gr.Accordion("More settings", open=False, elem_id="more"):
        frames = gr.Slider(
            1, 3000, 300, step=1, label="Most frames", elem_id="frames", info="The rest of a longer video is left out."
        )
        height = gr.Number(
            0,
            label="Person's height in cm",
            info="Gives sizes in true metres; 0 if unknown.",
            minimum=0,
            maximum=TALLEST * 100,
        )
        choices = [(MODELS[name], name) for name in LIFTERS]
        model = gr.Dropdown(choices, value=choices[0][1], label="Model", info=MODEL_INFO)
    return [frames, height, model]


def _view() -> list[Any]:
    with gr.Row(elem_id="view"):
        around = _angle(
            "Azimuth of the clip", "Degrees around the person; 0 is the camera.", -180, 180, CORNER.azimuth, "azimuth"
        )
        above = _angle("Elevation of the clip", "Degrees above the horizon.", -30, 90, CORNER.elevation, "elevation")
    return [around, above]


def _angle(label: str, info: str, low: float, high: float, value: float, name: str) -> gr.Slider:
    return gr.Slider(low, high, value, step=1, label=label, info=info, min_width=240, elem_id=name)


def _wire_view(run: gr.State, view: list[Any], outputs: list[Any], clip: gr.Video) -> None:
    """The sliders, and for the API the same with a complaint where there is no result yet."""
    again: dict[str, Any] = {"inputs": [run, *view], "outputs": outputs, "show_progress_on": clip, **HEAVY}
    releases = [slider.release for slider in view]
    gr.on(releases, redraw, api_visibility="private", trigger_mode="always_last", **again)
    gr.Button(visible=False).click(rerender, api_name="rerender", **again)


def _wire_camera(video: gr.Video, line: gr.Markdown, size: gr.State, camera: CameraFields) -> None:
    """Whatever was touched last decides; the others follow. Nothing is written into a field that is being moved."""
    video.change(_chosen, [video, camera.fov], [line, size, *camera.all], **WIRING)
    camera.preset.input(_preset, [camera.preset, camera.fov, size], camera.all, **WIRING)
    camera.fov.input(
        _fov, [camera.fov, size], [camera.preset, *camera.intrinsics], trigger_mode="always_last", **WIRING
    )
    inputs = [camera.fov, *camera.intrinsics, size]
    gr.on([field.input for field in camera.intrinsics], _intrinsics, inputs, [camera.preset, camera.fov], **WIRING)


@plainly
def _chosen(video: str | None, fov: float) -> tuple[Any, ...]:
    """Another video was chosen: what it is, and the intrinsics for its size."""
    if not video:
        return "", None, *astuple(lens.of_fov(fov, None))
    try:
        info = probe(video)
    except Pose3DError as e:
        return f"⚠️ {e}", None, *astuple(lens.of_fov(fov, None))
    size = (info.width, info.height)
    return about(info), size, *astuple(lens.of_fov(fov, size))


@plainly
def _preset(name: str, fov: float, size: lens.Size) -> tuple[Any, ...]:
    return astuple(lens.of_preset(name, fov, size))


@plainly
def _fov(degrees: float, size: lens.Size) -> tuple[Any, ...]:
    moved = lens.of_fov(degrees, size)
    return moved.preset, moved.fx, moved.fy, moved.cx, moved.cy


@plainly
def _intrinsics(
    fov: float, fx: float | None, fy: float | None, cx: float | None, cy: float | None, size: lens.Size
) -> tuple[Any, ...]:
    seen = lens.of_intrinsics(fov, fx or 0, fy or 0, cx or 0, cy or 0, size)
    return seen.preset, seen.fov
