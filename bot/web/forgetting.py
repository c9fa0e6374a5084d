"""Telling Rasa which conversations to forget, until it has heard."""

import asyncio
import logging

from bot.services.erasure import find_unforgotten, note_forgotten
from bot.services.house import House
from bot.web.rasa import Listener

log = logging.getLogger(__name__)

EVERY_SECONDS = 60.0
PATIENCE_SECONDS = 5.0


async def let_forget(house: House, rasa: Listener) -> bool:
    """Tell Rasa of every buyer who was erased since it was told last; False if it does not hear."""
    for erasure, conversations in await asyncio.to_thread(find_unforgotten, house):
        if not await rasa.forget(conversations, PATIENCE_SECONDS):
            return False
        await asyncio.to_thread(note_forgotten, house, erasure)

    return True


async def keep_forgetting(house: House, rasa: Listener) -> None:
    """The same now and then, until cancelled: Rasa may have been away."""
    while True:
        try:
            await let_forget(house, rasa)
        except Exception:
            # The store may be away for a moment; the next round finds the same.
            log.exception("telling Rasa what to forget failed")
        await asyncio.sleep(EVERY_SECONDS)
