"""
Words, pairs of words, and pieces of words, weighed by how rare they are (tf-idf).

scikit-learn's vectorizers are used as they are. Rasa's CountVectorsFeaturizer wraps the same ones,
but computes a row for every token besides the one for the message, which nothing here needs:
without, training takes half as long and a message a millisecond less.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.nlu.tokenizers.tokenizer import Token
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

RAREST = 2
"""What only one example has teaches nothing."""

WORDS, PIECES = "words", "pieces"
_APART = r"\S+"  # the words come separated by spaces, and nothing else parts them again
NOTHING_LEARNT: dict[str, list[str]] = {}

Numbers = dict[str, Any]


class NGrams:
    """Two blocks of features, each brought to length one: lemmas have as much say as pieces."""

    def __init__(self, vocabularies: dict[str, list[str]] = NOTHING_LEARNT) -> None:
        common = {"sublinear_tf": True, "min_df": RAREST, "dtype": np.float32, "lowercase": False}
        words = TfidfVectorizer(
            token_pattern=_APART, ngram_range=(1, 2), vocabulary=vocabularies.get(WORDS), **common
        )
        pieces = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 4), vocabulary=vocabularies.get(PIECES), **common
        )
        self._vectorizers = {WORDS: words, PIECES: pieces}

    def learn(self, messages: Sequence[Sequence[Token]]) -> csr_matrix:
        """The features of these messages, from now on the only ones: `[messages, features]`."""
        texts = _to_texts(messages)
        return hstack(
            [_learn(one, texts[name]) for name, one in self._vectorizers.items()], format="csr"
        )

    def find(self, messages: Sequence[Sequence[Token]]) -> csr_matrix:
        """The learnt features of any messages: `[messages, features]`."""
        texts = _to_texts(messages)
        found = [one.transform(texts[name]) for name, one in self._vectorizers.items()]
        return hstack(found, format="csr")

    def to_numbers(self) -> Numbers:
        """What has to be kept to find the same features again."""
        return {
            name: {
                "vocabulary": one.get_feature_names_out().tolist(),
                "idf": one.idf_.astype(np.float16),
            }
            for name, one in self._vectorizers.items()
        }

    @classmethod
    def from_numbers(cls, numbers: Numbers) -> "NGrams":
        """The features that `to_numbers` told of."""
        ngrams = cls({name: one["vocabulary"] for name, one in numbers.items()})
        for name, one in ngrams._vectorizers.items():
            one.idf_ = numbers[name]["idf"]
        return ngrams


def _learn(vectorizer: TfidfVectorizer, texts: list[str]) -> csr_matrix:
    try:
        return vectorizer.fit_transform(texts)
    except ValueError:  # nothing occurs twice: a handful of examples
        vectorizer.set_params(min_df=1)
        return vectorizer.fit_transform(texts)


def _to_texts(messages: Sequence[Sequence[Token]]) -> dict[str, list[str]]:
    return {
        WORDS: [" ".join(token.lemma for token in tokens) for tokens in messages],
        PIECES: [" ".join(token.text.lower() for token in tokens) for tokens in messages],
    }
