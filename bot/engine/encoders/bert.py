"""
Sentence vectors from a BERT model in a folder, on ONNX Runtime.

The folder is one that sentence-transformers could read: `tokenizer.json`, `config.json`,
`model.safetensors`, maybe `1_Pooling/config.json`. Its graph is built once, with its matrices in
8 bits, and kept in models/encoders/ under the checksum of the weights and the shape.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bot.engine.cleaning import shorten
from bot.engine.encoders.bert_shape import Shape, read_shape
from bot.engine.encoders.weights import UnreadableEncoder, to_sha256

Vectors = NDArray[np.float32]

BUILT = Path("models") / "encoders"
"""Where graphs are kept, from the folder of the Rasa project."""
LONGEST = 400
"""Characters that are read of a message, from its two ends: sixty words. More cost time."""
MOST_TOKENS = 128
"""What is left of a text without words is cut here; MiniLM was trained with as many."""
TOGETHER = 8
"""Texts in one run while training. Alone, the slower; with more, the padding costs."""


class BertEncoder:
    """A BERT model as a function from texts to vectors of length one."""

    def __init__(self, folder: Path, *, checksum: str | None = None) -> None:
        graph = find_graph(folder, checksum)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(graph), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self.width: int = self._session.get_outputs()[0].shape[1]

    def encode(self, texts: list[str]) -> Vectors:
        """One row a text: float32, `[texts, width]`. Many texts are shared out to two threads."""
        short = [shorten(text, LONGEST) for text in texts]
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(short)]
        vectors = np.empty((len(texts), self.width), np.float32)
        if len(texts) < TOGETHER:
            # The few clauses of a message: in eight bits a text hears a little of its neighbours.
            for row, one in enumerate(tokens):
                vectors[row] = self._run([one])[0]
            return vectors

        def run(places: list[int]) -> None:
            vectors[places] = self._run([tokens[place] for place in places])

        with ThreadPoolExecutor(2) as threads:
            list(threads.map(run, _alike(tokens)))
        return vectors

    def _run(self, tokens: list[list[int]]) -> Any:
        ids = np.zeros((len(tokens), max(map(len, tokens))), np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(tokens):
            ids[row, : len(one)], mask[row, : len(one)] = one, 1
        return self._session.run(["sentence"], {"ids": ids, "mask": mask})[0]


def _alike(tokens: list[list[int]]) -> Iterator[list[int]]:
    """The places of texts of about one length, `TOGETHER` at a time."""
    by_length = sorted(range(len(tokens)), key=lambda place: len(tokens[place]))
    for start in range(0, len(by_length), TOGETHER):
        yield by_length[start : start + TOGETHER]


def find_graph(folder: Path, checksum: str | None = None, built: Path = BUILT) -> Path:
    """The graph of the model in `folder`, built now if it was not yet (some ten seconds)."""
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise UnreadableEncoder(f"{folder} holds no model.safetensors.")
    found = to_sha256(weights)
    if checksum is not None and found != checksum:
        raise UnreadableEncoder(
            f"{weights} is damaged or another: its SHA-256 is {found}, not {checksum}."
        )
    # Another number of heads or another pooling is another graph of the same weights.
    shape = read_shape(folder)
    about = hashlib.sha256(repr(shape).encode()).hexdigest()
    graph = built / f"{found[:16]}-{about[:8]}.onnx"
    if not graph.exists():
        _build(folder, graph, shape)
    return graph


def _build(folder: Path, graph: Path, shape: Shape) -> None:
    # Imported here: a model that is built needs none of it.
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from safetensors.numpy import load_file

    from bot.engine.encoders.bert_graph import to_graph

    print(f"Building the graph of the sentence encoder in {folder.name} ...", flush=True)  # noqa: T201 (progress)
    graph.parent.mkdir(parents=True, exist_ok=True)
    weights = load_file(folder / "model.safetensors")
    with tempfile.TemporaryDirectory(prefix=".draft-", dir=graph.parent) as draft:
        whole, small = Path(draft) / "whole.onnx", Path(draft) / "small.onnx"
        onnx.save(to_graph(weights, shape), whole)
        quantize_dynamic(
            whole,
            small,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
        )
        small.replace(graph)  # whole or not at all
