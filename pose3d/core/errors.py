"""Everything that pose3d raises on purpose.

    Pose3DError                 anything a person can mend: the sentence names the input and the remedy
    ├── InputError              the video is at fault
    │   ├── VideoError          it cannot be read (not a video, empty, audio only)
    │   ├── LimitError          it is too large or too long
    │   └── NoPersonError       nobody was found in it
    ├── ConfigError             a setting, a camera file or a command-line value is at fault
    ├── OutputError             the results cannot be written where they should be
    ├── WeightsError            a weights file is missing, damaged or does not fit the network
    ├── DownloadError           a published model cannot be reached
    ├── WorkError               the server broke the work off, or has too much of it
    └── DependencyError         an optional package is missing

An error is a code and fields; configs/words/errors.yaml words it in every language. Programming mistakes (an array of
the wrong shape) raise plain ValueError.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

from typing_extensions import Self

from pose3d.core.words import say


class Pose3DError(Exception):
    """Base of the tree; `str(error)` is one English sentence for a person, `error.worded(language)` the same in others.

    code: a key of configs/words/errors.yaml; fields: what its sentence names.
    """

    def __init__(self, code: str, **fields: object):
        super().__init__(code)
        self.code, self.fields = code, fields

    def worded(self, language: str) -> str:
        """One sentence for a person; so are errors among the fields."""
        fields = {name: f.worded(language) if isinstance(f, Pose3DError) else f for name, f in self.fields.items()}
        return say("errors", self.code, language, **{name: _printable(f) for name, f in fields.items()})

    def but(self, **fields: object) -> Self:
        """The same error with other fields."""
        return type(self)(self.code, **self.fields | fields)

    def __str__(self) -> str:
        return self.worded("en")

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(type(self), self.code, **self.fields), ()


LONGEST = 400
"""Letters of a field that a sentence tells."""
LARGEST = 10**15
"""Whole numbers beyond are told as decimals are: they may have thousands of digits."""


def _printable(field: object) -> object:
    """Texts on one line and not too long, without the bytes and control characters that a file's name may hold."""
    if isinstance(field, int):
        most = sys.float_info.max
        return field if abs(field) < LARGEST else float(max(min(field, most), -most))
    if isinstance(field, float) or field is None:
        return field
    text = str(field).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    text = text if len(text) <= LONGEST else f"{text[: LONGEST // 2]}...{text[-LONGEST // 4 :]}"
    return "".join(c if c.isprintable() else " " for c in text)


class InputError(Pose3DError):
    """The video is at fault."""


class VideoError(InputError):
    """The video cannot be read."""


class LimitError(InputError):
    """The video is larger or longer than allowed."""


class NoPersonError(InputError):
    """Nobody was found in the video."""


class ConfigError(Pose3DError):
    """A setting is unknown or out of range."""


class OutputError(Pose3DError):
    """The results cannot be written there."""


class WeightsError(Pose3DError):
    """A weights file is missing, damaged or does not fit the network."""


class DownloadError(Pose3DError):
    """A published model cannot be reached."""


class WorkError(Pose3DError):
    """The server broke the work off, or has too much of it."""


class DependencyError(Pose3DError):
    """An optional package is missing."""
