"""What a store sells, and how much of it is left."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product of a store; `stock` is None where the shop did not say."""

    sku: str
    title: str
    variant: str = ""
    stock: int | None = None
