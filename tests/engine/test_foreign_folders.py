"""Our pipeline learns from any folder of Rasa NLU files, not only from ours."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from rasa.model_training import train_nlu
from rasa.shared.nlu.training_data.message import Message

from bot.engine.intent_names import take_whole
from bot.engine.understanding import Understanding, load

Teach = Callable[[Mapping[str, Sequence[str]]], Understanding]

ODD_NAMES = {
    "card arrival": ["where is my card", "when does my card come", "my card has not come"],
    "card/lost": ["I lost my card", "my card is lost", "cannot find my card any more"],
    "card/lost/stolen": ["somebody stole my card", "my card was stolen", "it was stolen"],
    "Refund_not_showing_up?": ["the refund is not there", "I see no refund", "where is the refund"],
    "обмен": ["please exchange it", "I want to exchange it", "exchange it for another"],
    "yes": ["of course", "yes of course", "yes please"],
    "out_of_scope": ["sing me a song", "a song please sing", "sing a song about cards"],
}
RUSSIAN = {
    "где_заказ": ["где мой заказ", "где заказ", "когда приедет мой заказ", "когда привезут заказ"],
    "возврат": ["верните деньги", "хочу вернуть деньги", "оформите возврат", "возврат денег"],
}
TINY = {
    "refund": ["give my money back", "I want my money back"],
    "late": ["where is my parcel", "my parcel is late"],
}


@pytest.fixture
def teach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Teach:
    """A model of those examples, with the pipeline of config.yml and no domain."""

    def train(examples: Mapping[str, Sequence[str]]) -> Understanding:
        lines = ['version: "3.1"', "nlu:"]
        for intent, texts in examples.items():
            lines += [f"- intent: {intent}", "  examples: |"]
            lines += [f"    - {text}" for text in texts]
        data = tmp_path / "data"
        data.mkdir()
        (data / "any.yml").write_text("\n".join(lines))
        monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path / "cache"))
        return load(Path(train_nlu("config.yml", str(data), str(tmp_path), "foreign")))

    return train


def intents(understanding: Understanding, texts: Sequence[str]) -> list[str]:
    """The likeliest of each, whether the model is sure of it or not."""
    answers = understanding.parse([text.encode() for text in texts])
    return [json.loads(answer)["ranking"][0]["name"] for answer in answers]


@pytest.mark.parametrize("examples", [ODD_NAMES, RUSSIAN, TINY], ids=["odd names", "ru", "tiny"])
def test_a_folder_of_any_intents_is_learnt(
    teach: Teach, examples: Mapping[str, Sequence[str]]
) -> None:
    """
    Spaces, slashes, one language, two examples each, no entity marked: what was taught comes
    back, under the names that were given.
    """
    taught = [(intent, text) for intent, texts in examples.items() for text in texts]

    heard = intents(teach(examples), [text for _, text in taught])

    assert heard == [intent for intent, _ in taught]


def test_a_slash_is_a_sign_like_any_other() -> None:
    """
    Rasa itself is told so, in training and in the server.
    """
    assert Message.separate_intent_response_key is take_whole
    assert Message.build("hi", intent="small/talk/hello").get("intent") == "small/talk/hello"
