"""What questions are answered with, in words, tables and charts."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from pose3d.analysis import QUESTIONS, Answered, Chart, Curve, answers, count
from pose3d.analysis.count import counted
from pose3d.analysis.exercises import Fault, exercises
from pose3d.analysis.repetitions import repetitions
from pose3d.analysis.signals import SIGNALS, Signals
from pose3d.analysis.table import Row, Table, alike
from pose3d.core.words import LANGUAGES, table
from pose3d.view.answer import answer_charts, answer_html
from synthetic.training import training
from test_count import shaken


@pytest.fixture(scope="module")
def squats():
    return shaken(training("squat", "usual", "hip", "small"))


def test_every_answer_that_one_result_is_enough_for(squats):
    found = answers(squats)
    assert [each.question.name for each in found] == [name for name, it in QUESTIONS.items() if len(it.of) == 1]
    for each in found:
        drawn = answer_charts(each, "en")
        assert len(drawn["times"]) == len(each.answer.times) and json.dumps(drawn, allow_nan=False)
        for language in LANGUAGES:
            text = answer_html(each, language)
            assert each.answer.headline(language) in text
            assert all(f'id="{chart["id"]}"' in text for chart in drawn["charts"])


def test_questions_tables_and_charts_have_their_words(squats):
    names = {f"{name}{more}" for name, it in QUESTIONS.items() for more in ("", "_help", *["_first"] * len(it.of[1:]))}
    names |= {f"{name}{more}" for it in QUESTIONS.values() for name in it.of[:-1] for more in ("", "_file")}
    names |= {name for it in QUESTIONS.values() for name in it.options.model_fields}
    assert set(table("questions")) == names | {"no_file"}
    assert set(SIGNALS) <= set(table("charts"))
    for each in answers(squats):
        keys = [key for it in each.answer.tables for key in (it.name, *it.columns)]
        assert set(keys) <= set(table("tables"))


def test_a_repetition_is_a_row(squats):
    found = count(squats)
    assert found == count(squats), "answers can be compared"
    (rows,) = (it.rows for it in found.tables)
    assert [row.moment for row in rows] == [each.turn for each in found.repetitions] and len(rows) > 2
    first, cells = found.repetitions[0], [cell["en"] for cell in rows[0].cells]
    assert cells[:3] == ["both", f"{first.depth:.0f} degrees", f"{first.turn - first.start:.1f} s"]
    assert cells[4] == f"{first.difference:+.0f} degrees" and cells[5] == "✓"


def test_what_does_not_count_says_why(squats):
    """Where it is only faults that differ: nobody squats deep enough for this rule."""
    deep = exercises()["squat"]
    fault = Fault(signal="knee_flexion", at="turn", least=170, says={"en": "too shallow", "zh": "太浅"})
    signals = Signals(squats)
    strict = deep.model_copy(update={"faults": {"too_shallow": fault}})
    found = counted(signals, "squat", strict, repetitions(signals, strict))
    assert len(found.repetitions) > 2 and found.count == 0
    assert [row.cells[-1] for row in found.tables[0].rows] == [{"en": "✗ too shallow", "zh": "✗ 太浅"}] * 7


def test_words_cannot_break_out(squats):
    hostile = "<script>alert(1)</script>"
    each, made = next(iter(answers(squats))), count(squats)
    rows = (Row(alike(hostile), (alike(hostile),), 1.0),)
    event = replace(made.events[0], words=made.events[0].words | {"of": alike(hostile)})
    answer = replace(made, tables=(Table("limbs", ("limb", "likeness"), rows),), events=(event,))
    assert "<script" not in answer_html(replace(each, answer=answer), "en")


def test_lines_are_broken_where_a_value_is_missing(squats):
    each, made = next(iter(answers(squats))), count(squats)
    values = np.full(len(made.times), np.nan)
    values[0] = 1.234
    answer = replace(made, charts=(Chart("knees", "degrees", 1, (Curve("left", values),)),))
    (chart,) = answer_charts(Answered(each.question, each.options, answer), "en")["charts"]
    assert chart["lines"][0]["values"][:2] == [1.2, None]


def test_rows_fit_their_columns():
    with pytest.raises(ValueError, match=r"rows of \[3\] cells under 2 columns"):
        Table("limbs", ("limb", "likeness"), (Row(alike("a"), (alike("b"), alike("c"))),))
