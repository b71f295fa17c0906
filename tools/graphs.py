"""Writes the graphs in assets/ anew: what ONNX Runtime runs of our own weights.

    python -m tools.graphs

A graph holds the structure alone. Its weights lie where they are, in the safetensors file beside it (ONNX's "external
data": so many bytes from there on), in half precision; they are widened, and batch norms folded, when it is loaded. It
tells the digest of the file that it was made for. To be run whenever a network or its weights change.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import onnx
import torch
from onnx import ModelProto, TensorProto, helper
from torch import Tensor, nn

from pose3d.core.resources import ASSETS
from pose3d.io.models.runner import WEIGHTS_SHA256
from pose3d.io.models.weights import load_into, read_safetensors, sha256
from pose3d.lift.canonical import PATH_GRAPH, POSES_GRAPH
from pose3d.lift.canonical_net import own_nets
from pose3d.lift.hdformer import GRAPH, WINDOW
from pose3d.lift.hdformer_net import HDFormerNet
from pose3d.lift.hdformer_served import ServedHDFormer

OPSET = 18
"""ONNX Runtime has known it since 1.14."""
TYPES = {"F16": TensorProto.FLOAT16, "F32": TensorProto.FLOAT}
"""ONNX's, by the name that safetensors has for it."""
SIZE = 8
"""Bytes at the start of a safetensors file that tell how long its header is."""
WIDE = ".wide"
"""Behind the name of a tensor in half precision, once it is in single precision."""


class Input(NamedTuple):
    """One of a graph's: its name, an example, and which of its axes may have any length."""

    name: str
    example: Tensor
    free: tuple[int, ...]


class Stateless(nn.Module):
    """A network that is given its weights: so the exporter leaves them as they are, whatever else it sums up."""

    def __init__(self, net: nn.Module, names: list[str]):
        super().__init__()
        self.net, self.names = [net], names  # in a list: no submodule

    def forward(self, weights: list[Tensor], *inputs: Tensor) -> Tensor:
        state = dict(zip(self.names, weights, strict=True))
        return torch.func.functional_call(self.net[0], state, inputs, tie_weights=False)


def main() -> None:
    """Writes all of them and tells how large they are."""
    for name, graph in graphs(ASSETS).items():
        onnx.save(graph, ASSETS / name)
        print(f"{name}: {(ASSETS / name).stat().st_size / 1e3:.0f} kB")


def graphs(folder: Path) -> dict[str, ModelProto]:
    """By name of the file that each belongs in, of the weights in a folder."""
    weights, net = folder / "hdformer.safetensors", HDFormerNet()
    load_into(net, read_safetensors(weights), weights)
    rays = Input("rays", torch.randn(2, WINDOW, 17, 2), (0,))
    made = {GRAPH: bound(weights, ServedHDFormer(net, WINDOW).eval(), "net.", "", rays)}
    weights, nets = folder / "canonical.safetensors", own_nets()
    load_into(nets, read_safetensors(weights), weights)
    field = nets.model_pos.receptive_field
    clip = Input("rays", torch.randn(2, field + 5, 17, 2), (0, 1))
    made[POSES_GRAPH] = bound(weights, nets.model_pos, "", "model_pos.", clip)
    seen = Input("window", torch.randn(2, field, 34), (0,)), Input("pose", torch.randn(2, 51), (0,))
    made[PATH_GRAPH] = bound(weights, nets.model_traj, "", "model_traj.", *seen)
    return made


def bound(path: Path, net: nn.Module, own: str, stored: str, *inputs: Input) -> ModelProto:
    """The network's graph, its weights those of the file at `path`.

    own, stored: what comes before the names that both have in common, in the network and in the file.
    """
    header, start = _header(path)
    names = {own + key.removeprefix(stored): key for key in header if key.startswith(stored)}
    state = net.state_dict(keep_vars=False)
    used = {name: key for name, key in names.items() if state[name].is_floating_point()}
    model = exported(net, list(used), *inputs)
    tensors, casts = [], []
    for given in list(model.graph.input)[: len(used)]:
        model.graph.input.remove(given)
        entry = header[used[given.name]]
        tensors.append(_external(path, given.name, entry, start))
        if entry["dtype"] == "F16":
            wide = given.name + WIDE
            casts.append(helper.make_node("Cast", [given.name], [wide], to=TensorProto.FLOAT))
            for node in model.graph.node:
                node.input[:] = [wide if name == given.name else name for name in node.input]
    model.graph.initializer.extend(tensors)
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    helper.set_model_props(model, {WEIGHTS_SHA256: sha256(path)})
    return model


def exported(net: nn.Module, names: list[str], *inputs: Input) -> ModelProto:
    """The graph of a network whose inputs are its weights of these names, and then those."""
    state = net.state_dict()
    lengths = [torch.export.Dim(name) for name in ("batch", "frames")]  # of the same axes of all inputs
    dims = [{axis: lengths[axis] for axis in given.free} for given in inputs]
    program = torch.onnx.export(
        Stateless(net, names).eval(), ([state[name] for name in names], *(given.example for given in inputs)),
        input_names=[*names, *(given.name for given in inputs)], output_names=["answer"],
        dynamic_shapes=([None] * len(names), tuple(dims)), dynamo=True, opset_version=OPSET, verbose=False,
    )  # fmt: skip
    assert program is not None
    model = program.model_proto
    for node in model.graph.node:  # where in the source it came from: paths of whoever ran this
        del node.metadata_props[:]
        node.doc_string = ""
    return model


def _header(path: Path) -> tuple[Mapping[str, dict], int]:
    """What a safetensors file says of its tensors, and where their bytes begin."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(SIZE), "little")
        header = json.loads(file.read(size))
    header.pop("__metadata__", None)
    return header, SIZE + size


def _external(path: Path, name: str, entry: dict, start: int) -> TensorProto:
    first, last = entry["data_offsets"]
    tensor = TensorProto(name=name, data_type=TYPES[entry["dtype"]], dims=entry["shape"])
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in {"location": path.name, "offset": start + first, "length": last - first}.items():
        tensor.external_data.add(key=key, value=str(value))
    return tensor


if __name__ == "__main__":
    main()
