"""What is of no use to anybody any more, and goes by itself."""

from datetime import datetime, timedelta
from typing import Final, Protocol

KEEP_NOTICES: Final = timedelta(days=30)
"""How long it can be seen what was told to whom."""
KEEP_TRIES: Final = timedelta(days=7)
"""More than the longest time for which wrong tries count (`IdentityRules.within_minutes`)."""


class Tidying(Protocol):
    """Takes away what is over. Each tells how much that was."""

    def notices(self, until: datetime) -> int:
        """Notices that were sent, or given up, up to then."""

    def links(self, now: datetime) -> int:
        """One-time links that were used or have ended: they open nothing."""

    def sessions(self, now: datetime) -> int:
        """Sessions of agents that have ended."""

    def tries(self, until: datetime) -> int:
        """Wrong tries up to then: at signing in, and at orders."""
