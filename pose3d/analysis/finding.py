"""One thing that is worth telling about a result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pose3d.core.words import Texts, say

Severity = Literal["serious", "minor"]


@dataclass(frozen=True)
class Finding:
    """What was found, and when."""

    code: str
    """A key of configs/words/findings.yaml."""
    start: float
    """Seconds of the source video: the longest stretch of it."""
    end: float
    severity: Severity
    fields: dict[str, object] = field(default_factory=dict[str, object])
    """What its sentence names, beside start and end."""
    words: dict[str, Texts] = field(default_factory=dict[str, Texts])
    """What else its sentence names, in every language."""

    def worded(self, language: str) -> str:
        """One or two sentences for people, plain text."""
        moment = {"start": f"{self.start:.1f}", "end": f"{self.end:.1f}"}
        spoken = {name: texts[language] for name, texts in self.words.items()}
        return say("findings", self.code, language, **moment | self.fields | spoken)
