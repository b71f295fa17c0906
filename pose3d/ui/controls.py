"""The page's controls: which setting of RunConfig each one sets, in what unit, and from where to where."""

from __future__ import annotations

import functools
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pose3d.analysis import check_counted
from pose3d.core.camera import DEFAULT_FOV
from pose3d.core.config import (
    AZIMUTH,
    ELEVATION,
    Language,
    Limits,
    RunConfig,
    choices,
    limits,
    out_of_limits,
)
from pose3d.core.errors import ConfigError
from pose3d.core.quotas import quotas
from pose3d.core.words import table
from pose3d.export import EXPORTERS
from pose3d.lift import LIFTERS
from pose3d.ui import lens
from pose3d.ui.words import TABLE, text

FRAMES = 300
"""Frames that are read unless more are asked for."""
CENTIMETRES = 100.0
"""In a metre."""
INTRINSICS = ("fx", "fy", "cx", "cy")


@dataclass(frozen=True)
class Control:
    """One parameter of the API, field of the page and part of a link; what is not given here is RunConfig's."""

    name: str
    setting: str = ""
    """Of RunConfig; the control's own name where nothing else is said."""
    initial: Any = None
    """The value at first; 0 stands for no value where RunConfig allows that."""
    low: float | None = None
    high: float | None = None
    """The page's own ends, in the control's unit."""
    quota: str = ""
    """The quota that is the upper end."""
    factor: float = 1.0
    """How many of the control's units make one of the setting's."""
    unit: str = ""
    of: tuple[str, ...] = ()
    """The values to choose from."""
    linked: bool = True
    """Whether a link carries it; what belongs to one video is not carried."""

    @property
    def field(self) -> str:
        """The setting's name."""
        return self.setting or self.name

    @property
    def start(self) -> Any:
        """The value at first."""
        default = RunConfig.model_fields[self.field].default if self.initial is None else self.initial
        if self.quota:
            return min(default, getattr(quotas(), self.quota))
        return 0 if default is None else default

    @property
    def choices(self) -> tuple[Any, ...]:
        """The values to choose from, if they are few."""
        return self.of or choices(self.field)

    @property
    def limits(self) -> Limits:
        """In the control's unit."""
        own = limits(self.field)
        low = own.low * self.factor if self.low is None and own.low is not None else self.low
        high = own.high * self.factor if self.high is None and own.high is not None else self.high
        high = getattr(quotas(), self.quota) if self.quota else high
        return Limits(low, high, self.unit or own.unit)

    def check(self, shown: Any) -> None:
        """Programs may send anything. Raises ConfigError, which names the control and what it takes."""
        if shown is None:
            return
        if isinstance(self.start, bool):
            if shown not in (True, False):
                raise ConfigError("not_a_switch", name=self.name, value=shown)
        elif self.choices:
            if shown not in self.choices:
                known = ", ".join(map(str, self.choices))
                raise ConfigError("unknown_choice", name=self.name, value=shown, known=known)
        elif isinstance(self.start, str):
            if not isinstance(shown, str):
                raise ConfigError("not_a_text", name=self.name, value=shown)
        elif not is_number(shown):
            raise ConfigError("not_a_number", name=self.name, value=shown)
        elif self.quota and shown > getattr(quotas(), self.quota):
            raise out_of_limits(self.name, shown, self.limits)

    def value(self, shown: Any) -> Any:
        """What RunConfig gets; None for an empty field without a quota, and for 0 where that stands for no value."""
        unset = self.start == 0 and RunConfig.model_fields[self.field].default is None
        if shown is None and self.quota:
            return getattr(quotas(), self.quota)
        if shown is None or (unset and not shown):
            return RunConfig.model_fields[self.field].default
        return shown / self.factor if self.factor != 1 else shown

    def read(self, said: str) -> float | str | bool | None:
        """The value from a link; None where it is not one: links are anybody's."""
        if self.choices:
            return {str(choice): choice for choice in self.choices}.get(said)
        if isinstance(self.start, bool):
            return {"true": True, "false": False}.get(said)
        try:
            number = float(said)
        except ValueError:
            return None
        ends = self.limits
        inside = ends.low is not None and ends.high is not None and ends.low <= number <= ends.high
        return number if inside or number == self.start else None


