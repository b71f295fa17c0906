"""How fast our HDFormer is served: beside the published form in PyTorch, and beside what this machine can multiply.

python -m benchmarks.served [--rounds 15]

One thread count for all, on the CPU. Every round times each of these once, so that a machine that slows down slows all
of them: the medians of the rounds' ratios are what counts, with the quartiles around them.

- matrix: the product of two matrices of 1536 x 1536 in single precision, in ONNX Runtime;
- published: the network as published (`HDFormerNet.eval()`), window by window, for a clip the plain then the mirrored;
- served: the graph that is shipped, as the lifter calls it.

FLOP are those of the published form; the served form needs fewer for the same answers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
import torch
import typer
from onnx import TensorProto, helper
from torch.utils.flop_counter import FlopCounterMode

from pose3d.core.arrays import Floats
from pose3d.core.resources import ASSETS
from pose3d.core.skeleton import H36M17
from pose3d.io.models.runner import MOST_THREADS, Network, available_cores, load_network
from pose3d.io.models.weights import load_into, read_safetensors
from pose3d.lift.by_torch import hdformer_windows
from pose3d.lift.centring import centre, window_scale
from pose3d.lift.hdformer import FLIP_2D, FLIP_3D, STRIDE, WINDOW, Windows, both_ways, load
from pose3d.lift.hdformer_net import HDFormerNet
from pose3d.lift.lifter import ignore
from pose3d.lift.windows import over_windows, starts
from synthetic.truth import load_truth

SIDE = 1536
"""Rows of the matrices that are multiplied."""
CLIP = 300
"""Frames."""
WEIGHTS = ASSETS / "hdformer.safetensors"
EXAMPLE = ASSETS / "examples" / "squats.json"
"""Whose 2D joints are lifted, over and over."""


def matrix() -> Network:
    """x @ w."""
    weights = np.random.default_rng(0).standard_normal((SIDE, SIDE)).astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "matrix",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [SIDE, SIDE])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [SIDE, SIDE])],
        [onnx.numpy_helper.from_array(weights, "w")],
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "matrix.onnx"
        onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9), path)
        return load_network(path, "cpu")


def published() -> Windows:
    """The network in PyTorch, with our weights."""
    net = load_into(HDFormerNet(), read_safetensors(WEIGHTS), WEIGHTS)
    assert isinstance(net, HDFormerNet)
    return hdformer_windows(net, np.zeros((17, 3), np.float32), np.ones((17, 3), np.float32), "cpu")


def clip() -> Floats:
    """(CLIP, 17, 2) of about unit size, as a lifter shows it to the network."""
    truth = load_truth(EXAMPLE)
    rays = centre(truth.camera.rays(truth.camera.project(truth.xyz)).astype(np.float32)).rays
    there_and_back = np.concatenate([rays, rays[::-1]])
    frames = there_and_back[np.arange(CLIP) % len(there_and_back)]
    return frames / window_scale(frames)[0]


def by_windows(network: Windows, frames: Floats) -> None:
    """As the published code lifts a clip: one window at a time, then its mirror image."""
    for start in starts(len(frames), WINDOW, STRIDE):
        window = frames[None, start : start + WINDOW]
        mirrored = network(window[:, :, H36M17.mirror] * FLIP_2D)[:, :, H36M17.mirror] * FLIP_3D
        _ = (network(window) + mirrored) / 2


def flop() -> float:
    """Of a window in the published form."""
    given = torch.zeros(1, 2, WINDOW, 17), torch.zeros(1, 3, 1, 1), torch.ones(1, 3, 1, 1)
    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        HDFormerNet().eval()(*given)
    return float(counter.get_total_flops())


def seconds(call: Callable[[], object]) -> float:
    """Of wall time, for one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def spread(values: Floats) -> str:
    """Median and quartiles."""
    low, middle, high = np.percentile(values, [25, 50, 75])
    return f"{middle:8.2f}  ({low:.2f} to {high:.2f})"


def main(rounds: int = 15) -> None:
    """Prints times, ratios and shares."""
    threads = min(available_cores(), MOST_THREADS)
    torch.set_num_threads(threads)
    served, net, product, frames = load(WEIGHTS, "cpu").network, published(), matrix(), clip()
    window, square = frames[None, :WINDOW], np.ones((SIDE, SIDE), np.float32)

    calls: dict[str, Callable[[], object]] = {
        "matrix": lambda: product(square),
        "published, 1 window": lambda: net(window),
        "served, 1 window": lambda: served(window),
        "published, 1 window, both ways": lambda: by_windows(net, window[0]),
        "served, 1 window, both ways": lambda: both_ways(served, window),
        f"published, {CLIP} frames": lambda: by_windows(net, frames),
        f"served, {CLIP} frames": lambda: over_windows(
            frames, WINDOW, STRIDE, lambda windows: both_ways(served, windows), ignore
        ),
    }
    for call in calls.values():
        call()
    times = {name: np.array(taken) for name, taken in zip(calls, _rounds(calls, rounds), strict=True)}
    print(f"{threads} threads, torch {torch.__version__}, ONNX Runtime {onnxruntime.__version__}, {rounds} rounds")
    for name, taken in times.items():
        print(f"{name:<34} ms {spread(1000 * taken)}")
    rate = 2 * SIDE**3 / times["matrix"]
    print(f"{'matrix rate':<34} GFLOP/s {spread(rate / 1e9)}, best {rate.max() / 1e9:.0f}")
    passes = {"1 window": 1, "1 window, both ways": 2, f"{CLIP} frames": 2 * len(starts(CLIP, WINDOW, STRIDE))}
    for what, count in passes.items():
        ours, theirs = times[f"served, {what}"], times[f"published, {what}"]
        print(f"{what + ': times as fast as published':<34} {spread(theirs / ours)}")
        print(f"{what + ': % of the matrix rate':<34} {spread(100 * flop() * count / ours / rate)}")


def _rounds(calls: dict[str, Callable[[], object]], rounds: int) -> list[tuple[float, ...]]:
    return list(zip(*([seconds(call) for call in calls.values()] for _ in range(rounds)), strict=True))


if __name__ == "__main__":
    typer.run(main)
