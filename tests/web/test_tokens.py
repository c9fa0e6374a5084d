"""Session tokens and identities: what is believed, and what is not."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.turns import Identity
from bot.web.tokens import (
    LONGEST_TOKEN,
    SessionTokens,
    WrongIdentity,
    WrongToken,
    make_identity,
    read_identity,
)

SECRET = "0123456789abcdef0123456789abcdef"
OTHER = "fedcba9876543210fedcba9876543210"
ADA = Identity(subject="ada", email="ada@example.com", name="Ada Field")
NOW = datetime.now(UTC)
IN_AN_HOUR = NOW + timedelta(hours=1)
AN_HOUR_AGO = NOW - timedelta(hours=1)
CLAIMS = {"sub": "ada", "email": "ada@example.com", "name": "Ada", "exp": IN_AN_HOUR}


def signed(header: object, payload: object, secret: str = SECRET) -> str:
    """A token with any header and payload, signed with HS256 whatever the header says."""
    parts = [
        part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, payload)
    ]
    body = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = hmac.new(secret.encode(), body, hashlib.sha256).digest()

    return b".".join((body, base64.urlsafe_b64encode(signature).rstrip(b"="))).decode()


HS256 = {"alg": "HS256", "typ": "JWT"}
LATER = int(IN_AN_HOUR.timestamp())


def test_an_identity_that_the_shop_signed_is_believed():
    """
    What the demo shop makes comes back as it was.
    """
    assert read_identity(make_identity(ADA, SECRET, IN_AN_HOUR), SECRET) == ADA


def test_email_and_name_may_be_missing():
    """
    A shop that knows only its own number of the buyer says only that.
    """
    for absent in ({}, {"email": None, "name": None}, {"email": "", "name": ""}):
        token = jwt.encode({"sub": "7", "exp": IN_AN_HOUR} | absent, SECRET, "HS256")

        assert read_identity(token, SECRET) == Identity(subject="7", email="", name="")


FORGED: dict[str, str] = {
    "another secret": make_identity(ADA, OTHER, IN_AN_HOUR),
    "expired": make_identity(ADA, SECRET, AN_HOUR_AGO),
    "not yet valid": jwt.encode(CLAIMS | {"nbf": IN_AN_HOUR}, SECRET, "HS256"),
    "alg none": jwt.encode(CLAIMS, None, "none"),
    "alg none, signed": signed({"alg": "none"}, {"sub": "ada", "exp": LATER}),
    "another HMAC": jwt.encode(CLAIMS, SECRET * 2, "HS512"),
    "RS256 over our secret": signed({"alg": "RS256"}, {"sub": "ada", "exp": LATER}),
    "alg is a list": signed({"alg": ["HS256"]}, {"sub": "ada", "exp": LATER}),
    "no signature": make_identity(ADA, SECRET, IN_AN_HOUR).rpartition(".")[0] + ".",
    "no sub": jwt.encode({"exp": IN_AN_HOUR}, SECRET, "HS256"),
    "no exp": jwt.encode({"sub": "ada"}, SECRET, "HS256"),
    "empty sub": signed(HS256, {"sub": "", "exp": LATER}),
    "sub is a number": signed(HS256, {"sub": 7, "exp": LATER}),
    "email is a list": signed(HS256, {"sub": "ada", "exp": LATER, "email": ["ada@example.com"]}),
    "exp is a word": signed(HS256, {"sub": "ada", "exp": "tomorrow"}),
    "exp is infinite": signed(HS256, b'{"sub": "ada", "exp": Infinity}'),
    "exp is not a number": signed(HS256, b'{"sub": "ada", "exp": NaN}'),
    "sub of 201 characters": signed(HS256, {"sub": "a" * 201, "exp": LATER}),
    "email of 321 characters": signed(HS256, {"sub": "a", "email": "e" * 321, "exp": LATER}),
    "half an emoji in sub": signed(HS256, b'{"sub": "\\ud83d", "exp": 9999999999}'),
    "NUL in email": signed(HS256, {"sub": "ada", "email": "a\0@example.com", "exp": LATER}),
    "payload is a list": signed(HS256, [1, 2]),
    "payload nests deeply": signed(HS256, b"[" * 2000),
    "header nests deeply": signed(b'{"alg":' + b"[" * 2000, {}),
    "empty": "",
    "a word": "token",
    "dots": "...",
    "not ASCII": "é.é.é",
    "half an emoji": "\ud83d.a.b",
    "100 kB": signed(HS256, {"sub": "ada", "exp": LATER, "name": "x" * 100_000}),
}


@pytest.mark.parametrize("name", FORGED)
def test_no_other_identity_is_believed(name):
    """
    Whatever is wrong with it: one error, with a sentence that says so.
    """
    with pytest.raises(WrongIdentity, match="The identity cannot be accepted"):
        read_identity(FORGED[name], SECRET)


def test_a_public_key_does_not_sign_an_identity():
    """
    The RS256 confusion: what was signed with the text of a public key as if it were a secret.
    """
    public_key = "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL\n"
    token = signed(HS256, {"sub": "ada", "exp": LATER}, secret=public_key)

    with pytest.raises(WrongIdentity):
        read_identity(token, SECRET)


def test_a_name_is_cut_but_a_subject_never():
    """
    Two buyers whose ids begin alike must not become one; a long name hurts nobody.
    """
    token = jwt.encode(CLAIMS | {"name": "Ada\0" + "a" * 500}, SECRET, "HS256")

    assert read_identity(token, SECRET).name == "Ada" + "a" * 197


@given(st.text() | st.binary().map(lambda some: some.decode("latin-1")))
def test_any_text_as_an_identity_is_refused_in_order(text):
    """
    Nothing that is sent as an identity breaks the reader.
    """
    with pytest.raises(WrongIdentity):
        read_identity(text, SECRET)


def session(secret: str = SECRET, days: int = 30) -> SessionTokens:
    """The session tokens of an installation."""
    return SessionTokens(secret, days)


def test_a_session_token_names_its_conversation():
    """
    Nothing is looked up: the conversation stands in the token.
    """
    token = session().make("c0ffee", NOW)

    assert session().read(f"Bearer {token}") == "c0ffee"
    assert session().read(f"bearer  {token} ") == "c0ffee"


WRONG_HEADERS: dict[str, Any] = {
    "none": None,
    "empty": "",
    "only the scheme": "Bearer",
    "another scheme": f"Basic {session().make('c0ffee', NOW)}",
    "the token alone": session().make("c0ffee", NOW),
    "unknown": "Bearer abc",
    "of another installation": f"Bearer {session(OTHER).make('c0ffee', NOW)}",
    "expired": f"Bearer {session().make('c0ffee', NOW - timedelta(days=31))}",
    "an identity": f"Bearer {make_identity(ADA, SECRET, IN_AN_HOUR)}",
    "of another audience": "Bearer "
    + jwt.encode({"sub": "c0ffee", "aud": "desk", "exp": IN_AN_HOUR}, SECRET, "HS256"),
    "without an end": "Bearer " + jwt.encode({"sub": "c", "aud": "widget"}, SECRET, "HS256"),
    "alg none": "Bearer "
    + jwt.encode({"sub": "c0ffee", "aud": "widget", "exp": IN_AN_HOUR}, None, "none"),
    "too long": "Bearer " + "a" * (LONGEST_TOKEN + 1),
    "100 kB": "Bearer " + "a" * 100_000,
}


@pytest.mark.parametrize("name", WRONG_HEADERS)
def test_no_other_header_opens_a_conversation(name):
    """
    An identity, another audience's token, a forged one: all mean that a session must begin.
    """
    with pytest.raises(WrongToken):
        session().read(WRONG_HEADERS[name])
