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


LONGEST_TOKEN = 8192
LONGEST_SUBJECT = 200
LONGEST_EMAIL = 320
LONGEST_NAME = 200


class WrongToken(Exception):
    """A session token that is missing, forged or expired; the text says what to do."""


class WrongIdentity(Exception):
    """An identity that the shop did not sign, or that is expired or incomplete."""


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
        if scheme.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN:
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
    if len(token) > LONGEST_TOKEN or not token.isascii():
        raise WrongIdentity("The identity cannot be accepted: it is no JWT.")
    try:
        claims = jwt.decode(token, secret, [ALGORITHM], options={"require": ["sub", "exp"]})
    except jwt.InvalidTokenError as error:
        raise WrongIdentity(f"The identity cannot be accepted: {error}.") from error
    subject, email, name = claims["sub"], claims.get("email") or "", claims.get("name") or ""
    if not all(isinstance(value, str) for value in (subject, email, name)) or not subject:
        raise WrongIdentity("The identity cannot be accepted: sub, email and name are texts.")
    # Neither is cut to fit: two buyers must not become one.
    if len(subject) > LONGEST_SUBJECT or len(email) > LONGEST_EMAIL:
        raise WrongIdentity("The identity cannot be accepted: sub or email is too long.")
    if not (subject + email).isprintable():
        raise WrongIdentity("The identity cannot be accepted: sub or email is unreadable.")

    return Identity(
        subject=subject,
        email=email,
        name="".join(sign for sign in name if sign.isprintable())[:LONGEST_NAME],
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
