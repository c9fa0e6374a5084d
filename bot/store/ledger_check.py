"""
Whether the ledger is as it was written: every store's chain of seals, walked in its order.

A seal is the checksum of its decision and of the seal before it, so that whoever changes a row
would have to make all later seals anew. Who can do that is found only by a head that was noted
elsewhere (`Anchor`). A few rows are held at a time, however long the chain is.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, Row

from bot.store.database import reading
from bot.store.ledger import FIRST_SEAL, KEPT, body_of, rest_of, seal_body
from bot.store.ledger_erasure import find_rests
from bot.store.tables import (
    cases,
    conversations,
    decisions,
    ledger_heads,
    ledger_seals,
    orders,
    stores,
)

AT_ONCE = 500
MOST_NAMED = 100
"""Findings of one store that are named; the others are counted."""


class Damage(StrEnum):
    """What is wrong with a row or a chain."""

    ALTERED = "altered"
    ALTERED_SEAL = "altered seal"
    REORDERED = "reordered"
    MISSING_DECISION = "missing decision"
    MISSING_SEAL = "missing seal"
    UNSEALED = "unsealed"
    OTHER_STORE = "of another store"
    CUT = "cut"
    HEAD = "head"
    NOT_AS_NOTED = "not as noted"
    WORDS_GONE = "words taken out"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The newest seal of a store and its number, as a seller noted it."""

    number: int
    seal: str

    def __str__(self) -> str:
        return f"{self.number}:{self.seal}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, with the row that it is about."""

    damage: Damage
    text: str


