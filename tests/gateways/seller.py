"""A seller's system on loopback, which answers as a test tells it to."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Seen:
    """A request as it came in."""

    method: str
    path: str
    headers: Message
    body: bytes


class Connection(BaseHTTPRequestHandler):
    """One connection; the seller says what goes back."""

    server: "Seller"

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.server.seen.append(
            Seen(self.command, self.path, self.headers, self.rfile.read(length))
        )
        self.server.answer(self)

    do_GET = do_POST  # noqa: N815 - http.server calls it so

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Seller(ThreadingHTTPServer):
    """Remembers every request; `over` is set when the test is, and ends every wait."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.seen: list[Seen] = []
        self.over = threading.Event()
        self.scheme = "http"
        self.answers({"status": "accepted"})

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    def use_tls(self, certificate: Path) -> None:
        """From now on by TLS only, with this certificate and its key."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.scheme = "https"

    def handle_error(self, *_: Any) -> None:
        """A client that turned away is no news."""

    def does(self, answer: Callable[[Connection], None]) -> None:
        """Answer by this function."""
        self.answer = answer

    def answers(self, body: object, status: int = 200, **headers: str) -> None:
        """Answer with this status and body: bytes as they are, anything else as JSON."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()

        def answer(connection: Connection) -> None:
            connection.send_response(status)
            for name, value in headers.items():
                connection.send_header(name.replace("_", "-"), value)
            connection.send_header("Content-Length", str(len(sent)))
            connection.end_headers()
            connection.wfile.write(sent)

        self.does(answer)

    def writes(self, raw: bytes) -> None:
        """Write these bytes and hang up."""
        self.does(lambda connection: connection.wfile.write(raw) and None)

    def drips(self, first: bytes, drop: bytes) -> None:
        """Write the first bytes, then a drop every 20 ms until the test is over."""

        def answer(connection: Connection) -> None:
            connection.wfile.write(first)
            while not self.over.wait(0.02):
                connection.wfile.write(drop)

        self.does(answer)


@contextmanager
def open_seller() -> Iterator[Seller]:
    """A seller who listens until the end of the block."""
    with Seller() as seller:
        thread = threading.Thread(target=seller.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield seller
        finally:
            seller.over.set()
            seller.shutdown()
            thread.join()


def a_closed_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
