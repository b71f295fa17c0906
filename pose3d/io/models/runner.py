"""The only module that runs ONNX graphs."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# ONNX Runtime has no types

from __future__ import annotations

import functools
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
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


class Network:
    """An ONNX graph, loaded. pieces: into how many a batch is cut, each of which has a thread of its own.

    weights: those that it was given, whose memory it uses.
    """

    def __init__(self, session: ort.InferenceSession, pieces: int = 1, weights: Sequence[ort.OrtValue] = ()):
        self._session, self._pieces, self._weights = session, pieces, weights
        self._inputs: list[str] = [given.name for given in session.get_inputs()]
        self._outputs: list[str] = [output.name for output in session.get_outputs()]

    def __call__(self, *batches: NDArray[Any]) -> dict[str, Floats]:
        """Outputs by name, for one batch per input, in their order, as large as the caller likes."""
        pieces = min(self._pieces, len(batches[0]))
        if pieces < 2:
            return self._run(batches)
        cut = zip(*(np.array_split(batch, pieces) for batch in batches), strict=True)
        answers = list(_threads(os.getpid()).map(self._run, cut))
        return {name: np.concatenate([answer[name] for answer in answers]) for name in self._outputs}

    def _run(self, batches: Sequence[NDArray[Any]]) -> dict[str, Floats]:
        values = self._session.run(self._outputs, dict(zip(self._inputs, batches, strict=True)))
        return {name: np.asarray(value) for name, value in zip(self._outputs, values, strict=True)}

    @property
    def on_gpu(self) -> bool:
        """Whether a GPU does what it can of it."""
        return CUDA in self._session.get_providers()


@functools.cache
def load_network(path: Path, device: str) -> Network:
    """The graph in a file with its weights, loaded once per process; device: cpu or cuda. Raises WeightsError."""
    return network_with({}, path, device)


def network_with(weights: Mapping[str, NDArray[Any]], path: Path, device: str, by_pieces: bool = False) -> Network:
    """The graph in a file, with those of its weights that it does not hold; device: cpu or cuda. Raises WeightsError.

    by_pieces: on a CPU, threads take a piece of the batch each, instead of all together one step after the other. That
    suits networks of many small steps, which threads would spend much of their time waiting at. What memory a batch
    took is given back then, instead of being kept for the next: a lifter's turn comes once in a run.
    """
    options, threads = ort.SessionOptions(), min(available_cores(), MOST_THREADS)
    pieces = threads if by_pieces and device == "cpu" else 1
    options.intra_op_num_threads = threads if pieces == 1 else 1
    # a thread that spins while it waits halves the speed where cores are shared with others
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = ERRORS_ONLY
    options.enable_cpu_mem_arena = not by_pieces
    values = [ort.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(weight)) for weight in weights.values()]
    try:
        options.add_external_initializers(list(weights), values)
        return Network(ort.InferenceSession(path, options, providers=PROVIDERS[device]), pieces, values)
    except Exception as e:  # ONNX Runtime's errors have no public common base
        raise WeightsError("network_file", path=path, reason=e) from e


@functools.cache
def _threads(process: int) -> ThreadPoolExecutor:
    """Those that run pieces in the process of this id: one that was forked with models in it has no threads yet."""
    return ThreadPoolExecutor(MOST_THREADS, f"pieces in {process}")


def gpu_works(path: Path) -> bool:
    """Whether ONNX Runtime was built for GPUs and brings this graph onto one. Raises WeightsError."""
    return CUDA in ort.get_available_providers() and load_network(path, "cuda").on_gpu


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
