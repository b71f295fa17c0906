"""The components of the page, group by group; what they are wired to is page.py's."""
# pyright: reportUnknownMemberType=false
# Gradio leaves the function of its Examples without types

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from pose3d.core import words
from pose3d.core.resources import ASSETS
from pose3d.ui import lens
from pose3d.ui.controls import CONTROLS, INTRINSICS
from pose3d.ui.player import player, show
from pose3d.ui.scrubber import scrubber
from pose3d.ui.tabs import Tab, tabs
from pose3d.ui.verdict import judged, verdict
from pose3d.ui.webcam import webcam
from pose3d.ui.words import MODELS, say, text
from pose3d.ui.work import Run


@dataclass(frozen=True)
class Inputs:
    """What is chosen: the video, the line about it, and the controls by name, in the order of controls.CONTROLS."""

    video: gr.Video
    webcam: gr.HTML
    line: gr.Markdown
    examples: gr.Dataset
    scrub: gr.HTML
    preset: gr.Dropdown
    controls: dict[str, Any]

    def of(self, *names: str) -> list[Any]:
        """The controls of those names."""
        return [self.controls[name] for name in names]

    @property
    def camera(self) -> list[Any]:
        """The fields that lens.py keeps consistent, in its order."""
        return [self.preset, *self.of("fov", *INTRINSICS)]


@dataclass(frozen=True)
class Buttons:
    """go starts, stop ends early, rest shows what was done until then."""

    go: gr.Button
    stop: gr.Button
    rest: gr.Button


@dataclass(frozen=True)
class Links:
    """What makes a link to settings or result (once there is one), and where its address stands then."""

    settings: gr.Button
    result: gr.Button
    address: gr.Textbox


@dataclass(frozen=True)
class Outputs:
    """What is shown of a run. trouble: why there is none, in the result's place. files: for programs."""

    trouble: gr.HTML
    player: gr.HTML
    status: gr.Markdown
    verdict: gr.HTML
    people: gr.Radio
    tabs: list[Tab]
    clip: gr.Video
    takeaway: gr.HTML
    files: gr.File


def video_field() -> gr.Video:
    """format=None and no trimming: a conversion would need ffprobe, which is not there on a clean machine."""
    return gr.Video(label=say("video"), sources=["upload"], format=None, height=300, elem_id="video")


def examples_of(video: gr.Video) -> gr.Dataset:
    """The example clips; one that is pressed goes into the video's field."""
    gr.set_static_paths([*example_clips()])  # served from where they are
    return gr.Examples(
        [[str(path)] for path in example_clips()],
        video,
        label=say("examples"),
        example_labels=example_names("en"),
        cache_examples=False,
        api_visibility="private",
        elem_id="examples",
    ).dataset


def example_clips() -> list[Path]:
    """In the order in which they are offered."""
    return sorted((ASSETS / "examples").glob("[!.]*.mp4"))


def example_names(language: str) -> list[str]:
    """What they are called."""
    return [text(f"example_{path.stem}", language) for path in example_clips()]


def buttons() -> Buttons:
    """Of which only the first can be seen at first."""
    return Buttons(
        gr.Button(say("go"), variant="primary", size="lg", elem_id="go"),
        gr.Button(say("stop"), variant="stop", size="lg", elem_id="stop", visible=False),
        gr.Button(say("rest"), size="lg", elem_id="rest", visible=False),
    )


def inputs() -> tuple[Inputs, Buttons]:
    """Everything on the left."""
    video = video_field()
    camera_button = webcam(elem_id="webcam")
    line = gr.Markdown(elem_id="about")
    scrub = scrubber(elem_id="part")
    examples = examples_of(video)
    pressed = buttons()
    # Outside of all groups: true sizes need nothing else. No limits of its own: the sentence about them shall be ours.
    height = gr.Number(0, label=say("height_cm"), info=say("height_cm_help"), elem_id="height")
    with gr.Accordion(say("camera"), open=False, elem_id="camera"):
        preset = gr.Dropdown(
            preset_names("en"), value=lens.NOT_SURE, label=say("preset"), info=say("preset_help"), elem_id="preset"
        )
        camera = _camera()
    with gr.Accordion(say("more"), open=False, elem_id="more"):
        more = _more()
    hidden: dict[str, Any] = {name: _hidden(name) for name in ("start", "end", "person")}
    ticked = {name: gr.Checkbox(CONTROLS[name].start, label=name, visible=False) for name in ("upright", "render")}
    hidden["count"] = gr.Textbox(CONTROLS["count"].start, label="count", visible=False)
    controls = {"height_cm": height} | camera | more | hidden | ticked
    return Inputs(video, camera_button, line, examples, scrub, preset, controls), pressed


