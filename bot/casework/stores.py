"""A store is one seller account: whose orders they are, and how its widget looks."""

import re
import secrets
import unicodedata
from dataclasses import dataclass

STORE_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
LOCALE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")

AVATAR_URL = re.compile(r"(?:https?:/)?/[^\s\"'<>]{1,490}")


class WrongStore(ValueError):
    """A store that cannot be; the text says what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """
    One seller account.

    `id` is a slug for addresses and embed tags. With `identity_secret` the shop signs who its
    buyer is, so it is never shown to a browser.
    """

    id: str
    name: str
    title: str
    greeting: str
    colour: str
    locale: str
    identity_secret: str
    avatar_url: str | None = None

    def __post_init__(self) -> None:
        if not STORE_ID.fullmatch(self.id):
            raise WrongStore(f"{self.id!r} is not a store id such as clay-and-co")
        if not 0 < len(self.name) <= 200 or not 0 < len(self.title) <= 200:
            raise WrongStore("a store's name and title have 1 to 200 characters")
        if not COLOUR.fullmatch(self.colour):
            raise WrongStore(f"{self.colour!r} is not a colour such as #1f6f54")
        if not LOCALE.fullmatch(self.locale):
            raise WrongStore(f"{self.locale!r} is not a locale such as en or pt-BR")
        if self.avatar_url is not None and not AVATAR_URL.fullmatch(self.avatar_url):
            raise WrongStore(f"{self.avatar_url!r} is not an image's address (https://...)")


def to_store_id(name: str) -> str:
    """A store id made of a name's Latin letters and digits; empty if it has none."""
    latin = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()

    return "-".join(re.findall("[a-z0-9]+", latin))[:64].strip("-")


def new_identity_secret() -> str:
    """A secret with which a shop signs who its buyers are."""
    return secrets.token_urlsafe(32)
