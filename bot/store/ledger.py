"""
Decisions and hand-offs: written, never changed, and sealed.

Every decision is sealed at the end of its transaction: the seal is the checksum of the row and of
the seal before it in the same store, so that an altered, missing or reordered row is found
(bot/store/ledger_check.py). The store's newest seal is taken last of all locks, so that turns wait
for each other only while they commit.

What a decision saw and compared may be a person's own words, which they may ask to have erased.
So the seal covers those columns by a salted checksum (`words`): without the salt it tells nothing,
and the rest of the row, its money first, is sealed as before (bot/store/ledger_erasure.py).
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.decisions import Claim, Reason
from bot.casework.ports.ledger import DecisionRow
from bot.store.seen import from_seen
from bot.store.standing_rows import upsert
from bot.store.tables import (
    claims,
    conversations,
    decisions,
    handoffs,
    ledger_heads,
    ledger_seals,
)

ADD_DECISION = sa.insert(decisions).returning(decisions.c.id)
ADD_SEAL = sa.insert(ledger_seals)
HEAD_HELD = (
    sa.select(ledger_heads).where(ledger_heads.c.store_id == sa.bindparam("key")).with_for_update()
)
SET_HEAD = sa.update(ledger_heads).where(ledger_heads.c.store_id == sa.bindparam("key"))
ADD_HAND_OFF = sa.insert(handoffs)
DUE: sa.BindParameter[datetime] = sa.bindparam("due", type_=conversations.c.due_at.type)
WAITS_FOR = (
    sa.update(conversations)
    .where(conversations.c.id == sa.bindparam("key"))
    .values(
        handoff_id=sa.bindparam("hand_off"),
        due_at=sa.case((conversations.c.due_at < DUE, conversations.c.due_at), else_=DUE),
    )
)
"""The nearest deadline stays; without one, that of the new hand-off is it."""
FIRST_SEAL = "0" * 64
"""What the first decision of a store is chained to."""
SEALED = (
    "id conversation_id case_id message_id playbook step decision facts rules seen amount currency"
    " decided_by rulebook_version decided_at"
).split()
"""The columns that a seal covers: all that a decision says."""
WORDS = ("facts", "rules", "seen")
"""Those of them that the seal covers by `words`."""
KEPT = (*SEALED, "words", "salt")
"""All columns of a row."""
ERASURE = "erasure"
"""What the ledger names as the playbook of an erasure."""


def seal_of(before: str, row: Mapping[str, Any]) -> str:
    """The seal of a decision row that follows that seal."""
    return seal_body(before, body_of(row))


def body_of(row: Mapping[str, Any]) -> str:
    """
    All that a decision row says, in the one way in which it is sealed.

    Where its words were erased, by the checksum that stands for them.
    """
    plain = _plain(row)
    if row["words"] is not None:
        for name in WORDS:
            del plain[name]
        plain["words"] = words_of(row) if row["salt"] else row["words"]

    return _dump(plain)


def words_of(row: Mapping[str, Any]) -> str:
    """The checksum that the seal covers in place of what the row saw and compared."""
    words = _dump({name: row[name] for name in WORDS})

    return hashlib.sha256(f"{row['salt']}\n{words}".encode()).hexdigest()


def rest_of(row: Mapping[str, Any]) -> str:
    """The checksum of a whole row as an erasure has left it."""
    return hashlib.sha256(_dump(_plain(row)).encode()).hexdigest()


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    at = row["decided_at"].astimezone(UTC).isoformat()

    return {name: row[name] for name in SEALED} | {"decided_at": at}


def _dump(plain: Mapping[str, Any]) -> str:
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def seal_body(before: str, body: str) -> str:
    """The seal of a row that says that and follows that seal."""
    return hashlib.sha256(f"{before}\n{body}".encode()).hexdigest()


class SqlLedger:
    """`bot.casework.ports.ledger.Ledger` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._unsealed: list[tuple[str, dict[str, Any]]] = []

    def add_decision(self, row: DecisionRow) -> int:
        values = {
            "conversation_id": row.conversation_id,
            "case_id": row.case_id,
            "message_id": row.message_id,
            "playbook": row.playbook,
            "step": row.step,
            "decision": row.decision,
            "facts": dict(row.facts),
            "rules": [
                {"name": rule.name, "held": rule.held, "compared": rule.compared}
                for rule in row.rules
            ],
            "seen": from_seen(row),
            "amount": row.remedy.amount.minor if row.remedy and row.remedy.amount else None,
            "currency": row.remedy.amount.currency if row.remedy and row.remedy.amount else None,
            "decided_by": row.decided_by,
            "rulebook_version": row.rulebook_version,
            "decided_at": row.decided_at,
        }

        return self._append(row.store, values)

    def add_erasure(
        self,
        store: str,
        conversation_id: str,
        rests: Mapping[int, str],
        *,
        by: str,
        version: str,
        now: datetime,
    ) -> int:
        """Append that the words of these decisions were erased, with the checksum of each rest."""
        values: dict[str, Any] = {
            "conversation_id": conversation_id,
            "case_id": None,
            "message_id": None,
            "playbook": ERASURE,
            "step": "erase",
            "decision": "Erase",
            "facts": {"decisions": len(rests)},
            "rules": [],
            "seen": {"erased": {str(number): rest for number, rest in rests.items()}},
            "amount": None,
            "currency": None,
            "decided_by": by[:100],
            "rulebook_version": version,
            "decided_at": now,
        }

        return self._append(store, values)

    def _append(self, store: str, values: dict[str, Any]) -> int:
        values["salt"] = secrets.token_hex(16)
        values["words"] = words_of(values)
        number = int(self._db.execute(ADD_DECISION, values).scalar_one())
        self._unsealed.append((store, {"id": number, **values}))

        return number

    def add_hand_off(
        self,
        conversation_id: str,
        case_id: str | None,
        message_id: str | None,
        reason: Reason,
        summary: str,
        now: datetime,
        *,
        due_at: datetime,
        agent_id: str | None = None,
    ) -> None:
        hand_off = uuid4().hex
        self._db.execute(
            ADD_HAND_OFF,
            {
                "id": hand_off,
                "conversation_id": conversation_id,
                "case_id": case_id,
                "message_id": message_id,
                "reason": reason,
                "summary": summary,
                "due_at": due_at,
                "created_at": now,
                "agent_id": agent_id,
            },
        )
        self._db.execute(WAITS_FOR, {"key": conversation_id, "hand_off": hand_off, "due": due_at})

    def add_claim(self, case_id: str, order_id: int, claim: Claim, now: datetime) -> None:
        self._db.execute(
            upsert(self._db, claims)
            .values(
                id=uuid4().hex,
                case_id=case_id,
                order_id=order_id,
                against=claim.against,
                reason=claim.reason,
                created_at=now,
            )
            .on_conflict_do_nothing(index_elements=["case_id", "against"])
        )

    def seal(self) -> None:
        """Chain what was decided in this transaction; the last thing that it does."""
        for store in sorted({store for store, _ in self._unsealed}):
            rows = [row for of_store, row in self._unsealed if of_store == store]
            self._chain(store, rows)
        self._unsealed.clear()

    def _chain(self, store: str, rows: list[dict[str, Any]]) -> None:
        head = self._db.execute(HEAD_HELD, {"key": store}).one_or_none()
        if head is None:
            first = {"store_id": store, "number": 0, "seal": FIRST_SEAL}
            self._db.execute(
                upsert(self._db, ledger_heads)
                .values(first)
                .on_conflict_do_nothing(index_elements=["store_id"])
            )
            head = self._db.execute(HEAD_HELD, {"key": store}).one()
        number, seal = head.number, head.seal
        for row in rows:
            number, seal = number + 1, seal_of(seal, row)
            self._db.execute(
                ADD_SEAL,
                {"store_id": store, "number": number, "decision_id": row["id"], "seal": seal},
            )
        self._db.execute(SET_HEAD, {"key": store, "number": number, "seal": seal})
