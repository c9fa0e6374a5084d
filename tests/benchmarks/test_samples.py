"""Which messages the benchmark trains on and measures with."""

import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import samples
from benchmarks.samples import NoSuchSet, of_length, sample, to_example, to_nlu
from bot.workbench.nlu_files import Example, read_nlu_file


@pytest.fixture
def public(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the public sets, still empty."""
    monkeypatch.setattr(samples, "PUBLIC", tmp_path)
    return tmp_path


def some(intent: str, many: int) -> list[Example]:
    return [to_example(f"{intent} {number}", intent) for number in range(many)]


def test_a_sample_holds_so_many_of_each_intent():
    """Or all of an intent that has fewer; nothing twice."""
    drawn = sample([*some("card", 50), *some("rate", 50), *some("rare", 3)], 10)

    assert Counter(example.intent for example in drawn) == {"card": 10, "rate": 10, "rare": 3}
    assert len({example.text for example in drawn}) == len(drawn)


def test_a_sample_is_the_same_in_every_run():
    """Figures of two runs are about the same examples; here is one of them."""
    drawn = sample(some("card", 50), 5)

    assert [example.text for example in drawn] == [
        example.text for example in sample(some("card", 50), 5)
    ]
    assert drawn != sample(some("card", 50), 5, seed=samples.SEED + 1)
    assert drawn != some("card", 5)


def test_a_sample_of_one_intent_does_not_hang_on_the_others():
    """A set that gains an intent leaves the examples of the others as they were."""
    alone = sample(some("card", 50), 5)
    among = sample([*some("atm", 20), *some("card", 50)], 5)

    assert [example for example in among if example.intent == "card"] == alone


def test_banking77_is_read_with_its_quotes_and_line_breaks(public: Path):
    """A message stands on one line afterwards, because the training file has one line for it."""
    (public / "banking77").mkdir()
    (public / "banking77" / "test.csv").write_text(
        'text,category\nHow do I locate my card?,card_arrival\n"Hi,\nI ""lost"" it",lost_card\n'
    )

    assert [(one.text, one.intent) for one in samples.read_banking("test")] == [
        ("How do I locate my card?", "card_arrival"),
        ('Hi, I "lost" it', "lost_card"),
    ]


def test_bitext_is_read_as_far_as_it_has_intents_of_ours(public: Path):
    """The others have no answer that would be right."""
    (public / "bitext").mkdir()
    (public / "bitext" / "dev.csv").write_text(
        "utterance,intent\nwhere is my order,track_order\nadd me,newsletter_subscription\n"
    )

    assert [(one.text, one.intent) for one in samples.read_bitext()] == [
        ("where is my order", "order_status")
    ]


def test_clinc_is_out_of_scope(public: Path):
    """Train and validation; the test split measures us elsewhere."""
    (public / "clinc").mkdir()
    (public / "clinc" / "oos.json").write_text(
        json.dumps({"oos_train": [["how is glue made", "oos"]], "oos_val": [["a joke", "oos"]]})
    )

    assert [(one.text, one.intent) for one in samples.read_clinc()] == [
        ("how is glue made", "out_of_scope"),
        ("a joke", "out_of_scope"),
    ]


def test_a_set_that_is_not_there_is_named(public: Path):
    """With the place where it was looked for."""
    with pytest.raises(NoSuchSet, match=str(public / "banking77" / "train.csv")):
        samples.read_banking("train")


def test_a_training_file_says_what_the_examples_say(tmp_path: Path):
    """Whatever their texts hold: quotes, colons, and intents whose names YAML would change."""
    examples = [
        to_example('say: "yes" #1004 [sic] - don\'t', "yes"),
        to_example("где мой заказ", "order_status", language="ru"),
        to_example("да", "yes", language="ru"),
    ]
    (tmp_path / "nlu.yml").write_text(to_nlu(examples), "utf-8")

    read = read_nlu_file(tmp_path / "nlu.yml").examples

    assert {(one.text, one.intent) for one in read} == {(one.text, one.intent) for one in examples}


def test_timed_messages_have_twelve_words():
    """In the language that is asked for, and no more of them than wanted."""
    twelve = [to_example(f"{number} " + "word " * 11, "greet") for number in range(3)]
    others = [to_example("word " * 11, "greet"), to_example("слово " * 12, "greet", language="ru")]

    assert of_length([*others, *twelve], "en", 2) == twelve[:2]
    assert of_length([*others, *twelve], "ru", 2) == others[1:]


def test_what_is_ours_is_read_without_marks_of_entities():
    """Stock Rasa gets the texts as buyers write them."""
    own = samples.read_own()

    assert len({example.intent for example in own}) > 40
    assert not [example.text for example in own if "](" in example.text or "]{" in example.text]


def test_a_sample_of_ours_has_both_languages_of_each_intent():
    """So many of each, and every one of them as it stands in the training data."""
    drawn = samples.sample_own()
    own = samples.read_own()

    assert Counter((one.intent, one.language) for one in drawn) == dict.fromkeys(
        {(one.intent, one.language) for one in own}, samples.EACH
    )
    assert {one.language for one in drawn} == {"en", "ru"}
    assert set(drawn) < set(own)
    assert drawn == samples.sample_own()


def test_bitext_is_mapped_to_intents_that_exist():
    """A renamed intent would count every message of it as wrong."""
    assert set(samples.BITEXT.values()) <= {example.intent for example in samples.read_own()}


def test_every_message_of_the_development_set_can_be_answered_right():
    """Messages that only measure entities have no intent, and would count against both."""
    own = {example.intent for example in samples.read_own()}

    assert {example.intent for example in samples.read_development_set()} <= own


def test_the_development_set_is_not_among_the_examples():
    """It would measure what the models know by heart."""
    own = {(one.text.casefold(), one.intent) for one in samples.read_own() if len(one.text) > 30}
    development = samples.read_development_set()

    assert len(development) > 300
    assert not [one.text for one in development if (one.text.casefold(), one.intent) in own]
