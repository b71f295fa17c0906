"""Every error that pose3d raises has its sentence in every language, and no sentence is left over."""

import ast
from collections import defaultdict
from pathlib import Path
from string import Formatter

import pytest

from pose3d.core import errors
from pose3d.core.errors import Pose3DError
from pose3d.core.words import LANGUAGES, table

MODULES = sorted((Path(__file__).parent.parent / "pose3d").rglob("*.py"))
KINDS = {
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Pose3DError)
}  # fmt: skip
WORDS = table("errors")


def name_of(call):
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def made():
    """Every error that is made: where, its code or None if that is no text there, and the names of its fields."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and name_of(node) in KINDS:
                code = node.args[0] if len(node.args) == 1 else None
                text = code.value if isinstance(code, ast.Constant) else None
                yield f"{path.name}:{node.lineno}", text, {field.arg for field in node.keywords}


MADE = list(made())
FIELDS = defaultdict(list)
for where, code, fields in MADE:
    FIELDS[code].append((where, fields))


def placeholders(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_errors_are_made_of_codes():
    assert len(MADE) > 50, "the scan finds them"
    assert [where for where, code, _ in MADE if code not in WORDS] == []


def test_no_sentence_is_left_over():
    assert sorted(set(WORDS) - set(FIELDS)) == []


@pytest.mark.parametrize("code", WORDS)
def test_sentences_name_the_fields_they_are_given(code):
    assert set(WORDS[code]) == set(LANGUAGES)
    named = placeholders(WORDS[code]["en"])
    for language, text in WORDS[code].items():
        assert text == text.strip() and text and placeholders(text) == named, language
    for where, fields in FIELDS[code]:
        assert fields == named, where


def test_sentences_are_in_the_order_of_their_codes():
    assert list(WORDS) == sorted(WORDS)
