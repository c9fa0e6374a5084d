"""
A BERT encoder as an ONNX graph: from its weights to one sentence vector.

Written node by node, because the usual exporters run the model in PyTorch first, and PyTorch is
larger than everything else here together. The numbers are checked against those of
sentence-transformers in tests/engine/test_bert.py.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from bot.engine.encoders.bert_shape import Shape

Array = NDArray[Any]
Weights = dict[str, Array]

OPSET = 17
"""The first with LayerNormalization as one node."""
IR_VERSION = 8
FAR_BELOW = 1e4
"""Taken from the attention to padding, so that nothing is left of it."""


@dataclass(slots=True)
class _Graph:
    """Nodes and numbers as they are added; an operand is the name of a node's output."""

    weights: Weights
    nodes: list[Any] = field(default_factory=list)
    numbers: list[Any] = field(default_factory=list)

    def add(self, kind: str, *operands: str, **attributes: Any) -> str:
        output = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(operands), [output], **attributes))
        return output

    def number(self, value: Any, kind: type = np.float32) -> str:
        name = f"number_{len(self.numbers)}"
        self.numbers.append(numpy_helper.from_array(np.array(value, kind, order="C"), name))
        return name

    def weight(self, name: str) -> str:
        return self.number(self.weights[name])

    def dense(self, operand: str, name: str) -> str:
        product = self.add("MatMul", operand, self.number(self.weights[f"{name}.weight"].T))
        return self.add("Add", product, self.weight(f"{name}.bias"))

    def normed(self, operand: str, name: str, epsilon: float) -> str:
        scale, shift = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.add("LayerNormalization", operand, scale, shift, axis=-1, epsilon=epsilon)


def to_graph(weights: Weights, shape: Shape) -> onnx.ModelProto:
    """
    The encoder with inputs `ids` and `mask` (int64, `[texts, tokens]`) and output `sentence`.

    `sentence` is float32, `[texts, d]`, each row of length one. The names of the weights are
    those of Hugging Face's BertModel.
    """
    graph = _Graph({name.removeprefix("bert."): value for name, value in weights.items()})
    mask = graph.add("Cast", "mask", to=TensorProto.FLOAT)
    hidden = _embed(graph, shape)
    unseen = graph.add("Sub", _unsqueeze(graph, mask, [1, 2]), graph.number(1))
    unseen = graph.add("Mul", unseen, graph.number(FAR_BELOW))
    for layer in range(shape.layers):
        hidden = _layer(graph, hidden, unseen, f"encoder.layer.{layer}", shape)
    sentence = _first(graph, hidden) if shape.pools_first else _mean(graph, hidden, mask)
    length = graph.add("ReduceL2", sentence, axes=[1], keepdims=1)
    graph.nodes.append(helper.make_node("Div", [sentence, length], ["sentence"]))

    width = graph.weights["embeddings.word_embeddings.weight"].shape[1]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"])
        for name in ("ids", "mask")
    ]
    output = helper.make_tensor_value_info("sentence", TensorProto.FLOAT, ["texts", width])
    model = helper.make_model(
        helper.make_graph(graph.nodes, "bert", inputs, [output], graph.numbers),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    onnx.checker.check_model(model)
    return model


def _embed(graph: _Graph, shape: Shape) -> str:
    words = graph.add("Gather", graph.weight("embeddings.word_embeddings.weight"), "ids")
    tokens = graph.add("Gather", graph.add("Shape", "ids"), graph.number([1], np.int64))
    start = graph.number([0], np.int64)
    places = graph.weight("embeddings.position_embeddings.weight")
    places = graph.add("Slice", places, start, tokens, start)
    kind = graph.number(graph.weights["embeddings.token_type_embeddings.weight"][0])
    total = graph.add("Add", graph.add("Add", words, places), kind)
    return graph.normed(total, "embeddings.LayerNorm", shape.epsilon)


def _layer(graph: _Graph, hidden: str, unseen: str, name: str, shape: Shape) -> str:
    attended = graph.dense(
        _attend(graph, hidden, unseen, f"{name}.attention.self", shape),
        f"{name}.attention.output.dense",
    )
    attended = graph.normed(
        graph.add("Add", attended, hidden), f"{name}.attention.output.LayerNorm", shape.epsilon
    )
    inner = _gelu(graph, graph.dense(attended, f"{name}.intermediate.dense"))
    outer = graph.add("Add", graph.dense(inner, f"{name}.output.dense"), attended)
    return graph.normed(outer, f"{name}.output.LayerNorm", shape.epsilon)


def _attend(graph: _Graph, hidden: str, unseen: str, name: str, shape: Shape) -> str:
    width = len(graph.weights[f"{name}.query.bias"])
    apart = graph.number([0, 0, shape.heads, width // shape.heads], np.int64)

    def heads(which: str, order: list[int]) -> str:
        flat = graph.dense(hidden, f"{name}.{which}")
        return graph.add("Transpose", graph.add("Reshape", flat, apart), perm=order)

    query, key = heads("query", [0, 2, 1, 3]), heads("key", [0, 2, 3, 1])
    fit = graph.add("MatMul", query, key)
    fit = graph.add("Div", fit, graph.number((width / shape.heads) ** 0.5))
    share = graph.add("Softmax", graph.add("Add", fit, unseen), axis=-1)
    seen = graph.add("MatMul", share, heads("value", [0, 2, 1, 3]))
    seen = graph.add("Transpose", seen, perm=[0, 2, 1, 3])
    return graph.add("Reshape", seen, graph.number([0, 0, width], np.int64))


def _gelu(graph: _Graph, operand: str) -> str:
    bend = graph.add("Erf", graph.add("Div", operand, graph.number(2**0.5)))
    product = graph.add("Mul", operand, graph.add("Add", bend, graph.number(1)))
    return graph.add("Mul", product, graph.number(0.5))


def _first(graph: _Graph, hidden: str) -> str:
    return graph.add("Gather", hidden, graph.number(0, np.int64), axis=1)


def _mean(graph: _Graph, hidden: str, mask: str) -> str:
    weight = _unsqueeze(graph, mask, [2])
    along = graph.number([1], np.int64)
    total = graph.add("ReduceSum", graph.add("Mul", hidden, weight), along, keepdims=0)
    return graph.add("Div", total, graph.add("ReduceSum", weight, along, keepdims=0))


def _unsqueeze(graph: _Graph, operand: str, axes: list[int]) -> str:
    return graph.add("Unsqueeze", operand, graph.number(axes, np.int64))
