"""A command for each question: `pose3d count RESULT_OR_VIDEO`, `pose3d compare TEACHER LEARNER`."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from pose3d.analysis import QUESTIONS, Question, answer_csv, answer_dict
from pose3d.cli.console import clear_errors, progress_bars
from pose3d.cli.run import option
from pose3d.core.config import RunConfig
from pose3d.core.files import is_folder, whole_file, write_bytes, write_text
from pose3d.core.progress import Progress
from pose3d.core.result import KEYPOINTS, Result
from pose3d.export import EXPORTERS

SOURCE = Annotated[str, typer.Argument(help=f"A {KEYPOINTS}, the folder with it, or a video (file or address).")]
JSON = Annotated[Path | None, typer.Option(help="Also write the answer as JSON.")]
CSV = Annotated[Path | None, typer.Option(help="Also write its curves as CSV.")]
HTML = Annotated[Path | None, typer.Option(help="Also write a page that shows the figures together.")]
LANGUAGE = Annotated[str, option("language")]


def command(question: Question) -> Callable[..., None]:
    """The question as a function with the parameters that typer makes a command of: its options are the command's."""

    def asked(json: Path | None, csv: Path | None, language: str, **given: Any) -> None:
        sources = [given.pop(name) for name in question.of]
        exports, page = {name: given.pop(name) for name in question.exports}, given.pop("html", None)
        with clear_errors(), progress_bars() as progress:
            RunConfig().but(language=language)
            options = question.options(**given)
            results = [_result(source, progress) for source in sources]
            answer = question.ask(*results, options)
            if json:
                write_bytes(json, orjson.dumps(answer_dict(question, options, answer, language)))
            if csv:
                write_text(csv, answer_csv(answer))
            for name in exports:
                _export(results[-1], name, exports[name])
            if page:
                from pose3d.view.beside import PAGES

                write_text(page, PAGES[question.name](*results, answer))
        typer.echo(answer.headline(language))
        for said in (*answer.events, *answer.findings):
            typer.echo(said.worded(language))

    parameters = [Parameter(name, Parameter.KEYWORD_ONLY, annotation=SOURCE) for name in question.of]
    parameters += [_parameter(name, field.annotation, field) for name, field in question.options.model_fields.items()]
    parameters += [_keyword(name, _file(name), None) for name in question.exports]
    parameters += [_keyword("html", HTML, None)] if len(question.of) > 1 else []
    parameters += [_keyword("json", JSON, None), _keyword("csv", CSV, None), _keyword("language", LANGUAGE, "en")]
    asked.__signature__ = Signature(parameters)  # pyright: ignore[reportFunctionMemberAccess]
    asked.__annotations__ = {each.name: each.annotation for each in parameters}
    asked.__doc__ = question.help
    return asked


def __getattr__(name: str) -> Callable[..., None]:
    """The command of the question of that name."""
    if name not in QUESTIONS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return command(QUESTIONS[name])


def _parameter(name: str, kind: Any, field: Any) -> Parameter:
    """An option for a field of the question's options."""
    return _keyword(name, Annotated[kind, typer.Option(help=f"{field.description}.")], field.default)


def _file(name: str) -> Any:
    """An option for a file of a format."""
    return Annotated[Path | None, typer.Option(help=f"Also write the motion as {name.upper()}.")]


def _export(result: Result, name: str, path: Path | None) -> None:
    """Where a path was given."""
    if path is not None:
        with whole_file(path) as partial:
            EXPORTERS[name](result, partial)


def _keyword(name: str, annotation: Any, default: Any) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _result(source: str, progress: Progress) -> Result:
    """A saved result, or that of a video. Raises Pose3DError."""
    if is_folder(source) or source.lower().endswith(Path(KEYPOINTS).suffix):
        return Result.load(source)
    from pose3d.io.sources import local_video
    from pose3d.pipelines import pipeline

    with local_video(source) as path:
        return pipeline()(path, progress=progress)
