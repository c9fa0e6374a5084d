"""A trained model that is asked without a server: lines in, JSON out."""

import asyncio
import json
import tarfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import load_agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.nlu.training_data.message import Message

from bot.engine.archives import NoModel
from bot.engine.buyer_tokenizer import to_lemma
from bot.engine.channel import Turn, to_message
from bot.engine.cleaning import LONGEST
from bot.engine.lines import Line
from bot.engine.parsing import LONGEST_LINE
from bot.engine.understanding import TODAY, Understanding, load, to_answer
from bot.engine.vocabularies import is_russian
from tests.engine.bad_input import BAD_INPUT

KEYS = ["text", "intent", "confidence", "ranking", "entities", "language"]
READABLE = {name: text for name, text in BAD_INPUT.items() if name != "a lone surrogate"}
SILENT = {"only white space", "carriage returns alone"}
PROMISED = 0.050
"""Seconds of computing for the worst of them on one core."""
SLOWNESS = 3
"""How much slower a machine may be that runs other tests at the same time."""
BROKEN_MUG = "the mug from order DEMO-1003 is broken"


@pytest.fixture(scope="module")
def understanding(model: Path) -> Understanding:
    return load(model)


def answers(understanding: Understanding, lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in understanding.parse(lines)]


def answer(understanding: Understanding, text: str) -> dict[str, Any]:
    (only,) = answers(understanding, [text.encode()])
    return only


def test_an_answer_says_what_was_understood(understanding: Understanding) -> None:
    """
    In documented keys; the likeliest of the ranking is the intent.
    """
    heard = answer(understanding, BROKEN_MUG)

    assert list(heard) == KEYS
    assert heard["text"] == BROKEN_MUG
    assert heard["intent"] == "damaged_item"
    assert heard["ranking"][0] == {"name": "damaged_item", "confidence": heard["confidence"]}
    confidences = [intent["confidence"] for intent in heard["ranking"]]
    assert confidences == sorted(confidences, reverse=True)
    assert heard["language"] == "en"
    numbers = [one for one in heard["entities"] if one["entity"] == "order_number"]
    assert [(one["value"], one["normalized"]) for one in numbers] == [("DEMO-1003", "DEMO-1003")]
    assert BROKEN_MUG[numbers[0]["start"] : numbers[0]["end"]] == "DEMO-1003"


def test_what_is_not_understood_is_no_intent_of_the_ranking() -> None:
    """
    `intent` says that the bot asks again; the ranking says between what.
    """
    unsure = {"name": "nlu_fallback", "confidence": 0.3}
    ranking = [{"name": name, "confidence": 0.2} for name in ("greet", "thanks")]
    message = Message({"text": "hm", "intent": unsure, "intent_ranking": [unsure, *ranking]})

    heard = to_answer(message)

    assert (heard["intent"], heard["confidence"]) == ("nlu_fallback", 0.3)
    assert heard["ranking"] == ranking


@pytest.mark.parametrize("text", [BROKEN_MUG, "many thanks", "many lamps sing", "/restart", "№5"])
def test_the_running_house_hears_the_same(
    model: Path, understanding: Understanding, text: str
) -> None:
    """
    The text goes the channel's way into Rasa's processor.
    """
    turn = Turn(conversation_id="conversation-1", message_id="message-1", fence=1, text=text)

    async def hear() -> dict[str, Any]:
        processor = (await load_agent(str(model))).processor
        parsed: dict[str, Any] = await processor.parse_message(to_message(turn))
        return parsed

    channel, ours = asyncio.run(hear()), answer(understanding, text)

    assert ours["text"] == channel["text"]
    assert ours["intent"] == channel["intent"]["name"]
    assert ours["confidence"] == pytest.approx(channel["intent"]["confidence"], abs=1e-6)
    assert [one["value"] for one in ours["entities"]] == [
        one["value"] for one in channel["entities"]
    ]


def test_a_message_is_understood_alike_whatever_stands_beside_it(
    understanding: Understanding,
) -> None:
    """
    To the last printed decimal, or a threshold would be passed by chance.
    """
    texts = [BROKEN_MUG, "hi", "many lamps sing", "a" * 5000, "sing me a song", "№5"]

    together = answers(understanding, [text.encode() for text in texts])

    assert together == [answer(understanding, text) for text in texts]


@pytest.mark.parametrize(
    ("text", "language"), [("hello", "en"), ("где моя лампа", "ru"), ("12345", "en")]
)
def test_the_language_is_that_of_the_letters(
    understanding: Understanding, text: str, language: str
) -> None:
    """
    Unless the model has an opinion of its own.
    """
    assert answer(understanding, text)["language"] == language


@pytest.mark.parametrize(
    ("said", "language"), [("en", "en"), ("ru", "ru"), ("translit", "ru"), (None, "en")]
)
def test_the_models_word_about_the_language_counts(said: str, language: str) -> None:
    """
    Russian in Latin letters is Russian.
    """
    message = Message({"text": "gde moj zakaz", "language": said})

    assert to_answer(message)["language"] == language


