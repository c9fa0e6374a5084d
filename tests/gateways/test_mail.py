"""E-mails against a real SMTP server: what goes out, over what line, and what becomes of a no."""

import logging
import ssl
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from bot.casework.notices import Letter, Mailer, NotDelivered
from bot.gateways.mail import Server, SmtpMailer, WrongMail, to_address, to_server
from tests.factories import NOW
from tests.gateways.post_office import PostOffice, open_post_office
from tests.gateways.seller import a_closed_port

PASSWORD = "p@ss:word/1"
QUOTED = "p%40ss%3Aword%2F1"


def a_mailer(url: str, **changes: object) -> SmtpMailer:
    """A mailer of a shop, by that server."""
    given = {"sender": "My Shop <desk@shop.example>", "clock": lambda: NOW} | changes

    return SmtpMailer(url, **given)


def at(office: PostOffice, login: str = "", scheme: str = "smtp") -> str:
    """The office's address."""
    return f"{scheme}://{login}127.0.0.1:{office.port}"


def a_letter(**changes: str) -> Letter:
    """A letter to Ada."""
    given = {"key": "k1", "to": "ada@example.com", "subject": "News", "text": "Hello\n"}

    return Letter(**(given | changes))


def refused(mailer: SmtpMailer, letter: Letter | None = None) -> NotDelivered:
    """Why it was not taken."""
    with pytest.raises(NotDelivered) as told:
        mailer.send(letter or a_letter())

    return told.value


def test_it_is_a_mailer(office: PostOffice) -> None:
    """
    By its types too.
    """
    mailer: Mailer = a_mailer(at(office))
    mailer.send(a_letter())

    assert len(office.took) == 1


def test_a_letter_arrives_as_it_was_written(office: PostOffice) -> None:
    """
    Sender, subject, text in any script, where to answer; and a machine is said to have written it.
    """
    text = "Здравствуйте!\n\nZoë said: “ok” 🙂\n.\n" + "long " * 400 + "\n"
    a_mailer(at(office)).send(
        a_letter(subject="Ваш заказ №1004", text=text, reply_to="Desk <reply@shop.example>")
    )
    (taken,) = office.took
    message = taken.message

    assert message["From"] == "My Shop <desk@shop.example>"
    assert message["To"] == "ada@example.com"
    assert message["Subject"] == "Ваш заказ №1004"
    assert message["Reply-To"] == "Desk <reply@shop.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(message["Date"]) == NOW
    assert message.get_content().replace("\r\n", "\n") == text
    assert taken.to == ["<ada@example.com>"]
    assert taken.sender.startswith("<desk@shop.example>")


def test_the_same_letter_is_known_again_by_its_id(office: PostOffice) -> None:
    """
    Sent again after an answer that was lost; another letter has another id.
    """
    mailer = a_mailer(at(office))
    for key in ("k1", "k1", "k2"):
        mailer.send(a_letter(key=key))
    first, again, other = (taken.message["Message-ID"] for taken in office.took)

    assert first == again != other
    assert first.endswith("@shop.example>")


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "News\r\nBcc: eve@example.com"},
        {"subject": "News\nBcc: eve@example.com\n\nBuy now"},
        {"text": "Hello\r\n.\r\nMAIL FROM:<eve@example.com>\r\n"},
    ],
)
def test_nobody_writes_headers_or_commands_into_a_letter(
    office: PostOffice, changes: dict[str, str]
) -> None:
    """
    A title of a shop is one line, and a dot alone ends nothing.
    """
    a_mailer(at(office)).send(a_letter(**changes))
    (taken,) = office.took

    assert taken.message["Bcc"] is None
    assert taken.to == ["<ada@example.com>"]
    assert len(office.took) == 1


@pytest.mark.parametrize(
    "to",
    [
        "",
        "ada",
        "@example.com",
        "ada@",
        "ada@example.com\r\nRCPT TO:<eve@example.com>",
        "ada@example.com, eve@example.com",
        "ada@example.com>, <eve@example.com",
        "ada@example.com <eve@example.com>",
        "a" * 300 + "@example.com",
        "\ud800@example.com",
    ],
)
def test_what_is_no_address_is_written_to_by_nobody(office: PostOffice, to: str) -> None:
    """
    For good: it will be none tomorrow either.
    """
    told = refused(a_mailer(at(office)), a_letter(to=to))

    assert told.for_good
    assert office.took == []


# Over what line


def test_it_signs_in_only_over_an_encrypted_line(certificate: Path) -> None:
    """
    STARTTLS first, with a certificate that is believed; then user and password as they were meant.
    """
    trust = ssl.create_default_context(cafile=certificate)
    with open_post_office(certificate) as office:
        a_mailer(at(office, f"me%40shop:{QUOTED}@"), tls=trust).send(a_letter())

        assert office.signed_in == [("me@shop", PASSWORD, True)]
        assert office.took[0].encrypted


def test_a_line_may_be_encrypted_from_the_start(certificate: Path) -> None:
    """
    By smtps.
    """
    trust = ssl.create_default_context(cafile=certificate)
    with open_post_office(certificate, tls_from_start=True) as office:
        a_mailer(at(office, scheme="smtps"), tls=trust).send(a_letter())

        assert office.took[0].encrypted


