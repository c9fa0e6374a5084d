"""
Passwords by argon2id, and the codes of authenticator apps (TOTP, RFC 6238).

A hash takes a tenth of a second and 46 MB on purpose. So none is made inside a unit of work, where
all other writers would wait for it, nor on an event loop.
"""

import unicodedata
from datetime import datetime
from functools import cached_property
from hmac import compare_digest
from secrets import token_urlsafe
from typing import Final

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from bot.casework.accounts import LONGEST_PASSWORD

STEP: Final = 30
"""Seconds that a code is shown."""
DRIFT: Final = (0, -1, 1)
"""A phone's clock may be one step off."""
ISSUER: Final = "Makegood"
HASHER: Final = PasswordHasher(time_cost=2, memory_cost=47_104, parallelism=1)
"""argon2id, with twice the least time that OWASP names for so much memory."""


class Argon2Keys:
    """`bot.casework.accounts.Keys` as they are."""

    def hash(self, password: str) -> str:
        return HASHER.hash(_typed(password))

    def is_right(self, password: str, password_hash: str | None) -> bool:
        if len(password) > LONGEST_PASSWORD:
            password = ""
        try:
            HASHER.verify(password_hash or self._nobodys, _typed(password))
        except VerificationError:
            return False

        return password_hash is not None

    def new_secret(self) -> str:
        return pyotp.random_base32()

    def address(self, secret: str, email: str) -> str:
        return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)

    def find_step(self, secret: str, code: str, now: datetime) -> int | None:
        typed = "".join(code.split()).encode("utf-8", "replace")
        current, totp = int(now.timestamp()) // STEP, pyotp.TOTP(secret)
        fitting = (
            current + by
            for by in DRIFT
            if compare_digest(totp.generate_otp(current + by).encode(), typed)
        )

        return next(fitting, None)

    @cached_property
    def _nobodys(self) -> str:
        """The hash of a password that nobody knows."""
        return HASHER.hash(token_urlsafe())


def _typed(password: str) -> bytes:
    """The same bytes for an é as one sign and as two; half of an emoji breaks nothing."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace")
