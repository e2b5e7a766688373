"""Graphs of known size: what the shipped one measures, and one with random weights of any size."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Shape:
    """Sizes of a BERT-shaped encoder."""

    layers: int
    hidden: int
    heads: int
    inner: int
    vocabulary: int
    positions: int = 512


ROBERTA_BASE = Shape(layers=12, hidden=768, heads=12, inner=3072, vocabulary=50265, positions=514)
"""Liu et al. 2019, table 9 and the released configuration: 125 M parameters."""


def shape_of(path: Path, vocabulary: int) -> Shape:
    """Sizes of an exported and fused encoder, in fp32 or INT8."""
    import onnx

    graph = onnx.load(str(path)).graph
    vectors = {each.name: each.dims[0] for each in graph.initializer if len(each.dims) == 1}
    attention = [node for node in graph.node if node.op_type in ("Attention", "QAttention")]
    norm = next(node for node in graph.node if node.op_type == "SkipLayerNormalization")
    gelu = next(node for node in graph.node if node.op_type == "BiasGelu")
    heads = next(each.i for each in attention[0].attribute if each.name == "num_heads")
    return Shape(len(attention), vectors[norm.input[2]], heads, vectors[gelu.input[1]], vocabulary)


def twins(one: Path, other: Path) -> bool:
    """Whether two exports are of one training: what quantisation leaves alone is equal in both."""
    import onnx
    from onnx import TensorProto, numpy_helper

    def kept(path: Path) -> dict[str, Any]:
        return {
            each.name: numpy_helper.to_array(each)
            for each in onnx.load(str(path)).graph.initializer
            if each.data_type == TensorProto.FLOAT and ".LayerNorm." in each.name
        }

    first, second = kept(one), kept(other)
    shared = first.keys() & second.keys()
    return bool(shared) and all(np.array_equal(first[name], second[name]) for name in shared)


def write_random(shape: Shape, path: Path, outputs: int = 37) -> None:
    """An encoder in fp32 with mean pooling and one linear head, weights drawn at random.

    Built of the operators that ONNX Runtime's optimiser makes of an exported BERT (one for
    embeddings, attention, sum with norm, and bias with GELU each), so that it is as fast as such a
    graph gets. Inputs `input_ids` and `attention_mask`, int64, (batch, tokens); output `logits`.
    """
    import onnx
    from onnx import TensorProto, helper

    build = _Builder(np.random.default_rng(1))
    width = shape.hidden
    build.add("Cast", ["input_ids"], "ids", to=TensorProto.INT32)
    build.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    words = build.weight("words", shape.vocabulary, width)
    places = build.weight("places", shape.positions, width)
    norm = build.norm("embeddings", width)
    build.add(
        "EmbedLayerNormalization",
        ["ids", "", words, places, "", *norm, "mask"],
        ["hidden.0", "lengths"],
        domain=_FUSED,
        epsilon=1e-5,
    )
    for layer in range(shape.layers):
        before, after = f"hidden.{layer}", f"hidden.{layer + 1}"
        name = f"layer.{layer}"
        build.add(
            "Attention",
            [
                before,
                build.weight(f"{name}.qkv", width, 3 * width),
                build.bias(f"{name}.qkv.bias", 3 * width),
                "mask",
            ],
            f"{name}.heard",
            domain=_FUSED,
            num_heads=shape.heads,
        )
        build.product(f"{name}.heard", f"{name}.output", width, width)
        build.skip(f"{name}.output", before, f"{name}.middle", width)
        build.product(f"{name}.middle", f"{name}.inner", width, shape.inner)
        build.add(
            "BiasGelu",
            [f"{name}.inner", build.bias(f"{name}.inner.bias", shape.inner)],
            f"{name}.wide",
            domain=_FUSED,
        )
        build.product(f"{name}.wide", f"{name}.narrow", shape.inner, width)
        build.skip(f"{name}.narrow", f"{name}.middle", after, width)
    build.pool(f"hidden.{shape.layers}", "pooled")
    build.add(
        "Gemm",
        ["pooled", build.weight("head", width, outputs), build.bias("head.bias", outputs)],
        "logits",
    )
    ends = [
        helper.make_tensor_value_info(name, kind, dims)
        for name, kind, dims in (
            ("input_ids", TensorProto.INT64, ["batch", "tokens"]),
            ("attention_mask", TensorProto.INT64, ["batch", "tokens"]),
            ("logits", TensorProto.FLOAT, ["batch", outputs]),
        )
    ]
    graph = helper.make_graph(build.nodes, "random", ends[:2], ends[2:], build.weights)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_FUSED, 1)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=9), str(path))


_FUSED = "com.microsoft"


class _Builder:
    """Collects nodes and weights of one graph."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self.nodes: list[Any] = []
        self.weights: list[Any] = []

    def add(self, operator: str, inputs: list[str], outputs: str | list[str], **more: Any) -> None:
        from onnx import helper

        made = [outputs] if isinstance(outputs, str) else outputs
        self.nodes.append(helper.make_node(operator, inputs, made, **more))

    def constant(self, name: str, values: Any) -> str:
        from onnx import numpy_helper

        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def weight(self, name: str, rows: int, columns: int) -> str:
        values = self._rng.normal(0, 0.02, (rows, columns)).astype(np.float32)
        return self.constant(name, values)

    def bias(self, name: str, width: int) -> str:
        return self.constant(name, np.zeros(width, np.float32))

    def norm(self, name: str, width: int) -> tuple[str, str]:
        scale = self.constant(f"{name}.scale", np.ones(width, np.float32))
        return scale, self.bias(f"{name}.shift", width)

    def product(self, given: str, made: str, rows: int, columns: int) -> None:
        self.add("MatMul", [given, self.weight(f"{made}.weight", rows, columns)], made)

    def skip(self, given: str, beside: str, made: str, width: int) -> None:
        inputs = [given, beside, *self.norm(made, width), self.bias(f"{made}.bias", width)]
        self.add("SkipLayerNormalization", inputs, made, domain=_FUSED, epsilon=1e-5)

    def pool(self, given: str, made: str) -> None:
        """The mean over the tokens that the mask keeps."""
        last = self.constant("last", np.array([-1], np.int64))
        tokens = self.constant("tokens", np.array([1], np.int64))
        self.add("Cast", ["attention_mask"], "kept", to=1)
        self.add("Unsqueeze", ["kept", last], "weights")
        self.add("Mul", [given, "weights"], "weighted")
        self.add("ReduceSum", ["weighted", tokens], "total", keepdims=0)
        self.add("ReduceSum", ["weights", tokens], "count", keepdims=0)
        self.add("Div", ["total", "count"], made)
