"""How a body moves, in numbers."""

from pose3d.analysis.measuring.measure import Measure, MeasureOptions, measure

__all__ = ["Measure", "MeasureOptions", "measure"]
