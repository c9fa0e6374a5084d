"""Seller accounts: adding one, finding one, naming all."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.stores import Store
from bot.store.standing_rows import upsert
from bot.store.tables import stores


def add_store(connection: Connection, store: Store, now: datetime) -> bool:
    """Add the store; False, and nothing written, if there is one of its id."""
    added = connection.execute(
        upsert(connection, stores).on_conflict_do_nothing().returning(stores.c.id),
        {
            "id": store.id,
            "name": store.name,
            "title": store.title,
            "greeting": store.greeting,
            "colour": store.colour,
            "avatar_url": store.avatar_url,
            "locale": store.locale,
            "identity_secret": store.identity_secret,
            "created_at": now,
        },
    )

    return added.one_or_none() is not None


def find_store(connection: Connection, store_id: str) -> Store | None:
    """The store of that id."""
    row = connection.execute(sa.select(stores).where(stores.c.id == store_id)).one_or_none()
    if row is None:
        return None

    return Store(
        id=row.id,
        name=row.name,
        title=row.title,
        greeting=row.greeting,
        colour=row.colour,
        avatar_url=row.avatar_url,
        locale=row.locale,
        identity_secret=row.identity_secret,
    )


def store_ids(connection: Connection) -> tuple[str, ...]:
    """The ids of all stores, in alphabetical order."""
    return tuple(connection.execute(sa.select(stores.c.id).order_by(stores.c.id)).scalars())
