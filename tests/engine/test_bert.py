"""The graph that is built from MiniLM's weights computes what the original does."""

import json
from pathlib import Path

import numpy as np
import pytest

from bot.engine.encoders import MINILM_CHECKSUM, open_encoder
from bot.engine.encoders.bert import BertEncoder, find_graph
from bot.engine.encoders.bert_shape import read_shape
from bot.engine.encoders.multilingual import MultilingualEncoder
from bot.engine.encoders.weights import UnreadableEncoder

TEXTS = [
    "where is my order",
    "The mug came broken, I would like my money back.",
    "is this a robot?",
]
# sentence-transformers 6.2.0 on PyTorch 2.13.0, the same weights, 32 bits.
FIRST_NUMBERS = [
    [-0.00621, -0.02604, 0.06837, 0.01874, 0.00462, 0.02651],
    [-0.09893, 0.10548, 0.05475, 0.02298, 0.01653, -0.02985],
    [-0.03100, 0.02795, -0.05579, -0.05076, -0.02810, -0.07561],
]
LIKENESS = [0.21867, 0.02426, 0.03392]


@pytest.fixture(scope="module")
def minilm() -> BertEncoder:
    """MiniLM as the pipeline has it, built if it is not there yet."""
    encoder = open_encoder("minilm")
    assert isinstance(encoder, BertEncoder)
    return encoder


def test_the_vectors_are_those_of_the_original(minilm: BertEncoder) -> None:
    """
    To within what eight bits cost: a hundredth on a number, and on a likeness.
    """
    vectors = np.concatenate([minilm.encode([text]) for text in TEXTS])

    assert vectors[:, :6] == pytest.approx(np.array(FIRST_NUMBERS), abs=0.012)
    assert [vectors[0] @ vectors[1], vectors[0] @ vectors[2], vectors[1] @ vectors[2]] == (
        pytest.approx(LIKENESS, abs=0.02)
    )
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)


def test_a_text_among_others_has_the_vector_that_it_has_alone(minilm: BertEncoder) -> None:
    """
    Padding is not looked at; the steps of eight bits differ a little with the company.
    """
    together = minilm.encode(TEXTS)
    alone = np.concatenate([minilm.encode([text]) for text in TEXTS])

    assert (together * alone).sum(axis=1) == pytest.approx([1, 1, 1], abs=0.03)


def test_a_very_long_text_is_cut(minilm: BertEncoder) -> None:
    """
    A hundred words are read, and no message fails.
    """
    assert minilm.encode(["word " * 5000]).shape == (1, 384)


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    """
    The checksum is that of the authors.
    """
    (tmp_path / "model.safetensors").write_bytes(b"something else")

    with pytest.raises(UnreadableEncoder, match="damaged or another"):
        find_graph(tmp_path, MINILM_CHECKSUM)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    """
    With the folder's name, because a seller wrote it into config.yml.
    """
    with pytest.raises(UnreadableEncoder, match=r"holds no model\.safetensors"):
        open_encoder(str(tmp_path))


def test_another_kind_of_model_is_refused(tmp_path: Path) -> None:
    """
    The graph is that of BERT.
    """
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "gpt2"}))

    with pytest.raises(UnreadableEncoder, match="gpt2"):
        read_shape(tmp_path)


def test_another_folder_gives_the_same_vectors(minilm: BertEncoder, tmp_path: Path) -> None:
    """
    A seller may name a folder: here one with MiniLM itself under another path.
    """
    from bot.engine.encoders import minilm_folder

    folder = tmp_path / "encoder"
    folder.symlink_to(minilm_folder())

    assert BertEncoder(folder).encode(TEXTS) == pytest.approx(minilm.encode(TEXTS))


def test_the_multilingual_encoder_hears_two_languages() -> None:
    """
    The same question in two languages is nearer than two questions in one.
    """
    asked, russian, other = MultilingualEncoder().encode(
        ["where is my order", "где мой заказ", "where can I buy a blue mug"]
    )

    assert asked @ russian > 0.7 > asked @ other