@pytest.mark.parametrize("from_start", [True, False])
def test_a_certificate_that_nobody_vouches_for_is_not_talked_to(
    certificate: Path, from_start: bool
) -> None:
    """
    Neither a letter nor a password goes to who cannot prove to be the server.
    """
    with open_post_office(certificate, tls_from_start=from_start) as office:
        scheme = "smtps" if from_start else "smtp"
        told = refused(a_mailer(at(office, f"me:{QUOTED}@", scheme)))

        assert "CERTIFICATE_VERIFY_FAILED" in str(told)
        assert not told.for_good
        assert (office.took, office.signed_in) == ([], [])


def test_a_server_elsewhere_has_to_offer_encryption(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Nothing goes over the open net in plain; a server of one's own network may be allowed to.
    """
    monkeypatch.setattr("bot.gateways.mail.is_loopback", lambda host: False)
    told = refused(a_mailer(at(office, f"me:{QUOTED}@")))

    assert "STARTTLS" in str(told)
    assert (office.took, office.signed_in) == ([], [])
    a_mailer(at(office) + "/?tls=no").send(a_letter())
    assert len(office.took) == 1


# What becomes of a no


@pytest.mark.parametrize(
    ("to", "answer", "for_good"),
    [
        ("rcpt", "550 no such user here", True),
        ("rcpt", "451 greylisted, come back later", False),
        ("mail", "553 not from you", False),  # our own setting, which can be mended
        ("letter", "554 looks like spam", True),
        ("letter", "452 no space left", False),
        ("data", "421 closing", False),
        ("greeting", "421 too many connections", False),
        ("greeting", "HTTP/1.1 400 Bad Request", False),
        ("letter", "hang up", False),
        ("greeting", "hang up", False),
        ("ehlo", "hang up", False),
    ],
)
def test_a_no_is_for_good_or_for_now(
    office: PostOffice, to: str, answer: str, for_good: bool
) -> None:
    """
    As the server means it; what is not clear is tried again.
    """
    office.script[to] = answer
    told = refused(a_mailer(at(office)))

    assert told.for_good is for_good
    assert str(told)


def test_after_a_no_the_next_letter_goes_out(office: PostOffice) -> None:
    """
    A new talk for each.
    """
    mailer = a_mailer(at(office))
    office.script["rcpt"] = "550 no such user here"
    refused(mailer)
    office.script.clear()
    mailer.send(a_letter())

    assert len(office.took) == 1


def test_a_server_that_is_not_there_is_told() -> None:
    """
    It is tried again later.
    """
    told = refused(a_mailer(f"smtp://127.0.0.1:{a_closed_port()}"))

    assert "was not reached" in str(told)
    assert not told.for_good


@pytest.mark.parametrize("at_point", ["greeting", "ehlo", "rcpt", "letter"])
def test_a_server_that_says_nothing_is_not_waited_for(office: PostOffice, at_point: str) -> None:
    """
    Not longer than a step may take.
    """
    office.script[at_point] = "silence"

    assert not refused(a_mailer(at(office), step_seconds=0.2)).for_good


@pytest.mark.parametrize("at_point", ["greeting", "ehlo", "letter"])
def test_a_server_that_drips_is_hung_up_on(office: PostOffice, at_point: str) -> None:
    """
    Every byte comes in time, and it would never end.
    """
    office.script[at_point] = "drip"

    assert not refused(a_mailer(at(office), step_seconds=5.0, whole_seconds=0.3)).for_good


def test_a_wrong_password_is_tried_again_once_it_is_mended_and_told_to_nobody(
    certificate: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """
    Not even by a server that repeats it.
    """
    caplog.set_level(logging.DEBUG)
    trust = ssl.create_default_context(cafile=certificate)
    with open_post_office(certificate) as office:
        office.script["auth"] = f"535 {PASSWORD} is wrong"
        mailer = a_mailer(at(office, f"me:{QUOTED}@"), tls=trust)
        told = refused(mailer)

    assert "535" in str(told)
    assert not told.for_good
    assert PASSWORD not in f"{told}{mailer!r}{caplog.text}"


# How it is set


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", Server(host="mail.example", port=587)),
        ("smtp://mail.example:25/", Server(host="mail.example", port=25)),
        ("smtps://mail.example", Server(host="mail.example", port=465, tls_from_start=True)),
        ("smtp://relay?tls=no", Server(host="relay", port=587, plain=True)),
        (
            f"smtp://me%40shop:{QUOTED}@[::1]:2525",
            Server(host="::1", port=2525, user="me@shop", password=PASSWORD),
        ),
    ],
)
def test_a_server_is_written_as_an_address(url: str, server: Server) -> None:
    """
    The port may be left out.
    """
    assert to_server(url) == server
    assert server.password == "" or server.password not in repr(server)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example:587",
        "http://mail.example",
        "smtp://",
        "smtp://mail.example:port",
        "smtp://mail.example:99999",
        "smtp://[::1",
        "smtp://mail.example/inbox",
        "smtp://mail.example?tls=maybe",
        f"smtp://me:{QUOTED}@relay?tls=no",
        "smtps://relay?tls=no",
    ],
)
def test_a_server_that_is_set_wrong_says_so_at_once(url: str) -> None:
    """
    Without the password.
    """
    with pytest.raises(WrongMail) as told:
        a_mailer(url)

    assert QUOTED not in str(told.value)
    assert PASSWORD not in str(told.value)


def test_the_sender_has_an_address() -> None:
    """
    Alone or behind a name.
    """
    assert to_address("My Shop <desk@shop.example>") == "desk@shop.example"
    assert to_address(" desk@shop.example ") == "desk@shop.example"
    with pytest.raises(WrongMail):
        a_mailer("smtp://mail.example", sender="My Shop")
