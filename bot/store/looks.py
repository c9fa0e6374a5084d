"""
Photos that look alike, found by their perceptual hashes.

A hash of 64 bits is kept as four bands of 16. Of two hashes that differ in at most three bits one
band at least is the same, so the few that share a band are found by index and compared in full.
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.store.tables import attachments, cases, conversations, orders

BANDS = ("band_1", "band_2", "band_3", "band_4")
BITS = 16
MOST_ALIKE = 200
"""Of the newest look-alikes; a photo of a white wall has many."""


def bands_of(look: int | None) -> Mapping[str, int | None]:
    """The columns of a hash; it is taken as unsigned."""
    if look is None:
        return dict.fromkeys(BANDS)

    return {name: look >> (BITS * place) & 0xFFFF for place, name in enumerate(BANDS)}


def find_reused(
    connection: Connection, store: str, photos: Sequence[str], order_id: int, distance: int
) -> tuple[str, ...]:
    """Which of the photos look like one that belongs to a case of another order of the store."""
    return tuple(find_alike(connection, store, photos, order_id, distance))


def find_alike(
    connection: Connection, store: str, photos: Sequence[str], order_id: int, distance: int
) -> dict[str, tuple[str, ...]]:
    """By photo that looks like one of other orders of the store: the numbers of those orders."""
    if not photos:
        return {}
    own = connection.execute(
        sa.select(attachments).where(
            attachments.c.id.in_(photos), attachments.c.band_1.is_not(None)
        )
    ).all()
    found = {photo.id: _alike(connection, store, photo, order_id, distance) for photo in own}

    return {photo: numbers for photo, numbers in found.items() if numbers}


def _alike(
    connection: Connection,
    store: str,
    photo: Row[tuple[object, ...]],
    order_id: int,
    distance: int,
) -> tuple[str, ...]:
    alike = connection.execute(
        sa.select(attachments, cases.c.known, orders.c.number)
        .join(conversations, conversations.c.id == attachments.c.conversation_id)
        .join(cases, cases.c.conversation_id == conversations.c.id)
        .join(orders, orders.c.id == cases.c.order_id)
        .where(
            conversations.c.store_id == store,
            sa.or_(*(attachments.c[band] == getattr(photo, band) for band in BANDS)),
            attachments.c.id != photo.id,
            cases.c.order_id != order_id,
        )
        .order_by(attachments.c.created_at.desc())
        .limit(MOST_ALIKE)
    )

    numbers = {
        row.number
        for row in alike
        if row.id in row.known["photos"] and _differing_bits(row, photo) <= distance
    }

    return tuple(sorted(numbers))


def _differing_bits(one: Row[tuple[object, ...]], other: Row[tuple[object, ...]]) -> int:
    return sum((getattr(one, band) ^ getattr(other, band)).bit_count() for band in BANDS)
