"""A mail server on loopback, which answers as a test tells it to."""

import base64
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Taken:
    """A letter as it came in; `said` is every line of the talk before it."""

    sender: str
    to: list[str]
    message: EmailMessage
    encrypted: bool
    said: list[str] = field(default_factory=list)


class Talk(socketserver.StreamRequestHandler):
    """One connection; the office says what is answered."""

    server: "PostOffice"

    def setup(self) -> None:
        if self.server.tls_from_start:
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()
        self.encrypted = self.server.tls_from_start
        self.said: list[str] = []
        self.sender, self.to = "", []

    def handle(self) -> None:
        with suppress(OSError):
            self.answer("greeting", "220 post.test")
            while line := self.rfile.readline():
                command = line.decode("utf-8", "replace").strip()
                self.said.append(command)
                if not self.obey(command):
                    return

    def answer(self, to: str, usual: str) -> bool:
        """Say what the test wants said to that, or what is usual; whether the talk goes on."""
        said = self.server.script.get(to, usual)
        if said == "drip":
            while not self.server.over.wait(0.02):
                self.wfile.write(b"2")
                self.wfile.flush()
            return False
        if said == "silence":
            self.server.over.wait()
            return False
        if said == "hang up":
            return False
        self.wfile.write(said.encode() + b"\r\n")
        self.wfile.flush()

        return True

    def obey(self, command: str) -> bool:
        verb = command.partition(" ")[0].upper()
        match verb:
            case "EHLO":
                offers = ["post.test", "AUTH PLAIN"]
                if self.server.context and not self.encrypted:
                    offers.append("STARTTLS")
                lines = [f"250-{one}" for one in offers[:-1]] + [f"250 {offers[-1]}"]
                return self.answer("ehlo", "\r\n".join(lines))
            case "STARTTLS":
                self.answer("starttls", "220 go on")
                self.request = self.server.context.wrap_socket(self.request, server_side=True)
                super().setup()
                self.encrypted = True
                return True
            case "AUTH":
                given = base64.b64decode(command.split()[-1]).decode().split("\0")
                self.server.signed_in.append((given[1], given[2], self.encrypted))
                return self.answer("auth", "235 welcome")
            case "MAIL":
                self.sender, self.to = command.partition(":")[2], []
                return self.answer("mail", "250 ok")
            case "RCPT":
                self.to.append(command.partition(":")[2])
                return self.answer("rcpt", "250 ok")
            case "DATA":
                return self.answer("data", "354 go on") and self.take()
            case "QUIT":
                self.answer("quit", "221 bye")
                return False
        return self.answer(verb.lower(), "250 ok")

    def take(self) -> bool:
        """The letter itself, to the line with a dot alone."""
        lines = []
        while (line := self.rfile.readline()).rstrip() != b"." and line:
            lines.append(line[1:] if line.startswith(b".") else line)
        message = message_from_bytes(b"".join(lines), policy=default)
        self.server.took.append(Taken(self.sender, self.to, message, self.encrypted, self.said))

        return self.answer("letter", "250 taken")


class PostOffice(socketserver.ThreadingTCPServer):
    """
    Keeps every letter and every sign-in.

    `script` says what is answered to what, instead of the usual: a line, or `drip`, `silence`,
    `hang up`. With a certificate it offers STARTTLS, or speaks TLS from the start.
    """

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, certificate: Path | None = None, *, tls_from_start: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.took: list[Taken] = []
        self.signed_in: list[tuple[str, str, bool]] = []
        self.script: dict[str, str] = {}
        self.over = threading.Event()
        self.tls_from_start = tls_from_start
        self.context: Any = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, *_: Any) -> None:
        """A client that turned away is no news."""

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        with suppress(OSError):
            super().shutdown_request(request)


@contextmanager
def open_post_office(
    certificate: Path | None = None, *, tls_from_start: bool = False
) -> Iterator[PostOffice]:
    """A post office that is open until the end of the block."""
    with PostOffice(certificate, tls_from_start=tls_from_start) as office:
        thread = threading.Thread(target=office.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield office
        finally:
            office.over.set()
            office.shutdown()
            thread.join()
