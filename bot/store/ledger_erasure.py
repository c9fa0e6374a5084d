"""
Taking a person's words out of the ledger, so that the chain of seals still tells what was altered.

A decision keeps who decided, when, which step, and the money; what was seen and compared is left
without words. The database's guard is taken down and put up again within the one transaction. The
erasure is a decision of its own, sealed like any other, with the checksum of what is left of each
row: so a later change of the rest is found, and a row whose words are gone without such a record
counts as tampered with. For rows of an earlier version, which were sealed with their words, that
checksum is all that vouches for the rest.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.decisions import Reason
from bot.store import guard
from bot.store.ledger import ERASURE, SqlLedger, rest_of
from bot.store.tables import conversations, decisions, ledger_seals

SET_WORDS = sa.update(decisions).where(decisions.c.id == sa.bindparam("key"))
RECORDS = (
    sa.select(sa.cast(decisions.c.seen, sa.Text))
    .join(ledger_seals, ledger_seals.c.decision_id == decisions.c.id)
    .where(
        decisions.c.playbook == ERASURE,
        decisions.c.step == "erase",
        ledger_seals.c.store_id == sa.bindparam("store"),
    )
    .order_by(ledger_seals.c.number)
)
OF_THE_ORDER = (
    "order status marketplace fulfilment currency remedy remedy_id idempotency_key offer reference"
    " problem_reason came"
).split()
"""Facts in words of ours that tell of the order and its money, not of the person."""
WORDED = ("approval", "bad_faith.handed_over", "bad_faith.elsewhere")
"""Rules that compare what a person or a carrier wrote, or towns."""


def find_rests(connection: Connection, store: str) -> dict[int, str]:
    """By decision of that store whose words were erased: the checksum of what was left."""
    found: dict[int, str] = {}
    for seen in connection.scalars(RECORDS, {"store": store}):
        try:
            erased = json.loads(seen)["erased"]
            found |= {int(number): str(rest) for number, rest in erased.items()}
        except (AttributeError, KeyError, TypeError, ValueError):
            continue  # somebody altered the record: its own seal tells

    return found


def take_out_words(
    connection: Connection,
    ledger: SqlLedger,
    wanted: sa.ColumnElement[bool],
    personal: Collection[str],
    *,
    by: str,
    version: str,
    now: datetime,
) -> int:
    """
    Erase the words of these decisions and put that on record; how many there were.

    `personal` are texts of the person that no number of a rule may be kept beside.
    """
    rows = connection.execute(
        sa.select(decisions, conversations.c.store_id)
        .join(conversations, conversations.c.id == decisions.c.conversation_id)
        .where(wanted, decisions.c.playbook != ERASURE)
        .order_by(decisions.c.id)
    ).all()
    rests = {store: find_rests(connection, store) for store in {row.store_id for row in rows}}
    rows = [row for row in rows if row.id not in rests[row.store_id]]
    if not rows:
        return 0

    left: dict[str, dict[int, str]] = {}
    with guard.lifted(connection):
        for row in rows:
            silent = _without_words(row.facts, row.rules, personal)
            connection.execute(SET_WORDS, {"key": row.id, **silent})
            left.setdefault(row.store_id, {})[row.id] = rest_of({**row._mapping, **silent})
    where = {row.store_id: row.conversation_id for row in reversed(rows)}
    for store, numbers in left.items():
        ledger.add_erasure(store, where[store], numbers, by=by, version=version, now=now)

    return len(rows)


def _without_words(
    facts: Mapping[str, Any], rules: Sequence[Mapping[str, Any]], personal: Collection[str]
) -> dict[str, Any]:
    return {
        "facts": {name: value for name, value in facts.items() if _is_kept(name, value)},
        "rules": [_without_compared(rule, personal) for rule in rules],
        "seen": None,
        "salt": None,
    }


def _is_kept(name: str, value: object) -> bool:
    told = name in OF_THE_ORDER or (name == "reason" and value in set(Reason))

    return told or not isinstance(value, str)


def _without_compared(rule: Mapping[str, Any], personal: Collection[str]) -> dict[str, Any]:
    """The rule with the numbers that it compared, but not with words of the person."""
    compared = str(rule["compared"])
    names = rule["name"] in WORDED or any(_is_in(one, compared) for one in personal)

    return {**rule, "compared": "" if names else compared}


def _is_in(text: str, compared: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(text)}(?!\w)", compared, re.IGNORECASE) is not None
