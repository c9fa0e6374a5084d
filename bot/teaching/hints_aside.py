"""
Hints that are put aside, and come back by themselves when they are about something else.

A hint is known by what it says and the examples that it names: one more example, one fewer, or
another one, and it is shown again.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Final

from bot.casework.agents import Agent
from bot.casework.audit import Deed
from bot.casework.hints_aside import HintAside
from bot.services.house import House
from bot.services.turn_queue import NotAcceptable
from bot.teaching.hinting import HintList
from bot.workbench.hints import Hint, HintKind

LONGEST_REASON: Final = 300


def to_key(hint: Hint) -> str:
    """The same for the same hint about the same examples."""
    # How many messages there were in the latest days is another number every day.
    text = "" if hint.kind is HintKind.UNUSED else hint.text
    examples = sorted([one.intent, one.language, one.text] for one in hint.mentions)
    whole = [hint.kind, hint.intent, hint.language, text, examples]

    return hashlib.sha256(json.dumps(whole, ensure_ascii=False).encode()).hexdigest()


def read_aside(house: House) -> Mapping[str, HintAside]:
    """What was put aside, by key."""
    with house.units.reading() as unit:
        return {one.key: one for one in unit.hints_aside.all()}


def do_put_aside(house: House, found: HintList, agent: Agent, key: str, reason: str) -> None:
    """Put one of these hints aside until its examples change."""
    reason = " ".join("".join(one if one.isprintable() else " " for one in reason).split())
    if not reason or len(reason) > LONGEST_REASON:
        raise NotAcceptable(
            "reason_needed", f"Say why, in a few words: {LONGEST_REASON} characters at most."
        )
    hint = next((one for one in found.hints if to_key(one) == key), None)
    if hint is None:
        raise NotAcceptable("no_such_hint", "That hint is not there any more: it has changed.")
    with house.units() as unit:
        unit.hints_aside.add(key, agent, reason, house.clock())
        deed = Deed(
            agent=agent,
            action="hint.put_aside",
            subject="hint",
            subject_id=key,
            after={"hint": hint.text, "reason": reason},
        )
        unit.audit.add(deed, house.clock())


def do_show_again(house: House, agent: Agent, key: str) -> None:
    """Take back that a hint was put aside."""
    with house.units() as unit:
        if not unit.hints_aside.remove(key):
            raise NotAcceptable("no_such_hint", "That hint is not put aside.")
        deed = Deed(agent=agent, action="hint.show", subject="hint", subject_id=key)
        unit.audit.add(deed, house.clock())
