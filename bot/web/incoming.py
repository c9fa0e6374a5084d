"""What clients send: its shape, and what of it can be taken."""

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException, SerializationException
from litestar.status_codes import HTTP_422_UNPROCESSABLE_ENTITY

from bot.casework.ports.conversations import NewMessage
from bot.web.errors import WrongRequest

MOST_TEXT = 4000
MOST_ATTACHED = 5
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""Ids of all kinds, and buttons' tokens: nothing else is looked for in the store."""
LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
LONGEST_LOCALE = 10
UNTYPED = ("Cc", "Cs")
"""Unicode categories that no keyboard types: control characters and halves of others."""
INVISIBLE = (*UNTYPED, "Cf")
"""And those that are not seen, such as a space of no width."""


class JsonRequest(Request[Any, Any, Any]):
    """A request whose body, if it is JSON at all, is an object."""

    async def json(self) -> Any:
        """The body as Python objects; a clear 400 for whatever cannot be read."""
        try:
            found = await super().json()
        except (SerializationException, UnicodeDecodeError, RecursionError):
            found = self._read_leniently(await self.body())
        if not isinstance(found, dict):
            raise ClientException("The body must be a JSON object.")

        return found

    def _read_leniently(self, body: bytes) -> Any:
        # A browser writes the half of an emoji, as its input field cut it off, as a lone `\ud83d`.
        # Only Python's own reader takes that. No store and no answer could hold it: it goes.
        try:
            whole = json.dumps(json.loads(body), ensure_ascii=False)
            return json.loads(whole.encode("utf-8", "ignore"))
        except (ValueError, RecursionError) as error:
            raise ClientException("The body is not JSON in UTF-8.") from error


class SessionRequest(msgspec.Struct):
    """
    Begin a conversation, or attach an identity to the one of the Bearer token.

    `locale` is chosen by the shop or the buyer: the bot answers in it whatever the buyer writes.
    `page_locale` is only where it begins.
    """

    store: str
    locale: str | None = None
    page_locale: str | None = None
    identity: str | None = None


class LocaleRequest(msgspec.Struct):
    """The language that the buyer chose."""

    locale: str


class MessageRequest(msgspec.Struct):
    """A buyer's message: text, a button's token, uploaded photos, or several of these."""

    client_id: str
    text: Annotated[str, msgspec.Meta(description=f"At most {MOST_TEXT} characters")] | None = None
    choice: str | None = None
    attachments: list[str] | None = None


@dataclass
class PhotoRequest:
    """A photo: JPEG, PNG or WebP, at most 5 MB and 25 megapixels."""

    file: UploadFile | None = None


@dataclass
class FileRequest:
    """A file: PDF, plain text, CSV, or of an office, at most 10 MB; its name is kept."""

    file: UploadFile | None = None


class RatingRequest(msgspec.Struct):
    """1 to 5, and a comment."""

    score: int
    comment: str | None = None


class EmailRequest(msgspec.Struct):
    """Where to write to."""

    email: str


class ReadRequest(msgspec.Struct):
    """Up to where the buyer has read."""

    seq: int


def refuse(code: str, detail: str) -> WrongRequest:
    """The error for what was understood but cannot be taken."""
    return WrongRequest(HTTP_422_UNPROCESSABLE_ENTITY, code, detail)


def clean(text: str) -> str:
    """The text without what no keyboard types; empty if nothing of it can be seen."""
    if all(sign.isspace() or unicodedata.category(sign) in INVISIBLE for sign in text):
        return ""
    kept = (sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in UNTYPED)

    return "".join(kept).strip()


def check_locale(locale: str) -> str:
    """The locale, if it looks like one."""
    if len(locale) > LONGEST_LOCALE or not LOCALE.fullmatch(locale):
        raise refuse("wrong_locale", "A locale looks like en or pt-BR.")

    return locale


def to_new_message(data: MessageRequest, conversation_id: str, ip: str) -> NewMessage:
    """The message as it is stored."""
    if not ID.fullmatch(data.client_id):
        raise refuse("wrong_client_id", "client_id is 1 to 64 letters, digits, - or _.")
    if len(data.text or "") > MOST_TEXT:
        raise refuse(
            "text_too_long",
            f"A message has at most {MOST_TEXT} characters. Please shorten it or send it in parts.",
        )
    attachments = tuple(dict.fromkeys(data.attachments or ()))
    if len(attachments) > MOST_ATTACHED or not all(ID.fullmatch(one) for one in attachments):
        raise refuse(
            "wrong_attachments", f"At most {MOST_ATTACHED} uploaded photos go with a message."
        )
    if data.choice and not ID.fullmatch(data.choice):
        raise refuse("unknown_choice", "That button does not belong to this conversation.")
    text = clean(data.text or "")
    if not (text or data.choice or attachments):
        raise refuse("empty", "Write something, or send a photo.")

    return NewMessage(
        conversation_id=conversation_id,
        client_id=data.client_id,
        text=text,
        choice_token=data.choice or None,
        attachments=attachments,
        ip=ip,
    )
