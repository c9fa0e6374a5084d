"""
What is told to people who are not looking at the desk: by e-mail, or to a system of the seller's.

A notice is stored with whatever it tells of, in one transaction, and sent afterwards, at least
once. Pure like all of the core: the postman (bot/services/notices.py) sends, this decides.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.casework.gateways import DETAIL_LENGTH, next_try, to_line

MOST_DAYS = 7
"""After which a notice that could not be sent is news no more."""
FIRST_SECONDS = 60.0
MOST_HOURS = 1.0
SUBJECT_LENGTH = 200


class Channel(StrEnum):
    """How a notice goes."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class NoticeState(StrEnum):
    """How far a notice is."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    """Refused for good, or given up after a week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """
    Something to be told.

    `key` is the same for the same news, which is stored once. `to`, `subject`, `text` and
    `reply_to` are those of an e-mail; `said` is what a webhook gets, ready for JSON. A notice
    about a conversation goes when that is erased.
    """

    key: str
    channel: Channel
    to: str = ""
    subject: str = ""
    text: str = ""
    reply_to: str = ""
    said: Mapping[str, object] | None = None
    conversation_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """
    A notice on its way out.

    `fence` grows with whoever takes it: who comes back with an older one has lost it.
    `lease_until` is until when nobody else may, `detail` what went wrong last.
    """

    id: int
    notice: Notice
    state: NoticeState
    attempts: int
    next_at: datetime
    lease_until: datetime | None
    fence: int
    detail: str
    created_at: datetime


class NotDelivered(Exception):
    """
    Nobody has got it, as far as we know; the text is for a person and shows no password.

    `for_good` says that trying again would change nothing: there is no such address.
    """

    def __init__(self, text: str, *, for_good: bool = False) -> None:
        super().__init__(to_line(text)[:DETAIL_LENGTH])
        self.for_good = for_good


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An e-mail in plain text to one address; the same `key` is the same letter, sent again."""

    key: str
    to: str
    subject: str
    text: str
    reply_to: str = ""


class Mailer(Protocol):
    """Whoever takes e-mails."""

    def send(self, letter: Letter) -> None:
        """Hand it over; it blocks. `NotDelivered` if it was not taken."""


class Hook(Protocol):
    """The seller's own system, for alerts."""

    def post(self, key: str, said: Mapping[str, object]) -> None:
        """Tell it; it blocks. `NotDelivered` if it was not taken."""


class Notices(Protocol):
    """What is on its way to people."""

    def add(self, notice: Notice, now: datetime) -> None:
        """To be sent from now on; nothing if it is stored already."""

    def due(self, channels: Collection[Channel], now: datetime) -> NoticeRow | None:
        """The notice that has waited longest and that nobody holds; None if nothing is due."""

    def put(self, row: NoticeRow, *, held: int) -> bool:
        """Store how far it is; False if somebody took it since fence `held`."""


def to_letter(notice: Notice) -> Letter:
    """The e-mail that the notice is."""
    return Letter(
        key=notice.key,
        to=notice.to,
        subject=notice.subject,
        text=notice.text,
        reply_to=notice.reply_to,
    )


def taken(row: NoticeRow, until: datetime) -> NoticeRow:
    """The notice as its new holder writes it down, before it is sent."""
    return replace(row, attempts=row.attempts + 1, fence=row.fence + 1, lease_until=until)


def after(row: NoticeRow, failure: NotDelivered | None, now: datetime) -> NoticeRow:
    """The notice after it was sent, or was not, free for others."""
    if failure is None:
        return replace(row, state=NoticeState.SENT, next_at=now, lease_until=None, detail="")
    over = failure.for_good or now >= row.created_at + timedelta(days=MOST_DAYS)
    pause = next_try(row.attempts, row.notice.key, FIRST_SECONDS, MOST_HOURS)

    return replace(
        row,
        state=NoticeState.FAILED if over else NoticeState.WAITING,
        next_at=now if over else now + pause,
        lease_until=None,
        detail=str(failure),
    )