@dataclass(kw_only=True)
class StoreCheck:
    """
    One store's chain: how many seals it has, its head, and what is wrong with it.

    `erased` are decisions whose words were erased on a buyer's request, which is on record.
    """

    store: str
    sealed: int = 0
    erased: int = 0
    head: Anchor | None = None
    findings: list[Finding] = field(default_factory=list)
    unnamed: int = 0

    @property
    def intact(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def find(self, damage: Damage, text: str) -> None:
        """Name it, or only count it if there are too many."""
        if len(self.findings) < MOST_NAMED:
            self.findings.append(Finding(damage, text))
        else:
            self.unnamed += 1


RAW = {"facts", "rules", "seen", "decided_at"}
"""Read as they are stored: what somebody wrote into them need not be JSON or a time."""


def _raw(name: str) -> sa.ColumnElement[Any]:
    column = decisions.c[name]
    if name == "decided_at":
        return sa.type_coerce(column, sa.types.NullType()).label(name)

    return (sa.cast(column, sa.Text) if name in RAW else column).label(name)


CHAIN = (
    sa.select(
        ledger_seals.c.number,
        ledger_seals.c.decision_id,
        ledger_seals.c.seal,
        conversations.c.store_id.label("of_store"),
        orders.c.number.label("order_number"),
        *map(_raw, KEPT),
    )
    .select_from(ledger_seals)
    .outerjoin(decisions, decisions.c.id == ledger_seals.c.decision_id)
    .outerjoin(conversations, conversations.c.id == decisions.c.conversation_id)
    .outerjoin(cases, cases.c.id == decisions.c.case_id)
    .outerjoin(orders, orders.c.id == cases.c.order_id)
    .where(ledger_seals.c.store_id == sa.bindparam("store"))
    .order_by(ledger_seals.c.number)
)
SEALS = (
    sa.select(ledger_seals.c.number, ledger_seals.c.seal)
    .where(ledger_seals.c.store_id == sa.bindparam("store"))
    .order_by(ledger_seals.c.number)
)
UNSEALED = (
    sa.select(orders.c.number.label("order_number"), *map(_raw, KEPT))
    .select_from(decisions)
    .join(conversations, conversations.c.id == decisions.c.conversation_id)
    .outerjoin(ledger_seals, ledger_seals.c.decision_id == decisions.c.id)
    .outerjoin(cases, cases.c.id == decisions.c.case_id)
    .outerjoin(orders, orders.c.id == cases.c.order_id)
    .where(conversations.c.store_id == sa.bindparam("store"), ledger_seals.c.seal.is_(None))
    .order_by(decisions.c.id)
)
HEAD = sa.select(ledger_heads.c.number, ledger_heads.c.seal).where(
    ledger_heads.c.store_id == sa.bindparam("store")
)
Progress = Callable[[int], None]


def find_stores(engine: Engine) -> list[str]:
    """Every store of the house."""
    with reading(engine) as connection:
        return list(connection.scalars(sa.select(stores.c.id).order_by(stores.c.id)))


def check_ledger(
    engine: Engine, of_stores: Sequence[str], *, anchor: Anchor | None, progress: Progress
) -> Iterator[StoreCheck]:
    """
    The check of each of these stores' chains, as they all were at one moment.

    `progress` is told now and then how many rows were looked at. `anchor` is of the only store.
    """
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with reading(engine) as connection:
        for store in of_stores:
            yield _check_store(connection, store, anchor, progress)


def _check_store(
    connection: Connection, store: str, anchor: Anchor | None, progress: Progress
) -> StoreCheck:
    check = StoreCheck(store=store)
    walk = _Walk(check=check, anchor=anchor, rests=find_rests(connection, store))
    for row in _rows(connection, CHAIN, store):
        walk.step(row)
        if not check.sealed % AT_ONCE:
            progress(check.sealed)
    _name_suspects(connection, walk)
    for row in _rows(connection, UNSEALED, store):
        check.find(Damage.UNSEALED, f"{_named(row)} was added without a seal")
    _check_head(connection, walk)

    return check


def _rows(connection: Connection, statement: Any, store: str) -> Iterator[Row[Any]]:
    yield from connection.execute(
        statement, {"store": store}, execution_options={"yield_per": AT_ONCE}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Suspect:
    """A row that does not fit its seal where it stands."""

    number: int
    before: str
    seal: str
    body: str | None
    name: str


@dataclass(kw_only=True)
class _Walk:
    """
    How far along a chain we are.

    `before` is the seal of the last row, None where that row is missing; `meant` is what it should
    have been where it did not fit. `rests` are the checksums of what erasures have left; `worded`
    says that rows are sealed without their words from here on.
    """

    check: StoreCheck
    anchor: Anchor | None
    rests: Mapping[int, str]
    number: int = 0
    before: str | None = FIRST_SEAL
    meant: str | None = None
    noted: str | None = None
    worded: bool = False
    suspects: list[_Suspect] = field(default_factory=list)

    def step(self, row: Row[Any]) -> None:
        """The next row of the chain."""
        check, wanted = self.check, self.number + 1
        check.sealed += 1
        if row.number != wanted:
            last = row.number - 1
            missing = f"number {wanted}" if last == wanted else f"numbers {wanted} to {last}"
            if row.number < wanted:
                missing = f"number {wanted}, before which stands {row.number},"
            check.find(Damage.MISSING_SEAL, f"{missing} of the chain is missing before {_at(row)}")
            self.before = None
        if self.anchor and row.number == self.anchor.number:
            self.noted = row.seal
        if row.id is None:
            text = f"decision {row.decision_id}, number {row.number} of the chain, is missing"
            check.find(Damage.MISSING_DECISION, text)
            self.meant = None
        else:
            self._fit(row)
        self.number, self.before = row.number, row.seal

    def _fit(self, row: Row[Any]) -> None:
        if row.of_store != self.check.store:
            text = f"{_at(row)} is of the store {row.of_store}"
            self.check.find(Damage.OTHER_STORE, text)
        self.worded = self.worded or row.words is not None
        if self.before is None:
            return  # without the row before it nothing can be said of it
        body = _body(row)
        meant = seal_body(self.before, body) if body is not None else None
        if meant == row.seal:
            self.meant = None
            self._look_at_words(row)
            return
        if row.words is None and not self.worded and self._is_as_erased(row):
            self.meant = None  # sealed with its words, by an earlier version
            self.check.erased += 1
            return
        if self.meant and body is not None and seal_body(self.meant, body) == row.seal:
            wrong = self.suspects.pop()
            text = f"the seal of {wrong.name} was altered, the decision was not"
            self.check.find(Damage.ALTERED_SEAL, text)
            self.meant = None
            return
        self.meant = meant
        if len(self.suspects) < MOST_NAMED:
            suspect = _Suspect(
                number=row.number, before=self.before, seal=row.seal, body=body, name=_at(row)
            )
            self.suspects.append(suspect)
        else:
            self.check.unnamed += 1
            self.meant = None

    def _look_at_words(self, row: Row[Any]) -> None:
        """Words that the seal does not cover any more must have been erased, on record."""
        if row.words is None or row.salt is not None:
            return
        if self._is_as_erased(row):
            self.check.erased += 1
        else:
            text = f"what {_at(row)} saw and compared was taken out, and no erasure says so"
            self.check.find(Damage.WORDS_GONE, text)

    def _is_as_erased(self, row: Row[Any]) -> bool:
        """Whether an erasure has left the row just so."""
        plain = _readable(row)

        return plain is not None and self.rests.get(row.id) == rest_of(plain)


def _name_suspects(connection: Connection, walk: _Walk) -> None:
    """Tell a row that stands in another's place from one that says something else than it did."""
    suspects = walk.suspects
    if not suspects:
        return
    follows: dict[int, int] = {}
    readable = [(one, one.body) for one in suspects if one.body is not None]
    before_all = [(0, FIRST_SEAL)]
    for place, seal in (*before_all, *_seals(connection, walk.check.store)):
        for one, body in readable:
            if one.number not in follows and seal_body(seal, body) == one.seal:
                follows[one.number] = place
    for one in suspects:
        swapped = [
            other.name
            for other, body in readable
            if other is not one and seal_body(one.before, body) == one.seal
        ]
        if swapped:
            text = f"number {one.number} was sealed for {swapped[0]}, not for {one.name}"
            walk.check.find(Damage.REORDERED, text)
        elif one.number in follows:
            text = f"{one.name} was sealed after number {follows[one.number]} and was moved"
            walk.check.find(Damage.REORDERED, text)
        else:
            text = (
                f"{one.name} does not fit its seal: it was altered, or one before it was taken out"
            )
            walk.check.find(Damage.ALTERED, text)


def _seals(connection: Connection, store: str) -> Iterator[tuple[int, str]]:
    for row in _rows(connection, SEALS, store):
        yield row.number, row.seal


def _check_head(connection: Connection, walk: _Walk) -> None:
    """Whether the chain ends where the store's head, and the seller's note of it, say."""
    check, number = walk.check, walk.number
    head = connection.execute(HEAD, {"store": check.store}).one_or_none()
    if head:
        check.head = Anchor(head.number, head.seal)
    last = walk.before if number else FIRST_SEAL
    if head is None and number:
        check.find(Damage.HEAD, f"the chain's head is missing, its last number is {number}")
    elif head and head.number > number:
        text = f"the chain ends at number {number}, its head says {head.number}: its tail was cut"
        check.find(Damage.CUT, text)
    elif head and (head.number, head.seal) != (number, last):
        text = f"the chain's head says number {head.number} and does not fit its last row, {number}"
        check.find(Damage.HEAD, text)
    anchor = walk.anchor
    if anchor is None or anchor.number == 0:
        return
    if number < anchor.number:
        text = f"the chain ends at number {number}, you noted {anchor.number}: its tail was cut"
        check.find(Damage.CUT, text)
    elif walk.noted != anchor.seal:
        text = f"number {anchor.number} has another seal than you noted: the chain was made anew"
        check.find(Damage.NOT_AS_NOTED, text)


def _body(row: Row[Any]) -> str | None:
    """What the row says as it is sealed; None if it is not readable any more."""
    plain = _readable(row)

    return None if plain is None else body_of(plain)


def _readable(row: Row[Any]) -> dict[str, Any] | None:
    plain = dict(row._mapping)
    try:
        for name in ("facts", "rules", "seen"):
            plain[name] = None if plain[name] is None else json.loads(plain[name])
        at = plain["decided_at"]
        at = at if isinstance(at, datetime) else datetime.fromisoformat(at)
        plain["decided_at"] = at.replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return None

    return plain


def _at(row: Row[Any]) -> str:
    return f"number {row.number} ({_named(row)})"


def _named(row: Row[Any]) -> str:
    """The decision with its time, order, case and step, as far as they can be read."""
    if row.id is None:
        return "a decision that is missing too"
    parts = (
        f"decision {row.id}",
        str(row.decided_at)[:16],
        f"order {row.order_number}" if row.order_number else "",
        f"case {str(row.case_id)[:8]}" if row.case_id else "",
        f"{row.playbook}, {row.step}",
    )

    return ", ".join(part for part in parts if part)
