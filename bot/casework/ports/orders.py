"""What the shop has said of its orders."""

from collections.abc import Sequence
from typing import Protocol

from bot.casework.orders import Order, OrderSummary


class Orders(Protocol):
    """Facts from the shop."""

    def get(self, order_id: int) -> Order:
        """The order with everything granted on it, held against other remedies."""

    def find(self, store: str, number: str) -> Order | None:
        """The order of that number, however the buyer writes it."""

    def of_email(self, store: str, email: str) -> tuple[OrderSummary, ...]:
        """Orders of that e-mail, the newest first."""

    def summaries(self, order_ids: Sequence[int]) -> tuple[OrderSummary, ...]:
        """These orders, the newest first."""

    def buyers_of(self, store: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """The store's buyers: e-mail, name and order numbers, by name."""

    def take_stock(self, store: str, sku: str, pieces: int) -> bool:
        """Take pieces from stock; False if there are not enough."""

    def give_back_stock(self, store: str, sku: str, pieces: int) -> None:
        """Put pieces back that were taken for a remedy that will not be."""
