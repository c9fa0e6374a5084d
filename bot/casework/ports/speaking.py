"""Replies in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.casework.orders import OrderCard
from bot.casework.replies import MessageKind, Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A reply in words: `choices` are pairs of value and label, `card` is ready JSON."""

    kind: MessageKind
    text: str
    choices: tuple[tuple[str, str], ...]
    card: Mapping[str, object] | None
    reply: str


class Speaker(Protocol):
    """Turns replies into words."""

    def render(self, reply: Reply, locale: str, *, variant: str, now: datetime) -> Spoken:
        """The reply in that language; `variant` picks one of several wordings, always alike."""

    def render_card(self, card: OrderCard, locale: str, now: datetime) -> Mapping[str, object]:
        """The order as ready JSON, with its labels in that language."""
