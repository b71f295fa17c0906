"""One thing that happens in a motion: a repetition, a step."""

from __future__ import annotations

from dataclasses import dataclass, field

from pose3d.core.words import Texts, say


@dataclass(frozen=True)
class Event:
    """What happens, and when."""

    code: str
    """A key of configs/words/events.yaml."""
    start: float
    turn: float
    """Seconds of the source video: where what goes one way begins to come back."""
    end: float
    fields: dict[str, object] = field(default_factory=dict[str, object])
    """What its sentence names, beside start, turn and end; numbers in the units that their names say."""
    words: dict[str, Texts] = field(default_factory=dict[str, Texts])
    """What else its sentence names, in every language."""

    def worded(self, language: str) -> str:
        """One sentence for people, plain text."""
        moments = {"start": self.start, "turn": self.turn, "end": self.end}
        spoken = {name: texts[language] for name, texts in self.words.items()}
        return say("events", self.code, language, **moments | self.fields | spoken)
