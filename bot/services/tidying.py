"""Taking away what has piled up: sent notices, used links, ended sessions, old wrong tries."""

import logging

from bot.casework.tidying import KEEP_NOTICES, KEEP_TRIES
from bot.services.collisions import retried
from bot.services.house import House

log = logging.getLogger(__name__)


def do_tidy(house: House) -> int:
    """Take away what is of no use any more; how many rows that were."""
    gone = retried(lambda: _tidy(house))
    if gone:
        log.info("tidied up: %d rows that were over", gone)

    return gone


def _tidy(house: House) -> int:
    now = house.clock()
    with house.units() as unit:
        over = unit.tidying
        return (
            over.notices(now - KEEP_NOTICES)
            + over.links(now)
            + over.sessions(now)
            + over.tries(now - KEEP_TRIES)
        )
