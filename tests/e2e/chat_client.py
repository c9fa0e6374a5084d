"""A foreign client of the widget's HTTP API: knows what is documented, and nothing else."""

import io
from dataclasses import dataclass, field
from uuid import uuid4

import httpx
from PIL import Image

from tests.e2e.running_house import eventually


@dataclass
class ChatClient:
    """One buyer's conversation over HTTP."""

    url: str
    identity: str | None = None
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30))

    def __post_init__(self) -> None:
        body = {"store": "demo"} | ({"identity": self.identity} if self.identity else {})
        session = self.http.post(f"{self.url}/api/widget/session", json=body).json()
        self.conversation_id = session["conversation_id"]
        self.headers = {"Authorization": f"Bearer {session['token']}"}

    def post(self, text: str | None = None, **body: object) -> int:
        """Send a message; its seq."""
        message = {"client_id": uuid4().hex, "text": text, **body}
        answer = self.http.post(
            f"{self.url}/api/widget/messages", json=message, headers=self.headers
        )
        assert answer.status_code == 202, answer.text
        seq: int = answer.json()["seq"]
        return seq

    def transcript(self, after: int = 0) -> list[dict[str, object]]:
        """Messages after a seq."""
        answer = self.http.get(
            f"{self.url}/api/widget/messages", params={"after": after}, headers=self.headers
        )
        found: list[dict[str, object]] = answer.json()["messages"]
        return found

    def answers(self, after: int) -> list[dict[str, object]]:
        """What the bot said after a seq."""
        return [message for message in self.transcript(after) if message["sender"] == "bot"]

    def says(self, text: str | None = None, **body: object) -> list[dict[str, object]]:
        """Send a message and wait for the answers to it."""
        seq = self.post(text, **body)
        eventually(lambda: bool(self.answers(seq)))
        return self.answers(seq)

    def leaves(self, email: str) -> None:
        """Say where an answer may reach the buyer."""
        answer = self.http.post(
            f"{self.url}/api/widget/email", json={"email": email}, headers=self.headers
        )
        assert answer.status_code == 204, answer.text

    def presses(self, message: dict[str, object], label: str) -> list[dict[str, object]]:
        """Press the button whose label holds that text."""
        choices: list[dict[str, str]] = message["choices"]  # type: ignore[assignment]
        token = next(one["token"] for one in choices if label.lower() in one["label"].lower())
        return self.says(choice=token)

    def uploads(self, content: bytes, name: str = "photo.jpg") -> httpx.Response:
        """Upload a file."""
        return self.http.post(
            f"{self.url}/api/widget/attachments",
            files={"file": (name, content)},
            headers=self.headers,
        )

    def sends_photo(self) -> list[dict[str, object]]:
        """Upload a photo and send it."""
        return self.says(attachments=[self.uploads(a_photo()).json()["id"]])


def a_photo(kind: str = "JPEG") -> bytes:
    """A small picture."""
    content = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(content, kind)
    return content.getvalue()
