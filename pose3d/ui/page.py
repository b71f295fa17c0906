"""The page: its blocks and what they are wired to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from pose3d.core.quotas import quotas
from pose3d.jobs.folders import HOUR
from pose3d.jobs.process import store
from pose3d.ui import answering, arrival, asking, blocks, chosen
from pose3d.ui.about import about
from pose3d.ui.ahead import ahead
from pose3d.ui.answering import States
from pose3d.ui.arrival import all_of, linked
from pose3d.ui.blocks import Buttons, Inputs, Links, Outputs
from pose3d.ui.controls import CONTROLS, INTRINSICS
from pose3d.ui.handlers import (
    Part,
    begin,
    choose_person,
    draw,
    end,
    estimate,
    finish,
    redrawing,
    rerender,
    stop,
)
from pose3d.ui.remedied import REMEDIED, remedied
from pose3d.ui.stopping import DRAWING, StopSign
from pose3d.ui.takeaway import cards, cards_html
from pose3d.ui.trouble import NO_TROUBLE, in_place
from pose3d.ui.untyped import on, root, skip
from pose3d.ui.verdict import judged
from pose3d.ui.wiring import LATEST, OFFERING, QUIET, WIRING
from pose3d.ui.words import all_texts, language_of, plainly, say
from pose3d.ui.work import Run

CLEAR = """() => document.querySelectorAll(".toast-close").forEach((button) => button.click())"""
"""Messages about what was tried before are closed."""

REST = """() => document.querySelector("#player .p3d-skeleton")?.pose3d?.pause()"""
"""The last result does not play on beneath the next one's progress: where both share a machine, it takes its time."""

QUIETEN = """() => {
  document.querySelector("#video").addEventListener("error", (event) => event.stopPropagation(), true);
}"""
"""That this browser cannot play a video does not matter here; Gradio would say so over the page, in English."""

SCROLL = """() => {
  const result = document.querySelector("#trouble") ?? document.querySelector("#player");
  const { top, bottom } = result.getBoundingClientRect();
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  const first = matchMedia("(max-width: 700px)").matches && document.querySelector("FIRST");
  if (first || top < 0 || bottom > innerHeight) (first || result).scrollIntoView({ behavior });
}"""
TO_WORK, TO_RESULT = (SCROLL.replace("FIRST", first) for first in ("#go, #stop", "#trouble, #player"))
"""On a phone the result, which will grow, is below the button; work is seen with its Stop."""

OLD = """(video) => document.querySelector("#result").classList.toggle("p3d-old", Boolean(video))"""
AGAIN = """(trouble) => document.querySelector("#result").classList.toggle("p3d-old", Boolean(trouble))"""
"""A result is set aside when another video is chosen, and stays so where that one makes trouble."""

DRAWN = """(clip) => {
  const url = (clip?.video ?? clip)?.url;
  document.querySelector("#player .p3d-skeleton")?.dispatchEvent(new CustomEvent("drawn", { detail: url }));
}"""
"""The player takes the clip in place of a video that the browser cannot show."""

SPAN = """(scrub) => [scrub?.start ?? 0, scrub?.end ?? 0]"""
"""The scrubber's part of the video to the two numbers that a run is given."""

COUNTED = """() => document.querySelector("#part .p3d-part")?.dispatchEvent(new Event("counted"))"""
"""The scrubber's sign that frames are counted goes away."""

CHOSEN = """() => document.querySelector("#webcam .p3d-webcam")?.dispatchEvent(new Event("chosen"))"""
"""The camera's component learns that all is known of the video in the field."""

GO = """() => document.querySelector("#go")?.click()"""
"""As if the visitor had pressed; the button is not there while something else is running."""

LOOK = ("azimuth", "elevation", "figure")
"""The controls of the clip's view, in the order in which handlers take them."""

HEAVY: dict[str, Any] = {"concurrency_limit": None}
"""For events that keep a processor busy: they take turns in a line of their own (work.turn)."""
MOST_EVENTS = 200
"""Of all visitors together that Gradio keeps; long before, the line sends videos away."""


def build() -> gr.Blocks:
    """The page, wired and queued, not yet launched."""
    store()  # before the first component: each takes what is the house then for the place of its files
    first, kept = ahead("en"), quotas().hours * HOUR
    with gr.Blocks(title=all_texts("en")["title"], analytics_enabled=False) as demo:
        run, part, looked_at = gr.State(time_to_live=kept), gr.State(time_to_live=kept), gr.State()
        states = States(run, gr.State(asking.Visit(), time_to_live=kept), gr.State(time_to_live=kept))
        gr.Markdown("# " + say("title"), elem_id="header")
        gr.Markdown(say("promise"), elem_id="promise")
        with gr.Row(elem_id="columns"):
            with gr.Column(scale=4, min_width=320, elem_id="settings"):
                entered, buttons = blocks.inputs()
                links = blocks.links()
            with gr.Column(scale=8, min_width=320, elem_id="result"):
                shown, view = blocks.outputs(first)
        entered.controls.update(view)
        _wire_video(entered, looked_at, shown)
        _wire_api(entered, shown, run, part)  # first: its names are the handlers' own
        _wire_work(buttons, entered, looked_at, shown, links, states, part)
        _wire_view(states, entered, shown)
        _wire_questions(states, shown)
        about()
        arrival.wire(demo, links, entered, shown, run)
        demo.load(None, None, js=QUIETEN, **QUIET)
    return demo.queue(max_size=MOST_EVENTS, default_concurrency_limit=1)


