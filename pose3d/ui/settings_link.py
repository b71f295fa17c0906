"""A link that brings the page back with the same settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """A number, choice or switch that a link may carry. choices: the values that it takes, if those are few."""

    name: str
    low: float = 0.0
    high: float = 1e6
    choices: tuple[str, ...] = ()
    switch: bool = False

    def read(self, value: str) -> float | str | bool | None:
        """The value from a link; None where it is not one: links are anybody's."""
        if self.choices:
            return value if value in self.choices else None
        if self.switch:
            return {"true": True, "false": False}.get(value)
        try:
            number = float(value)
        except ValueError:
            return None
        return number if self.low <= number <= self.high else None


def from_query(query: Mapping[str, str], settings: list[Setting]) -> dict[str, float | str | bool]:
    """The settings that the query names rightly, by name."""
    found = {setting.name: setting.read(query[setting.name]) for setting in settings if setting.name in query}
    return {name: value for name, value in found.items() if value is not None}
