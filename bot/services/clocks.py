"""
The clocks of what waits for a person: a warning before the deadline, an escalation after it.

Each rings once. That it rang and what is to be told of it are stored in one transaction, however
many processes look at the same moment; sending it comes afterwards (bot/services/notices.py).
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import quote

from bot.casework.deadlines import (
    Alarm,
    WaitingHandOff,
    alarm_at,
    clock_of,
    warned_until,
)
from bot.casework.limits import DeskClock
from bot.casework.notices import SUBJECT_LENGTH, Channel, Notice
from bot.casework.ports.units import UnitOfWork
from bot.casework.replies import MessageKind, Reply
from bot.services.collisions import retried
from bot.services.house import House
from bot.services.letters import do_write_letters
from bot.services.notices import Postman
from bot.services.tidying import do_tidy

log = logging.getLogger(__name__)

MOST_AT_ONCE = 200
"""Hand-offs of one transaction."""
VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Deadline(Reply):
    """
    What the lead is written, not a buyer; the first line is the subject of the e-mail.

    `agent` is the first name of whoever has it, empty for nobody; `url` is where it can be
    answered.
    """

    kind = MessageKind.NOTICE

    shop: str
    complaint: bool
    due_at: datetime
    agent: str
    url: str


@dataclass(frozen=True, kw_only=True)
class DeadlineNear(Deadline):
    """A deadline comes near, and the buyer has no answer."""


@dataclass(frozen=True, kw_only=True)
class DeadlineMissed(Deadline):
    """A deadline has passed, and the buyer has no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """
    Who is told of deadlines, and how.

    `mail_to` are e-mail addresses; `webhook` says whether a system of the seller's is told too;
    `desk_url` is where the desk is.
    """

    mail_to: tuple[str, ...] = ()
    webhook: bool = False
    desk_url: str = ""

    def url_of(self, conversation_id: str) -> str:
        """Where a conversation is answered."""
        return f"{self.desk_url}/conversations/{quote(conversation_id, safe='')}"


NOBODY = Lead()
"""Deadlines are shown at the desk alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """What has rung for a hand-off."""

    alarm: Alarm
    hand_off: WaitingHandOff


def do_ring_clocks(house: House, lead: Lead = NOBODY) -> tuple[Rung, ...]:
    """Ring for what is due or will be soon; what has rung by this look."""
    rung: list[Rung] = []
    while more := retried(lambda: _ring(house, lead)):
        rung += more

    return tuple(rung)


def _ring(house: House, lead: Lead) -> list[Rung]:
    rules, now = house.rulebook, house.clock()
    until = warned_until(rules, now)
    # Most looks find nothing, and need not stand in line with those who write.
    with house.units.reading() as unit:
        if not unit.desk_clocks.near(until, now, 1):
            return []
    with house.units() as unit:
        rung = [
            Rung(alarm=alarm_at(one.due_at, now), hand_off=one)
            for one in unit.desk_clocks.near(until, now, MOST_AT_ONCE)
        ]
        for one in rung:
            unit.desk_clocks.note(one.hand_off.id, one.alarm, now)
            for notice in _notices(house, unit, lead, one, now):
                unit.notices.add(notice, now)

    return rung


def _notices(
    house: House, unit: UnitOfWork, lead: Lead, rung: Rung, now: datetime
) -> Iterator[Notice]:
    """What is told of it: by each channel, and to each address, as a notice of its own."""
    hand_off = rung.hand_off
    key = f"hand_off:{hand_off.id}:{rung.alarm}"
    if lead.webhook:
        yield Notice(
            key=key,
            channel=Channel.WEBHOOK,
            said=to_said(lead, rung),
            conversation_id=hand_off.conversation_id,
        )
    if not lead.mail_to:
        return
    subject, text = _in_words(house, unit, lead, rung, now)
    for number, address in enumerate(lead.mail_to):
        yield Notice(
            key=f"{key}:{number}",
            channel=Channel.MAIL,
            to=address,
            subject=subject,
            text=text,
            conversation_id=hand_off.conversation_id,
        )


def to_said(lead: Lead, rung: Rung) -> dict[str, object]:
    """What a webhook is told: nothing that a buyer wrote."""
    hand_off = rung.hand_off

    return {
        "version": VERSION,
        "event": f"hand_off.{rung.alarm}",
        "hand_off_id": hand_off.id,
        "conversation_id": hand_off.conversation_id,
        "store": hand_off.store,
        "reason": hand_off.reason,
        "clock": clock_of(hand_off.reason),
        "handed_at": hand_off.handed_at.astimezone(UTC).isoformat(),
        "due_at": hand_off.due_at.astimezone(UTC).isoformat(),
        "floor": hand_off.floor,
        "agent": hand_off.agent,
        "team": hand_off.team,
        "url": lead.url_of(hand_off.conversation_id),
    }


def _in_words(
    house: House, unit: UnitOfWork, lead: Lead, rung: Rung, now: datetime
) -> tuple[str, str]:
    """Subject and text of the e-mail, in the language of the store."""
    hand_off = rung.hand_off
    store = unit.stores.find(hand_off.store)
    words = DeadlineNear if rung.alarm is Alarm.WARNING else DeadlineMissed
    spoken = house.speaker.render(
        words(
            shop=store.title if store else hand_off.store,
            complaint=clock_of(hand_off.reason) is DeskClock.COMPLAINT,
            due_at=hand_off.due_at,
            agent=hand_off.agent,
            url=lead.url_of(hand_off.conversation_id),
        ),
        store.locale if store else "en",
        variant=hand_off.id,
        now=now,
    )
    subject, _, text = spoken.text.partition("\n")

    return subject.strip()[:SUBJECT_LENGTH], text.strip()


def do_nothing() -> None:
    """Nobody collects."""


def to_nobody(_: str) -> None:
    """Nobody is looking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """
    What looks at the clocks, and for answers unread, every minute, and tidies up now and then.

    `rang` hears the id of each conversation. `collect` begins to bring messages into the training
    inbox, in those `collect_hours` of the day (UTC).
    """

    house: House
    postman: Postman
    lead: Lead = NOBODY
    rang: Callable[[str], None] = to_nobody
    collect: Callable[[], object] = do_nothing
    collect_hours: frozenset[int] = frozenset()

    def until(self, stopping: Callable[[], bool]) -> "Watch":
        """The same watch, which begins nothing more once it is to stop."""
        return replace(self, postman=replace(self.postman, stopping=stopping))

    def look(self) -> None:
        """Ring what is to ring, and send what waits; what fails is looked at the next time."""
        try:
            for one in do_ring_clocks(self.house, self.lead):
                self.rang(one.hand_off.conversation_id)
            if self.postman.mailer:
                do_write_letters(self.house)
        except Exception:
            log.exception("the clocks could not be looked at")
        self.postman.work_off()

    def tidy(self) -> None:
        """Take away what is over; what fails is done the next time."""
        try:
            do_tidy(self.house)
        except Exception:
            log.exception("what is over could not be taken away")

    def collect_now_and_then(self) -> None:
        """Called every hour; what fails is done the next time."""
        if self.house.clock().astimezone(UTC).hour not in self.collect_hours:
            return
        try:
            self.collect()
        except Exception:
            log.exception("collecting for the training inbox could not begin")
