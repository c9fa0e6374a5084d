"""
What the model makes of the examples: their sense as numbers, and the details that it finds.

Reading all of them takes minutes. So what was read is kept in a file for each model, and only
texts that are new are read the next time.
"""

import base64
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import numpy as np

from bot.workbench.hints import Alike, FoundDetail, Reading
from bot.workbench.messages.alike import ALIKE, to_matrix
from bot.workbench.nlu_files import Example

Read = Callable[[Iterable[bytes]], Iterator[bytes]]
"""Messages to lines of JSON with vectors, by the model (bot/workbench/parsing.py)."""

BATCH: Final = 2000
"""Texts after which the file is written: as much is lost if the process ends."""
BLOCK: Final = 1024
"""Examples that are compared at once with all others."""
MOST_PAIRS: Final = 5000


@dataclass(slots=True)
class Readings:
    """What one model made of texts, by their checksum; an empty vector of what it cannot read."""

    vectors: dict[str, bytes] = field(default_factory=dict)
    details: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """Kind and value of what it found, where it found anything."""


def to_key(text: str) -> str:
    """The same for the same text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def load_readings(path: Path) -> Readings:
    """What the file holds; nothing if there is none, or if it is broken."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            keys = [bytes(row).hex() for row in stored["keys"]]
            vectors = [row.tobytes() for row in stored["vectors"]]
            details = json.loads(stored["details"].tobytes())
    except (OSError, EOFError, KeyError, ValueError, BadZipFile):
        return Readings()

    return Readings(
        dict(zip(keys, vectors, strict=True)),
        {key: [(kind, value) for kind, value in found] for key, found in details.items()},
    )


def save_readings(path: Path, readings: Readings) -> None:
    """Write the file whole, or leave it as it was."""
    keys = list(readings.vectors)
    width = max((len(one) for one in readings.vectors.values()), default=0)
    vectors = [readings.vectors[key].ljust(width, b"\0") for key in keys]
    details = json.dumps(readings.details, ensure_ascii=False).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}")
    with draft.open("wb") as file:
        np.savez_compressed(
            file,
            keys=np.frombuffer(bytes.fromhex("".join(keys)), np.uint8).reshape(len(keys), 16),
            vectors=np.frombuffer(b"".join(vectors), "<f2").reshape(len(keys), width // 2),
            details=np.frombuffer(details, np.uint8),
        )
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read_texts(path: Path, texts: Iterable[str], read: Read) -> Iterator[tuple[int, int]]:
    """
    Let the model read what the file does not hold yet; how many of how many, as it goes on.

    The first step comes before the model is loaded.
    """
    readings = load_readings(path)
    missing = list(dict.fromkeys(one for one in texts if to_key(one) not in readings.vectors))
    yield 0, len(missing)
    if not missing:
        return
    done = 0
    lines = read(one.encode("utf-8", "replace") for one in missing)
    for batch in batched(zip(missing, lines, strict=True), BATCH):
        for text, line in batch:
            _take(readings, to_key(text), json.loads(line))
            done += 1
            if done % 50 == 0:
                yield done, len(missing)
        save_readings(path, readings)
    yield done, len(missing)


def compare(examples: Sequence[Example], readings: Readings) -> Reading:
    """Which examples look alike across intents, and which details nobody has marked."""
    details = [
        FoundDetail(number, kind, value)
        for number, one in enumerate(examples)
        for kind, value in readings.details.get(to_key(one.text), ())
        if kind in one.kinds
    ]
    alike: list[Alike] = []
    for language in sorted({one.language for one in examples}):
        numbers = [n for n, one in enumerate(examples) if one.language == language]
        alike += _find_alike(numbers, [examples[n] for n in numbers], readings)
    alike.sort(key=lambda pair: -pair.cosine)

    return Reading(alike[:MOST_PAIRS], details)


def _find_alike(
    numbers: Sequence[int], examples: Sequence[Example], readings: Readings
) -> Iterator[Alike]:
    names = sorted({one.intent for one in examples})
    intents = np.array([names.index(one.intent) for one in examples])
    vectors = to_matrix([readings.vectors.get(to_key(one.text), b"") for one in examples])
    if vectors.size:
        # The encoders of other languages have columns of their own, which are zero here.
        vectors = vectors[:, vectors.any(axis=0)]
    for start in range(0, len(examples), BLOCK):
        cosines = vectors[start : start + BLOCK] @ vectors.T
        cosines[intents[start : start + BLOCK, np.newaxis] == intents] = 0
        for row, column in zip(*np.nonzero(cosines >= ALIKE), strict=True):
            if start + row < column:
                yield Alike(
                    numbers[start + row], numbers[column], round(float(cosines[row, column]), 3)
                )


def _take(readings: Readings, key: str, heard: dict[str, object]) -> None:
    readings.vectors[key] = base64.b64decode(str(heard.get("vector", "")))
    found = heard.get("entities")
    if isinstance(found, list) and found:
        readings.details[key] = [(one["entity"], str(one["value"])) for one in found]
