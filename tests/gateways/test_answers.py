"""What each answer of a real HTTP server means for the remedy."""

import gzip

import pytest

from bot.casework.gateways import Answer, Outcome
from bot.gateways.calls import MOST_BYTES
from tests.gateways.seller import Seller
from tests.gateways.webhooks import KEY, a_webhook, send


@pytest.mark.parametrize("status", [200, 201, 202])
@pytest.mark.parametrize("said", ["accepted", "done", "refused"])
def test_an_answer_as_agreed_is_taken_at_its_word(seller: Seller, status: int, said: str) -> None:
    """
    With its reference and detail, if it has them.
    """
    seller.answers({"status": said}, status)
    assert send(seller) == Answer(Outcome(said))

    seller.answers({"status": said, "reference": "R-1", "detail": "Noted", "idempotency_key": KEY})
    assert send(seller) == Answer(Outcome(said), reference="R-1", detail="Noted")
    assert a_webhook(seller.url).find_status(KEY) == send(seller)


DEEP = b"[" * 30_000 + b"]" * 30_000

RUBBISH: dict[str, object] = {
    "nothing": b"",
    "spaces": b" \n",
    "HTML": b"<!doctype html><h1>It works!</h1>",
    "a word": b"done",
    "a text": "done",
    "a list": [{"status": "done"}],
    "null": b"null",
    "an empty object": {},
    "two objects": b'{"status": "done"}{"status": "done"}',
    "half an object": b'{"status": "done"',
    "another word": {"status": "ok"},
    "a word in capitals": {"status": "DONE"},
    "one of our other outcomes": {"status": "never_seen"},
    "a status of another type": {"status": True},
    "a status in a list": {"status": ["done"]},
    "a reference of another type": {"status": "done", "reference": 17},
    "a reference of null": {"status": "done", "reference": None},
    "a reference with a line": {"status": "done", "reference": "a\nb"},
    "half a character": b'{"status": "done", "reference": "\\ud800"}',
    "a reference of a novel": {"status": "done", "reference": "r" * 201},
    "a detail of another type": {"status": "done", "detail": {}},
    "another key": {"status": "done", "idempotency_key": "case-8:discount:1:1"},
    "no key at all": {"status": "done", "idempotency_key": None},
    "an unknown field": {"status": "done", "error": "out of money"},
    "a status twice": b'{"status": "refused", "status": "done"}',
    "NaN": b'{"status": "done", "reference": NaN}',
    "a bare NaN": b"NaN",
    "a number of 5000 digits": b'{"status": "done", "detail": ' + b"9" * 5000 + b"}",
    "deep nesting": DEEP,
    "deep nesting within": b'{"status": "done", "detail": ' + DEEP + b"}",
    "not UTF-8": b'{"status": "done", "detail": "\xff"}',
    "UTF-16": '{"status": "done"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"status": "done"}',
    "too long": b'{"status": "done"}' + b" " * MOST_BYTES,
}


@pytest.mark.parametrize("body", [pytest.param(body, id=name) for name, body in RUBBISH.items()])
def test_rubbish_settles_nothing(seller: Seller, body: object) -> None:
    """
    A 200 with anything else than the answer agreed on: sent or asked, we do not know.
    """
    seller.answers(body)
    answer = send(seller)

    assert answer.outcome is Outcome.UNKNOWN
    assert "200, but not as agreed" in answer.detail
    assert answer.reference == ""
    assert a_webhook(seller.url).find_status(KEY) == answer


def test_the_longest_body_that_is_read_is_still_understood(seller: Seller) -> None:
    """
    One byte more is too long, see above.
    """
    body = b'{"status": "done"}'
    seller.answers(body + b" " * (MOST_BYTES - len(body)))

    assert send(seller).outcome is Outcome.DONE


def test_a_packed_answer_is_not_unpacked(seller: Seller) -> None:
    """
    We asked for none, and a small one may unpack to gigabytes.
    """
    seller.answers(gzip.compress(b'{"status": "done"}'), Content_Encoding="gzip")

    assert send(seller).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (204, Outcome.UNKNOWN),
        (206, Outcome.UNKNOWN),
        (301, Outcome.UNKNOWN),
        (400, Outcome.UNREACHED),
        (401, Outcome.UNREACHED),
        (402, Outcome.UNKNOWN),
        (403, Outcome.UNREACHED),
        (404, Outcome.UNREACHED),
        (405, Outcome.UNKNOWN),
        (408, Outcome.UNREACHED),
        (409, Outcome.UNKNOWN),
        (410, Outcome.UNREACHED),
        (422, Outcome.UNREACHED),
        (425, Outcome.UNREACHED),
        (429, Outcome.UNREACHED),
        (500, Outcome.UNKNOWN),
        (502, Outcome.UNKNOWN),
        (503, Outcome.UNKNOWN),
        (504, Outcome.UNKNOWN),
        (599, Outcome.UNKNOWN),
    ],
)
def test_a_status_without_an_answer_as_agreed(
    seller: Seller, status: int, outcome: Outcome
) -> None:
    """
    Only where it certainly did not arrive may it be sent again; the detail names the status.
    """
    seller.answers(b"<h1>Sorry</h1>" if status != 204 else b"", status)
    answer = send(seller)

    assert answer.outcome is outcome
    assert str(status) in answer.detail


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
def test_a_refusal_in_so_many_words_is_final(seller: Seller, status: int) -> None:
    """
    Not by its status alone: a wrong address or an expired login gives the same.
    """
    seller.answers({"status": "refused", "detail": "Paid in cash"}, status)

    assert send(seller) == Answer(Outcome.REFUSED, detail="Paid in cash")


@pytest.mark.parametrize("status", [302, 402, 408, 409, 429, 500, 503])
def test_a_refusal_under_another_status_is_none(seller: Seller, status: int) -> None:
    """
    Whoever is too busy or broken cannot say a final no.
    """
    seller.answers({"status": "refused"}, status)

    assert send(seller).outcome is not Outcome.REFUSED


def test_an_answer_that_contradicts_its_status_settles_nothing(seller: Seller) -> None:
    """
    Not found and yet done.
    """
    seller.answers({"status": "done"}, 404)

    assert send(seller).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(404, Outcome.NEVER_SEEN)]
    + [
        (status, Outcome.UNKNOWN)
        for status in (204, 302, 400, 401, 403, 408, 409, 410, 429, 500, 503)
    ],
)
def test_only_404_says_that_a_key_was_never_seen(
    seller: Seller, status: int, outcome: Outcome
) -> None:
    """
    Any other status leaves it open, also one that would let a remedy be sent again.
    """
    seller.answers(b"", status)

    assert a_webhook(seller.url).find_status(KEY).outcome is outcome


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("place", ["/elsewhere", "http://[::1", "ftp://example.com/"])
def test_a_redirect_is_not_followed(seller: Seller, status: int, place: str) -> None:
    """
    Who it leads to was not set by the seller; a 303 may even mean that all is done.
    """
    seller.answers({"status": "done"}, status, Location=place)

    assert send(seller).outcome is Outcome.UNKNOWN
    assert a_webhook(seller.url).find_status(KEY).outcome is Outcome.UNKNOWN
    assert len(seller.seen) == 2


def test_a_huge_body_is_not_read_to_its_end(seller: Seller) -> None:
    """
    Endless, in fact.
    """
    seller.writes(b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * (3 * MOST_BYTES))
    assert "longer than 65536 bytes" in send(seller).detail

    seller.drips(b"HTTP/1.0 200 OK\r\n\r\n", b"x" * MOST_BYTES)
    assert "longer than 65536 bytes" in send(seller).detail
