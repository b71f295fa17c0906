"""Which pose3d this is; the packaging settings say the same (tests/test_report.py)."""

__version__ = "0.1.0"
