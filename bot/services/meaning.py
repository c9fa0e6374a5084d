"""
What the house does about an intent: ours by the tables, those that trainers add by their file.

The model and the file change at different moments. So what an added intent does is what the file
says now, whatever the model's rules say, and an intent that neither knows counts as not understood.
"""

import logging
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from bot.casework.intents import Intents
from bot.casework.turns import Clause, Route, Understanding
from bot.playbooks import PLAYBOOKS
from bot.services.faq import FAQ
from bot.services.small_talk import SMALL_TALK

log = logging.getLogger(__name__)

NOT_UNDERSTOOD: Final = "nlu_fallback"
OURS: Final[dict[str, Route]] = {
    **dict.fromkeys(PLAYBOOKS, Route.RUN_PLAYBOOK),
    **dict.fromkeys((*SMALL_TALK, *FAQ), Route.ANSWER),
    "affirm": Route.CONTINUE_CASE,
    "deny": Route.CONTINUE_CASE,
    "provide_details": Route.CONTINUE_CASE,
    "choose_option": Route.CONTINUE_CASE,
    "photo_sent": Route.CONTINUE_CASE,
    "no_photo": Route.CONTINUE_CASE,
    "never_mind": Route.CONTINUE_CASE,
    "human_agent": Route.HAND_OFF,
    "out_of_scope": Route.CLARIFY,
    NOT_UNDERSTOOD: Route.CLARIFY,
}
"""The intents that the code knows by name, with the route that data/rules.yml gives them."""
FIRST: Final[dict[str, str]] = {
    playbook.name: intent for intent, playbook in reversed(PLAYBOOKS.items())
}
"""The intent that stands first in the table for each playbook, which is its most usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """An intent that playbooks and answers know, and the way that it goes."""

    intent: str
    route: Route


def meaning_of(intent: str, intents: Intents) -> Meaning | None:
    """What is done about that intent; None if nobody knows it. What ours do is not in the file."""
    if intent in OURS:
        return Meaning(intent=intent, route=OURS[intent])
    first = FIRST.get(intents.playbook_of(intent) or "")
    if first:
        return Meaning(intent=first, route=Route.RUN_PLAYBOOK)
    if intents.answers(intent):
        return Meaning(intent=intent, route=Route.ANSWER)
    if intents.wants_person(intent):
        return Meaning(intent=intent, route=Route.HAND_OFF)

    return None


def in_known_terms(heard: Understanding, intents: Intents) -> Understanding:
    """
    What was heard, with intents that the tables know in place of those that begin a playbook.

    The ranking keeps its names: they are only offered. A message without an intent stays one.
    """
    clauses = tuple(_known_clause(clause, intents) for clause in heard.clauses)
    if not heard.intent:
        return replace(heard, clauses=clauses)
    meaning = meaning_of(heard.intent, intents)
    if meaning is None:
        _tell_once(heard.intent)
        meaning = Meaning(intent=NOT_UNDERSTOOD, route=Route.CLARIFY)
    elif heard.intent in OURS and (
        heard.intent in PLAYBOOKS or heard.route is not Route.RUN_PLAYBOOK
    ):
        return replace(heard, clauses=clauses)

    return replace(heard, intent=meaning.intent, route=meaning.route, clauses=clauses)


def _known_clause(clause: Clause, intents: Intents) -> Clause:
    meaning = meaning_of(clause.intent, intents)

    return replace(clause, intent=meaning.intent) if meaning else clause


@lru_cache(maxsize=1000)
def _tell_once(intent: str) -> None:
    log.warning("The model knows the intent %s, the house does not: it is clarified", intent)
