"""What a store sells, for how much, and how much of it is left."""

from dataclasses import dataclass

from bot.casework.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product of a store; `stock` and `price` are None where the shop did not say."""

    sku: str
    title: str
    variant: str = ""
    stock: int | None = None
    price: Money | None = None
