"""The binary part of a glTF file, filled array by array."""
# pyright: reportMissingTypeStubs=false
# pygltflib has no stubs

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pygltflib as gl
from numpy.typing import NDArray

COMPONENTS: dict[str, int] = {
    "float32": gl.FLOAT,
    "uint8": gl.UNSIGNED_BYTE,
    "uint16": gl.UNSIGNED_SHORT,
    "uint32": gl.UNSIGNED_INT,
}
SHAPES: dict[tuple[int, ...], str] = {(): gl.SCALAR, (3,): gl.VEC3, (4,): gl.VEC4, (4, 4): gl.MAT4}
"""Shape of one element to the accessor's type."""
WORD = 4
"""Bytes; where a view starts is a multiple of it."""


@dataclass
class GltfBuffer:
    """Arrays as accessors, each with a view of its own that starts at a whole word."""

    data: bytearray = field(default_factory=bytearray)
    views: list[gl.BufferView] = field(default_factory=list[gl.BufferView])
    accessors: list[gl.Accessor] = field(default_factory=list[gl.Accessor])

    def add(self, array: NDArray[Any], limits: bool = False, target: int | None = None) -> int:
        """Appends an array (count, *element) and returns its accessor's index.

        limits: states minimum and maximum, which glTF demands of positions and keyframe times; target: gl.ARRAY_BUFFER
        or gl.ELEMENT_ARRAY_BUFFER for what is drawn, None for the rest.
        """
        view = gl.BufferView(buffer=0, byteOffset=len(self.data), byteLength=array.nbytes, target=target)
        accessor = gl.Accessor(
            bufferView=len(self.views),
            componentType=COMPONENTS[array.dtype.name],
            type=SHAPES[array.shape[1:]],
            count=len(array),
            min=np.atleast_1d(array.min(axis=0)).tolist() if limits else [],
            max=np.atleast_1d(array.max(axis=0)).tolist() if limits else [],
        )
        self.data += np.ascontiguousarray(array).tobytes()
        self.data += bytes(-len(self.data) % WORD)
        self.views.append(view)
        self.accessors.append(accessor)
        return len(self.accessors) - 1