def test_a_normal_form_is_printed_beside_the_words() -> None:
    """
    And an extractor that knows none has normal words.
    """
    day = {"entity": "date", "start": 0, "end": 5, "value": "today", "normalized": "2026-03-20"}
    word = {"entity": "product", "start": 6, "end": 9, "value": "mug", "extractor": "any"}

    printed = to_answer(Message({"text": "today mug", "entities": [day, word]}))["entities"]

    assert printed == [
        day,
        {"entity": "product", "start": 6, "end": 9, "value": "mug", "normalized": "mug"},
    ]


class Graph:
    """Stands in for a model's graph: hears a greeting, but not every text."""

    def __init__(self) -> None:
        self.messages: list[UserMessage] = []

    def run(self, inputs: dict[str, Any], targets: list[str]) -> dict[str, list[Message]]:
        heard = inputs["__message__"]
        self.messages += heard
        if any(message.text == "break" for message in heard):
            raise RuntimeError("a component failed")
        intent = {"name": "greet", "confidence": 0.9}
        return {targets[0]: [Message({"text": one.text, "intent": intent}) for one in heard]}


@pytest.mark.parametrize(
    ("today", "metadata"), [(None, None), (date(2026, 3, 20), {TODAY: "2026-03-20"})]
)
def test_components_are_told_the_day(today: Any, metadata: Any) -> None:
    """
    In each message's metadata; without one they take their own.
    """
    graph = Graph()

    answers(Understanding(graph, "any", today=today), [b"hi", b"hello"])

    assert [message.metadata for message in graph.messages] == [metadata] * 2


def test_a_message_that_breaks_the_model_breaks_no_other() -> None:
    """
    It gets an error in its place.
    """
    first, second, third = answers(Understanding(Graph(), "any"), [b"hi", b"break", b"hello"])

    assert (first["intent"], third["intent"]) == ("greet", "greet")
    assert second == {"error": "the model failed on this message; stderr says how", "line": 2}


def test_a_broken_line_gets_an_error_in_its_place() -> None:
    """
    Lines count from one, through all batches.
    """
    fresh = Understanding(Graph(), "any")

    assert answers(fresh, [b"hello", None, b"caf\xe9"])[1:] == [
        {"error": "the line has 50 kB or more", "line": 2},
        {"error": "byte 4 of the line is not UTF-8", "line": 3},
    ]
    assert answers(fresh, ["\ud800".encode("utf-8", "surrogatepass"), b"hi"])[0] == {
        "error": "byte 1 of the line is not UTF-8",
        "line": 4,
    }


@pytest.mark.parametrize("name", READABLE)
def test_bad_input_is_parsed_without_error(understanding: Understanding, name: str) -> None:
    """
    Whatever is understood of it.
    """
    heard = answer(understanding, READABLE[name])

    assert list(heard) == KEYS
    assert len(heard["text"]) <= LONGEST
    assert 0 <= heard["confidence"] <= 1
    assert heard["language"] in {"en", "ru"}
    assert (heard["text"] == "") == (name in SILENT)


@pytest.mark.parametrize("name", READABLE)
def test_bad_input_is_parsed_at_once(understanding: Understanding, name: str) -> None:
    """
    Nobody holds up the others with a text that is hard to read.
    """

    def seconds() -> float:
        for remembered in (to_lemma, is_russian):
            remembered.cache_clear()
        start = time.process_time()
        answer(understanding, READABLE[name])
        return time.process_time() - start

    assert min(seconds() for _ in range(3)) < PROMISED * SLOWNESS


@pytest.mark.parametrize("text", ["", " ", "\u200b", "/", "\r"])
def test_silence_is_not_understood(understanding: Understanding, text: str) -> None:
    """
    Nothing that can be seen: no error, no intent, no confidence.
    """
    assert answer(understanding, text) == {
        "text": "",
        "intent": "nlu_fallback",
        "confidence": 0.0,
        "ranking": [],
        "entities": [],
        "language": "en",
    }


def test_of_a_long_message_the_beginning_and_the_end_are_heard(
    understanding: Understanding,
) -> None:
    """
    The wish at its end, and the order at its beginning.
    """
    long = f"DEMO-1003 {'blah ' * 4000}I want a person please"

    heard = answer(understanding, long)

    assert heard["text"].startswith("DEMO-1003 blah")
    assert heard["text"].endswith("I want a person please")
    assert "DEMO-1003" in [one["value"] for one in heard["entities"]]


def test_an_archive_with_half_a_model_is_no_model(tmp_path: Path) -> None:
    """
    What Rasa says of it in one line, without the way it took.
    """
    described = tmp_path / "metadata.json"
    described.write_text("{}")
    archive = tmp_path / "half.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(described, "metadata.json")

    with pytest.raises(NoModel) as refused:
        load(archive)

    assert str(refused.value) == f"{archive} is no model that can be loaded: KeyError: 'trained_at'"


def test_the_limits_are_those_that_are_documented() -> None:
    """
    In docs/PARSING.md, and in what `makegood parse --help` says.
    """
    docs = Path("docs/PARSING.md").read_text("utf-8")
    told = " ".join(Path("bot/commands/understanding.py").read_text("utf-8").split())

    assert f"**{LONGEST:,} characters**" in docs.replace("\n", " ")
    assert f"{LONGEST_LINE + 1:,} bytes or more" in docs
    assert f"more than {LONGEST:,} characters" in told
    assert f"{(LONGEST_LINE + 1) // 1000} kB or more" in told