def _wire_video(entered: Inputs, looked_at: gr.State, shown: Outputs) -> None:
    """Whatever was touched last decides; the others follow. Nothing is written into a field that is being moved."""
    scrub, video = entered.scrub, entered.video
    fov, frames, rotate = entered.of("fov", "max_frames", "rotate")
    span = entered.of("start", "end")
    on([video.change], None, js=CLEAR, api_visibility="private")
    counting: dict[str, Any] = WIRING | {"show_progress": "minimal", "show_progress_on": entered.line}
    known = video.change(
        chosen.choose,
        [video, fov, frames, looked_at],
        [entered.line, looked_at, scrub, *span, rotate, frames, *entered.camera],
        **counting,
    )
    _wire_webcam(entered, looked_at, known)
    video.change(None, video, js=OLD, **QUIET)
    video.change(_set_aside, video, [shown.status, shown.trouble], **WIRING)
    scrub.input(None, scrub, span, js=SPAN, **QUIET)
    counted = on(
        [scrub.input, frames.release],
        chosen.choose_part,
        [looked_at, scrub, frames],
        entered.line,
        trigger_mode="always_last",
        **WIRING,
    )
    counted.then(None, None, js=COUNTED, **QUIET)
    turned = [looked_at, *entered.of("rotate", "fov")]
    rotate.input(chosen.turn, turned, [looked_at, *entered.camera], **WIRING)
    intrinsics = entered.of(*INTRINSICS)
    entered.preset.input(chosen.preset, [entered.preset, fov, looked_at], entered.camera, **WIRING)
    fov.input(
        chosen.field_of_view,
        [fov, looked_at],
        [entered.preset, *intrinsics],
        trigger_mode="always_last",
        **WIRING,
    )
    numbers = [fov, *intrinsics, looked_at]
    on([field.input for field in intrinsics], chosen.intrinsics, numbers, [entered.preset, fov], **WIRING)


def _wire_webcam(entered: Inputs, looked_at: gr.State, known: Any) -> None:
    """A recording goes into the video's field; once it is known (an event), all of it is run."""
    webcam = entered.webcam
    webcam.input(None, webcam, entered.video, js="(recording) => recording", **QUIET)
    known.then(None, None, js=CHOSEN, **QUIET)
    frames = entered.of("max_frames")
    webcam.submit(chosen.all_of_it, looked_at, [*frames, entered.line], **WIRING).then(None, None, js=GO, **QUIET)


def _set_aside(video: str | None) -> tuple[Any, ...]:
    """What is said of a result when another video was chosen; trouble was the last one's."""
    return say("old") if video else skip(), NO_TROUBLE


def _wire_work(
    buttons: Buttons,
    entered: Inputs,
    looked_at: gr.State,
    shown: Outputs,
    links: Links,
    states: States,
    part: gr.State,
) -> None:
    """Runs, can be stopped, and can go on with what was done until then. The clip is drawn when the rest is shown."""
    run = states.run
    faces = [buttons.go, buttons.stop, buttons.rest]
    heavy = _heavy(shown, run, part) | {"api_visibility": "private"}
    made = len(heavy["outputs"])
    heavy["outputs"] = [*heavy["outputs"], shown.trouble]
    begun = [*faces, shown.trouble]
    no_clip = gr.State(False)
    controls = entered.controls | {"render": no_clip}
    for tab in shown.tabs:
        controls |= tab.settings
    everything = [entered.video, *(controls[name] for name in CONTROLS)]
    person = gr.State()
    meant = [entered.video, *((controls | {"person": person})[name] for name in CONTROLS)]
    chosen_anew = [person, looked_at, entered.scrub, entered.line, *entered.of(*REMEDIED), *entered.camera]
    pressed = shown.verdict.select(remedied, [run, looked_at, *entered.of("fov", "max_frames")], chosen_anew, **WIRING)
    # One after the other: work that fails at once must not be overtaken by the news that it has begun.
    started = [
        _begun(buttons.go.click, begun).then(in_place(estimate, made), everything, **heavy),
        _begun(buttons.rest.click, begun).then(in_place(finish, made), part, **heavy),
        _begun(shown.people.input, begun).then(in_place(choose_person, made), [run, shown.people, no_clip], **heavy),
        _begun(pressed.success, begun).then(in_place(estimate, made), meant, **heavy),
    ]
    asked = [run, states.visit, shown.trouble, *answering.options_of(shown.tabs)]
    answered = [states.visit, states.told, *answering.changing(shown.tabs)]
    judged_by = [shown.verdict, shown.people, shown.takeaway, links.result]
    for event in started:
        for follow in (event.success, event.failure):  # `then` does not follow a chained event that failed
            ended = follow(_end, part, faces, **WIRING)
            drawn = ended.then(draw, **_drawing(run, entered.of(*LOOK), shown), api_visibility="private")
            drawn.success(None, shown.clip, js=DRAWN, **QUIET)
            drawn.then(_offer, [run, states.told], shown.takeaway, **OFFERING)
        event.success(_judge, [run, shown.trouble], judged_by, **WIRING)
        event.success(answering.after_run(shown.tabs), asked, answered, **WIRING)
        event.success(None, shown.trouble, js=AGAIN, **QUIET).then(None, None, js=TO_RESULT, **QUIET)
    buttons.stop.click(stop, None, None, **WIRING)


