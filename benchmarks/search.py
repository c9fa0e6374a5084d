"""
How long the desk's search takes: `python -m benchmarks.search` (a part of `make bench`).

10 000 conversations of 20 messages each, which are the examples that the model is taught and
longer texts made of them, with 10 000 orders. `--database URL` takes PostgreSQL, an empty one.
Measured from the text to the found conversations with their snippets, one page of 50.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter

import sqlalchemy as sa
from ruamel.yaml import YAML

from benchmarks.figures import Spread, print_table
from bot.casework.ports.speaking import Spoken
from bot.casework.replies import MessageKind
from bot.casework.searching import words_of
from bot.casework.stores import Store
from bot.casework.turns import Floor, Identity
from bot.settings import ROOT
from bot.store.database import open_database, writing
from bot.store.imports import import_orders
from bot.store.migrate import migrate
from bot.store.stores import add_store
from bot.store.tables import conversations, message_words, messages, verified_orders
from bot.store.units import SqlUnits
from tests.factories import a_parcel, an_order

CONVERSATIONS = 10_000
MESSAGES = 20
"""Of each conversation."""
AT_ONCE = 500
ROUNDS = 5
TIMES = 5
"""So often a search is made in a round; the median counts."""
PAGE = 50
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
SEARCHES = {
    "a word of every other conversation": "refund",
    "the beginning of many words": "ord",
    "four words": "where is my parcel",
    "a Russian word": "возврат",
    "a rare word": "kettledrum",
    "no such word": "xylophonist",
    "an order number": "№ BENCH 4711",
    "an e-mail": "buyer4711@example.com",
    "the beginning of ten e-mails": "buyer471",
    "a tracking number": "TR 0000 4711",
    "hostile": '") OR * NEAR/3 (AND NOT ' * 500,
}


def main() -> None:
    """Measure, and print what was measured."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--database", default="")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        show(measure(given.database or f"sqlite:///{folder}/makegood.db"))


def show(rows: list[tuple[str, str, str]]) -> None:
    """Print what was measured."""
    title = (
        f"{CONVERSATIONS} conversations, {CONVERSATIONS * MESSAGES} messages, milliseconds, "
        f"{ROUNDS} rounds: median (range)"
    )
    print_table(title, ("search", "takes", "finds"), rows)


def measure(url: str) -> list[tuple[str, str, str]]:
    """Write the conversations into that database and search them, a row a search."""
    migrate(url)
    engine = open_database(url)
    fill(engine)
    units = SqlUnits(engine)
    takes: dict[str, list[float]] = {name: [] for name in (*SEARCHES, "one more message")}
    finds = dict.fromkeys(takes, "")
    for _ in range(ROUNDS):
        for name, text in SEARCHES.items():
            milliseconds, found = timed(lambda text=text: search(units, text))
            takes[name].append(milliseconds)
            finds[name] = str(found) if found < PAGE else f"{PAGE} or more"
        takes["one more message"].append(timed(lambda: say(units))[0])
        print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    units.close()

    return [(name, str(Spread(tuple(rounds))), finds[name]) for name, rounds in takes.items()]


def timed[T](work: Callable[[], T]) -> tuple[float, T]:
    """The median of a few times in milliseconds, and what was said."""
    took = []
    for _ in range(TIMES):
        began = perf_counter()
        said = work()
        took.append(1000 * (perf_counter() - began))

    return median(took), said


def search(units: SqlUnits, text: str) -> int:
    """One page of it; how many were found."""
    with units.reading() as unit:
        return len(unit.search.find_conversations(text, PAGE))


def say(units: SqlUnits) -> None:
    """One message, stored as any other."""
    text = "I am sorry that your parcel is late. It should arrive by Tuesday."
    spoken = Spoken(kind=MessageKind.TEXT, text=text, choices=(), card=None, reply="bench")
    with units() as unit:
        unit.conversations.say("talk-00000", spoken, answers=None, case_id=None, now=NOW)


def fill(engine: sa.Engine) -> None:
    """Orders, and conversations in which they were talked about."""
    store = Store(
        id="bench", name="Bench", title="Bench", greeting="Hello", colour="#112233",
        locale="en", identity_secret="s" * 32,
    )  # fmt: skip
    with writing(engine) as db:
        add_store(db, store, NOW)
    buyer = an_order().buyer
    some = (
        an_order(
            store="bench",
            number=f"BENCH-{n}",
            buyer=type(buyer)(name=f"Buyer {n}", email=f"buyer{n}@example.com", phone=""),
            parcel=a_parcel(tracking_number=f"TR0000{n:04}"),
        )
        for n in range(CONVERSATIONS)
    )
    list(import_orders(engine, some))
    said = texts()
    for start in range(0, CONVERSATIONS, AT_ONCE):
        with writing(engine) as db:
            write(db, range(start, min(start + AT_ONCE, CONVERSATIONS)), said)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.execute(sa.text("ANALYZE"))


def write(db: sa.Connection, numbers: range, said: Iterator[str]) -> None:
    """These conversations with their messages."""
    began = [(n, NOW - timedelta(minutes=CONVERSATIONS - n)) for n in numbers]
    talks, lines, words = [], [], []
    for n, at in began:
        talk = f"talk-{n:05}"
        who = Identity(subject=f"{n}", email=f"buyer{n}@example.com", name=f"Buyer {n}")
        talks.append(
            {
                "id": talk, "store_id": "bench", "locale": "en", "floor": Floor.BOT, "misses": 0,
                "last_seq": MESSAGES, "fence": 0, "created_at": at,
                "identity_subject": who.subject, "identity_email": who.email,
            }
        )  # fmt: skip
        for seq in range(1, MESSAGES + 1):
            text = next(said)
            if n == CONVERSATIONS // 2 and seq == 1:
                text += " It is about the kettledrum."
            lines.append(
                {
                    "id": f"{talk}-{seq}", "conversation_id": talk, "seq": seq, "text": text,
                    "sender": "buyer" if seq % 2 else "bot", "kind": "text",
                    "created_at": at + timedelta(seconds=seq),
                }
            )  # fmt: skip
            words.append(
                {"message_id": f"{talk}-{seq}", "conversation_id": talk, "words": words_of(text)}
            )
    db.execute(sa.insert(conversations), talks)
    db.execute(sa.insert(messages), lines)
    db.execute(sa.insert(message_words), words)
    db.execute(
        sa.insert(verified_orders),
        [
            {"conversation_id": f"talk-{n:05}", "order_id": n + 1, "verified_at": at}
            for n, at in began
        ],
    )


def texts() -> Iterator[str]:
    """Messages without end: a buyer's is one example, the bot's are three in a row."""
    yaml, dice, known = YAML(typ="safe"), random.Random(7), []
    for path in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        for block in yaml.load(path.read_text("utf-8"))["nlu"]:
            known += [line.lstrip("- ") for line in block["examples"].splitlines()]
    while True:
        yield dice.choice(known)
        yield ". ".join(dice.choices(known, k=3))


if __name__ == "__main__":
    main()
