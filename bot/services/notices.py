"""
Sending what is told to people: e-mails, and alerts to the seller's own system.

A notice is taken by its fence and sent outside any transaction. Who dies in between leaves a lease
that ends, and then it is sent once more under the same key: told twice rather than never. What
cannot be sent waits, longer from try to try, and holds nobody up.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.casework.notices import (
    Channel,
    Hook,
    Mailer,
    NotDelivered,
    Notice,
    NoticeRow,
    NoticeState,
    after,
    taken,
    to_letter,
)
from bot.services.collisions import retried
from bot.services.house import House

log = logging.getLogger(__name__)

LEASE_SECONDS = 300.0
"""How long a notice is ours: more than twice the longest that sending one may take."""
MOST_AT_ONCE = 100
"""Notices of one look; others follow at the next, so that the clocks are looked at between."""


def nowhere(_: str) -> None:
    """The named points of the work mean nothing but to tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postman:
    """
    What sends notices, by the channels that are set up.

    Notices for another channel wait until it is. `at` hears each named point of the work,
    `stopping` says that no further notice shall be begun.
    """

    house: House
    mailer: Mailer | None = None
    hook: Hook | None = None
    at: Callable[[str], None] = nowhere
    stopping: Callable[[], bool] = lambda: False
    lease_seconds: float = LEASE_SECONDS

    def work_off(self) -> int:
        """
        Send what is due; how many notices were tried.

        A channel that fails is left alone until the next look, so that a server that does not
        answer is waited for once and not for each notice.
        """
        ways, tried = self._ways(), 0
        while ways and tried < MOST_AT_ONCE and not self.stopping():
            if (row := self._take(ways)) is None:
                break
            tried += 1
            self.at("taken")
            failure = self._send(ways[row.notice.channel], row.notice)
            self.at("sent")
            self._record(row, failure)
            if failure and not failure.for_good:
                del ways[row.notice.channel]

        return tried

    def _ways(self) -> dict[Channel, Callable[[Notice], None]]:
        ways: dict[Channel, Callable[[Notice], None]] = {}
        if mailer := self.mailer:
            ways[Channel.MAIL] = lambda notice: mailer.send(to_letter(notice))
        if hook := self.hook:
            ways[Channel.WEBHOOK] = lambda notice: hook.post(notice.key, notice.said or {})

        return ways

    def _take(self, ways: Mapping[Channel, object]) -> NoticeRow | None:
        with self.house.units.reading() as unit:
            if unit.notices.due(ways.keys(), self.house.clock()) is None:
                return None
        with self.house.units() as unit:
            now = self.house.clock()
            row = unit.notices.due(ways.keys(), now)
            if row is None:
                return None
            ours = taken(row, now + timedelta(seconds=self.lease_seconds))

            return ours if unit.notices.put(ours, held=row.fence) else None

    def _record(self, row: NoticeRow, failure: NotDelivered | None) -> None:
        done = after(row, failure, self.house.clock())
        retried(lambda: self._put(row, done))
        if done.state is NoticeState.FAILED:
            log.error("notice %s is given up: %s", row.notice.key, failure)
        elif failure:
            log.warning("notice %s waits, try %d: %s", row.notice.key, row.attempts, failure)

    def _put(self, row: NoticeRow, done: NoticeRow) -> None:
        with self.house.units() as unit:
            unit.notices.put(done, held=row.fence)

    def _send(self, way: Callable[[Notice], None], notice: Notice) -> NotDelivered | None:
        try:
            way(notice)
        except NotDelivered as failure:
            return failure
        except Exception:
            log.exception("notice %s could not be sent", notice.key)
            return NotDelivered("We are broken ourselves; the log says where.")

        return None