def _pixels(name: str) -> Control:
    return Control(name, "camera", initial=0.0, low=0.0, high=1e5)


CONTROLS = {
    control.name: control
    for control in (
        Control("fov", initial=DEFAULT_FOV, low=lens.NARROWEST, high=lens.WIDEST),
        *map(_pixels, INTRINSICS),
        Control("max_frames", initial=FRAMES, quota="frames"),
        Control("height_cm", "height", factor=CENTIMETRES, unit="cm"),
        Control("model", of=tuple(LIFTERS)),
        Control("azimuth", initial=AZIMUTH, low=-180, high=180),
        Control("elevation", initial=ELEVATION, low=-30),
        Control("upright", "level", initial=False, linked=False),
        Control("start", linked=False),
        Control("end", linked=False),
        Control("mirror"),
        Control("rotate", linked=False),
        Control("detector", of=("blazepose", "blazepose-full")),
        Control("person", linked=False),
        Control("level"),
        Control("figure"),
        Control("render", linked=False),
        Control("stills"),
        Control("count", linked=False),
    )
}
"""The parameters of `handlers.estimate` after the video, in their order: the API's, so new ones come last."""

PLAIN = [name for name in CONTROLS if name not in ("upright", "fov", *INTRINSICS)]
"""Those that set one setting by themselves."""


def run_config(values: Mapping[str, Any], size: tuple[int, int], language: Language) -> RunConfig:
    """What the controls' values by name ask for; size: of the picture, pixels.

    upright: the same as level "on". Raises ConfigError, in the control's words and unit.
    """
    check(values, language)
    try:
        settings = {CONTROLS[name].field: CONTROLS[name].value(values[name]) for name in PLAIN}
        fov = values["fov"] or DEFAULT_FOV
        typed = [values[name] or 0.0 for name in INTRINSICS]
        optics = {"camera": lens.camera(size, fov, *typed)} if lens.is_own(size, fov, *typed) else {"fov": fov}
        if values["upright"]:
            settings["level"] = "on"
        check_counted(settings["count"])
        return RunConfig(**settings, **optics, export=tuple(EXPORTERS), report=True, language=language)
    except ConfigError as e:
        raise in_own_words(e, language) from e


def check(values: Mapping[str, Any], language: Language) -> None:
    """Whether some controls' values by name are what they take. Raises ConfigError, in the control's words."""
    try:
        for name, value in values.items():
            CONTROLS[name].check(value)
    except ConfigError as e:
        raise in_own_words(e, language) from e


def is_number(value: object) -> bool:
    """Whether it is a real number, not too large for arithmetic."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def in_own_words(error: ConfigError, language: str) -> ConfigError:
    """The error with the control's name, unit and limits in place of the setting's."""
    named = str(error.fields.get("name"))
    control = _by_setting().get(named) or CONTROLS.get(named)
    if control is None:
        return error
    name = text(f"the_{control.name}", language) if f"the_{control.name}" in table(TABLE) else control.name
    value = error.fields.get("value")
    if error.code in ("out_of_range", "too_small") and isinstance(value, (int, float)):
        return out_of_limits(name, round(value * control.factor, 6), control.limits)
    return error.but(name=name)


@functools.cache
def _by_setting() -> dict[str, Control]:
    return {CONTROLS[name].field: CONTROLS[name] for name in PLAIN}


def from_query(query: Mapping[str, str]) -> dict[str, float | str | bool]:
    """What a link carries, by the control's name; what is wrong in it is left out."""
    found = {name: control.read(query[name]) for name, control in CONTROLS.items() if control.linked and name in query}
    return {name: value for name, value in found.items() if value is not None}
