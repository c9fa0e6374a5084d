"""Can a buyer chat? Each part is asked, so that the answer names the one that is down."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import aiohttp
import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.status_codes import HTTP_200_OK, HTTP_503_SERVICE_UNAVAILABLE

from bot.casework.ports.units import Units
from bot.web.rasa import Listener

PATIENCE = 2.0
"""Seconds after which a part counts as down."""


UpOrDown = Literal["ok", "down"]


class Health(msgspec.Struct):
    """
    `status` is ok only if all parts are; `model` is None while Rasa has none.

    `rulebook` is ok, or broken with the first mistake in the seller's files: the rules before
    them hold meanwhile, so a buyer can chat.
    """

    status: UpOrDown
    rasa: UpOrDown
    actions: UpOrDown
    store: UpOrDown
    model: str | None
    rulebook: str


@dataclass(frozen=True, slots=True)
class Pulse:
    """Asks the parts of the house how they are."""

    units: Units
    rasa: Listener
    actions_url: str
    find_rulebook_problem: Callable[[], str]

    async def take(self) -> Health:
        """How each part is now."""
        model, actions, store, problem = await asyncio.gather(
            self.rasa.find_model(PATIENCE),
            self._actions(),
            self._store(),
            asyncio.to_thread(self.find_rulebook_problem),
        )

        return Health(
            status=_word(model is not None and actions and store),
            rasa=_word(model is not None),
            actions=_word(actions),
            store=_word(store),
            model=model,
            rulebook=f"broken: {problem}" if problem else "ok",
        )

    async def _actions(self) -> bool:
        limit = aiohttp.ClientTimeout(total=PATIENCE)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as session,
                session.get(f"{self.actions_url}/health") as answer,
            ):
                return answer.status == HTTP_200_OK
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def _store(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                return await asyncio.to_thread(self._ask_store)
        except Exception:  # noqa: BLE001 - whatever the database says, the store is down
            return False

    def _ask_store(self) -> bool:
        with self.units.reading() as unit:
            unit.stores.find("")
        return True


def _word(up: bool) -> UpOrDown:
    return "ok" if up else "down"


@get(
    "/health",
    tags=["operation"],
    responses={HTTP_503_SERVICE_UNAVAILABLE: ResponseSpec(Health, description="A part is down.")},
)
async def health(pulse: NamedDependency[Pulse]) -> Response[Health]:
    """200 when a buyer can chat, 503 with the same body otherwise."""
    found = await pulse.take()
    status = HTTP_200_OK if found.status == "ok" else HTTP_503_SERVICE_UNAVAILABLE

    return Response(found, status_code=status)
