"""
Finding conversations by what was written and by whom.

A statement is built once for each kind of query, as building it takes longer than most searches.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import TSQUERY

from bot.casework.searching import (
    Found,
    FoundBy,
    Query,
    is_beginning,
    read_query,
    snippet_of,
)
from bot.casework.turns import Floor
from bot.store.search_index import FULL_TEXT
from bot.store.tables import (
    buyers,
    cases,
    conversations,
    message_words,
    messages,
    orders,
    parcels,
    verified_orders,
)

Ids = sa.Select[tuple[str]]
RANKS = tuple(FoundBy)
"""Of what was found by several, the first counts."""
HIGHEST = "\U0010ffff"
"""Behind every sign that can follow in a text of that beginning."""
# Word for word as they are indexed (bot/store/search_index.py), or the index would not be taken.
SENT_AS: sa.ColumnElement[str] = sa.literal_column(
    "upper(replace(replace(parcels.tracking_number, ' ', ''), '-', ''))", sa.String
)
LEXEMES: sa.ColumnElement[Any] = sa.literal_column(
    "array_to_tsvector(string_to_array(message_words.words, ' '))"
)
BEFORE: sa.BindParameter[int] = sa.bindparam("before", type_=sa.Integer)


class SqlSearch:
    """`bot.casework.searching.Search` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def find_conversations(
        self, text: str, limit: int, before: int | None = None
    ) -> tuple[Found, ...]:
        query = read_query(text)
        if not (kinds := _kinds(query)):
            return ()
        dialect = self._db.dialect.name
        page = _page(kinds, dialect, paged=before is not None)
        values = _values(query, dialect) | {"limit": limit, "before": before}

        return tuple(
            Found(
                conversation_id=row.conversation_id,
                store=row.store_id,
                floor=Floor(row.floor),
                by=RANKS[row.rank],
                place=row.place,
                at=row.created_at,
                snippet=snippet_of(row.text, query),
            )
            for row in self._db.execute(page, values)
        )

    def of_email(self, text: str, among: Sequence[str]) -> tuple[str, ...]:
        query = read_query(text)
        if not (query.email and among):
            return ()
        dialect = self._db.dialect.name
        found = _found_by(FoundBy.EMAIL, dialect).subquery()
        wanted = sa.select(found.c.conversation_id).where(found.c.conversation_id.in_(among))

        return tuple(sorted(self._db.execute(wanted, _values(query, dialect)).scalars()))


def ids_of(text: str, dialect: str) -> Ids | None:
    """
    A query of the ids of all conversations of that text, to narrow another query by.

    None for a text in which there is nothing to look for.
    """
    query = read_query(text)
    if not (kinds := _kinds(query)):
        return None
    found = _hits(kinds, dialect).subquery()

    return sa.select(found.c.conversation_id).params(_values(query, dialect))


def _kinds(query: Query) -> tuple[FoundBy, ...]:
    """What such a text may be found by."""
    asked: dict[FoundBy, object] = {
        FoundBy.ORDER: query.number,
        FoundBy.TRACKING: query.tracking,
        FoundBy.EMAIL: query.email,
        FoundBy.TEXT: query.words,
    }

    return tuple(by for by, wanted in asked.items() if wanted)


def _values(query: Query, dialect: str) -> dict[str, object]:
    """What the statements are asked with."""
    return {
        "number": query.number,
        "tracking": query.tracking,
        "email": query.email,
        "beyond": f"{query.email}{HIGHEST}",
        "wanted": _fts5(query.words) if dialect == "sqlite" else _tsquery(query.words),
    }


def _fts5(words: Sequence[str]) -> str:
    return " AND ".join(f'"{word}" *' if is_beginning(word) else f'"{word}"' for word in words)


def _tsquery(words: Sequence[str]) -> str:
    return " & ".join(f"'{word}':*" if is_beginning(word) else f"'{word}'" for word in words)


