"""A model beside the live one: compare, promote, roll back, let it read along."""

import asyncio
from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody
from litestar.status_codes import (
    HTTP_201_CREATED,
    HTTP_202_ACCEPTED,
    HTTP_204_NO_CONTENT,
    HTTP_409_CONFLICT,
)

from bot.casework.agents import Agent, May
from bot.casework.comparisons import Promotion, PromotionKind, StoredComparison
from bot.casework.ports.units import UnitOfWork
from bot.casework.shadows import Shadow
from bot.teaching.comparing import do_want_comparison, judge_comparison, read_gate, unpack
from bot.teaching.models import find_live, find_model
from bot.teaching.promoting import do_promote, do_roll_back, find_earlier
from bot.teaching.shadowing import (
    LONGEST_HOURS,
    ShadowSeen,
    do_begin_shadow,
    do_stop_shadow,
    read_shadow,
)
from bot.web.desk.desk import Desk
from bot.web.errors import GateFault, ReasonShown, faults, to_reasons
from bot.workbench.comparison.compare_plot import draw_f1
from bot.workbench.comparison.comparing import Comparison
from bot.workbench.comparison.gate import Gate, is_better, is_worse

MODEL: Final = "/models/{name:str}"
GATE_FAULT: Final = {
    HTTP_409_CONFLICT: ResponseSpec(
        GateFault,
        description="The gate refuses it, or another model is just going live.",
        generate_examples=False,
    )
}


class GateShown(msgspec.Struct):
    """The gate's word on a model, with what speaks against it."""

    ok: bool
    reasons: list[ReasonShown]


class Headline(msgspec.Struct):
    """What came of a comparison in a sentence, by what misunderstandings cost."""

    verdict: Literal["better", "worse", "same"]
    text: str


class ComparisonShown(msgspec.Struct):
    """
    The newest comparison of a model.

    `state` is none while nobody asked for one; `live` is the model that it was compared with, and
    `live_now` the one that answers buyers: where they differ it has to be compared anew. `plot` is
    SVG.
    """

    model: str
    live: str
    live_now: str
    state: str
    progress: float
    error: str
    by: str
    at: datetime | None
    ended_at: datetime | None
    gate: GateShown
    may_override: bool
    can_roll_back: bool
    headline: Headline | None
    result: Comparison | None
    plot: str


class ComparisonWanted(msgspec.Struct):
    """The id of the comparison that is to be done."""

    id: str


class PromotionWanted(msgspec.Struct):
    """Why the model is to go live though the gate refuses it; nothing where it does not."""

    override: str | None = None


class RollBackWanted(msgspec.Struct):
    """Why, if somebody wants to say."""

    reason: str = ""


class PromotionShown(msgspec.Struct):
    """A model that is going live now."""

    model: str
    before: str
    kind: PromotionKind
    by: str
    at: datetime


class ShadowWanted(msgspec.Struct):
    """For how long the model is to read along."""

    hours: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_HOURS)]


class ShadowShown(msgspec.Struct):
    """A shadow run: what it read, and how much of that the live model understood alike."""

    model: str
    by: str
    at: datetime
    until: datetime
    ended_at: datetime | None
    running: bool
    messages: int
    agreed: int
    error: str


class DisagreementShown(msgspec.Struct):
    """A buyer's message that the two models understood differently."""

    message_id: str
    conversation_id: str
    text: str
    live_intent: str
    intent: str
    confidence: float
    at: datetime


class ShadowState(msgspec.Struct):
    """The newest shadow run, if there ever was one, and its disagreements, the newest first."""

    shadow: ShadowShown | None
    disagreements: list[DisagreementShown]


@post(
    f"{MODEL}/compare",
    opt={"may": May.TEACH},
    status_code=HTTP_202_ACCEPTED,
    responses=faults(401, 403, 404, 409),
)
async def compare_model(
    name: FromPath[str], agent: NamedDependency[Agent], desk: NamedDependency[Desk]
) -> ComparisonWanted:
    """Have a model compared with the one that is live; it is done in the background."""

    def wish() -> str:
        find_model(desk.settings, name)
        with desk.house.units.reading() as unit:
            live = find_live(unit, desk.settings)
        return do_want_comparison(desk.house, agent, name, live)

    return ComparisonWanted(id=await asyncio.to_thread(wish))


@get(f"{MODEL}/comparison", opt={"may": May.TEACH}, responses=faults(401, 403, 404))
async def show_comparison(
    name: FromPath[str], agent: NamedDependency[Agent], desk: NamedDependency[Desk]
) -> ComparisonShown:
    """The newest comparison of a model, and the gate's word on it."""

    def look() -> ComparisonShown:
        find_model(desk.settings, name)
        with desk.house.units.reading() as unit:
            return _to_shown(unit, desk, agent, name)

    return await asyncio.to_thread(look)


