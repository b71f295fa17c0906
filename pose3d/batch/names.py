"""A folder's name for each video: safe on every system, no other video's, and the same in every run."""

from __future__ import annotations

import hashlib
import re

LONGEST = 40
"""Letters of the readable part; each can take 4 of the 255 bytes that there are."""
DIGITS = 16
"""Hex digits that tell videos apart: among a million, that two share them is less likely than one in ten million."""
ENDING = re.compile(r"\.\w{1,5}$")
UNSAFE = re.compile(r"[^\w.-]+")


def file_name(video: str) -> str:
    """Of a path or an address: its last part, likewise."""
    return UNSAFE.sub("_", video.rpartition("/")[2])[-LONGEST:].strip("._-") or "video"


def folder_name(video: str) -> str:
    """Of a path or an address: the end of it, with nothing that any system reads as more than a letter, and a digest.

    Of an address neither the host nor anything after its path is told: there may be passwords in them.
    """
    inner = video.partition("://")[2].partition("/")[2].partition("?")[0] if "://" in video else video
    readable = UNSAFE.sub("_", ENDING.sub("", inner))[-LONGEST:].strip("._-")
    digest = hashlib.sha256(video.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{readable or 'video'}-{digest[:DIGITS]}"
