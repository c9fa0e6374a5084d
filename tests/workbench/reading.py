"""A stand-in for the model that reads messages into the inbox."""

import base64
import json
from collections.abc import Iterable, Iterator

import numpy as np

SUBJECTS = ("parcel", "refund", "broke")
"""Messages about the same of these mean the same."""


def read(messages: Iterable[bytes], *, sure: float = 0.5) -> Iterator[bytes]:
    """What `bot.engine.parsing --vectors` would print of them."""
    for message in messages:
        text = message.decode("utf-8")
        if not text:
            yield json.dumps({"error": "an empty line", "line": 1}).encode()
            continue
        means = [float(subject in text) for subject in SUBJECTS]
        yield json.dumps(
            {
                "text": text,
                "intent": "nlu_fallback",
                "confidence": 0.35,
                "ranking": [
                    {"name": "order_status", "confidence": sure},
                    {"name": "order_late", "confidence": 0.4},
                ],
                "entities": [
                    {
                        "entity": "email",
                        "start": text.index(word),
                        "end": text.index(word) + len(word),
                        "value": word,
                    }
                    for word in text.split()
                    if "@" in word
                ],
                "language": "en",
                "vector": base64.b64encode(np.asarray(means, "<f2").tobytes()).decode(),
            }
        ).encode()
