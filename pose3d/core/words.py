"""What people read about a run outside the page, by language: the tables of assets/words.yaml."""

from __future__ import annotations

from pose3d.analysis.quality import Finding
from pose3d.core.errors import ConfigError
from pose3d.core.resources import ASSETS, read_yaml

_WORDS = read_yaml(ASSETS / "words.yaml")

FINDING_WORDS: dict[str, dict[str, str]] = {language: words["findings"] for language, words in _WORDS.items()}
"""Language to code of a finding to what is wrong and what to do about it, with {start} and {end} seconds."""
GRADE_WORDS: dict[str, dict[str, str]] = {language: words["grades"] for language, words in _WORDS.items()}
"""Language to grade to the verdict."""
REPORT_WORDS: dict[str, dict[str, str]] = {language: words["report"] for language, words in _WORDS.items()}
"""Language to key to what report.html says."""


def check_language(language: str) -> str:
    """The language itself. Raises ConfigError listing the ones there are."""
    if language not in _WORDS:
        raise ConfigError(f"no words in language {language!r}; there are {', '.join(_WORDS)}")
    return language


def sentence(finding: Finding, language: str = "en") -> str:
    """A finding for people, plain text."""
    words = FINDING_WORDS[check_language(language)][finding.code]
    return words.format(start=f"{finding.start:.1f}", end=f"{finding.end:.1f}")
