"""
Working off the outbox: every remedy reaches its gateway, and none of them twice by our doing.

A row is taken by its fence and marked as being sent before the call. So a worker that dies leaves
either a row that was never sent, or one of which the fate is unknown, whose gateway is asked
before anything is repeated. The call itself holds no transaction.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.casework.gateways import Answer, Dispatch, Outcome, RemedyGateway
from bot.casework.outbox import SENDABLE, OutboxRow, OutboxState, after, taken
from bot.casework.ports.units import UnitOfWork
from bot.casework.remedies import RemedyState
from bot.services.collisions import retried
from bot.services.house import House
from bot.services.remedy_ends import Matter, do_end_well, do_fail, do_give_up, do_record, hold

log = logging.getLogger(__name__)

LEASE_SECONDS = 300.0
"""How long a row is ours: more than twice the longest that a gateway's call may take."""
RULEBOOK = "rulebook"
"""Who approved what needed no person."""


def nowhere(_: str) -> None:
    """The named points of the work mean nothing but to tests."""


def to_nobody(_: str) -> None:
    """Nobody is looking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """
    What works off the outbox.

    `told` hears the id of a conversation after the buyer was told something in it. `at` hears
    each named point of the work. `stopping` says that no further row shall be begun.
    """

    house: House
    gateway: RemedyGateway
    told: Callable[[str], None] = to_nobody
    at: Callable[[str], None] = nowhere
    stopping: Callable[[], bool] = lambda: False
    lease_seconds: float = LEASE_SECONDS

    def work_off(self) -> tuple[datetime, ...]:
        """Work off what is due; when to look again at what is not settled by that."""
        again: set[datetime] = set()
        self.at("due")
        while not self.stopping() and (row := self._take()):
            self.at("claimed")
            try:
                again |= self._work_on(row)
            except Exception:
                # Its lease ends some time; what was marked as being sent is then asked about.
                log.exception("remedy %s: the outbox could not be worked off", row.remedy_id)
                again.add(self.house.clock() + timedelta(seconds=self.lease_seconds))
            self.at("due")

        return tuple(sorted(again))

    def _take(self) -> OutboxRow | None:
        """Take the next row that is due; None if there is none."""
        with self.house.units() as unit:
            now = self.house.clock()
            row = unit.outbox.due(now)
            if row is None:
                return None
            ours = taken(row, now, now + timedelta(seconds=self.lease_seconds))

            return ours if unit.outbox.put(ours, held=row.fence) else None

    def _work_on(self, row: OutboxRow) -> set[datetime]:
        with self.house.units.reading() as unit:
            dispatch = to_dispatch(unit, row.remedy_id)
        answer = self._call(row, dispatch)
        self.at("answered")
        outcome = self._record_twice(row, dispatch, answer)
        self.at("recorded")
        if outcome is None:
            return set()
        if outcome.told:
            self.told(outcome.told)
        self.at("told")

        return {outcome.next_at} if outcome.next_at else set()

    def _call(self, row: OutboxRow, dispatch: Dispatch) -> Answer:
        """Send it or ask for it; outside any transaction, because it may take its time."""
        if row.state in SENDABLE:
            return Answer(Outcome.UNREACHED, detail=row.detail)
        sends = row.state is OutboxState.SENDING
        self.at("before_send" if sends else "before_ask")
        try:
            if sends:
                return self.gateway.send(dispatch)
            return self.gateway.find_status(dispatch.idempotency_key)
        except Exception:
            log.exception("remedy %s: the gateway broke", row.remedy_id)
            return Answer(Outcome.UNKNOWN, detail="Our gateway broke in the middle of the call.")

    def _record_twice(
        self, row: OutboxRow, dispatch: Dispatch, answer: Answer
    ) -> "Recorded | None":
        """Record it, tried again if another unit got in the way."""
        return retried(lambda: self._record(row, dispatch, answer))

    def _record(self, row: OutboxRow, dispatch: Dispatch, answer: Answer) -> "Recorded | None":
        """What became of it, in one transaction; None if somebody else took it meanwhile."""
        with self.house.units() as unit:
            if unit.outbox.of_remedy(row.remedy_id).fence != row.fence:
                return None
            matter = hold(self.house, unit, row.remedy_id)
            done = after(
                row, answer, dispatch.idempotency_key, polled=self.gateway.polled, now=matter.now
            )
            unit.outbox.put(done, held=row.fence)
            if (done.state, row.state) != (OutboxState.ACCEPTED, OutboxState.ACCEPTED):
                do_record(matter, done, by=self.gateway.name, reference=answer.reference)
            told = _end(matter, done, answer)
            self.at("recording")

        return Recorded(
            told=matter.conversation.id if told else "",
            next_at=None if done.state in ENDED else done.next_at,
        )


ENDED = frozenset({OutboxState.LISTED, OutboxState.DONE, OutboxState.FAILED, OutboxState.PERSON})
"""What no worker looks at again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The conversation in which something was said, and when to look at the row again."""

    told: str
    next_at: datetime | None


def _end(matter: Matter, row: OutboxRow, answer: Answer) -> bool:
    """End the remedy if the row has ended; whether the buyer was told."""
    if matter.remedy.state is not RemedyState.REQUESTED:
        return False
    match row.state:
        case OutboxState.DONE:
            do_end_well(matter, reference=answer.reference)
        case OutboxState.FAILED:
            do_fail(matter, row.detail or "the gateway refused it", reference=answer.reference)
        case OutboxState.PERSON:
            do_give_up(matter, row.detail or "no answer for a day")
        case _:
            return False

    return True


def to_dispatch(unit: UnitOfWork, remedy_id: str) -> Dispatch:
    """The remedy as it goes out, the same at every try."""
    row = unit.remedies.get(remedy_id)
    remedy = row.remedy
    order = unit.orders.get(row.order_id)

    return Dispatch(
        remedy_id=row.id,
        idempotency_key=row.idempotency_key,
        case_id=row.case_id,
        store=row.store,
        order_number=order.number,
        marketplace=order.marketplace,
        kind=remedy.kind,
        line_sku=None if remedy.line_id is None else order.line(remedy.line_id).sku,
        quantity=remedy.quantity,
        amount=remedy.amount,
        percent=getattr(remedy, "percent", None),
        reason=row.reason,
        requested_at=row.created_at,
        approved_by=row.approved_by or RULEBOOK,
        details=remedy.details,
    )
