"""Seller accounts as the widget and the identity check see them."""

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.ports.stores import StoreProfile
from bot.store.tables import stores


class SqlStores:
    """`bot.casework.ports.stores.Stores` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def find(self, store: str) -> StoreProfile | None:
        row = self._db.execute(sa.select(stores).where(stores.c.id == store)).one_or_none()
        if row is None:
            return None

        return StoreProfile(
            id=row.id,
            title=row.title,
            greeting=row.greeting,
            colour=row.colour,
            avatar_url=row.avatar_url,
            locale=row.locale,
            identity_secret=row.identity_secret,
        )

    def titles(self) -> tuple[tuple[str, str], ...]:
        rows = self._db.execute(sa.select(stores.c.id, stores.c.title).order_by(stores.c.title))

        return tuple((row.id, row.title) for row in rows)
