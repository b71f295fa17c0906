"""Files that appear whole or not at all."""

from __future__ import annotations

from pathlib import Path


def write_bytes(path: Path, content: bytes) -> Path:
    """Writes to a temporary name, then renames; returns the path."""
    partial = path.with_name(f".{path.name}.part")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def write_text(path: Path, text: str) -> Path:
    """As `write_bytes`, in UTF-8."""
    return write_bytes(path, text.encode("utf-8"))