def _wire_api(entered: Inputs, shown: Outputs, run: gr.State, part: gr.State) -> None:
    """For programs the same, which get clip and all in one answer."""
    heavy = _heavy(shown, run, part)
    everything = [entered.video, *entered.of(*CONTROLS)]
    gr.Button(visible=False).click(estimate, everything, api_name="estimate", **heavy)
    number = gr.Number(1, label="person", visible=False)  # programs do not see who may be chosen
    chosen = [run, number, *entered.of("render")]
    gr.Button(visible=False).click(choose_person, chosen, api_name="choose_person", **heavy)
    again = _drawing(run, entered.of(*LOOK), shown)
    gr.Button(visible=False).click(rerender, api_name="rerender", **again)
    answering.wire_api(shown.tabs, run)


def _heavy(shown: Outputs, run: gr.State, part: gr.State) -> dict[str, Any]:
    """Of an event that makes a run."""
    outputs = [shown.player, shown.clip, shown.status, shown.files, run, part]
    return {"outputs": outputs, "show_progress_on": shown.player, **HEAVY}


def _drawing(run: gr.State, look: list[Any], shown: Outputs) -> dict[str, Any]:
    """Of an event that draws a run's clip as these controls say."""
    return {
        "inputs": [run, *look],
        "outputs": [shown.clip, shown.files, run],
        "show_progress_on": shown.clip,
        **HEAVY,
    }


def _begun(start: Callable[..., Any], outputs: list[Any]) -> Any:
    """What comes first whenever work starts; the work itself follows it."""
    start(None, None, js=CLEAR, api_visibility="private")
    start(None, None, js=REST, api_visibility="private")
    start(None, None, js=TO_WORK, api_visibility="private")
    return start(_begin, None, outputs, **WIRING)


def _begin(request: gr.Request) -> tuple[Any, ...]:
    begin(request)
    return *_faces(working=True, part=None), NO_TROUBLE


def _end(part: Part | None, request: gr.Request) -> tuple[Any, ...]:
    end(request)
    return _faces(working=False, part=part)


def _offer(run: Run | None, told: asking.Told | None, request: gr.Request) -> Any:
    """All that can be taken away, now that there is a clip, with what was asked in its report."""
    if StopSign.of(request, DRAWING).stands():  # a new run has begun, whose files these are not
        return skip()
    language = language_of(request)
    with plainly(language):  # its files may be gone
        return all_of(asking.retold(run, told), language, root(request)) if run else skip()


def _judge(run: Run | None, trouble: str, request: gr.Request) -> tuple[Any, ...]:
    """How it went and what can be done about it, who was seen, and what there is besides the clip."""
    if trouble or run is None:
        return tuple([skip()] * 4)
    language = language_of(request)
    offered = cards_html(cards(run.files, language), None, language, root(request))
    verdict = judged(run.result, language, again=run.found is not None)
    return verdict, blocks.person_choices(run, language), offered, linked(run)


def _faces(working: bool, part: Part | None) -> tuple[Any, ...]:
    """Which of the buttons can be seen."""
    return tuple(gr.update(visible=seen) for seen in (not working, working, part is not None))


def _wire_questions(states: States, shown: Outputs) -> None:
    """What is asked of the result goes into its report, too."""
    offered = {"fn": _offer, "inputs": [states.run, states.told], "outputs": shown.takeaway, **OFFERING}
    for tab, answered in answering.wire(shown.tabs, states):
        look = tab.settings
        if look:
            drawing = _drawing(states.run, [*look.values()], shown)
            answered = answered.success(redrawing(tuple(look)), api_visibility="private", **LATEST, **drawing)
        answered.success(**offered)


def _wire_view(states: States, entered: Inputs, shown: Outputs) -> None:
    """From where and what the clip shows."""
    azimuth, elevation, figure = entered.of("azimuth", "elevation", "figure")
    changes = [azimuth.release, elevation.release, figure.input]
    again = _drawing(states.run, entered.of(*LOOK), shown)
    drawn = on(changes, rerender, api_visibility="private", trigger_mode="always_last", **again)
    drawn.success(_offer, [states.run, states.told], shown.takeaway, **OFFERING)
