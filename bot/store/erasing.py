"""
Taking a buyer's personal data out of every table.

Rows that others refer to stay as shells: a conversation's messages with their times and senders, an
order with its money. What holds nothing but the person's words is deleted.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.cases import Awaiting, CaseState
from bot.casework.erasure import Traces
from bot.casework.files import PHOTO
from bot.casework.order_numbers import order_key
from bot.casework.turns import Floor, Sender
from bot.store.audit_erasure import GONE, silence_audit
from bot.store.inbox_erasure import take_out_messages
from bot.store.ledger import SqlLedger
from bot.store.ledger_erasure import take_out_words
from bot.store.search_index import tidy
from bot.store.tables import (
    approvals,
    attachments,
    buyers,
    cases,
    choices,
    conversations,
    corrections,
    decisions,
    handoffs,
    identity_tries,
    messages,
    notes,
    notices,
    offers,
    orders,
    outbox,
    parcels,
    ratings,
    remedies,
    shadow_readings,
    tracking_events,
    verified_orders,
)
from bot.store.traces import in_json, quotes

NO_WORDS: dict[str, Any] = {
    "opening": "",
    "claimed": "",
    "proof": "",
    "address": "",
    "detail": "",
    "photos": [],
    "reused_photos": [],
}
"""What a case knows in the buyer's own words, emptied."""
OPEN = (CaseState.OPEN, CaseState.REMEMBERED)


