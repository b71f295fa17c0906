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

CUDA = "CUDAExecutionProvider"
PROVIDERS = {"cpu": ["CPUExecutionProvider"], "cuda": [CUDA, "CPUExecutionProvider"]}
"""ONNX Runtime's, by our name of the device; what the first cannot do is done by the next."""
MOST_THREADS = 8
"""For one network at once; more do not make these small ones faster."""
ERRORS_ONLY = 3
"""ONNX Runtime's level of logging: its warnings are about its own optimiser."""
WEIGHTS_SHA256 = "weights_sha256"
"""What a graph whose weights lie in a file beside it calls that file's digest."""


class Network:
    """An ONNX graph, loaded."""

    def __init__(self, session: ort.InferenceSession):
        self._session = session
        self._inputs: list[str] = [given.name for given in session.get_inputs()]
        self._outputs: list[str] = [output.name for output in session.get_outputs()]

    def __call__(self, *batches: NDArray[Any]) -> dict[str, Floats]:
        """Outputs by name, for one batch per input, in their order, as large as the caller likes."""
        values = self._session.run(self._outputs, dict(zip(self._inputs, batches, strict=True)))
        return {name: np.asarray(value) for name, value in zip(self._outputs, values, strict=True)}

    @property
    def on_gpu(self) -> bool:
        """Whether a GPU does what it can of it."""
        return CUDA in self._session.get_providers()

    @property
    def weights_sha256(self) -> str | None:
        """Hex digest of the weights file that the graph was made for; None where it holds its weights itself."""
        return self._session.get_modelmeta().custom_metadata_map.get(WEIGHTS_SHA256)


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


def gpu_works(path: Path) -> bool:
    """Whether ONNX Runtime was built for GPUs and brings this graph onto one. Raises WeightsError."""
    return CUDA in ort.get_available_providers() and load_network(path, "cuda").on_gpu


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
