"""The only module that runs ONNX graphs."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# ONNX Runtime has no types

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from pose3d.core.arrays import Floats
from pose3d.core.errors import WeightsError

PROVIDERS = {
    "cpu": ["CPUExecutionProvider"],
    "cuda": ["CUDAExecutionProvider", "CPUExecutionProvider"],
}
"""ONNX Runtime's, by our name of the device; what the first cannot do is done by the next."""
MOST_THREADS = 8
"""For one network at once; more do not make these small ones faster."""
ERRORS_ONLY = 3
"""ONNX Runtime's level of logging: its warnings are about its own optimiser."""


class Network:
    """An ONNX graph with one input, loaded."""

    def __init__(self, session: ort.InferenceSession):
        self._session = session
        self._input: str = session.get_inputs()[0].name
        self._outputs: list[str] = [output.name for output in session.get_outputs()]

    def __call__(self, batch: NDArray[Any]) -> dict[str, Floats]:
        """Outputs by name, for a batch as large as the caller likes."""
        values = self._session.run(self._outputs, {self._input: batch})
        return {name: np.asarray(value) for name, value in zip(self._outputs, values, strict=True)}


@functools.cache
def load_network(path: Path, device: str) -> Network:
    """The graph in a file, loaded once per process; device: cpu or cuda. Raises WeightsError."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = min(available_cores(), MOST_THREADS)
    # a thread that spins while it waits halves the speed where cores are shared with others
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = ERRORS_ONLY
    try:
        return Network(ort.InferenceSession(path, options, providers=PROVIDERS[device]))
    except Exception as e:  # ONNX Runtime's errors have no public common base
        raise WeightsError("network_file", path=path, reason=e) from e


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