@post(
    f"{MODEL}/promote",
    opt={"may": May.TEACH},
    status_code=HTTP_202_ACCEPTED,
    responses=faults(401, 403, 404, 422) | GATE_FAULT,
)
async def promote_model(
    name: FromPath[str],
    data: JSONBody[PromotionWanted],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> PromotionShown:
    """Put a model live; past the gate only with a lead's or an owner's written reason."""
    promotion = await asyncio.to_thread(
        do_promote, desk.house, desk.settings, agent, name, data.override
    )

    return _to_promotion(promotion)


@post(
    f"{MODEL}/roll-back",
    opt={"may": May.TEACH},
    status_code=HTTP_202_ACCEPTED,
    responses=faults(401, 403, 404, 409),
)
async def roll_back(
    name: FromPath[str],
    data: JSONBody[RollBackWanted],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> PromotionShown:
    """Put one of the last ten models live again; no gate stands there."""
    promotion = await asyncio.to_thread(
        do_roll_back, desk.house, desk.settings, agent, name, data.reason
    )

    return _to_promotion(promotion)


@post(
    f"{MODEL}/shadow",
    opt={"may": May.TEACH},
    status_code=HTTP_201_CREATED,
    responses=faults(401, 403, 404, 409, 422),
)
async def begin_shadow(
    name: FromPath[str],
    data: JSONBody[ShadowWanted],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> ShadowState:
    """Let a model read what buyers write from now on; nobody hears it."""
    await asyncio.to_thread(do_begin_shadow, desk.house, desk.settings, agent, name, data.hours)

    return _to_state(await asyncio.to_thread(read_shadow, desk.house))


@post(
    "/shadow/stop",
    opt={"may": May.TEACH},
    status_code=HTTP_204_NO_CONTENT,
    responses=faults(401, 403, 409),
)
async def stop_shadow(agent: NamedDependency[Agent], desk: NamedDependency[Desk]) -> None:
    """End the shadow run before its time."""
    await asyncio.to_thread(do_stop_shadow, desk.house, agent)


@get("/shadow", opt={"may": May.TEACH}, responses=faults(401, 403))
async def show_shadow(desk: NamedDependency[Desk]) -> ShadowState:
    """The newest shadow run."""
    return _to_state(await asyncio.to_thread(read_shadow, desk.house))


COMPARING: Final = (
    compare_model,
    show_comparison,
    promote_model,
    roll_back,
    begin_shadow,
    stop_shadow,
    show_shadow,
)


def to_headline(result: Comparison) -> Headline:
    """Better, worse or the same, by what a hundred messages cost."""
    cost = result.cost["all"]
    before, now = (100 * (one.value or 0) for one in (cost.before, cost.now))
    counted = (
        f"{len(result.better)} sentences got better and {len(result.worse)} got worse; what is "
        f"misunderstood in a hundred messages costs {now:.1f}, before {before:.1f}."
    )
    if is_better(cost):
        return Headline(verdict="better", text=f"The new model is better. {counted}")
    if is_worse(cost):
        return Headline(verdict="worse", text=f"The new model is worse. {counted}")
    if not result.better and not result.worse:
        return Headline(verdict="same", text="Both models understand the same sentences.")

    return Headline(verdict="same", text=f"Neither is better beyond doubt. {counted}")


def to_gate(gate: Gate) -> GateShown:
    """The gate's word as it is sent."""
    return GateShown(ok=gate.ok, reasons=to_reasons(gate.reasons))


def _to_shown(unit: UnitOfWork, desk: Desk, agent: Agent, name: str) -> ComparisonShown:
    live = find_live(unit, desk.settings)
    stored = unit.comparisons.latest(name)
    result = _newest_result(unit, stored)
    current = bool(result and result.live == live)
    gate = (
        judge_comparison(desk.settings, result)
        if result and current
        else read_gate(unit, desk.settings, name, live)
    )

    return ComparisonShown(
        model=name,
        live=stored.live if stored else live,
        live_now=live,
        state=stored.state if stored else "none",
        progress=stored.progress if stored else 0.0,
        error=stored.error if stored else "",
        by=stored.who if stored else "",
        at=stored.at if stored else None,
        ended_at=stored.ended_at if stored else None,
        gate=to_gate(gate),
        may_override=agent.may(May.OVERRIDE),
        can_roll_back=name != live and name in find_earlier(unit, live),
        headline=to_headline(result) if result else None,
        result=result,
        plot=draw_f1(result.intents) if result else "",
    )


def _newest_result(unit: UnitOfWork, stored: StoredComparison | None) -> Comparison | None:
    """That of the newest comparison; of an earlier one while that is under way or failed."""
    if stored is None:
        return None
    finished = unit.comparisons.finished(stored.model, stored.live)

    return unpack(finished) if finished else None


def _to_promotion(promotion: Promotion) -> PromotionShown:
    return PromotionShown(
        model=promotion.model,
        before=promotion.before,
        kind=promotion.kind,
        by=promotion.who,
        at=promotion.at,
    )


def _to_state(seen: ShadowSeen) -> ShadowState:
    return ShadowState(
        shadow=_to_shadow(seen.shadow) if seen.shadow else None,
        disagreements=[
            DisagreementShown(
                message_id=one.message_id,
                conversation_id=one.conversation_id,
                text=one.text,
                live_intent=one.live_intent,
                intent=one.intent,
                confidence=one.confidence,
                at=one.at,
            )
            for one in seen.disagreements
        ],
    )


def _to_shadow(shadow: Shadow) -> ShadowShown:
    return ShadowShown(
        model=shadow.model,
        by=shadow.who,
        at=shadow.at,
        until=shadow.until,
        ended_at=shadow.ended_at,
        running=shadow.ended_at is None,
        messages=shadow.messages,
        agreed=shadow.agreed,
        error=shadow.error,
    )
