"""The blocks of the page and what they are wired to."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from typing import Any

import gradio as gr
from gradio.themes import Default

from pose3d.core.errors import Pose3DError
from pose3d.core.resources import ASSETS
from pose3d.io.video import MAX_BYTES, probe
from pose3d.lift import LIFTERS
from pose3d.pipeline import TALLEST
from pose3d.ui import lens
from pose3d.ui.ahead import ahead
from pose3d.ui.handlers import Part, Run, begin, estimate, finish, paths, redraw, rerender, stop
from pose3d.ui.player import player, show
from pose3d.ui.settings_link import Setting, from_query
from pose3d.ui.verdict import judged, verdict
from pose3d.ui.words import I18N, MODELS, WORDS, about, language_of, plainly, say, translated
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

LINK = """(...values) => {
  const address = new URL(location.href);
  address.search = "";
  NAMES.forEach((name, n) => address.searchParams.set(name, values[n]));
  navigator.clipboard?.writeText(address.href).catch(() => {}); // the box beside it has it, too
  return address.href;
}"""

SYSTEM_FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")

THEME = Default(primary_hue="blue", neutral_hue="slate", font=SYSTEM_FONT).set(
    # darker, in the dark lighter, than Gradio's: 4.5 to 1 against what is behind them
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

LAUNCH: dict[str, Any] = {
    "theme": THEME,
    "css_paths": [ASSETS / "player" / "player.css", ASSETS / "style.css"],
    "js": RELEASE,
    "i18n": I18N,
    "max_file_size": MAX_BYTES,
    "footer_links": ["api", "gradio", "settings"],
    "run_history": False,  # it would keep what people upload in their browsers, unasked
}
"""What demo.launch() is given; where it listens comes from Gradio's own environment variables."""

WEBCAM = gr.WebcamOptions(mirror=False, constraints={"video": {"width": {"ideal": 1280}, "height": {"ideal": 720}}})
"""A mirrored recording would exchange left and right; more pixels than that only cost time."""

WIRING: dict[str, Any] = {"api_visibility": "private", "queue": False, "show_progress": "hidden"}
"""For events that only keep the page consistent."""

QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""For events that run in the browser alone."""

HEAVY: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "heavy"}
"""For events that keep a processor busy: one at a time."""


EXAMPLES = sorted((ASSETS / "examples").glob("[!.]*.mp4"))
FRAMES, MOST_FRAMES = 300, 3000
"""Frames that are read unless more are asked for, and the most that can be."""

SETTINGS = [
    Setting("fov", lens.NARROWEST, lens.WIDEST),
    *(Setting(name, 0, 1e5) for name in ("fx", "fy", "cx", "cy")),
    Setting("max_frames", 1, MOST_FRAMES),
    Setting("height_cm", 0, TALLEST * 100),
    Setting("model", choices=tuple(LIFTERS)),
    Setting("azimuth", -180, 180),
    Setting("elevation", -30, 90),
    Setting("upright", switch=True),
]
"""What a link can carry: the parameters of `estimate` after the video, in their order."""
PARAMETERS = [setting.name for setting in SETTINGS]


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


@dataclass(frozen=True)
class Buttons:
    """go starts, stop ends early, rest shows what was done until then."""

    go: gr.Button
    stop: gr.Button
    rest: gr.Button

    @property
    def all(self) -> list[Any]:
        return [self.go, self.stop, self.rest]


def build() -> gr.Blocks:
    """The page, wired and queued, not yet launched."""
    shown_first = ahead()
    with gr.Blocks(title=WORDS["en"]["title"], delete_cache=(HOUR, KEPT), analytics_enabled=False) as demo:
        run, part, size = gr.State(shown_first, time_to_live=KEPT), gr.State(time_to_live=KEPT), gr.State()
        gr.Markdown("# " + say("title"), elem_id="header")
        gr.Markdown(say("promise"), elem_id="promise")
        with gr.Row(elem_id="columns"):
            with gr.Column(scale=4, min_width=320, elem_id="settings"):
                video, line, examples = _video()
                buttons = _buttons()
                camera, upright = _camera()
                frames, height, model = _more()
                link = _link()
            with gr.Column(scale=8, min_width=320, elem_id="result"):
                clip_path = shown_first.files[-1]
                shown = player(
                    show(shown_first.result, clip_path, shown_first.folder), elem_id="player", min_height=300
                )
                status = gr.Markdown(say("ahead"), elem_id="status")
                quality = verdict(judged(shown_first.result, "en"), elem_id="verdict")
                clip = gr.Video(
                    str(clip_path), label=say("clip"), interactive=False, elem_id="clip", height="auto", loop=True
                )
                view = _view()
                files = gr.File(
                    paths(shown_first), label=say("files"), file_count="multiple", interactive=False, elem_id="files"
                )
        outputs = [shown, clip, status, files, run, part]
        inputs = [video, camera.fov, *camera.intrinsics, frames, height, model, *view, upright]
        _wire_camera(video, line, size, frames, camera)
        _wire_work(buttons, inputs, view, outputs, video, quality)
        _wire_view(run, view, [clip, files, run], clip)
        _wire_arrival(demo, link, dict(zip(PARAMETERS, inputs[1:], strict=True)), camera, examples)
        demo.load(_greet, None, [run, files, quality], **WIRING)
    return demo.queue(max_size=16, default_concurrency_limit=1)


def _video() -> tuple[gr.Video, gr.Markdown, gr.Dataset]:
    """format=None and no trimming: a conversion would need ffprobe, which is not there on a clean machine."""
    video = gr.Video(
        label=say("video"),
        sources=["upload", "webcam"],
        format=None,
        webcam_options=WEBCAM,
        height=300,
        elem_id="video",
    )
    line = gr.Markdown(elem_id="about")
    examples = gr.Examples(
        [[str(path)] for path in EXAMPLES],
        video,
        label=say("examples"),
        example_labels=_example_names("en"),
        cache_examples=False,
        api_visibility="private",
        elem_id="examples",
    )
    return video, line, examples.dataset


def _example_names(language: str) -> list[str]:
    return [WORDS[language][f"example_{path.stem}"] for path in EXAMPLES]


def _buttons() -> Buttons:
    return Buttons(
        gr.Button(say("go"), variant="primary", size="lg", elem_id="go"),
        gr.Button(say("stop"), variant="stop", size="lg", elem_id="stop", visible=False),
        gr.Button(say("rest"), size="lg", elem_id="rest", visible=False),
    )


def _camera() -> tuple[CameraFields, gr.Checkbox]:
    with gr.Accordion(say("camera"), open=True, elem_id="camera"):
        preset = gr.Dropdown(
            _presets("en"), value=lens.NOT_SURE, label=say("preset"), info=say("preset_help"), elem_id="preset"
        )
        fov = gr.Slider(
            lens.NARROWEST,
            lens.WIDEST,
            lens.Lens().fov,
            step=0.5,
            label=say("fov"),
            info=say("fov_help"),
            elem_id="fov",
        )
        upright = gr.Checkbox(label=say("upright"), info=say("upright_help"), elem_id="upright")
        with gr.Accordion(say("exact"), open=False, elem_id="intrinsics"):
            gr.Markdown(say("exact_help"))
            with gr.Row():
                fx, fy = _pixels("fx"), _pixels("fy")
            with gr.Row():
                cx, cy = _pixels("cx"), _pixels("cy")
    return CameraFields(preset, fov, fx, fy, cx, cy), upright


def _presets(language: str) -> list[tuple[str, str]]:
    return [(WORDS[language][key], key) for key in lens.CHOICES]


def _pixels(name: str) -> gr.Number:
    return gr.Number(0, label=name, minimum=0, min_width=80, elem_id=name)


def _more() -> tuple[gr.Slider, gr.Number, gr.Dropdown]:
    """Most frames, height in cm and model."""
    with gr.Accordion(say("more"), open=False, elem_id="more"):
        frames = gr.Slider(
            1, MOST_FRAMES, FRAMES, step=1, label=say("frames"), elem_id="frames", info=say("frames_help")
        )
        height = gr.Number(
            0, label=say("height"), info=say("height_help"), minimum=0, maximum=TALLEST * 100, elem_id="height"
        )
        choices = [(MODELS[name], name) for name in LIFTERS]
        model = gr.Dropdown(choices, value=choices[0][1], label=say("model"), info=say("model_help"), elem_id="model")
    return frames, height, model


def _link() -> tuple[gr.Button, gr.Textbox]:
    button = gr.Button(say("link"), size="sm", elem_id="link")
    return button, gr.Textbox(
        label=say("link_done"), visible="hidden", max_lines=4, buttons=["copy"], elem_id="address"
    )


def _view() -> list[Any]:
    with gr.Row(elem_id="view"):
        around = _angle("azimuth", -180, 180, CORNER.azimuth)
        above = _angle("elevation", -30, 90, CORNER.elevation)
    return [around, above]


def _angle(name: str, low: float, high: float, value: float) -> gr.Slider:
    label, info = say(name), say(f"{name}_help")
    return gr.Slider(low, high, value, step=1, label=label, info=info, min_width=240, elem_id=name)


def _wire_work(
    buttons: Buttons, inputs: list[Any], view: list[Any], outputs: list[Any], video: gr.Video, quality: gr.HTML
) -> None:
    """Runs, can be stopped, and can go on with what was done until then."""
    *_, run, part = outputs
    starts = [buttons.go.click, buttons.rest.click]
    gr.on([*starts, video.change], None, js=CLEAR, api_visibility="private")
    gr.on(starts, None, js=SCROLL, api_visibility="private")
    heavy = {"outputs": outputs, "show_progress_on": outputs[0], **HEAVY}
    # One after the other: work that fails at once must not be overtaken by the news that it has begun.
    begun = [start(_begin, None, buttons.all, **WIRING) for start in starts]
    running = [
        begun[0].then(estimate, inputs, api_name="estimate", **heavy),
        begun[1].then(finish, [part, *view], api_visibility="private", **heavy),
    ]
    for event in running:
        for end in (event.success, event.failure):  # `then` does not follow a chained event that failed
            end(lambda part: _faces(working=False, part=part), part, buttons.all, **WIRING)
        event.success(_judge, run, quality, **WIRING)
    buttons.stop.click(stop, None, None, **WIRING)


def _begin(request: gr.Request) -> tuple[Any, ...]:
    begin(request)
    return _faces(working=True, part=None)


def _greet(request: gr.Request) -> tuple[Any, ...]:
    """The example ahead in the visitor's language; the page comes with the English one."""
    language = language_of(request)
    if language == "en":
        return gr.skip(), gr.skip(), gr.skip()
    run = ahead(language)
    return run, paths(run), judged(run.result, language)


