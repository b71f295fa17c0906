"""What somebody does in each stretch of time, with the body and with the arms, how sure that is, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from pose3d.analysis.chart import Chart
from pose3d.analysis.event import Event
from pose3d.analysis.finding import Finding
from pose3d.analysis.pace import Lines
from pose3d.analysis.signals import Signals
from pose3d.analysis.stretches import PARTS, UNSEEN, UNSURE, Stretch, Told
from pose3d.analysis.table import Row, Table, alike
from pose3d.core.arrays import ArrayEquality, Floats, runs
from pose3d.core.presence import LONGEST_GAP, absent
from pose3d.core.result import Result
from pose3d.core.words import capitalised, say

HIDDEN = "action_hidden"
"""The finding that what the body does could not be seen."""
COLUMNS = ("action", "seconds", "share", "how_often")
"""Of the table of actions."""
QUIET = ("down", UNSURE, UNSEEN)
"""What of arms is not worth telling."""


class ActionOptions(BaseModel):
    """There are none."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, eq=False)
class Actions(ArrayEquality):
    """What is done when. Where nobody was seen there is no stretch."""

    body: tuple[Stretch, ...]
    """By time, without gaps while the person is there: standing, walking, ..."""
    arms: tuple[Stretch, ...]
    """Likewise, beside it: down, raised, waving."""
    times: Floats
    """(T,) seconds of the frames."""
    charts: tuple[Chart, ...] = ()

    @property
    def told(self) -> tuple[Stretch, ...]:
        """All that are worth telling, by time: of arms that hang there is nothing to say."""
        arms = [each for each in self.arms if each.action not in QUIET]
        return tuple(sorted((*self.body, *arms), key=lambda each: each.start))

    @property
    def seconds(self) -> dict[str, float]:
        """Action to how long it is done in all, the longest first."""
        total: dict[str, float] = {}
        for each in self.told:
            total[each.action] = total.get(each.action, 0.0) + each.end - each.start
        return dict(sorted(total.items(), key=lambda item: -item[1]))

    @property
    def events(self) -> tuple[Event, ...]:
        """One for each that is told."""
        return tuple(map(_event, self.told))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The longest stretch in which the body could not be seen."""
        unseen = [each for each in self.body if each.action == UNSEEN and each.end - each.start >= LONGEST_GAP]
        longest = max(unseen, key=lambda each: each.end - each.start, default=None)
        return () if longest is None else (Finding(HIDDEN, longest.start, longest.end, "minor"),)

    @property
    def tables(self) -> tuple[Table, ...]:
        """One, of the actions."""
        return (Table("actions", COLUMNS, tuple(self._rows())),)

    @property
    def figures(self) -> Mapping[str, object]:
        """How long each is done, for programs."""
        return {"seconds": {action: round(seconds, 3) for action, seconds in self.seconds.items()}}

    def headline(self, language: str) -> str:
        """What is done, the longest first."""
        if not self.told:
            return say("actions", "nobody", language)
        parts = (
            say("actions", "for_seconds", language, name=self._of(action)[0].name[language], seconds=seconds)
            for action, seconds in self.seconds.items()
        )
        return capitalised(say("actions", "comma", language).join(parts))

    def _of(self, action: str) -> list[Stretch]:
        return [each for each in self.told if each.action == action]

    def _rows(self) -> Iterator[Row]:
        there = sum(each.end - each.start for each in self.body)
        for action, seconds in self.seconds.items():
            stretches = self._of(action)
            longest = max(stretches, key=lambda each: each.end - each.start)
            cells = (f"{seconds:.1f}", f"{100 * seconds / there:.0f} %", f"{len(stretches)}")
            yield Row(longest.name, tuple(map(alike, cells)), longest.start)


def actions(result: Result, _: ActionOptions | None = None) -> Actions:
    """What is done, by the rules of configs/actions.yaml. Raises ConfigError where these are wrong."""
    lines, there = Lines(Signals(result)), runs(~absent(result.pose2d))
    body, arms = (tuple(each for run in there for each in Told(part, lines).stretches(run)) for part in PARTS)
    return Actions(body, arms, result.times)


def _event(each: Stretch) -> Event:
    """A stretch in words."""
    fields: dict[str, object] = {"action": each.action, "confidence": each.confidence}
    words = {"name": each.name, "why": each.reason}
    return Event("action", each.start, (each.start + each.end) / 2, each.end, fields, words)
