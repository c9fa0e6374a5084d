"""
What leaves the house for a remedy, and what may come back, whoever carries it out.

A gateway is told at least once and asked by key. It never repeats anything by itself: when to
try again and when to give up is decided here, by rules without a clock or dice.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from bot.casework.money import Money
from bot.casework.remedies import RemedyKind

MOST_HOURS = 24
FIRST_SECONDS = 30.0
DETAIL_LENGTH = 300

# What can stand in an HTTP header as it is.
IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,200}")


class WrongDispatch(ValueError):
    """A dispatch that could not be told apart or dated by who gets it; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """
    One remedy as it goes out, the same at every try.

    `line_sku` is None for a remedy of the whole order. `details` are flat texts that only some
    kinds have: the fields of a new address, another sku, a surcharge. `approved_by` is whoever
    said yes: the rulebook or a person.
    """

    remedy_id: str
    idempotency_key: str
    case_id: str
    store: str
    order_number: str
    marketplace: str
    kind: RemedyKind
    line_sku: str | None
    quantity: int | None
    amount: Money | None
    percent: Decimal | None
    reason: str
    requested_at: datetime
    approved_by: str
    details: Mapping[str, str]

    def __post_init__(self) -> None:
        if not IDEMPOTENCY_KEY.fullmatch(self.idempotency_key):
            raise WrongDispatch(f"{self.idempotency_key!r} is not an idempotency key")
        if self.requested_at.tzinfo is None:
            raise WrongDispatch(f"{self.requested_at} has no time zone")


class Outcome(StrEnum):
    """What we know of a remedy after telling or asking its gateway."""

    ACCEPTED = "accepted"
    """The gateway took it and will confirm later."""
    DONE = "done"
    """It is carried out."""
    REFUSED = "refused"
    """A final no: it will never be carried out."""
    UNKNOWN = "unknown"
    """We cannot tell whether it arrived: ask before any repeat."""
    UNREACHED = "unreached"
    """It certainly did not arrive: it may be sent again."""
    NEVER_SEEN = "never_seen"
    """Only when asked: the gateway does not know this key, so sending is safe."""


@dataclass(frozen=True, slots=True)
class Answer:
    """
    A gateway's answer; `reference` is its own id for what it did.

    `detail` is for a person: it comes from strangers, so it is made one plain line and cut.
    """

    outcome: Outcome
    reference: str = ""
    detail: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "detail", to_line(self.detail)[:DETAIL_LENGTH])


class RemedyGateway(Protocol):
    """
    Whoever carries remedies out.

    Both calls block. They answer for whatever the other side does and raise only if we are
    broken; what was raised in the middle of `send` is then as good as UNKNOWN.
    """

    name: str
    polled: bool
    """Whether asking it can tell when something accepted is done; else the seller says so."""

    def send(self, dispatch: Dispatch) -> Answer:
        """Tell it once; anything but NEVER_SEEN."""

    def find_status(self, idempotency_key: str) -> Answer:
        """
        What became of that key; anything but UNREACHED.

        A question that does not arrive says nothing about the remedy: UNKNOWN.
        """


def to_line(text: str) -> str:
    """The text in one line, without control characters or what a table could not store."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def next_try(
    attempts: int,
    key: str,
    first_seconds: float = FIRST_SECONDS,
    most_hours: float = MOST_HOURS,
) -> timedelta:
    """
    How long to wait after the latest of `attempts` tries.

    The longest wait doubles from `first_seconds` up to `most_hours`. The wait is between half of
    that and all of it: it does not shrink while that doubles, and many remedies that failed
    together do not come back together. Where in that half is drawn from the key and the number
    of the try, so that a remedy waits the same in every process.
    """
    doublings = min(max(attempts - 1, 0), 64)
    longest = min(first_seconds * 2**doublings, most_hours * 3600)
    drawn = hashlib.sha256(f"{key}:{attempts}".encode()).digest()
    share = int.from_bytes(drawn[:8]) / 2**64

    return timedelta(seconds=longest / 2 * (1 + share))


def next_try_at(attempts: int, key: str, *, first_try_at: datetime, now: datetime) -> datetime:
    """
    When to look at a remedy again: after its wait, but not past the time to give up.

    Without that a wait begun in the 23rd hour would keep the buyer until the 40th.
    """
    return min(now + next_try(attempts, key), max(now, give_up_at(first_try_at)))


def give_up_at(first_try_at: datetime) -> datetime:
    """From when on a person takes over."""
    return first_try_at + timedelta(hours=MOST_HOURS)


def gives_up(first_try_at: datetime, now: datetime) -> bool:
    """
    Whether a person takes over: from 24 hours after the first try, without another one.

    Only for what was not accepted yet. What the gateway took is its work, however long.
    """
    return now >= give_up_at(first_try_at)
