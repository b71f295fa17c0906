"""Ways of breaking a file, each by a random generator alone, so that a number makes the same file again."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Random = np.random.Generator

HEAD = 2048
"""Bytes at either end of a file, where most headers are."""
LIES = (0, 1, 2, 0xFF, 0x7FFF, 16_000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
"""What sizes, numbers and rates in a header are made."""
MOST = 4
"""Changes of one file."""

HOSTILE: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 17, 2**31, 2**63, 10**400, 0.5, -0.0, 1e-320, 1e300, float("nan"), float("inf"),
    "", "hdformer", "x" * 10_000, [], {}, [[]], [1e300, 1e300], [3] * 8, [999_999_999], [0] * 1000, {"a": {"b": {}}},
)  # fmt: skip
"""What values of a JSON file are made."""


def flipped(data: bytearray, random: Random, _: Sequence[bytes]) -> bytearray:
    """Single bits."""
    for place in random.integers(0, len(data), random.integers(1, 20)):
        data[place] ^= 1 << random.integers(8)
    return data


def shortened(data: bytearray, random: Random, _: Sequence[bytes]) -> bytearray:
    """Cut off anywhere."""
    return data[: random.integers(1, len(data) + 1)]


def without(data: bytearray, random: Random, _: Sequence[bytes]) -> bytearray:
    """A chunk is missing."""
    start, end = _chunk(data, random)
    return data[:start] + data[end:]


def repeated(data: bytearray, random: Random, _: Sequence[bytes]) -> bytearray:
    """A chunk comes twice, the second time anywhere."""
    start, end = _chunk(data, random)
    place = int(random.integers(len(data) + 1))
    return data[:place] + data[start:end] + data[place:]


def lying(data: bytearray, random: Random, _: Sequence[bytes]) -> bytearray:
    """A number in what may be a header is another one."""
    size = int(random.choice([1, 2, 4, 8]))
    value = int(random.choice(LIES)) % 256**size
    place = int(random.integers(min(HEAD, len(data))))
    place = place if random.random() < 0.5 else len(data) - 1 - place
    order = "big" if random.random() < 0.5 else "little"
    data[place : place + size] = value.to_bytes(size, order)
    return data


def spliced(data: bytearray, random: Random, others: Sequence[bytes]) -> bytearray:
    """Goes on as another file does."""
    other = others[int(random.integers(len(others)))]
    return data[: random.integers(1, len(data) + 1)] + other[int(random.integers(len(other))) :]


def blanked(data: bytearray, random: Random, _: Sequence[bytes]) -> bytearray:
    """A chunk of one byte again and again."""
    start, end = _chunk(data, random)
    data[start:end] = bytes([int(random.choice([0, 0xFF, 0x41]))]) * (end - start)
    return data


WAYS: tuple[Callable[[bytearray, Random, Sequence[bytes]], bytearray], ...] = (
    flipped, shortened, without, repeated, lying, lying, spliced, blanked,
)  # fmt: skip


def broken(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """A file with some changes; others: those that it may go on as."""
    data = bytearray(content)
    for _ in range(random.integers(1, MOST + 1)):
        data = WAYS[random.integers(len(WAYS))](data, random, others) or bytearray(1)
    return bytes(data)


def broken_json(content: bytes, random: Random) -> bytes:
    """A JSON object with other values for some of its keys, at any depth, or broken as any file."""
    if random.random() < 0.2:
        return broken(content, random, [content])
    tree = json.loads(content)
    for _ in range(random.integers(1, MOST + 1)):
        places = list(_places(tree))
        holder, key = places[random.integers(len(places))]
        holder[key] = copy.deepcopy(HOSTILE[random.integers(len(HOSTILE))])  # which later changes may fill
    return json.dumps(tree).encode()


def _places(tree: Any) -> Any:
    """Every place of a value, at any depth: what holds it, and its key there."""
    for key in list(tree) if isinstance(tree, dict) else range(len(tree)):
        yield tree, key
        if isinstance(tree[key], dict | list):
            yield from _places(tree[key])


def _chunk(data: bytearray, random: Random) -> tuple[int, int]:
    start = int(random.integers(len(data)))
    return start, start + int(random.integers(1, max(len(data) // 4, 2)))
