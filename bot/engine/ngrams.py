"""
Words, pairs of words, and pieces of words, weighed by how rare they are (tf-idf).

scikit-learn's vectorizers learn them and cut the text. Rasa's CountVectorsFeaturizer wraps the
same ones, but computes a row for every token besides the one for the message, which nothing here
needs: without, training takes half as long and a message a millisecond less.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.nlu.tokenizers.tokenizer import Token
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

Numbers = NDArray[np.float32]
Found = tuple[NDArray[np.int64], Numbers]
"""Places of features, and the weight of each."""

RAREST = 2
"""What only one example has teaches nothing."""
WORDS, PIECES = "words", "pieces"
_CUTS: dict[str, dict[str, Any]] = {
    WORDS: {"token_pattern": r"\S+", "ngram_range": (1, 2)},
    PIECES: {"analyzer": "char_wb", "ngram_range": (2, 4)},
}


@dataclass(frozen=True, eq=False)
class Block:
    """The features of one kind: of each its text and its rarity, by its place."""

    vocabulary: dict[str, int]
    rarity: Numbers
    cut: Callable[[str], list[str]]

    def find(self, text: str, start: int) -> Found:
        """
        The features of a text, brought to length one; their places count from `start`.

        They are those of the vectorizer that learnt, without its matrices: for a single message
        scikit-learn spends five times longer on checking them than on the message.
        """
        counts = Counter(
            self.vocabulary[piece] for piece in self.cut(text) if piece in self.vocabulary
        )
        places = np.fromiter(counts, np.int64, len(counts))
        often = np.fromiter(counts.values(), np.float32, len(counts))
        weights = (1 + np.log(often)) * self.rarity[places]
        return places + start, weights / max(float(np.linalg.norm(weights)), 1e-9)


@dataclass(frozen=True, eq=False)
class NGrams:
    """Two blocks of features, each of length one: lemmas have as much say as pieces."""

    blocks: dict[str, Block]

    def find(self, tokens: Sequence[Token]) -> Found:
        """The learnt features of a message."""
        texts = _to_texts(tokens)
        found, start = [], 0
        for name, block in self.blocks.items():
            found.append(block.find(texts[name], start))
            start += len(block.rarity)
        places, weights = zip(*found, strict=True)
        return np.concatenate(places), np.concatenate(weights)

    def __len__(self) -> int:
        return sum(len(block.rarity) for block in self.blocks.values())

    def to_numbers(self) -> dict[str, Any]:
        """What has to be kept to find the same features again."""
        return {
            name: {
                "vocabulary": list(block.vocabulary),
                "rarity": block.rarity.astype(np.float16),
            }
            for name, block in self.blocks.items()
        }

    @classmethod
    def from_numbers(cls, numbers: dict[str, Any]) -> "NGrams":
        """The features that `to_numbers` told of."""
        return cls(
            {
                name: _to_block(name, kept["vocabulary"], kept["rarity"])
                for name, kept in numbers.items()
            }
        )


def learn_ngrams(messages: Sequence[Sequence[Token]]) -> tuple[NGrams, csr_matrix]:
    """What occurs in these messages, and the features of each: `[messages, features]`."""
    texts = [_to_texts(tokens) for tokens in messages]
    blocks, features = {}, []
    for name in _CUTS:
        vectorizer, found = _learn(name, [one[name] for one in texts])
        blocks[name] = _to_block(name, vectorizer.get_feature_names_out(), vectorizer.idf_)
        features.append(found)
    return NGrams(blocks), hstack(features, format="csr")


def _learn(name: str, texts: list[str]) -> tuple[TfidfVectorizer, csr_matrix]:
    vectorizer = _vectorizer(name)
    try:
        return vectorizer, vectorizer.fit_transform(texts)
    except ValueError:  # nothing occurs twice: a handful of examples
        vectorizer.set_params(min_df=1)
        return vectorizer, vectorizer.fit_transform(texts)


def _vectorizer(name: str) -> TfidfVectorizer:
    return TfidfVectorizer(
        sublinear_tf=True, min_df=RAREST, dtype=np.float32, lowercase=False, **_CUTS[name]
    )


def _to_block(name: str, vocabulary: Sequence[str], rarity: NDArray[Any]) -> Block:
    return Block(
        vocabulary={str(text): place for place, text in enumerate(vocabulary)},
        rarity=rarity.astype(np.float32),
        cut=_vectorizer(name).build_analyzer(),
    )


def _to_texts(tokens: Sequence[Token]) -> dict[str, str]:
    return {
        WORDS: " ".join(token.lemma for token in tokens),
        PIECES: " ".join(token.text.lower() for token in tokens),
    }
