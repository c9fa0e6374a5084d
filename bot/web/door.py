"""What the widget's routes need, wired once in `bot.web.app`."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from litestar import Request
from litestar.openapi.spec import SecurityRequirement
from litestar.status_codes import HTTP_404_NOT_FOUND

from bot.casework.files import StoredFile
from bot.casework.ports.conversations import StoredPhoto
from bot.casework.ports.stores import StoreProfile
from bot.casework.ports.units import Missing
from bot.services.house import House
from bot.web.bus import Bus
from bot.web.errors import WrongRequest
from bot.web.file_uploads import store_file
from bot.web.incoming import ID
from bot.web.pace import Pace
from bot.web.photos import store_photo
from bot.web.tokens import SessionTokens
from bot.web.turns import Turns

MOST_JSON = 64 * 1024
SIGNED_IN: list[SecurityRequirement] = [{"session": []}]
"""The security scheme of `bot.web.app`, which documents `Door.conversation_of`."""
TYPING_SECONDS = 2.0
"""One buyer's typing is told no more often."""
MOST_PHOTOS_AT_ONCE = 2
"""Photos that are being re-encoded; one of 25 megapixels takes up to 0.4 GB."""


class Door:
    """The house behind the routes, and who may enter."""

    def __init__(
        self, house: House, tokens: SessionTokens, turns: Turns, bus: Bus, uploads: Path
    ) -> None:
        self.house, self.tokens, self.turns, self.bus = house, tokens, turns, bus
        self.uploads = uploads
        self.typing_pace = Pace(TYPING_SECONDS)
        self._encoding = asyncio.Semaphore(MOST_PHOTOS_AT_ONCE)

    def conversation_of(self, request: Request[Any, Any, Any]) -> str:
        """The conversation of the request's Bearer token."""
        return self.tokens.read(request.headers.get("authorization"))

    def store_profile(self, store: str) -> StoreProfile:
        """The seller account of that id, or a clear 404."""
        profile = None
        if ID.fullmatch(store):
            with self.house.units.reading() as unit:
                profile = unit.stores.find(store)
        if profile is None:
            raise WrongRequest(HTTP_404_NOT_FOUND, "unknown_store", "There is no such store.")

        return profile

    async def store_photo(self, content: bytes) -> StoredPhoto:
        """Check, re-encode and keep an upload; a few at a time."""
        async with self._encoding:
            return await asyncio.to_thread(store_photo, content, self.uploads)

    async def store_file(self, content: bytes, name: str) -> StoredFile:
        """Check and keep a file of the team."""
        return await asyncio.to_thread(store_file, content, name, self.uploads)

    async def note_upload[T: (StoredPhoto, StoredFile)](
        self, note: Callable[[House, str, T], None], conversation_id: str, upload: T
    ) -> None:
        """Write down what is kept already; if it belongs nowhere, it is not kept any more."""
        try:
            await asyncio.to_thread(note, self.house, conversation_id, upload)
        except Missing:  # erased while it came
            (self.uploads / upload.file_name).unlink(missing_ok=True)
            raise
