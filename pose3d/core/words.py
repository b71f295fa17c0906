"""What people read, in every language: the tables in configs/words/."""

from __future__ import annotations

import functools

from pose3d.core.resources import read_yaml

LANGUAGES = ("en", "zh")
Texts = dict[str, str]
"""Language to text."""


@functools.cache
def table(name: str) -> dict[str, Texts]:
    """Key to language to text, of configs/words/<name>.yaml."""
    return read_yaml(f"words/{name}.yaml")


def say(name: str, key: str, language: str, /, **fields: object) -> str:
    """A text of a table, its {fields} filled in."""
    return table(name)[key][language].format(**fields)


def texts(name: str, language: str) -> dict[str, str]:
    """Key to text of a whole table in one language."""
    return {key: words[language] for key, words in table(name).items()}


def capitalised(text: str) -> str:
    """With a capital letter, the rest as it is."""
    return text[:1].upper() + text[1:]