@cache
def _page(kinds: tuple[FoundBy, ...], dialect: str, *, paged: bool) -> sa.Select[Any]:
    hits = _hits(kinds, dialect).subquery()
    newest = (
        sa.select(sa.func.max(message_words.c.number))
        .where(message_words.c.conversation_id == hits.c.conversation_id)
        .scalar_subquery()
    )
    place = sa.func.coalesce(sa.func.max(hits.c.place), newest).label("place")
    placed = (
        sa.select(hits.c.conversation_id, sa.func.min(hits.c.rank).label("rank"), place)
        .group_by(hits.c.conversation_id)
        .subquery()
    )
    page = sa.select(placed).order_by(placed.c.place.desc()).limit(sa.bindparam("limit"))
    if paged:
        page = page.where(placed.c.place < BEFORE)
    # Messages are looked up for the page alone, not for all that was found.
    shown = page.subquery()

    return (
        sa.select(
            shown, conversations.c.store_id, conversations.c.floor,
            messages.c.text, messages.c.created_at,
        )
        .join(message_words, message_words.c.number == shown.c.place)
        .join(messages, messages.c.id == message_words.c.message_id)
        .join(conversations, conversations.c.id == shown.c.conversation_id)
        .order_by(shown.c.place.desc())
    )  # fmt: skip


def _hits(kinds: tuple[FoundBy, ...], dialect: str) -> sa.CompoundSelect[Any]:
    """Every conversation that is found, once for each way, with the place of its newest message."""
    parts: list[sa.Select[Any]] = []
    for by in kinds:
        found = _found_by(by, dialect).subquery()
        rank = sa.literal_column(str(RANKS.index(by)), sa.Integer).label("rank")
        # Without a word in it, any message stands for the conversation.
        place = found.c.place if "place" in found.c else sa.cast(sa.null(), sa.Integer)
        parts.append(sa.select(found.c.conversation_id, rank, place.label("place")))

    return sa.union_all(*parts)


def _found_by(by: FoundBy, dialect: str) -> sa.Select[Any]:
    match by:
        case FoundBy.ORDER:
            return _about(orders.c.number_key == sa.bindparam("number"))
        case FoundBy.TRACKING:
            sent = sa.select(parcels.c.order_id).where(SENT_AS.in_([sa.bindparam("tracking")]))
            return _about(orders.c.id.in_(sent))
        case FoundBy.EMAIL:
            told = (conversations.c.identity_email, conversations.c.contact_email)
            own = [
                sa.select(conversations.c.id).where(_begins(sa.func.lower(one), dialect))
                for one in told
            ]
            of_buyer = sa.select(buyers.c.id).where(_begins(buyers.c.email, dialect))
            about = _about(orders.c.buyer_id.in_(of_buyer))
            ids = sa.union(about, *own).subquery()
            return sa.select(ids.c.conversation_id)
        case FoundBy.TEXT:
            return _with_words(dialect)


def _with_words(dialect: str) -> sa.Select[Any]:
    """The conversations with a message of all the words, and the newest of these."""
    wanted: sa.BindParameter[str] = sa.bindparam("wanted", type_=sa.String)
    place = sa.func.max(message_words.c.number).label("place")
    found = sa.select(message_words.c.conversation_id, place).group_by(
        message_words.c.conversation_id
    )
    if dialect != "sqlite":
        return found.where(LEXEMES.op("@@", is_comparison=True)(sa.cast(wanted, TSQUERY)))
    index = sa.table(FULL_TEXT, sa.column("rowid", sa.Integer))

    return found.join(index, index.c.rowid == message_words.c.number).where(
        sa.literal_column(FULL_TEXT).op("MATCH", is_comparison=True)(wanted)
    )


def _about(condition: sa.ColumnElement[bool]) -> Ids:
    """The conversations about such an order: with a case of it, or in which it was proven."""
    of_cases = sa.select(cases.c.conversation_id).join(orders, orders.c.id == cases.c.order_id)
    proven = sa.select(verified_orders.c.conversation_id).join(
        orders, orders.c.id == verified_orders.c.order_id
    )
    ids = sa.union(of_cases.where(condition), proven.where(condition)).subquery()

    return sa.select(ids.c.conversation_id)


def _begins(column: sa.ColumnElement[str], dialect: str) -> sa.ColumnElement[bool]:
    """Whether the text begins like the e-mail, sign by sign; told by an index."""
    least, most = (">=", "<") if dialect == "sqlite" else ("~>=~", "~<~")

    return sa.and_(
        column.op(least, is_comparison=True)(sa.bindparam("email", type_=sa.String)),
        column.op(most, is_comparison=True)(sa.bindparam("beyond", type_=sa.String)),
    )
