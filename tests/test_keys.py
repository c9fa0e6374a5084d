"""Passwords and codes with the real arithmetic."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.keys import HASHER, Argon2Keys

KEYS = Argon2Keys()
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The one of RFC 6238, appendix B."""


def test_a_password_is_stored_as_argon2id():
    """
    Salted, so that two alike do not look alike.
    """
    one, other = KEYS.hash("seven green bottles"), KEYS.hash("seven green bottles")

    assert one.startswith("$argon2id$")
    assert one != other
    assert KEYS.is_right("seven green bottles", one)
    assert KEYS.is_right("seven green bottles", other)
    assert not KEYS.is_right("Seven green bottles", one)
    assert HASHER.memory_cost >= 19 * 1024, "OWASP's least"
    assert HASHER.time_cost >= 2


def test_signs_of_every_kind():
    """
    However a keyboard makes them; and nothing that is typed breaks.
    """
    composed, in_two = "пароль été été", "пароль e\u0301te\u0301 e\u0301te\u0301"
    assert KEYS.is_right(in_two, KEYS.hash(composed))
    for odd in ("\x00", "\ud83d", "x" * 100_000, ""):
        assert not KEYS.is_right(odd, KEYS.hash(composed))


def test_without_a_password_none_is_right():
    """
    Not even an empty one; and a hash is made all the same.
    """
    assert not KEYS.is_right("", None)
    assert not KEYS.is_right("anything at all", None)


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_rfc(seconds: int, code: str):
    """
    Its own examples, of which an app shows the last six digits.
    """
    now = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)

    assert KEYS.find_step(SECRET, code, now) == seconds // 30
    assert KEYS.find_step(SECRET, code, now + timedelta(seconds=30)) == seconds // 30
    assert KEYS.find_step(SECRET, code, now + timedelta(seconds=90)) is None
    assert KEYS.find_step(SECRET, "0", now) is None


def test_a_secret_for_an_app():
    """
    160 bits, and the address that a QR code holds.
    """
    secret = KEYS.new_secret()

    assert len(secret) == 32
    assert secret != KEYS.new_secret()
    assert KEYS.address(secret, "kim@shop.example") == (
        f"otpauth://totp/Makegood:kim%40shop.example?secret={secret}&issuer=Makegood"
    )
