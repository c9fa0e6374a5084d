"""
A candidate reads what buyers write to the live model, and nobody hears it.

The messages are read again from the store, a batch at a time, by whoever calls `shadow_once` now
and then, with the niceness of its own process: buyers wait for nothing of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import batched
from typing import Final

from bot.casework.agents import Agent
from bot.casework.audit import Deed
from bot.casework.ports.units import Missing, UnitOfWork
from bot.casework.shadows import Disagreement, Heard, Reading, Shadow
from bot.obstacles import Obstacle
from bot.project import rasa_project
from bot.services.house import House
from bot.services.turn_queue import NotAcceptable
from bot.settings import Settings
from bot.teaching.comparing import Read, read_by, without_folders
from bot.teaching.models import find_live, find_model
from bot.workbench.evaluation.predictions import BrokenPrediction, from_json

LONGEST_HOURS: Final = 72
MOST_AT_ONCE: Final = 2000
"""Messages of one call; the next one takes the following ones."""
BATCH: Final = 100
SHOWN: Final = 200
UNREADABLE: Final = "nlu_fallback"
"""What a message comes to on which the candidate fails: its buyer would be asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowSeen:
    """A run, and where the two models disagreed."""

    shadow: Shadow | None
    disagreements: Sequence[Disagreement] = ()


def do_begin_shadow(
    house: House, settings: Settings, agent: Agent, model: str, hours: int
) -> Shadow:
    """Let a model read along for so many hours; there is one at a time."""
    find_model(settings, model)
    if not 1 <= hours <= LONGEST_HOURS:
        raise NotAcceptable("wrong_hours", f"A shadow run takes 1 to {LONGEST_HOURS} hours.")
    with house.units() as unit:
        unit.shadows.hold()
        if model == find_live(unit, settings):
            raise NotAcceptable("same_model", "This model is live: it reads everything already.")
        now = house.clock()
        running = unit.shadows.running()
        if running and running.until > now:
            raise NotAcceptable(
                "shadow_runs", f"{running.model} reads along already. Stop it first."
            )
        if running:
            unit.shadows.end(running.id, now)
        unit.shadows.begin(house.new_id(), agent, model, now + timedelta(hours=hours), now)
        _write_down(unit, house, agent, "shadow.begin", model, {"hours": hours})
        begun = unit.shadows.running()
        assert begun

        return begun


def do_stop_shadow(house: House, agent: Agent) -> None:
    """End the run that there is."""
    with house.units() as unit:
        unit.shadows.hold()
        running = unit.shadows.running()
        if running is None:
            raise NotAcceptable("no_shadow", "No model reads along just now.")
        unit.shadows.end(running.id, house.clock())
        _write_down(unit, house, agent, "shadow.stop", running.model, {})


def read_shadow(house: House) -> ShadowSeen:
    """The newest run, running or over."""
    with house.units.reading() as unit:
        shadow = unit.shadows.latest()
        if shadow is None:
            return ShadowSeen(shadow=None)

        return ShadowSeen(shadow=shadow, disagreements=unit.shadows.disagreements(shadow.id, SHOWN))


def shadow_once(house: House, settings: Settings, read: Read | None = None) -> int:
    """
    Let the candidate read what came since; how many messages that were.

    A run ends by itself after its time, when all of that is read, and when its model is gone.
    """
    with house.units.reading() as unit:
        shadow = unit.shadows.running()
        waiting = unit.shadows.unread(shadow, MOST_AT_ONCE) if shadow else ()
    if shadow is None:
        return 0
    error = ""
    try:
        model = find_model(settings, shadow.model)
        candidate = read or read_by(rasa_project(settings))
        texts = [" ".join(one.text.split()) for one in waiting]
        lines = candidate(model, texts, None) if waiting else ()
        for batch in batched(zip(waiting, lines, strict=True), BATCH):
            if not _store(house, shadow, list(_readings(batch))):
                return len(waiting)
    except Missing:
        error = "The model is not there any more."
    except (Obstacle, ValueError) as broken:
        error = without_folders(f"It could not read: {broken}", settings)
    with house.units() as unit:
        unit.shadows.hold()
        if error or (house.clock() >= shadow.until and len(waiting) < MOST_AT_ONCE):
            unit.shadows.end(shadow.id, house.clock(), error)

    return len(waiting)


def _readings(batch: Sequence[tuple[Heard, str]]) -> Iterator[Reading]:
    for heard, line in batch:
        try:
            prediction = from_json(line)
            intent, sure = prediction.intent, prediction.confidence
        except BrokenPrediction:
            intent, sure = UNREADABLE, 0.0
        yield Reading(
            message_id=heard.message_id, live_intent=heard.intent, intent=intent, confidence=sure
        )


def _store(house: House, shadow: Shadow, readings: Sequence[Reading]) -> bool:
    """Whether the run still ran; what is read of one that was stopped is not kept."""
    with house.units() as unit:
        unit.shadows.hold()
        running = unit.shadows.running()
        if running is None or running.id != shadow.id:
            return False
        unit.shadows.add(shadow.id, readings)

    return True


def _write_down(
    unit: UnitOfWork, house: House, agent: Agent, action: str, model: str, after: dict[str, object]
) -> None:
    deed = Deed(agent=agent, action=action, subject="model", subject_id=model[:64], after=after)
    unit.audit.add(deed, house.clock())
