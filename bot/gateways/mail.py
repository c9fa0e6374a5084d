"""E-mails over SMTP, encrypted unless the server is on this machine."""

import hashlib
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from bot.casework.gateways import to_line
from bot.casework.notices import Letter, NotDelivered
from bot.casework.ports.clock import Clock
from bot.gateways.webhook import is_loopback

STEP_SECONDS = 15.0
"""For one step of the talk with the server, the connection first."""
WHOLE_SECONDS = 60.0
"""For all of it: a server that drips is hung up on."""
LONGEST_ADDRESS = 254
SEVEN_BITS = SMTP.clone(cte_type="7bit")
"""Whatever is written passes every server."""
PORTS = {"smtp": 587, "smtps": 465}


class WrongMail(ValueError):
    """A mail server or address that cannot be used as it is set; the text shows no password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """
    Where e-mails are handed over.

    With `tls_from_start` the connection is encrypted at once (smtps), else the server has to
    offer it (STARTTLS), unless it is on this machine or `plain` says that none is wanted.
    """

    host: str
    port: int
    tls_from_start: bool = False
    plain: bool = False
    user: str = ""
    password: str = field(default="", repr=False)


def to_server(url: str) -> Server:
    """
    The server of an address such as `smtp://user:password@mail.example:587`.

    `smtps://` is encrypted from the start. `?tls=no` allows a server of your own network that
    offers no encryption; a password is never sent to it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise WrongMail("The address of the mail server cannot be read.") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise WrongMail("The mail server must be written smtp://user:password@host:587.")
    if parts.path not in ("", "/") or parts.fragment or parts.query not in ("", "tls=no"):
        raise WrongMail("Behind the mail server's port nothing may stand but ?tls=no.")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    plain = parts.query == "tls=no"
    if plain and (parts.scheme == "smtps" or password):
        raise WrongMail("A mail server with ?tls=no can have neither smtps:// nor a password.")

    return Server(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        tls_from_start=parts.scheme == "smtps",
        plain=plain,
        user=user,
        password=password,
    )


def to_address(text: str) -> str:
    """The address alone, of `desk@shop.example` or `My Shop <desk@shop.example>`."""
    return _address(text).addr_spec


def _address(text: str) -> Address:
    named = re.fullmatch(r"\s*(?:(?P<name>[^<>]*)<(?P<in>[^<>\s]+)>|(?P<alone>[^<>\s]+))\s*", text)
    found = named and (named["in"] or named["alone"])
    if not named or not found or len(found) > LONGEST_ADDRESS or not text.isprintable():
        raise WrongMail("That is no e-mail address.")
    try:
        address = Address(display_name=to_line(named["name"] or "").strip(' "'), addr_spec=found)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise WrongMail("That is no e-mail address.") from error
    if not address.domain or not address.username:
        raise WrongMail("That is no e-mail address.")

    return address


class SmtpMailer:
    """
    `bot.casework.notices.Mailer` over one SMTP server, from the `sender`'s address.

    `tls` says whose certificates are believed: by default the public authorities', or those in
    SSL_CERT_FILE. Safe to use from several threads.
    """

    def __init__(
        self,
        url: str,
        sender: str,
        clock: Clock,
        *,
        tls: ssl.SSLContext | None = None,
        step_seconds: float = STEP_SECONDS,
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:
        self._server = to_server(url)
        self._sender = _address(sender)
        self._clock = clock
        self._tls = tls or ssl.create_default_context()
        self._step_seconds = step_seconds
        self._whole_seconds = whole_seconds

    def send(self, letter: Letter) -> None:
        """Hand it over once."""
        try:
            written = self._written(letter)
        except (WrongMail, ValueError) as error:
            raise NotDelivered(f"It cannot be written: {error}", for_good=True) from error
        try:
            with self._connected() as smtp:
                smtp.send_message(written)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise self._refused(code, said, for_good=code >= 500) from error
        except smtplib.SMTPNotSupportedError as error:
            raise NotDelivered(f"The mail server cannot do that: {error}") from error
        except smtplib.SMTPResponseException as error:
            # The server found fault with the message itself, not with us or our password.
            for_good = isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
            raise self._refused(error.smtp_code, error.smtp_error, for_good=for_good) from error
        except (smtplib.SMTPException, OSError) as error:
            told = str(error) or type(error).__name__
            raise NotDelivered(f"The mail server was not reached: {told}") from error

    def _written(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=SEVEN_BITS)
        message["From"] = self._sender
        to = _address(letter.to)
        if to.display_name:
            raise WrongMail("It goes to an address alone, without a name.")
        message["To"] = to
        message["Subject"] = to_line(letter.subject)
        message["Date"] = format_datetime(self._clock())
        # The same letter, sent again after an answer that was lost, is known again by this.
        name = hashlib.sha256(letter.key.encode()).hexdigest()[:32]
        message["Message-ID"] = f"<{name}@{self._sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        if letter.reply_to:
            message["Reply-To"] = _address(letter.reply_to)
        message.set_content(letter.text.encode("utf-8", "replace").decode())

        return message

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        # Each step has its own time, and a byte a second would never use it up.
        talk = _Talk(self._whole_seconds)
        try:
            with self._called(talk) as smtp:
                self._open(smtp)
                yield smtp
        finally:
            talk.end()

    def _called(self, talk: "_Talk") -> smtplib.SMTP:
        host, port, seconds = self._server.host, self._server.port, self._step_seconds
        if self._server.tls_from_start:
            return _TlsCall(talk, host, port, timeout=seconds, context=self._tls)

        return _Call(talk, host, port, timeout=seconds)

    def _open(self, smtp: smtplib.SMTP) -> None:
        """Encrypt the connection and sign in."""
        server = self._server
        smtp.ehlo()
        if not server.tls_from_start and not server.plain:
            if smtp.has_extn("starttls"):
                smtp.starttls(context=self._tls)
                smtp.ehlo()
            elif not is_loopback(server.host):
                raise smtplib.SMTPNotSupportedError("it offers no encryption (STARTTLS)")
        if server.user:
            smtp.login(server.user, server.password)

    def _refused(self, code: int, said: bytes | str, *, for_good: bool) -> NotDelivered:
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        if self._server.password:
            words = words.replace(self._server.password, "[password]")

        return NotDelivered(f"The mail server answered {code}: {words}", for_good=for_good)


class _Talk:
    """The time of a talk: when it is over, the line is cut, whatever is being said."""

    def __init__(self, seconds: float) -> None:
        self.smtp: smtplib.SMTP | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        """It has ended by itself."""
        self._timer.cancel()

    def _cut(self) -> None:
        line = self.smtp and getattr(self.smtp, "sock", None)
        if line:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


class _Call(smtplib.SMTP):
    """A connection that its talk knows of before it stands: it connects when it is made."""

    def __init__(self, talk: _Talk, host: str, port: int, *, timeout: float) -> None:
        talk.smtp = self
        super().__init__(host, port, timeout=timeout)


class _TlsCall(smtplib.SMTP_SSL):
    """The same, encrypted from the start."""

    def __init__(
        self, talk: _Talk, host: str, port: int, *, timeout: float, context: ssl.SSLContext
    ) -> None:
        talk.smtp = self
        super().__init__(host, port, timeout=timeout, context=context)
