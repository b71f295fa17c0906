"""What became of each video, as a row; and the rows as a table."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import PurePath
from typing import Literal

from pose3d.core.words import say

State = Literal["done", "failed", "skipped"]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that spreadsheets would run: a video's name may come from a stranger."""
MOST = 50
"""Rows that a terminal is shown."""


@dataclass(frozen=True)
class Row:
    """One video's. skipped: it had been done before, with the same settings."""

    video: str
    state: State
    frames: int = 0
    seconds: float = 0.0
    """Of wall time that the work took; 0 where there was none."""
    grade: str = ""
    """good, fair or poor; empty where there is no result."""
    reason: str = ""
    """Why it failed, one sentence."""
    folder: str = ""
    """Of its files, where there are some."""


COLUMNS = tuple(field.name for field in fields(Row))


def counted(rows: Sequence[Row]) -> Counter[str]:
    """How many there are of each state."""
    return Counter(row.state for row in rows)


def table(rows: Sequence[Row]) -> str:
    """As CSV, in the order of the videos' names."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in astuple(row)] for row in sorted(rows, key=lambda row: row.video))
    return text.getvalue()


def _cell(value: object) -> str:
    text = f"{value:.1f}" if isinstance(value, float) else _printable(str(value))
    return f"'{text}" if text.startswith(FORMULA) else text


def _printable(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def lines(rows: Sequence[Row], language: str) -> list[str]:
    """For a terminal: all rows where they are few, else those that failed."""
    shown = rows if len(rows) <= MOST else [row for row in rows if row.state == "failed"][:MOST]
    return [_line(row, language) for row in sorted(shown, key=lambda row: row.video)]


def _line(row: Row, language: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in _printable(row.video))
    name = " ".join(shown.split())
    state = say("batch", row.state, language)
    if row.reason:
        return f"{state}  {_named_once(name, ' '.join(row.reason.split()))}"
    grade = say("batch", f"grade_{row.grade}", language) if row.grade else ""
    return f"{state}  {name}  {say('batch', 'row', language, frames=row.frames, seconds=row.seconds, grade=grade)}"


def _named_once(name: str, reason: str) -> str:
    """The sentence, in which most have the name already, or the end of it: there the whole name takes its place."""
    path = PurePath(name)
    for told in (name, str(path), path.name):
        if found := re.search(rf"(?<![\w/.-]){re.escape(told)}(?!\w)", reason):
            return reason[: found.start()] + name + reason[found.end() :]
    return f"{name}  {reason}"
