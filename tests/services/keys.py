"""Passwords that cost nothing, for tests that are not about them; codes are real ones."""

from datetime import datetime

import pyotp

from bot.keys import STEP, Argon2Keys


class PlainKeys(Argon2Keys):
    """`bot.casework.accounts.Keys` without the work, which counts how often it is done."""

    def __init__(self) -> None:
        self.looked = 0

    def hash(self, password: str) -> str:
        return f"hash of {password}"

    def is_right(self, password: str, password_hash: str | None) -> bool:
        self.looked += 1
        return password_hash == f"hash of {password}"


def code_at(secret: str, now: datetime, steps: int = 0) -> str:
    """What the app shows then, or so many steps later."""
    return pyotp.TOTP(secret).generate_otp(int(now.timestamp()) // STEP + steps)
