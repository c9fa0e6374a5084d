"""What can be chosen from at the desk, each by its name and in words."""

import asyncio
from collections.abc import Iterable
from typing import Final

import msgspec
from litestar import get
from litestar.di import NamedDependency

from bot.casework.agents import Agent, May
from bot.casework.decisions import Reason
from bot.casework.orders import Marketplace
from bot.desk_words import MARKETPLACES, say_intent, say_reason
from bot.web.desk.desk import Desk
from bot.web.errors import faults

LANGUAGES: Final = (("en", "English"), ("ru", "Russian"))
"""What buyers are answered in."""


class Word(msgspec.Struct):
    """Something by its name, and what it is called."""

    name: str
    text: str


class Words(msgspec.Struct):
    """All of it; `agents` are those who answer buyers, `teams` theirs."""

    reasons: list[Word]
    intents: list[Word]
    entities: list[Word]
    marketplaces: list[Word]
    languages: list[Word]
    stores: list[Word]
    agents: list[Word]
    teams: list[Word]


@get("/words", opt={"may": May.READ}, responses=faults(401, 403))
async def show_words(desk: NamedDependency[Desk]) -> Words:
    """What lists can be narrowed to, messages corrected to, conversations passed on to."""

    def read() -> tuple[tuple[tuple[str, str], ...], list[Agent]]:
        with desk.house.units.reading() as unit:
            return unit.stores.titles(), [account.agent for account in unit.accounts.listed()]

    stores, everybody = await asyncio.to_thread(read)
    team = [agent for agent in everybody if agent.may(May.ANSWER)]

    return Words(
        reasons=_by_text((reason, say_reason(reason)) for reason in Reason),
        intents=_by_text(
            (name, say_intent(name, desk.house.intents)) for name in desk.domain.intents
        ),
        entities=_by_text((entity, entity.replace("_", " ")) for entity in desk.domain.entities),
        marketplaces=[Word(one, MARKETPLACES[one]) for one in Marketplace],
        languages=[Word(*one) for one in LANGUAGES],
        stores=[Word(*one) for one in stores],
        agents=_by_text((agent.id, agent.name) for agent in team),
        teams=[Word(one, one) for one in sorted({agent.team for agent in team if agent.team})],
    )


def _by_text(pairs: Iterable[tuple[str, str]]) -> list[Word]:
    return sorted((Word(*pair) for pair in pairs), key=lambda word: word.text.casefold())


WORDS: Final = (show_words,)
