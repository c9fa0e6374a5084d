"""Seller accounts."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreProfile:
    """One seller account, as its widget looks, with the secret that signs its buyers."""

    id: str
    title: str
    greeting: str
    colour: str
    avatar_url: str | None
    locale: str
    identity_secret: str


class Stores(Protocol):
    """Seller accounts."""

    def find(self, store: str) -> StoreProfile | None:
        """The seller account of that id."""

    def titles(self) -> tuple[tuple[str, str], ...]:
        """Id and title of every seller account, by title."""
