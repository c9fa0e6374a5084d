"""What reports count, on both databases, and that they do not look through everything."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from bot.casework.reports import DayCount, ReadCount
from bot.store import reports
from bot.store.database import open_database, reading, writing
from bot.store.reports import SqlReports
from bot.store.tables import (
    agents,
    conversations,
    corrections,
    handoffs,
    inbox,
    labels,
    messages,
    metadata,
    promotions,
)
from tests.factories import NOW

DAY = NOW.date()
SINCE = NOW - timedelta(days=7)
MODEL = "makegood-1.tar.gz"


class Filled:
    """A database that is filled by the test, row by row."""

    def __init__(self, engine):
        self.engine = engine
        self.add(
            agents, id="kim", email="kim@x", name="Kim Doe", role="trainer", team="", reads=[],
            created_at=NOW,
        )  # fmt: skip

    def add(self, table, **values):
        with writing(self.engine) as db:
            db.execute(sa.insert(table).values(**values))

    def talk(self, at=NOW, last_seq=9) -> str:
        key = uuid4().hex
        self.add(
            conversations, id=key, store_id="demo", locale="en", floor="BOT", misses=0,
            last_seq=last_seq, fence=0, created_at=at,
        )  # fmt: skip
        return key

    def message(self, talk, seq, sender="buyer", at=NOW, **more) -> str:
        key = uuid4().hex
        self.add(
            messages, id=key, conversation_id=talk, seq=seq, sender=sender, kind="text",
            text=more.pop("text", "hello"), created_at=at, **more,
        )  # fmt: skip
        return key

    def says(self, talk, seq, intent="greet", confidence=0.5, read_by=MODEL, **more) -> str:
        return self.message(
            talk, seq, intent=intent, confidence=confidence, read_by=read_by, **more
        )

    def ask(self, name, *given):
        with reading(self.engine) as db:
            return getattr(SqlReports(db), name)(*given)


@pytest.fixture
def filled(database) -> Filled:
    return Filled(database)


def test_readings_by_intent_and_model(filled):
    talk = filled.talk()
    filled.says(talk, 1, confidence=0.5, nearness=0.75)
    filled.says(talk, 2, confidence=0.25, nearness=-0.25)
    filled.says(talk, 3, "order_status", read_by=None)
    filled.says(talk, 4, "choose_option", choice_token="pressed")
    filled.says(talk, 8, confidence=0.25)
    filled.says(talk, 5, at=NOW - timedelta(days=8))
    filled.message(talk, 6)
    filled.message(talk, 7, "bot")
    found = filled.ask("readings", SINCE, NOW + timedelta(seconds=1))

    assert sorted(found, key=lambda one: one.intent) == [
        ReadCount("greet", MODEL, 3, 1.0, 2, 0.5),
        ReadCount("order_status", "", 1, 0.5, 0, 0.0),
    ]
    assert filled.ask("intents_since", SINCE) == {"greet": 3, "order_status": 1}
    assert filled.ask("readings", SINCE, NOW) == ()


def test_questions_what_was_meant(filled):
    talk = filled.talk()
    unknown, known = filled.says(talk, 1, "nlu_fallback"), filled.says(talk, 2, "greet")
    filled.message(talk, 3, "bot", answers=unknown, reply="clarify.did_you_mean")
    filled.message(talk, 4, "bot", answers=known, reply="clarify.did_you_mean")
    filled.message(talk, 5, "bot", answers=known, reply="small_talk.hello")

    assert filled.ask("asked_back", SINCE) == (DayCount(DAY, 2, 1),)


def test_conversations_with_and_without_a_person(filled):
    filled.talk()
    filled.talk(last_seq=0)  # opened, and nothing written
    filled.talk(at=NOW - timedelta(days=8))
    handed, answered = filled.talk(), filled.talk(at=NOW - timedelta(days=1))
    filled.add(
        handoffs, id="h", conversation_id=handed, reason="asked_for", summary="", created_at=NOW,
        open=False,
    )  # fmt: skip
    filled.message(answered, 1, "agent", agent_id="kim")
    found = sorted(filled.ask("talks", SINCE), key=lambda one: one.day)

    assert found == [DayCount(DAY - timedelta(days=1), 1, 1), DayCount(DAY, 2, 1)]


def test_what_agents_had_before_them(filled):
    talk, other = filled.talk(), filled.talk()
    wrong, right = filled.says(talk, 1), filled.says(talk, 2)
    filled.message(talk, 3, "agent", agent_id="kim")
    filled.says(talk, 4)  # after the agent's last word
    filled.says(other, 1)  # where no agent was
    elsewhere = filled.says(other, 2)
    for message, intent in ((wrong, "refund_request"), (right, None), (elsewhere, "greet")):
        filled.add(
            corrections, message_id=message, agent_id="kim", intent_before="greet", intent=intent,
            created_at=NOW,
        )  # fmt: skip

    assert filled.ask("looked_at", SINCE) == (DayCount(DAY, 3, 1),)


def test_the_latest_correction_counts(filled):
    talk = filled.talk()
    message = filled.says(talk, 1)
    for intent in ("refund_request", "greet"):
        filled.add(
            corrections, message_id=message, agent_id="kim", intent_before="greet", intent=intent,
            created_at=NOW,
        )  # fmt: skip

    assert filled.ask("looked_at", SINCE) == (DayCount(DAY, 1, 0),)


def test_texts_the_latest_first_and_so_many(filled):
    talk = filled.talk()
    for seq in range(1, 5):
        filled.says(talk, seq, text=f"text {seq}", at=NOW + timedelta(seconds=seq))
    filled.says(talk, 5, text="")

    assert filled.ask("texts", SINCE, NOW + timedelta(seconds=4), 2) == ["text 3", "text 2"]


def test_labels_by_day_and_person(filled):
    filled.add(
        inbox, id="i", key="k", text="x", language="en", cause="imported", intent="greet",
        confidence=0.5, ranking=[], entities=[], suggested="", seen=1, vector=b"", model=MODEL,
        created_at=NOW, group_id="i", leads=True, size=1, weight=0.0, doubt=0.0, priority=0.0,
        state="open", label="", known="", known_as="",
    )  # fmt: skip
    for intent, undone in (("greet", None), ("thanks", None), ("", None), ("greet", NOW)):
        filled.add(
            labels, inbox_id="i", agent_id="kim", intent=intent, second=False, created_at=NOW,
            undone_at=undone,
        )  # fmt: skip
    (found,) = filled.ask("labels", SINCE)

    assert (found.day, found.name, found.count) == (DAY, "Kim Doe", 2)
    assert filled.ask("labels", NOW + timedelta(days=1)) == ()


def test_who_put_which_model_live(filled):
    for number in range(3):
        filled.add(
            promotions, id=f"p{number}", created_at=NOW + timedelta(hours=number), agent_id="kim",
            model=f"m{number}", before="m", kind="promote", override="", refused=[],
        )  # fmt: skip

    assert [(one.model, one.who) for one in filled.ask("went_live", 2)] == [
        ("m2", "Kim Doe"),
        ("m1", "Kim Doe"),
    ]


def test_days_are_days_of_utc(filled):
    late = NOW.replace(hour=23, minute=59)
    talk = filled.talk(at=late)
    filled.message(talk, 1, "agent", agent_id="kim", at=late)

    assert [one.day for one in filled.ask("talks", SINCE)] == [date(2026, 3, 20)]


@pytest.mark.parametrize("name", ["READINGS", "INTENTS", "TEXTS", "ASKED_BACK"])
def test_a_time_is_found_by_an_index(name):
    engine = open_database("sqlite://")
    metadata.create_all(engine)
    compiled = getattr(reports, name).compile(dialect=engine.dialect)
    expanded = compiled.construct_expanded_state(compiled.params)
    with engine.connect() as db:
        given = tuple(None for _ in expanded.positional_parameters)
        steps = db.exec_driver_sql(f"EXPLAIN QUERY PLAN {expanded.statement}", given)
        plan = [str(step.detail) for step in steps]
    engine.dispose()

    assert not [step for step in plan if step.startswith("SCAN")]
    assert any("ix_messages_" in step for step in plan)
