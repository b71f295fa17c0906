"""Stretches of time in which a body, or its arms, do one thing: told by the rules of configs/actions.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pose3d.analysis.action_rules import Condition, Rule, action_rules
from pose3d.analysis.course import best_course
from pose3d.analysis.pace import WAVES, Lines
from pose3d.analysis.signals import Side
from pose3d.core.arrays import Floats, Ints
from pose3d.core.times import frame_ends
from pose3d.core.words import LANGUAGES, Texts, table

UNSURE, UNSEEN = "unsure", "unseen"
"""What no rule tells, and what cannot be seen."""
DOUBT = 0.3
"""How well `unsure` fits always, of 1: it is told where no action fits better."""
NEEDED = {"body": ("hips_high", "knee_flexion"), "arms": ("hand_height",)}
"""Part of a body to the lines without which nothing can be told of it."""
SIDES: dict[str, tuple[Side, ...]] = {"body": ("both",), "arms": ("left", "right")}
PARTS = tuple(NEEDED)
MOST = ("leap", "fall", WAVES)
"""Lines of which a reason names the most there is, not the median."""
PASSED, RESTING, PASSING = ("squatting", "bending", UNSURE), ("sitting", "lying"), 1.0
"""What one goes through on the way down to what, and up from there, and for how many seconds at most."""


@dataclass(frozen=True)
class Stretch:
    """One action, from start to end. action: a key of configs/actions.yaml, or UNSURE, or UNSEEN."""

    action: str
    start: float
    end: float
    """Seconds of the source video."""
    confidence: float
    """0..1: how well its rules hold, against those of other actions that hold as well."""
    name: Texts
    reason: Texts
    """Why, with the values of signals."""


class Told:
    """What a part of a body does: how well each action fits each frame, and the stretches that follow."""

    def __init__(self, part: str, lines: Lines):
        self._part, self._lines = part, lines
        self._soft = {name: line.soft for name, line in action_rules().lines.items()}
        self._known = action_rules().body if part == "body" else action_rules().arms
        self._names: tuple[str, ...] = (*self._known, UNSURE, UNSEEN)
        self._fits = {name: [self._fit(rule) for rule in action.rules] for name, action in self._known.items()}
        self._seconds = frame_ends(lines.times) - lines.times
        self._scores = self._all_scores()

    def stretches(self, rows: slice) -> Iterator[Stretch]:
        """Of frames in which the person is there."""
        course = self._settled(best_course(self._scores[rows], self._seconds[rows]), self._seconds[rows])
        for first, last in _alike(course):
            yield self._stretch(self._names[int(course[first])], slice(rows.start + first, rows.start + last))

    def _all_scores(self) -> Floats:
        """(T, A) 0..1 how well each of the names fits: an action as its best rule does."""
        known = np.stack([np.max(fits, axis=0) for fits in self._fits.values()], axis=1)
        seen = np.all([np.isfinite(self._lines.of(name, "both")) for name in NEEDED[self._part]], axis=0)
        return np.column_stack([known * seen[:, None], np.where(seen, DOUBT, 0.0), np.where(seen, 0.0, 1.0)])

    def _fit(self, rule: Rule) -> Floats:
        """(T,) 0..1: as well as its worst condition, of the arm that it fits better, or less."""
        sides = [np.min([self._kept(each, side) for each in rule.when], axis=0) for side in SIDES[self._part]]
        return np.min(sides, axis=0) if rule.both else np.max(sides, axis=0)

    def _kept(self, each: Condition, side: Side) -> Floats:
        """(T,) 0..1: a half at the limit, all and nothing `soft` to either side of it; nothing where it is unknown."""
        beyond = self._lines.of(each.line, side) - each.limit
        share = (1 + each.sign * beyond / self._soft[each.line]) / 2
        return np.nan_to_num(np.clip(share, 0, 1), nan=0.0)

    def _settled(self, course: Ints, seconds: Floats) -> Ints:
        """What one goes through on the way to sitting or lying, and from there, is part of it."""
        course = course.copy()
        pieces = _alike(course)
        for before, (first, last), after in zip(pieces, pieces[1:], pieces[2:], strict=False):
            beside = [course[piece[0]] for piece in (before, after) if self._names[course[piece[0]]] in RESTING]
            passed = self._names[course[first]] in PASSED and seconds[first:last].sum() < PASSING
            if passed and beside:
                course[first:last] = beside[0]
        return course

    def _stretch(self, action: str, rows: slice) -> Stretch:
        start, end = self._lines.times[rows.start], self._lines.times[rows.stop - 1] + self._seconds[rows.stop - 1]
        known = self._known.get(action)
        name = {language: known.name[language] for language in LANGUAGES} if known else table("actions")[action]
        reason = self._because(action, rows) if known else table("actions")[f"{action}_{self._part}"]
        return Stretch(action, float(start), float(end), self._confidence(action, rows), name, reason)

    def _confidence(self, action: str, rows: slice) -> float:
        """The mean of how well it fits, times its part of all that fits; of `unsure`, how badly everything does."""
        scores = self._scores[rows]
        known, own = scores[:, : len(self._known)], scores[:, self._names.index(action)]
        if action == UNSURE:
            sure = 1 - known.max(axis=1)
        else:
            others = known.sum(axis=1) - (own if action in self._known else 0)
            sure = own * own / np.maximum(own + others, 1e-9)
        return float(np.average(sure, weights=self._seconds[rows]))

    def _because(self, action: str, rows: slice) -> Texts:
        """By the rule that fits best."""
        fits = [fit[rows].mean() for fit in self._fits[action]]
        rule = self._known[action].rules[int(np.argmax(fits))]
        values = {each.line: self._value(each.line, rows) for each in rule.when}
        return {language: rule.because[language].format(**values) for language in LANGUAGES}

    def _value(self, line: str, rows: slice) -> float:
        """What is told of a line: degrees or metres, of the arm that has more of it."""
        values = np.stack([self._lines.of(line, side)[rows] for side in SIDES[self._part]], axis=1)
        known = values[:, np.isfinite(values).any(axis=0)]
        of = np.nanmax if line in MOST else np.nanmedian
        return float(of(known, axis=0).max(initial=-np.inf) * self._lines.size(line)) if known.size else 0.0


def _alike(course: Ints) -> list[tuple[int, int]]:
    """First frame and the one after the last of each run of the same."""
    edges = np.flatnonzero(np.diff(course)) + 1
    return [(int(first), int(last)) for first, last in zip((0, *edges), (*edges, len(course)), strict=True)]
