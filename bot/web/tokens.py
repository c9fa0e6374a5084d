"""
Signed tokens: ours for a session, the shop's for a buyer's identity.

Both are JWTs with HS256 and an end. A session token names a conversation and nothing else, so
that nothing has to be looked up to refuse a wrong one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt

from bot.casework.turns import Identity

ALGORITHM = "HS256"


class WrongToken(Exception):
    """A token that is missing, forged, expired or incomplete; the text says what to do."""


@dataclass(frozen=True, slots=True)
class SessionTokens:
    """Makes and reads session tokens with this installation's secret."""

    secret: str
    days: int

    def make(self, conversation_id: str, now: datetime) -> str:
        """A token for that conversation."""
        claims = {"sub": conversation_id, "aud": "widget", "exp": now + timedelta(days=self.days)}

        return jwt.encode(claims, self.secret, ALGORITHM)

    def read(self, header: str | None) -> str:
        """The conversation of an `Authorization: Bearer …` header."""
        scheme, _, token = (header or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise WrongToken("Begin a session first and send its token as a Bearer token.")
        try:
            claims = jwt.decode(
                token.strip(),
                self.secret,
                [ALGORITHM],
                audience="widget",
                options={"require": ["sub", "exp"]},
            )
        except jwt.InvalidTokenError as error:
            raise WrongToken("This session is unknown or has expired. Begin a new one.") from error

        return str(claims["sub"])


def read_identity(token: str, secret: str) -> Identity:
    """The buyer that the shop names in an identity token."""
    try:
        claims = jwt.decode(token, secret, [ALGORITHM], options={"require": ["sub", "exp"]})
    except jwt.InvalidTokenError as error:
        raise WrongToken(f"The identity cannot be accepted: {error}.") from error
    found = {name: claims.get(name, "") for name in ("sub", "email", "name")}
    if any(not isinstance(value, str) for value in found.values()) or not found["sub"]:
        raise WrongToken("The identity cannot be accepted: sub, email and name are texts.")

    return Identity(
        subject=found["sub"][:200], email=found["email"][:320], name=found["name"][:200]
    )


def make_identity(identity: Identity, secret: str, until: datetime) -> str:
    """An identity token as a shop makes it; the demo shop signs its buyers in with it."""
    claims = {
        "sub": identity.subject,
        "email": identity.email,
        "name": identity.name,
        "exp": until,
    }

    return jwt.encode(claims, secret, ALGORITHM)
