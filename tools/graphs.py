"""Writes the graphs in assets/ anew: what ONNX Runtime runs of our own and of published weights.

    python -m tools.graphs

A graph holds the structure alone: it is given its weights when it is loaded (`pose3d/io/models/graphs.py`); a list
beside it tells their names and shapes. To be run whenever a network changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import onnx
import torch
from onnx import ModelProto, TensorProto
from torch import Tensor, nn

from pose3d.core.resources import ASSETS
from pose3d.detect import hrnet
from pose3d.detect.hrnet_net import HRNet
from pose3d.io.models.graphs import EXTERNAL, WANTED, Wanted
from pose3d.lift import canonical, hdformer
from pose3d.lift.canonical_net import CanonicalNets, PoseNet, TrajectoryNet, own_nets
from pose3d.lift.hdformer_net import HDFormerNet
from pose3d.lift.hdformer_served import ServedHDFormer

OPSET = 18
"""ONNX Runtime has known it since 1.14."""
BATCH = 2
"""Of examples; graphs take any number."""


class Input(NamedTuple):
    """One of a graph's: its name, an example, and which of its axes may have any length."""

    name: str
    example: Tensor
    free: tuple[int, ...]


class Structure(NamedTuple):
    """A network to be written: where, what comes before the names of its weights in it, and what it is given."""

    path: Path
    net: nn.Module
    prefix: str
    inputs: tuple[Input, ...]


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
    for structure in structures():
        model, path = graph(structure), structure.path
        shapes = {tensor.name: list(tensor.dims) for tensor in model.graph.initializer if _is_external(tensor)}
        asked = {name for node in model.graph.node for name in node.input}
        unused = [tensor for tensor in model.graph.initializer if tensor.name in shapes.keys() - asked]
        for tensor in unused:
            model.graph.initializer.remove(tensor)
        onnx.save(model, path)
        wanted = Wanted(shapes=shapes, unused=[tensor.name for tensor in unused])
        path.with_suffix(WANTED).write_text(wanted.model_dump_json(indent=0) + "\n")
        print(f"{path.name}: {path.stat().st_size / 1e3:.0f} kB, {len(shapes)} weights")


def structures() -> Iterator[Structure]:
    """All of them; that of HDFormer serves our own weights and published ones, which are as large."""
    rays = Input("rays", torch.randn(BATCH, hdformer.WINDOW, 17, 2), (0,))
    yield Structure(ASSETS / hdformer.GRAPH, ServedHDFormer(HDFormerNet(), hdformer.WINDOW), "net.", (rays,))
    yield from _canonical(own_nets(), ASSETS / canonical.POSES_GRAPH, ASSETS / canonical.PATH_GRAPH)
    pose = PoseNet()
    nets = CanonicalNets(pose, TrajectoryNet(pose.receptive_field))
    yield from _canonical(nets, ASSETS / canonical.PUBLISHED_POSES_GRAPH, ASSETS / canonical.PUBLISHED_PATH_GRAPH)
    crops = Input("crops", torch.randn(BATCH, 3, hrnet.INPUT, hrnet.INPUT), (0,))
    yield Structure(ASSETS / hrnet.GRAPH, HRNet(), "", (crops,))


def _canonical(nets: CanonicalNets, poses: Path, path: Path) -> Iterator[Structure]:
    field = nets.model_pos.receptive_field
    clip = Input("rays", torch.randn(BATCH, field + 5, 17, 2), (0, 1))
    yield Structure(poses, nets.model_pos, "", (clip,))
    seen = Input("window", torch.randn(BATCH, field, 34), (0,)), Input("pose", torch.randn(BATCH, 51), (0,))
    yield Structure(path, nets.model_traj, "", seen)


def graph(structure: Structure) -> ModelProto:
    """The network's, whose weights lie elsewhere."""
    state = {name: value for name, value in structure.net.state_dict().items() if value.is_floating_point()}
    model = exported(structure.net.eval(), list(state), *structure.inputs)
    named = {name: name.removeprefix(structure.prefix) for name in state}
    for given in list(model.graph.input)[: len(state)]:
        model.graph.input.remove(given)
        tensor = TensorProto(name=named[given.name], data_type=TensorProto.FLOAT, dims=state[given.name].shape)
        tensor.data_location = TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value=EXTERNAL)
        model.graph.initializer.append(tensor)
    for node in model.graph.node:
        node.input[:] = [named.get(name, name) for name in node.input]
    return model


def _is_external(tensor: TensorProto) -> bool:
    return tensor.data_location == TensorProto.EXTERNAL


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


if __name__ == "__main__":
    main()