def _judge(run: Run, request: gr.Request) -> str:
    return judged(run.result, language_of(request))


def _faces(working: bool, part: Part | None) -> tuple[Any, ...]:
    """Which of the buttons can be seen."""
    return tuple(gr.update(visible=seen) for seen in (not working, working, part is not None))


def _wire_view(run: gr.State, view: list[Any], outputs: list[Any], clip: gr.Video) -> None:
    """The sliders, and for the API the same with a complaint where there is no result yet."""
    again: dict[str, Any] = {"inputs": [run, *view], "outputs": outputs, "show_progress_on": clip, **HEAVY}
    releases = [slider.release for slider in view]
    gr.on(releases, redraw, api_visibility="private", trigger_mode="always_last", **again)
    gr.Button(visible=False).click(rerender, api_name="rerender", **again)


def _wire_arrival(
    demo: gr.Blocks, link: tuple[gr.Button, gr.Textbox], fields: dict[str, Any], camera: CameraFields, names: gr.Dataset
) -> None:
    """Whoever comes finds their language in the lists too, and the settings that their link carries."""
    button, address = link
    button.click(None, list(fields.values()), address, js=LINK.replace("NAMES", json.dumps(list(fields))), **QUIET)
    button.click(lambda: gr.update(visible=True), None, address, **WIRING)

    def arrive(request: gr.Request) -> list[Any]:
        language, carried = language_of(request), from_query(request.query_params, SETTINGS)
        lists = [gr.update(choices=_presets(language)), gr.update(sample_labels=_example_names(language))]
        return [*lists, *(carried.get(name, gr.skip()) for name in fields)]

    demo.load(arrive, None, [camera.preset, names, *fields.values()], **WIRING)


def _wire_camera(video: gr.Video, line: gr.Markdown, size: gr.State, frames: gr.Slider, camera: CameraFields) -> None:
    """Whatever was touched last decides; the others follow. Nothing is written into a field that is being moved."""
    limit = gr.State(MOST_FRAMES)
    video.change(_chosen, [video, camera.fov, frames, limit], [line, size, frames, limit, *camera.all], **WIRING)
    camera.preset.input(_preset, [camera.preset, camera.fov, size], camera.all, **WIRING)
    camera.fov.input(
        _fov, [camera.fov, size], [camera.preset, *camera.intrinsics], trigger_mode="always_last", **WIRING
    )
    inputs = [camera.fov, *camera.intrinsics, size]
    gr.on([field.input for field in camera.intrinsics], _intrinsics, inputs, [camera.preset, camera.fov], **WIRING)


@plainly
def _chosen(video: str | None, fov: float, frames: float, limit: int, request: gr.Request) -> tuple[Any, ...]:
    """Another video was chosen: what it is, how many frames there are to read, and the intrinsics for its size."""
    language = language_of(request)
    if not video:
        return "", None, gr.skip(), limit, *astuple(lens.of_fov(fov, None))
    try:
        info = probe(video)
    except Pose3DError as e:
        return f"⚠️ {translated(str(e), language)}", None, gr.skip(), limit, *astuple(lens.of_fov(fov, None))
    size, most = (info.width, info.height), min(len(info), MOST_FRAMES)
    wanted = FRAMES if frames >= limit else frames  # unless the last video was the limit
    slider = gr.update(maximum=max(most, 2), value=min(most, wanted))
    return about(info, language), size, slider, most, *astuple(lens.of_fov(fov, size))


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
