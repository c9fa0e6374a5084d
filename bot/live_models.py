"""The project's models as processes of Rasa: only those that were trained here, and that fit."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp

from bot.model_seal import ForeignModel
from bot.serving import to_name
from bot.supervision.processes import Process
from bot.supervision.swapping import CannotSwap
from bot.training import RasaProject

SECRET_HEADER: Final = "X-Makegood-Secret"  # noqa: S105 - a header's name
PATIENCE: Final = 2.0
"""Seconds for a question that costs nothing."""
READING: Final = 20.0
"""Seconds for the first texts that a process reads."""
TEXTS: Final = (
    "hi there",
    "where is my order DEMO-1001? it was to come on friday",
    "the mug that you sent me is broken and I want my money back",
    "здравствуйте",
    "где мой заказ DEMO-1001? обещали привезти в пятницу",
    "кружка пришла разбитой, верните деньги",
)
"""Both languages, with and without an order number: each wakes another part."""
ROUNDS: Final = 3


@dataclass(frozen=True, kw_only=True)
class ProjectRasas:
    """How models of a project become processes (`Rasas`); `own` is the folder of our copies."""

    project: RasaProject
    own: Path
    secret: str
    to_process: Callable[[Path, int], Process]

    def check(self, name: str) -> str:
        """The whole name of a model that we may serve; `ForeignModel` if it is none."""
        self._take(name)

        return to_name(name)

    def take(self, name: str) -> Path:
        """
        A file of our own with that model; `ForeignModel` if it is none that we may serve.

        Training forgets old models, and Rasa may have to be started again after that. What is
        written is what was checked, whatever happens to the model meanwhile.
        """
        content = self._take(name)
        self.own.mkdir(parents=True, exist_ok=True)
        own = self.own / to_name(name)
        draft = self.own / f".{own.name}"
        draft.write_bytes(content)
        draft.replace(own)

        return own

    def keep_only(self, names: frozenset[str]) -> None:
        """Delete our copies of all other models."""
        for path in self.own.iterdir():
            if path.name not in names:
                path.unlink(missing_ok=True)

    def process(self, model: Path, port: int) -> Process:
        """The process that serves it."""
        return self.to_process(model, port)

    def url(self, port: int) -> str:
        """Where that listens: on loopback only."""
        return f"http://127.0.0.1:{port}"

    async def warm_up(self, url: str) -> None:
        """Let it read a few texts, of which no conversation knows; `CannotSwap` if it does not."""
        limit = aiohttp.ClientTimeout(total=READING)
        headers = {SECRET_HEADER: self.secret}
        try:
            async with aiohttp.ClientSession(timeout=limit, headers=headers) as session:
                for _ in range(ROUNDS):
                    async with session.post(
                        f"{url}/webhooks/makegood/read", json={"texts": TEXTS}
                    ) as answer:
                        answer.raise_for_status()
                        heard = (await answer.json())["heard"]
                    if [bool(one["intent"]) for one in heard] != [True] * len(TEXTS):
                        raise CannotSwap("it does not say what texts mean")
        except (aiohttp.ClientError, TimeoutError, ValueError, LookupError, TypeError) as error:
            raise CannotSwap(f"it does not read texts: {error!r}") from error

    async def find_model(self, url: str) -> str | None:
        """The model that it serves."""
        found = await self._ask(url)

        return str(found["model"]) if "model" in found else None

    async def count_turns(self, url: str) -> int | None:
        """How many turns it is working on."""
        found = (await self._ask(url)).get("turns")

        return found if isinstance(found, int) else None

    def _take(self, name: str) -> bytes:
        model = self.project.models / to_name(name)
        seal, content = self.project.seals.take(model)
        if seal.engine != self.project.engine:
            raise ForeignModel(
                f"{model.name} was trained by another version of this program, with other code "
                "or settings of the pipeline than now. Train it again."
            )

        return content

    async def _ask(self, url: str) -> dict[str, Any]:
        limit = aiohttp.ClientTimeout(total=PATIENCE)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as session,
                session.get(f"{url}/webhooks/makegood/") as answer,
            ):
                found = await answer.json()
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return {}

        return found if isinstance(found, dict) else {}
