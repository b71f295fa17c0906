"""Memory that is no longer needed."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable


def give_back() -> None:
    """Has the C library return what was freed to the system, where that is glibc, which keeps it for itself.

    Between two stages of a run it is worth it: what one of them took does not add to what the next one takes.
    """
    if trim := _trim():
        trim(0)


@functools.cache
def _trim() -> Callable[[int], int] | None:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # of other systems' libraries
        return None
