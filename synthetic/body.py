"""Who is filmed: the body's proportions and its clothes."""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[float, float, float]
"""Red, green, blue, 0..1."""

STANDARD_STATURE = 1.72
"""Metres; the mannequin's girths are written for this stature."""


@dataclass(frozen=True)
class Body:
    """Segment lengths in metres between joint centres; the defaults are an average adult of 1.72 m."""

    ankle_height: float = 0.08
    """Ankle joint centre above the sole."""
    shin: float = 0.405
    thigh: float = 0.415
    trunk: float = 0.505
    """Middle of the hips to the middle of the shoulders."""
    head: float = 0.315
    """Middle of the shoulders to the top of the skull."""
    hip_width: float = 0.18
    shoulder_width: float = 0.36
    upper_arm: float = 0.295
    forearm: float = 0.255
    hand: float = 0.18
    heel: float = 0.065
    """The heel's end behind the ankle."""
    ball: float = 0.125
    """The ball of the foot, where the toes bend, in front of the ankle."""
    toe: float = 0.2
    """The shoe's tip in front of the ankle."""
    girth: float = 1.0
    """Thickness of limbs and trunk against the average."""

    @property
    def hip_height(self) -> float:
        """Hips above the soles, standing upright."""
        return self.ankle_height + self.shin + self.thigh

    @property
    def stature(self) -> float:
        """Soles to the top of the skull."""
        return self.hip_height + self.trunk + self.head

    @property
    def scale(self) -> float:
        """Stature against the standard one."""
        return self.stature / STANDARD_STATURE

    def scaled(self, stature: float) -> Body:
        """The same proportions at another stature in metres."""
        factor = stature / self.stature
        lengths = {name: value * factor for name, value in vars(self).items() if name != "girth"}
        return Body(**lengths, girth=self.girth)


@dataclass(frozen=True)
class Clothes:
    """Colours, and how far sleeves and trouser legs reach."""

    shirt: Colour = (0.16, 0.36, 0.62)
    print: Colour = (0.92, 0.92, 0.88)
    """A band across the chest, on the front only."""
    trousers: Colour = (0.20, 0.21, 0.25)
    shoes: Colour = (0.85, 0.30, 0.18)
    sole: Colour = (0.93, 0.93, 0.93)
    skin: Colour = (0.80, 0.58, 0.46)
    hair: Colour = (0.17, 0.11, 0.08)
    iris: Colour = (0.22, 0.16, 0.11)
    sleeve: float = 0.55
    """Fraction of the arm from shoulder (0) over elbow (1) to wrist (2) that the shirt covers."""
    leg: float = 1.96
    """Fraction of the leg from hip (0) over knee (1) to ankle (2) that the trousers cover."""
