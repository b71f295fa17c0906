"""Calls of the API, checked against what its endpoints say that they expect, before anything is queued."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
import orjson

from pose3d.core.config import Language
from pose3d.core.errors import ConfigError, Pose3DError
from pose3d.core.objects import is_object
from pose3d.core.words import say
from pose3d.ui.web.aliases import is_alias

NAMED = re.compile(r".*/gradio_api/call/(?P<v2>v2/)?(?P<name>[^/]+)/?")
"""Paths of calls by an endpoint's name; v2: values come by name, not in a list."""
NUMBERED = re.compile(r".*/gradio_api/(?:queue/join|(?:run|api)/(?P<name>[^/]+))/?")
"""Paths of calls by a number, which the page and Gradio's clients use; where there is none, the name counts."""

TYPES: dict[str, tuple[type, ...]] = {
    "number": (int, float),
    "integer": (int,),
    "string": (str,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
"""JSON's names of types to Python's; true and false are no numbers."""
SHOWN = 60
"""Characters of a wrong value that a sentence repeats."""
UNKNOWN, WRONG = 404, 422
"""HTTP's: there is no such endpoint; the endpoint cannot work with this."""


@dataclass(frozen=True)
class BadCallError(Exception):
    """error: what is wrong, for people. endpoint and parameter: "" where it is about none. status: HTTP's."""

    error: Pose3DError
    endpoint: str = ""
    parameter: str = ""
    status: int = WRONG


def check(blocks: gr.Blocks, path: str, body: bytes, language: Language) -> None:
    """Raises BadCallError where the request is a call that its endpoint cannot take. language: of what is expected."""
    named = NAMED.fullmatch(path)
    called = named or NUMBERED.fullmatch(path)
    if not called:
        return
    content = _object(body)
    number = None if named else content.get("fn_index")
    function = _named(blocks, called["name"]) if number is None else _numbered(blocks, number)
    endpoint = f"/{function.api_name}"
    expected = None if function.api_visibility == "private" else _parameters(blocks).get(endpoint)
    if named and named["v2"]:
        _check_named(expected or [], content, endpoint, language)
    else:
        _check_list(function, expected, content.get("data"), endpoint, language)


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError as e:
        raise BadCallError(ConfigError("call_json", reason=str(e))) from e
    if not is_object(content):
        raise BadCallError(ConfigError("call_json", reason=type(content).__name__))
    return content


def _named(blocks: gr.Blocks, name: str | None) -> Any:
    for function in blocks.fns.values():
        if function.api_name == name:
            return function
    raise _no_endpoint(blocks, f"/{name or ''}")


def _numbered(blocks: gr.Blocks, number: object) -> Any:
    if type(number) is int and number in blocks.fns:
        return blocks.fns[number]
    raise _no_endpoint(blocks, number)


def _no_endpoint(blocks: gr.Blocks, asked: object) -> BadCallError:
    known = ", ".join(_parameters(blocks))
    return BadCallError(ConfigError("call_endpoint", endpoint=_short(asked), known=known), status=UNKNOWN)


@functools.cache
def _parameters(blocks: gr.Blocks) -> dict[str, list[Mapping[str, Any]]]:
    """The endpoints that everybody may use, by name: what each of their parameters is, in order."""
    described: Mapping[str, Any] = blocks.get_api_info()["named_endpoints"]
    return {name: list(endpoint["parameters"]) for name, endpoint in described.items()}


def _check_named(
    expected: Sequence[Mapping[str, Any]], given: Mapping[str, Any], endpoint: str, language: Language
) -> None:
    names = [parameter["parameter_name"] for parameter in expected]
    for name in given:
        if name not in names:
            error = ConfigError("call_parameter", endpoint=endpoint, name=_short(name), known=", ".join(names))
            raise BadCallError(error, endpoint)
    for parameter in expected:
        name = parameter["parameter_name"]
        if name in given:
            _check_value(parameter, given[name], endpoint, language)
        elif not parameter["parameter_has_default"]:
            raise BadCallError(ConfigError("call_missing", endpoint=endpoint, name=name), endpoint, name)


def _check_list(
    function: Any, expected: Sequence[Mapping[str, Any]] | None, given: object, endpoint: str, language: Language
) -> None:
    """expected: None for events of the page itself, of which only the number of values is checked."""
    fields = [not field.skip_api for field in function.inputs]
    values = _values(given, fields)
    if values is None:
        names = ", ".join(parameter["parameter_name"] for parameter in expected or [])
        count = len(given) if isinstance(given, list) else 0  # pyright: ignore[reportUnknownArgumentType]
        error = ConfigError("call_count", endpoint=endpoint, given=count, expected=sum(fields), names=names)
        raise BadCallError(error, endpoint)
    for parameter, value in zip(expected or [], values, strict=False):
        _check_value(parameter, value, endpoint, language)


def _values(given: object, fields: Sequence[bool]) -> list[Any] | None:
    """Of the fields that the API knows (True), also where those that it does not know were sent, too; else None."""
    if not isinstance(given, list):
        return None
    values: list[Any] = given  # pyright: ignore[reportUnknownVariableType]
    if len(values) == len(fields):
        return [value for value, known in zip(values, fields, strict=True) if known]
    return values if len(values) == sum(fields) else None


def _check_value(parameter: Mapping[str, Any], value: object, endpoint: str, language: Language) -> None:
    """null stands for a field that was left empty, which its endpoint judges."""
    if value is None or _fits(parameter["type"], value):
        return
    name = parameter["parameter_name"]
    error = ConfigError(
        "call_type",
        endpoint=endpoint,
        name=name,
        given=_short(value),
        expected=_expected(parameter["type"], language),
    )
    raise BadCallError(error, endpoint, name)


def _fits(schema: Mapping[str, Any], value: object) -> bool:
    if "enum" in schema:  # Gradio calls all choices texts, also those of numbers
        return value in schema["enum"]
    if _is_file(schema):
        return is_object(value) and _is_ours(value.get("path"))
    if isinstance(value, bool):
        return schema.get("type") in ("boolean", None)
    return isinstance(value, TYPES.get(schema.get("type", ""), object))


def _is_file(schema: Mapping[str, Any]) -> bool:
    return schema.get("title") == "FileData"


def _is_ours(path: object) -> bool:
    """What was uploaded, an example, or an address on the web, which Gradio fetches itself."""
    return isinstance(path, str) and (is_alias(path) or path.startswith(("http://", "https://")))


def _expected(schema: Mapping[str, Any], language: Language) -> str:
    if "enum" in schema:
        return say("api", "choice", language, choices=", ".join(map(str, schema["enum"])))
    return say("api", "file" if _is_file(schema) else schema.get("type", "any"), language)


def _short(value: object) -> str:
    text = orjson.dumps(value, default=str).decode()
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
