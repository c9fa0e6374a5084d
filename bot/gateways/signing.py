"""
How a call to a seller's webhook is signed, and how the seller verifies it.

`verify_signature` needs nothing but the standard library: it is meant to be copied.
"""

import hashlib
import hmac
import re


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature header's value: HMAC-SHA256 of the timestamp, a dot and the body."""
    signed = timestamp.encode() + b"." + body

    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def verify_signature(
    secret: str, timestamp: str, body: bytes, signature: str, now: float, tolerance: float = 300
) -> bool:
    """
    Whether a call comes from who knows the secret, at most `tolerance` seconds ago.

    `timestamp` and `signature` are the headers X-Makegood-Timestamp and X-Makegood-Signature as
    they came, `body` the bytes as they came (parse them afterwards), `now` is in Unix seconds.
    For the status URL, which has no body, `body` is the idempotency key from the URL, unquoted.
    """
    if not re.fullmatch("[0-9]{1,12}", timestamp) or abs(now - int(timestamp)) > tolerance:
        return False
    signed = timestamp.encode() + b"." + body
    wanted = "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()

    # Compared in constant time: a guess must not learn how many of its characters are right.
    return hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace"))
