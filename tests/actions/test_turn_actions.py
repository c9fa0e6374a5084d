"""The five actions: from what Rasa sends to an answer in the store, whatever it sends."""

import math
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from actions import turn_actions
from actions.action_call import LatestMessage, Metadata, read_message, to_understanding
from actions.turn_actions import ACTIONS
from bot.casework.turns import Clause, Entity, Route
from bot.settings import ROOT
from bot.store.tables import choices, conversations, handoffs, messages, outbox, remedies
from tests.actions.calls import PAYLOADS, Line, recorded

pytestmark = pytest.mark.anyio

NO_SLOTS = [
    {"event": "slot", "timestamp": None, "name": name, "value": None}
    for name in ("order_number", "case", "awaiting")
]
FAILED = "hand_off.something_failed"


def test_every_action_has_a_route_and_every_route_an_action():
    """
    The names are those that domain.yml and data/rules.yml know.
    """
    domain = YAML(typ="safe").load(Path(ROOT / "domain.yml"))
    names = [f"action_{action.route}" for action in ACTIONS]

    assert [action.route for action in ACTIONS] == list(Route)
    assert names == domain["actions"]


def test_every_payload_names_its_action():
    """
    They were recorded from Rasa 3.6.21 and tell of one message each.
    """
    calls = [recorded(path.stem) for path in PAYLOADS.glob("*.json")]

    assert {call["version"] for call in calls} == {"3.6.21"}
    assert {call["next_action"] for call in calls} == {f"action_{route}" for route in Route}


@pytest.mark.parametrize(
    ("payload", "reply"),
    [
        ("hello", "small_talk.hello"),
        ("not_understood", "clarify.not_ours"),
        ("human_agent", "hand_off.handed_off"),
    ],
)
async def test_an_action_answers_by_its_route(line: Line, payload, reply):
    """
    In the store; Rasa gets slots for whoever reads its tracker, and no words.
    """
    answer = await line.hears(payload)

    assert line.replies == [reply]
    assert answer.responses == []
    assert answer.events == NO_SLOTS


async def test_a_problem_is_worked_on(line: Line):
    """
    The order number and the e-mail that Rasa found open the order; the slots tell what is being
    waited for.
    """
    text = recorded("damaged_item")["tracker"]["latest_message"]["text"]

    answer = await line.hears("damaged_item", text)

    assert line.replies == ["steps.ask_for_photo"]
    assert {event["name"]: event["value"] for event in answer.events} == {
        "order_number": "DEMO-1003",
        "case": "damaged_item",
        "awaiting": "photo",
    }


async def test_a_button_goes_to_the_open_question(line: Line):
    """
    A choice needs no understanding: what was pressed stands in the store.
    """
    await line.hears("not_understood")
    token = line.shop.rows(choices)[0]["token"]

    await line.executor.run(line.call("button", line.receives("", choice=str(token))))

    assert line.replies[0] == "clarify.not_ours"
    assert len(line.replies) == 2
    assert line.floor == "BOT"


async def test_what_was_heard_is_kept_with_the_message(line: Line):
    """
    Intent, confidence, the best guesses and the entities: trainers will want to see them.
    """
    text = recorded("damaged_item")["tracker"]["latest_message"]["text"]
    await line.hears("damaged_item", text)

    row = line.shop.rows(messages)[0]
    assert row["intent"] == "damaged_item"
    assert row["confidence"] == pytest.approx(0.4426, abs=0.001)
    assert len(list(row["ranking"])) == 10
    assert {one["name"]: one["value"] for one in row["entities"]} == {
        "order_number": "DEMO-1003",
        "email": "ada@example.com",
    }


@pytest.mark.parametrize(
    ("heard", "kept"),
    [("ru", "ru"), ("en", "en"), (None, None), ("fr", None), ("", None), (7, None), (["ru"], None)],
)
async def test_the_language_that_rasa_heard_is_kept(line: Line, heard, kept):
    """
    One that the house does not know says nothing, and breaks nothing.
    """
    await line.hears("hello", "privet", language=heard)

    assert line.shop.rows(messages)[0]["language"] == kept
    assert line.replies == ["small_talk.hello"]


