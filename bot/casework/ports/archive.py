"""What was said and given, for whoever has to prove it."""

from typing import Protocol

from bot.casework.evidence import Chat, PartnerClaim, WaitingTalk
from bot.casework.ports.remedies import RemedyRow


class Archive(Protocol):
    """What was said and given about an order, read for whoever has to prove it."""

    def chats(self, order_id: int, photo_distance: int) -> tuple[Chat, ...]:
        """Conversations with a case of the order, the oldest first."""

    def remedies(self, order_id: int) -> tuple[RemedyRow, ...]:
        """All remedies of the order, those that came to nothing too."""

    def claims(self, order_id: int) -> tuple[PartnerClaim, ...]:
        """What the seller may claim from partners because of it."""

    def waiting(self, store: str | None) -> tuple[WaitingTalk, ...]:
        """Conversations that wait for a person, of one store or of all, the most urgent first."""