class Erasing:
    """One erasure under way; what a row quotes of the e-mail elsewhere is taken along."""

    def __init__(self, connection: Connection, traces: Traces, now: datetime) -> None:
        self._db, self._traces, self._now = connection, traces, now
        self._email = traces.email
        self._bought = traces.orders
        self._talks = traces.conversations
        ours = [cases.c.conversation_id.in_(self._talks), cases.c.order_id.in_(self._bought)]
        self._cases = list(connection.scalars(sa.select(cases.c.id).where(sa.or_(*ours))))
        self._remedies = list(
            connection.scalars(
                sa.select(remedies.c.id).where(remedies.c.order_id.in_(self._bought))
            )
        )
        self._personal = self._find_personal()

    def run(self, ledger: SqlLedger, by: str, version: str) -> dict[str, int]:
        """All of it; the ledger last, because turns hold its table last."""
        removed = {
            "tries to prove an order": self._tries(),
            "messages of the training inbox": self._inbox(),
            "messages": self._messages(),
            "photos": self._uploads(attachments.c.kind == PHOTO),
            "files": self._uploads(attachments.c.kind != PHOTO),
            "names of files": self._names_of_files(),
            "notes": self._delete(notes, self._in_talk_or_quoting(notes, notes.c.text)),
            "summaries for agents": self._set(
                handoffs,
                handoffs.c.summary != "",
                self._in_talk_or_quoting(handoffs, handoffs.c.summary),
                summary="",
            ),
            "comments of ratings": self._set(
                ratings,
                ratings.c.comment != "",
                self._in_talk_or_quoting(ratings, ratings.c.comment),
                comment="",
            ),
            "cases": self._known(),
            "terms of remedies": self._terms(),
            "e-mails on their way": self._notices(),
            "conversations": self._conversations(),
            "orders": self._orders(),
            "buyers": self._buyers(),
            "entries of the audit list": silence_audit(
                self._db, self._traces, self._personal, [*self._remedies, *self._cases]
            ),
        }
        removed["decisions"] = take_out_words(
            self._db,
            ledger,
            self._decided(),
            self._personal,
            by=by,
            version=version,
            now=self._now,
        )
        tidy(self._db)

        return removed

    # what is found first

    def _find_personal(self) -> set[str]:
        """Texts of the person, in words that may stand elsewhere: names, phones, addresses."""
        named = self._db.execute(
            sa.select(buyers.c.name, buyers.c.phone).where(buyers.c.id.in_(self._traces.buyers))
        ).all()
        lived = self._db.execute(
            sa.select(orders.c.address, orders.c.city, orders.c.postal_code).where(
                orders.c.id.in_(self._bought)
            )
        ).all()
        known = self._db.scalars(
            sa.select(conversations.c.identity_name).where(
                conversations.c.id.in_(self._talks), conversations.c.identity_name.is_not(None)
            )
        ).all()
        told = (*(text for row in (*named, *lived) for text in row), *known, self._email)
        texts = {text.strip() for text in told}

        return {text for text in texts if len(text) > 1}

    def _in_talk_or_quoting(
        self, table: sa.Table, text: sa.ColumnElement[str]
    ) -> sa.ColumnElement[bool]:
        talk = table.c.conversation_id

        return sa.or_(
            talk.in_(self._talks), sa.and_(quotes(text, self._email), self._in_scope(talk))
        )

    def _in_scope(self, talk: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        """Whether a conversation is of the store that this is about."""
        if self._traces.store is None:
            return sa.true()

        of_store = conversations.c.store_id == self._traces.store
        return talk.in_(sa.select(conversations.c.id).where(of_store))

    def _decided(self) -> sa.ColumnElement[bool]:
        texts = (sa.cast(decisions.c[name], sa.Text) for name in ("facts", "rules", "seen"))
        quoting = sa.or_(*(quotes(text, in_json(self._email)) for text in texts))

        return sa.or_(
            decisions.c.conversation_id.in_(self._talks),
            decisions.c.case_id.in_(self._cases),
            sa.and_(quoting, self._in_scope(decisions.c.conversation_id)),
        )

    # what is done

    def _tries(self) -> int:
        """Wrong guesses at their orders, and their own at others'."""
        numbers = self._db.scalars(sa.select(orders.c.number).where(orders.c.id.in_(self._bought)))
        ips = self._db.scalars(
            sa.select(messages.c.ip)
            .where(messages.c.conversation_id.in_(self._talks), messages.c.ip.is_not(None))
            .distinct()
        )
        proofs = {hashlib.sha256(text.casefold().encode()).hexdigest() for text in self._personal}

        store = self._traces.store
        theirs = sa.or_(
            identity_tries.c.number_key.in_([order_key(number) for number in numbers]),
            identity_tries.c.ip.in_([ip for ip in ips if ip]),
            identity_tries.c.proof_hash.in_(proofs),
        )

        return self._delete(
            identity_tries,
            theirs if store is None else sa.and_(theirs, identity_tries.c.store_id == store),
        )

    def _inbox(self) -> int:
        """Before the messages themselves: only they tell what of the inbox is theirs."""
        written = messages.c.conversation_id.in_(self._talks)
        found = self._db.scalars(
            sa.select(messages.c.id).where(written, messages.c.sender == Sender.BUYER)
        )

        return take_out_messages(self._db, list(found))

    def _messages(self) -> int:
        entities = sa.cast(messages.c.entities, sa.Text)
        card = sa.cast(messages.c.card, sa.Text)
        held = self._in_talk_or_quoting(messages, messages.c.text)
        found = list(
            self._db.scalars(
                sa.select(messages.c.id).where(
                    held,
                    sa.or_(
                        messages.c.text != "",
                        messages.c.ip.is_not(None),
                        entities.is_not(None),
                        card.is_not(None),
                    ),
                )
            )
        )
        # For whoever trains the model: what they meant is of no use without what they wrote.
        self._delete(corrections, corrections.c.message_id.in_(found))
        self._delete(choices, choices.c.message_id.in_(found))
        self._delete(shadow_readings, shadow_readings.c.message_id.in_(found))
        self._set(
            messages,
            messages.c.id.in_(found),
            text="",
            ip=None,
            client_id=None,
            choice_token=None,
            entities=sa.null(),
            card=sa.null(),
            answered_at=sa.func.coalesce(messages.c.answered_at, self._now),
        )

        return len(found)

    def _uploads(self, which: sa.ColumnElement[bool]) -> int:
        ours = attachments.c.conversation_id.in_(self._talks)

        return self._delete(attachments, sa.and_(ours, which))

    def _names_of_files(self) -> int:
        """Those that quote the e-mail to somebody else, whose files they stay."""
        return self._set(
            attachments,
            quotes(attachments.c.name, self._email),
            self._in_scope(attachments.c.conversation_id),
            name=sa.literal(f"{GONE}.") + attachments.c.kind,
        )

    def _known(self) -> int:
        """Cases: without a word of the buyer, and over."""
        known = sa.cast(cases.c.known, sa.Text)
        rows = self._db.execute(
            sa.select(cases.c.id, cases.c.known).where(
                sa.or_(
                    cases.c.id.in_(self._cases),
                    sa.and_(
                        quotes(known, in_json(self._email)),
                        self._in_scope(cases.c.conversation_id),
                    ),
                )
            )
        ).all()
        changed = 0
        for row in rows:
            picked = row.known["picked"]
            silent = {**row.known, **NO_WORDS, "picked": picked and _unaddressed(picked)}
            if silent != row.known:
                changed += self._set(cases, cases.c.id == row.id, known=silent)
        self._set(
            cases,
            cases.c.id.in_(self._cases),
            cases.c.state.in_(OPEN),
            state=CaseState.DROPPED,
            awaiting=Awaiting.NOTHING,
            closed_at=self._now,
        )

        return changed

    def _terms(self) -> int:
        """Remedies and offers keep their money, but not where to, nor why in an agent's words."""
        changed = 0
        by_agents = sa.select(cases.c.id).where(cases.c.playbook == "agent")
        self._set(
            remedies,
            remedies.c.id.in_(self._remedies),
            remedies.c.case_id.in_(by_agents),
            reason="",
        )
        self._set(approvals, approvals.c.remedy_id.in_(self._remedies), reason="")
        self._set(outbox, outbox.c.remedy_id.in_(self._remedies), detail="")
        for row in self._db.execute(
            sa.select(remedies.c.id, remedies.c.terms).where(remedies.c.id.in_(self._remedies))
        ).all():
            if (terms := _unaddressed(row.terms)) != row.terms:
                changed += self._set(remedies, remedies.c.id == row.id, terms=terms)
        for row in self._db.execute(
            sa.select(offers.c.id, offers.c.options).where(offers.c.case_id.in_(self._cases))
        ).all():
            if (options := [_unaddressed(one) for one in row.options]) != row.options:
                changed += self._set(offers, offers.c.id == row.id, options=options)

        return changed

    def _notices(self) -> int:
        return self._delete(
            notices,
            sa.or_(
                notices.c.conversation_id.in_(self._talks),
                sa.and_(
                    sa.func.lower(notices.c.recipient) == self._email,
                    self._in_scope(notices.c.conversation_id),
                ),
            ),
        )

    def _conversations(self) -> int:
        self._set(handoffs, handoffs.c.conversation_id.in_(self._talks), open=False)
        self._delete(
            verified_orders,
            sa.or_(
                verified_orders.c.conversation_id.in_(self._talks),
                verified_orders.c.order_id.in_(self._bought),
            ),
        )
        # An order's own conversation, in which agents' grants stand, has no buyer who could come
        # back to it, and what becomes of a later grant is still said there.
        own = [f"order-{number:08}" for number in self._bought]
        return self._set(
            conversations,
            conversations.c.id.in_(self._talks),
            conversations.c.id.not_in(own),
            identity_subject=None,
            identity_email=None,
            identity_name=None,
            contact_email=None,
            floor=Floor.CLOSED,
            closed_at=sa.func.coalesce(conversations.c.closed_at, self._now),
            claimed_until=None,
            snoozed_until=None,
            due_at=None,
            handoff_id=None,
            lease_owner=None,
            lease_until=None,
            fence=conversations.c.fence + 1,
            erased_at=self._now,
        )

    def _orders(self) -> int:
        sent = sa.select(parcels.c.id).where(parcels.c.order_id.in_(self._bought))
        self._delete(tracking_events, tracking_events.c.parcel_id.in_(sent))
        self._set(parcels, parcels.c.order_id.in_(self._bought), tracking_number="")

        return self._set(
            orders,
            orders.c.id.in_(self._bought),
            postal_code="",
            city="",
            address="",
            fingerprint="",
            erased_at=self._now,
        )

    def _buyers(self) -> int:
        name = sa.literal(f"{GONE} ") + sa.cast(buyers.c.id, sa.String)

        return self._set(
            buyers, buyers.c.id.in_(self._traces.buyers), email="", phone="", name=name
        )

    def _set(self, table: sa.Table, *where: sa.ColumnElement[bool], **values: Any) -> int:
        return self._db.execute(sa.update(table).where(*where).values(values)).rowcount

    def _delete(self, table: sa.Table, where: sa.ColumnElement[bool]) -> int:
        return self._db.execute(sa.delete(table).where(where)).rowcount


def _unaddressed(terms: Mapping[str, Any]) -> dict[str, Any]:
    """A remedy's terms without the address that it names."""
    return {**terms, **({"address": ""} if "address" in terms else {})}
