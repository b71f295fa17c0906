"""Figures that are read side by side."""

from __future__ import annotations

from dataclasses import dataclass

from pose3d.core.words import LANGUAGES, Texts


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    name: Texts
    cells: tuple[Texts, ...]
    """With their units, as they are shown."""
    moment: float | None = None
    """Seconds of the source video at which it can be seen."""


@dataclass(frozen=True)
class Table:
    """Rows under columns. name, columns: keys of configs/words/tables.yaml; the first column has the rows' names."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        widths = sorted({1 + len(row.cells) for row in self.rows} - {len(self.columns)})
        if widths:
            raise ValueError(f"table {self.name}: rows of {widths} cells under {len(self.columns)} columns")


def alike(text: str) -> Texts:
    """What is written in the same way in every language: numbers with their units."""
    return dict.fromkeys(LANGUAGES, text)


def whole(value: float) -> float:
    """To no decimals, and what rounds to nothing without a sign: nobody reads "-0"."""
    return round(value) + 0.0
