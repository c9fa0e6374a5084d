"""What is on its way to a gateway."""

from datetime import datetime
from typing import Protocol

from bot.casework.outbox import OutboxRow


class Outbox(Protocol):
    """What is on its way to a gateway."""

    def due(self, now: datetime) -> OutboxRow | None:
        """The row that has waited longest and that nobody holds; None if nothing is due."""

    def of_remedy(self, remedy_id: str) -> OutboxRow:
        """The remedy's row, held against other writers; Missing if it was never to go out."""

    def put(self, row: OutboxRow, *, held: int) -> bool:
        """Store the row as it is now; False if somebody took it since fence `held`."""