async def test_a_model_that_tells_no_language_is_understood(line: Line):
    """
    The letters tell then.
    """
    await line.hears("hello", "Здравствуйте")

    assert line.shop.rows(conversations)[0]["locale"] == "ru"


async def test_the_same_call_twice_is_one_answer(line: Line):
    """
    Rasa asks again when a connection breaks; the second call changes nothing.
    """
    call = line.call("hello", line.receives())

    first, second = [await line.executor.run(call) for _ in range(2)]

    assert line.replies == ["small_talk.hello"]
    assert first.events == second.events


async def test_a_call_under_an_old_lease_does_nothing(line: Line):
    """
    Somebody else works on the conversation by now.
    """
    received = line.receives()
    call = line.call("hello", received)
    call["tracker"]["latest_message"]["metadata"]["fence"] = (received.fence or 0) - 1

    await line.executor.run(call)

    assert line.replies == []
    assert line.floor == "BOT"


WRONG: dict[str, dict[str, Any]] = {
    "no intent": {"intent": None},
    "an intent of the wrong kind": {"intent": "greet"},
    "a confidence in words": {"intent": {"name": "greet", "confidence": "high"}},
    "a name that is a number": {"intent": {"name": 7, "confidence": 1.0}},
    "a ranking of words": {"intent_ranking": ["greet"]},
    "entities of the wrong kind": {"entities": {"order_number": "DEMO-1003"}},
    "an entity without a place": {"entities": [{"entity": "order_number", "value": "DEMO-1003"}]},
    "an entity at a word": {
        "entities": [{"entity": "order_number", "value": "1", "start": "0", "end": 1}]
    },
    "a fence in words": {"metadata": {"fence": "1"}},
    "no fence": {"metadata": {"fence": None}},
    "clauses in words": {"metadata": {"clauses": "the mug broke"}},
    "a clause without an intent": {"metadata": {"clauses": [{"text": "hi", "confidence": 1.0}]}},
    "a clause that is sure in words": {
        "metadata": {"clauses": [{"text": "hi", "intent": "greet", "confidence": "very"}]}
    },
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_malformed_call_goes_to_a_person(line: Line, name, caplog):
    """
    Of a message that we know: it is answered once, by a template, and nothing is granted.
    """
    received = line.receives()
    changes = dict(WRONG[name])
    metadata = {"message_id": received.message.id, "fence": received.fence}
    changes["metadata"] = metadata | changes.get("metadata", {})

    answer = await line.executor.run(line.call("hello", received, **changes))

    assert answer.events == []
    assert line.replies == [FAILED]
    assert line.floor == "WAITING"
    assert line.shop.rows(handoffs)[0]["reason"] == "failed"
    assert line.id in caplog.text


@pytest.mark.parametrize(
    "latest",
    [
        None,
        [],
        "hi",
        {"metadata": None},
        {"metadata": {}},
        {"metadata": "message-1"},
        {"metadata": {"message_id": "unknown", "fence": 1}},
        {"metadata": {"message_id": 7, "fence": 1}},
        {"metadata": {"message_id": ["x"], "fence": 1}},
    ],
)
async def test_a_call_about_no_message_of_ours_does_nothing(line: Line, latest, caplog):
    """
    It is logged; the message that it may be about is handed over by web, at its deadline.
    """
    line.receives()
    call = recorded("hello")
    call["tracker"]["sender_id"] = line.id
    if isinstance(latest, dict):
        latest = call["tracker"]["latest_message"] | latest
    call["tracker"]["latest_message"] = latest

    answer = await line.executor.run(call)

    assert answer.events == []
    assert line.replies == []
    assert line.shop.rows(remedies) == line.shop.rows(outbox) == []
    assert line.id in caplog.text


async def test_a_huge_call_is_cut_to_size(line: Line):
    """
    Names, values and lists of any length are answered, and kept short.
    """
    many = [
        {"entity": "order_number", "value": "9" * 100_000, "start": 0, "end": 9} for _ in range(500)
    ]
    guesses = [{"name": "g" * 100_000, "confidence": 0.1}] * 500

    await line.hears("hello", entities=many, intent_ranking=guesses)

    row = line.shop.rows(messages)[0]
    assert len(list(row["entities"])) == 20
    assert len(row["entities"][0]["value"]) == 200
    assert len(row["ranking"][0][0]) == 100
    assert line.replies == ["small_talk.hello"]


@pytest.mark.parametrize("confidence", [math.nan, math.inf, -math.inf, -1, 2, 1e308])
async def test_a_confidence_that_is_none_counts_as_nothing(line: Line, confidence):
    """
    A model that is broken must not break the store.
    """
    guess = {"name": "greet", "confidence": confidence}

    await line.hears("hello", intent=guess, intent_ranking=[guess])

    row = line.shop.rows(messages)[0]
    assert line.replies == ["small_talk.hello"]
    assert (row["confidence"], list(row["ranking"])) == (0.0, [["greet", 0.0]])


@pytest.mark.parametrize(
    ("said", "kept"), [(0.8125, 0.8125), (1, 1.0), (-1, -1.0), (0, 0.0), (None, None)]
)
async def test_how_near_the_nearest_example_is_stays_with_the_message(line: Line, said, kept):
    """
    For the report on drift.
    """
    await line.hears("hello", nearness=said)

    assert line.shop.rows(messages)[0]["nearness"] == kept


@pytest.mark.parametrize(
    "nearness",
    [math.nan, math.inf, -math.inf, 1.01, -2, 10**400, "0.5", True, [0.5], {"nearness": 0.5}],
)
async def test_a_nearness_that_is_none_is_not_kept(line: Line, nearness):
    """
    The message is answered all the same, and counts in no mean.
    """
    await line.hears("hello", nearness=nearness)

    assert line.replies == ["small_talk.hello"]
    assert line.shop.rows(messages)[0]["nearness"] is None


async def test_a_call_that_says_nothing_of_nearness(line: Line):
    """
    An older model's, or a message without a vector.
    """
    await line.hears("hello")

    assert line.shop.rows(messages)[0]["nearness"] is None


async def test_an_intent_that_nobody_knows_is_asked_again(line: Line):
    """
    The model and the files come from different moments, such as after a roll back.
    """
    await line.hears("damaged_item", intent={"name": "crash_the_server", "confidence": 1.0})

    assert line.replies == ["clarify.did_you_mean"]
    assert line.floor == "BOT"
    assert line.shop.rows(remedies) == []


async def test_a_turn_that_breaks_is_rolled_back_and_handed_over(line: Line, monkeypatch, caplog):
    """
    Whatever it had written is gone; the log names the conversation and the mistake.
    """

    def breaks(house, heard):
        with house.units() as unit:
            unit.conversations.set_misses(line.id, 99)
            raise RuntimeError("out of ideas")

    monkeypatch.setattr(turn_actions, "take_turn", breaks)

    answer = await line.hears("hello")

    with line.shop.house.units.reading() as unit:
        assert unit.conversations.get(line.id).misses == 0
    assert answer.events == []
    assert line.replies == [FAILED]
    assert line.floor == "WAITING"
    assert line.id in caplog.text
    assert "out of ideas" in caplog.text


async def test_a_store_that_is_away_is_only_logged(line: Line, monkeypatch, caplog):
    """
    Neither answered nor handed over: web finds no answer and tries again.
    """

    def away(*_):
        raise OSError("disk full")

    monkeypatch.setattr(turn_actions, "take_turn", away)
    monkeypatch.setattr(turn_actions, "do_hand_off_unanswered", away)

    answer = await line.hears("hello")

    assert answer.events == []
    assert line.replies == []
    assert caplog.text.count("disk full") >= 2


def test_an_understanding_is_what_rasa_recorded():
    """
    Field by field, from a real call.
    """
    message = read_message(recorded("damaged_item")["tracker"]["latest_message"])
    understanding = to_understanding(message, Route.RUN_PLAYBOOK)

    assert understanding.intent == "damaged_item"
    assert understanding.ranking[0] == ("damaged_item", understanding.confidence)
    assert understanding.entities[1] == Entity(
        name="order_number", value="DEMO-1003", start=19, end=28
    )
    assert (message.metadata.message_id, message.metadata.fence) == ("message-2", 2)


def test_entities_that_nobody_decides_by_stay_outside():
    """
    A phone number would only be written into the ledger; nor do they crowd out the order number.
    """
    phone = {"entity": "phone", "value": "+447911123456", "start": 0, "end": 13}
    number = {"entity": "order_number", "value": "DEMO-1005", "start": 18, "end": 27}
    message = read_message({"metadata": {}, "entities": [phone] * 30 + [number]})

    understanding = to_understanding(message, Route.RUN_PLAYBOOK)

    assert [one.value for one in understanding.entities] == ["DEMO-1005"]


def a_clause(**changes: Any) -> dict[str, Any]:
    """A clause as our channel tells it."""
    number = {"entity": "order_number", "value": "DEMO-1005", "start": 18, "end": 27}
    told = {
        "text": "where is my order DEMO-1005?", "intent": "order_status", "confidence": 0.99,
        "entities": [number],
    }  # fmt: skip
    return told | changes


def heard_in(*clauses: dict[str, Any]) -> tuple[Clause, ...]:
    """What is believed of these clauses."""
    message = read_message({"metadata": {"message_id": "message-1", "clauses": list(clauses)}})
    return to_understanding(message, Route.RUN_PLAYBOOK).clauses


def test_the_clauses_of_a_message_are_heard_in_their_order():
    """
    Each with its own intent, confidence and entities.
    """
    broken = a_clause(text="The mug broke.", intent="damaged_item", entities=[])

    first, second = heard_in(broken, a_clause())

    assert (first.text, first.intent, first.entities) == ("The mug broke.", "damaged_item", ())
    assert second == Clause(
        text="where is my order DEMO-1005?",
        intent="order_status",
        confidence=0.99,
        entities=(Entity(name="order_number", value="DEMO-1005", start=18, end=27),),
    )


def test_a_message_of_one_clause_has_none_beside_it():
    """
    Nor has one that comes from `rasa shell`, or from a channel that is older than we are.
    """
    message = read_message(recorded("damaged_item")["tracker"]["latest_message"])

    assert to_understanding(message, Route.RUN_PLAYBOOK).clauses == ()


def test_clauses_are_cut_to_size():
    """
    As many as a channel of ours would send, and none of them longer than a message.
    """
    huge = a_clause(
        text="t" * 100_000, intent="i" * 100_000, confidence=math.nan,
        entities=a_clause()["entities"] * 500,
    )  # fmt: skip

    clauses = heard_in(*[huge] * 500)

    assert len(clauses) == 4
    assert (len(clauses[0].text), len(clauses[0].intent)) == (2000, 100)
    assert (clauses[0].confidence, len(clauses[0].entities)) == (0.0, 20)


async def test_a_message_of_several_clauses_is_answered(line: Line):
    """
    Once, by the intent of the whole.
    """
    received = line.receives()
    metadata = {"message_id": received.message.id, "fence": received.fence}

    await line.executor.run(
        line.call("hello", received, metadata=metadata | {"clauses": [a_clause()] * 2})
    )

    assert line.replies == ["small_talk.hello"]


def test_a_message_without_anything_is_not_understood():
    """
    Rasa leaves out what it does not know.
    """
    understanding = to_understanding(LatestMessage(), Route.CLARIFY)

    assert (understanding.intent, understanding.confidence) == ("nlu_fallback", 0.0)
    assert read_message({"intent": {"name": None, "confidence": 0.0}}).intent.name is None


async def test_a_message_records_the_model_that_read_it(line: Line):
    """
    As our channel names it; cut to what can be stored, and none if nobody says.
    """
    received = line.receives("hi")
    call = line.call("hello", received)
    call["tracker"]["latest_message"]["metadata"]["model"] = "makegood-1.tar.gz"
    await line.executor.run(call)
    await line.hears("hello")

    buyers = [one for one in line.shop.rows(messages) if one["sender"] == "buyer"]
    assert [one["read_by"] for one in buyers] == ["makegood-1.tar.gz", None]
    long = LatestMessage(metadata=Metadata(model="x" * 1000))
    assert to_understanding(long, Route.ANSWER).read_by == "x" * 100