def _camera() -> dict[str, Any]:
    """How it was filmed: lens, mirror, turning, tilt."""
    made: dict[str, Any] = {"fov": _slider("fov", step=0.5)}
    made["mirror"] = gr.Checkbox(
        CONTROLS["mirror"].start, label=say("mirror"), info=say("mirror_help"), elem_id="mirror"
    )
    made["rotate"] = gr.Dropdown(choices_of("rotate", "en"), value=0, label=say("rotate"), elem_id="rotate")
    made["level"] = _radio("level")
    with gr.Accordion(say("exact"), open=False, elem_id="intrinsics"):
        gr.Markdown(say("exact_help"))
        for pair in (INTRINSICS[:2], INTRINSICS[2:]):
            with gr.Row():
                made |= {name: gr.Number(0, label=name, min_width=80, elem_id=name) for name in pair}
    return made


def _more() -> dict[str, Any]:
    """Most frames, the models, the report."""
    model = CONTROLS["model"]
    return {
        "max_frames": _slider("max_frames", step=1),
        "detector": _radio("detector"),
        "model": gr.Dropdown(
            [(MODELS[name], name) for name in model.choices],
            value=model.start,
            label=say("model"),
            info=say("model_help"),
            elem_id="model",
        ),
        "stills": _radio("stills"),
    }


def _radio(name: str) -> gr.Radio:
    return gr.Radio(
        choices_of(name, "en"),
        value=CONTROLS[name].start,
        label=say(name),
        info=say(f"{name}_help"),
        elem_id=name,
    )


def _slider(name: str, step: float, **settings: Any) -> gr.Slider:
    control = CONTROLS[name]
    low, high = control.limits.low, control.limits.high
    assert low is not None and high is not None, name
    return gr.Slider(
        low, high, control.start, step=step, label=say(name), info=say(f"{name}_help"), elem_id=name, **settings
    )


def _hidden(name: str) -> gr.Number:
    """A number that the API knows and the page sets by other means."""
    return gr.Number(CONTROLS[name].start, label=name, visible=False)


def choices_of(name: str, language: str) -> list[tuple[str, Any]]:
    """What a control offers, in words."""
    return [(text(f"{name}_{choice}", language), choice) for choice in CONTROLS[name].choices]


def preset_names(language: str) -> list[tuple[str, str]]:
    """The camera's presets in words."""
    own = {name: text(name, language) for name in (lens.NOT_SURE, lens.OWN)}
    return [(own.get(name) or words.say("cameras", name, language), name) for name in lens.names()]


def links() -> Links:
    """Both buttons, and below them an empty box."""
    with gr.Row(elem_id="links"):
        settings = gr.Button(say("link"), size="sm", elem_id="link")
        result = gr.Button(say("result_link"), size="sm", elem_id="result_link", visible=False)
    box = gr.Textbox(label=say("link_done"), visible="hidden", max_lines=4, buttons=["copy"], elem_id="address")
    return Links(settings, result, box)


def outputs(first: Run) -> tuple[Outputs, dict[str, Any]]:
    """Everything on the right, which shows the example ahead, and the controls of the clip's view."""
    trouble = gr.HTML(visible=False, apply_default_css=False, elem_id="trouble")
    shown = player(show(first), elem_id="player", min_height=300)
    status = gr.Markdown(say("ahead"), elem_id="status")
    quality = verdict(judged(first.result, "en"), elem_id="verdict")
    people = gr.Radio([], label=say("people"), info=say("people_help"), visible=False, elem_id="people")
    asked = tabs()
    clip = gr.Video(str(first.clip), label=say("clip"), interactive=False, elem_id="clip", height="auto", loop=True)
    with gr.Row(elem_id="view"):
        view: dict[str, Any] = {name: _slider(name, step=1, min_width=240) for name in ("azimuth", "elevation")}
        view["figure"] = gr.Radio(
            choices_of("figure", "en"), value=CONTROLS["figure"].start, label=say("figure"), elem_id="figure"
        )
    takeaway = gr.HTML(apply_default_css=False, elem_id="takeaway")
    files = gr.File([str(path) for path in first.files], file_count="multiple", visible=False)
    return Outputs(trouble, shown, status, quality, people, asked, clip, takeaway, files), view


EVERYBODY = 0
"""Instead of a person's number."""


def person_choices(run: Run, language: str) -> Any:
    """Who was seen, for the choice of people: it can be seen where there are several."""
    several = len(run.result.people) > 1 and run.found is not None
    names = [
        (text("person", language, number=person.number, first=person.first, last=person.last), person.number)
        for person in run.result.people
    ]
    names.append((text("everybody", language), EVERYBODY))
    return gr.update(choices=names, value=EVERYBODY if run.others else run.result.person, visible=several)
