"""Wrong guesses at an order."""

from datetime import datetime
from typing import Protocol


class IdentityTries(Protocol):
    """Wrong guesses at an order."""

    def lock(self, store: str, number_key: str) -> None:
        """Let no other unit count or add tries on that order until this one ends."""

    def count(self, store: str, number_key: str, ip: str, proof_hash: str, since: datetime) -> int:
        """Wrong tries since then from that IP or with that proof, whichever is more."""

    def add(self, store: str, number_key: str, ip: str, proof_hash: str, now: datetime) -> None:
        """Write down a wrong try."""
