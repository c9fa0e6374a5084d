"""A trained model outside of Rasa's server: lines of bytes in, lines of JSON out."""

import base64
import json
import logging
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Optional

import numpy as np
import skops.io  # before Rasa, see bot/engine/__main__.py
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.utils.log_utils import configure_structlog

import bot.engine.graph_runs  # as the running house has it
from bot.engine.archives import NoModel
from bot.engine.cleaning import clean
from bot.engine.hearing import run_texts, to_heard
from bot.engine.lines import Line

logger = logging.getLogger(__name__)

TODAY = "today"
"""The key of a message's metadata with the day, in ISO form, that its dates are relative to."""

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LANGUAGES = {"en": "en", "ru": "ru", "translit": "ru"}
"""Russian in Latin letters is Russian."""
_DECIMALS = 6
"""More say nothing, and differ from one processor to the next."""


class BrokenLine(Exception):
    """A line without an answer; the text says why."""


class Understanding:
    """A loaded model and its memory of how many lines it was given."""

    def __init__(
        self,
        runner: GraphRunner,
        target: str,
        *,
        today: Optional[date] = None,
        vectors: bool = False,
    ) -> None:
        self._runner = runner
        self._target = target
        self._vectors = vectors
        self._metadata = {TODAY: today.isoformat()} if today else None
        self._lines = 0

    def parse(self, lines: Iterable[Line]) -> Iterator[bytes]:
        """
        One line of JSON for each line, cleaned and heard as the channel does it.

        Each goes through the graph alone. Together they would be twice as quick, but what an
        int8 encoder says of a text hangs a little on the texts beside it.
        """
        for line in lines:
            self._lines += 1
            try:
                text = _to_text(line)
                answer = self._hear(text) if text else _SILENCE
            except BrokenLine as error:
                answer = _to_json({"error": str(error), "line": self._lines})
            yield answer + b"\n"

    def _hear(self, text: str) -> bytes:
        """The answer to the text; one that breaks the model must not take the others along."""
        try:
            (message,) = run_texts(self._runner, self._target, [text], self._metadata)
            vector = {"vector": to_vector(message)} if self._vectors else {}
            return _to_json({**to_answer(message), **vector})
        except Exception as error:
            logger.exception("The model failed on %r", text)
            raise BrokenLine("the model failed on this message; stderr says how") from error


def load(model: Path, *, today: Optional[date] = None, vectors: bool = False) -> Understanding:
    """
    The model in that archive; `NoModel` if Rasa cannot make one of it.

    With `vectors` each answer carries what the message means as numbers.
    """
    configure_structlog(logging.ERROR)  # unset it would print every debug message
    with tempfile.TemporaryDirectory() as folder:
        try:
            metadata, runner = load_predict_graph_runner(
                Path(folder), model, LocalModelStorage, DaskGraphRunner
            )
        # Whatever is wrong inside an archive, each component complains of it in its own way.
        except Exception as error:
            cause = error.__cause__ or error
            why = " ".join(f"{type(cause).__name__}: {cause}".split())
            raise NoModel(f"{model} is no model that can be loaded: {why}") from error
    return Understanding(runner, metadata.nlu_target, today=today, vectors=vectors)


def to_answer(message: Message) -> dict[str, Any]:
    """What is printed of a message that went through the graph."""
    heard = to_heard(message)
    return {
        "text": heard["text"],
        "intent": heard["intent"],
        "confidence": round(heard["confidence"], _DECIMALS),
        "ranking": [
            {"name": intent["name"], "confidence": round(float(intent["confidence"]), _DECIMALS)}
            for intent in message.get("intent_ranking", [])
            if intent["name"] != DEFAULT_NLU_FALLBACK_INTENT_NAME  # no intent, but the lack of one
        ],
        "entities": [
            {
                **{key: entity[key] for key in ("entity", "start", "end", "value")},
                "normalized": entity.get("normalized", entity["value"]),
            }
            for entity in message.get("entities", [])
        ],
        "language": _LANGUAGES.get(message.get("language")) or guess_language(heard["text"]),
    }


def to_vector(message: Message) -> str:
    """
    The dense features of the whole message: 16-bit floats, little-endian, in base64.

    Empty for a model that makes none. Vectors of two languages have nothing in common.
    """
    _, sentence = message.get_dense_features(TEXT, [])
    numbers = sentence.features[0] if sentence else []
    return base64.b64encode(np.asarray(numbers, "<f2").tobytes()).decode("ascii")


def guess_language(text: str) -> str:
    """Russian if there is a Cyrillic letter, English if not, for a model that does not say."""
    return "ru" if _CYRILLIC.search(text) else "en"


def _to_text(line: Line) -> str:
    if line is None:
        raise BrokenLine("the line has 50 kB or more")
    try:
        return clean(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BrokenLine(f"byte {error.start + 1} of the line is not UTF-8") from error


def _to_json(answer: dict[str, Any]) -> bytes:
    """In UTF-8, as it was written. NaN is no JSON, and an error."""
    return json.dumps(answer, ensure_ascii=False, allow_nan=False).encode()


# Nothing was said, or nothing that can be seen; the channel hears it so, too.
_SILENCE = _to_json(
    {
        "text": "",
        "intent": DEFAULT_NLU_FALLBACK_INTENT_NAME,
        "confidence": 0.0,
        "ranking": [],
        "entities": [],
        "language": guess_language(""),
    }
)
