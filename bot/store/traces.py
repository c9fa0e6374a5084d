"""Everything that is known of a buyer, found by their e-mail."""

import json
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.erasure import Traces
from bot.casework.remedies import RemedyState
from bot.casework.turns import Sender
from bot.store.tables import (
    attachments,
    buyers,
    cases,
    conversations,
    messages,
    orders,
    remedies,
    verified_orders,
)

UNSETTLED = (RemedyState.APPROVAL, RemedyState.REQUESTED)


def hold_traces(connection: Connection, email: str, store: str | None) -> Traces:
    """
    All of that e-mail, held against other writers: conversations first, as turns hold them.

    A conversation is the buyer's if the shop or they themselves gave the e-mail for it, if an
    order of theirs was opened in it, or if somebody without a name wrote the e-mail in it.
    """
    whose = [sa.func.lower(buyers.c.email) == email, *_in(buyers.c.store_id, store)]
    of_buyer = sa.select(orders.c.id).join(buyers, buyers.c.id == orders.c.buyer_id).where(*whose)
    found = connection.scalars(
        sa.select(conversations.c.id)
        .where(
            conversations.c.erased_at.is_(None),
            *_in(conversations.c.store_id, store),
            sa.or_(
                sa.func.lower(conversations.c.identity_email) == email,
                sa.func.lower(conversations.c.contact_email) == email,
                conversations.c.id.in_(_opened_in(of_buyer)),
                sa.and_(
                    conversations.c.identity_subject.is_(None),
                    conversations.c.id.in_(_written_in(email)),
                ),
            ),
        )
        .order_by(conversations.c.id)
        .with_for_update()
    ).all()
    held = connection.execute(
        sa.select(orders.c.id, orders.c.number)
        .where(orders.c.id.in_(of_buyer))
        .order_by(orders.c.id)
        .with_for_update()
    ).all()
    bought = [row.id for row in held]

    return Traces(
        email=email,
        store=store,
        buyers=tuple(connection.scalars(sa.select(buyers.c.id).where(*whose))),
        orders=tuple(bought),
        conversations=tuple(found),
        unsettled=_unsettled(connection, bought),
        uploads=tuple(
            connection.scalars(
                sa.select(attachments.c.file_name).where(attachments.c.conversation_id.in_(found))
            )
        ),
    )


def quotes(column: sa.ColumnElement[str], text: str) -> sa.ColumnElement[bool]:
    """Whether the column holds that text, in whatever case."""
    return column.icontains(text, autoescape=True)


def in_json(text: str) -> str:
    """The text as it stands in a JSON column."""
    return json.dumps(text)[1:-1]


def _opened_in(of_buyer: sa.Select[tuple[int]]) -> sa.CompoundSelect[tuple[str]]:
    return sa.union(
        sa.select(cases.c.conversation_id).where(cases.c.order_id.in_(of_buyer)),
        sa.select(verified_orders.c.conversation_id).where(
            verified_orders.c.order_id.in_(of_buyer)
        ),
    )


def _written_in(email: str) -> sa.Select[tuple[str]]:
    return sa.select(messages.c.conversation_id).where(
        messages.c.sender == Sender.BUYER, quotes(messages.c.text, email)
    )


def _unsettled(connection: Connection, bought: Iterable[int]) -> tuple[str, ...]:
    """Numbers of those orders on which something is still to be done for the buyer."""
    found = connection.scalars(
        sa.select(orders.c.number)
        .join(remedies, remedies.c.order_id == orders.c.id)
        .where(orders.c.id.in_(bought), remedies.c.state.in_(UNSETTLED))
        .distinct()
        .order_by(orders.c.number)
    )

    return tuple(found)


def _in(column: sa.Column[str], store: str | None) -> list[sa.ColumnElement[bool]]:
    return [] if store is None else [column == store]
