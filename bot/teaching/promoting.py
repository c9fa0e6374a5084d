"""
A model goes live, or back.

The promotion and its line on the audit list are written first, then the supervisor is told. Should
we die in between, the old model goes on answering, and whoever promotes next tells the supervisor.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.casework.agents import Agent, May
from bot.casework.audit import Deed
from bot.casework.comparisons import Promotion, PromotionKind
from bot.casework.ports.units import UnitOfWork
from bot.services.house import House
from bot.services.turn_queue import NotAcceptable
from bot.serving import read_serving, want
from bot.settings import Settings
from bot.teaching.comparing import read_gate
from bot.teaching.models import find_live, find_model
from bot.workbench.comparison.gate import Gate, Reason

KEPT: Final = 10
"""So many models back one may roll."""
MOST_LOOKED_AT: Final = 200
"""Promotions among which these are looked for."""
PATIENCE: Final = timedelta(minutes=10)
"""After which a promoted model that is still not live stands in nobody's way."""
STEADY: Final = "steady"
AT_REST: Final = frozenset({STEADY, "failed"})
SHORTEST_REASON: Final = 10
LONGEST_REASON: Final = 500


class GateRefused(NotAcceptable):
    """The gate keeps a model out; `reasons` say why, with the sentences."""

    def __init__(self, reasons: Sequence[Reason], text: str) -> None:
        super().__init__("gate_refused", text)
        self.reasons = tuple(reasons)


def do_promote(
    house: House, settings: Settings, agent: Agent, model: str, override: str | None = None
) -> Promotion:
    """
    Put a model live that the gate lets through, or past the gate with a lead's written reason.

    `GateRefused` has the gate's reasons. One promotion at a time: what was just put live, and is
    not yet, keeps the next one out.
    """
    find_model(settings, model)
    reason = _check_override(agent, override)
    with house.units() as unit:
        live = _check_free(unit, house, settings, model)
        gate = read_gate(unit, settings, model, live)
        if not gate.ok and not reason:
            raise GateRefused(gate.reasons, _refusal(gate))
        promotion = _write_down(
            unit,
            house,
            agent,
            model,
            live,
            PromotionKind.PROMOTE,
            reason if not gate.ok else "",
            gate,
        )
    _tell_supervisor(house, settings)

    return promotion


def do_roll_back(
    house: House, settings: Settings, agent: Agent, model: str, reason: str = ""
) -> Promotion:
    """
    Put a model live that was live before, without the gate.

    One that only went live past the gate needs somebody who may do that.
    """
    find_model(settings, model)
    with house.units() as unit:
        live = _check_free(unit, house, settings, model)
        before = find_earlier(unit, live)
        if model not in before:
            raise NotAcceptable(
                "never_live", f"Only the last {KEPT} models that were live can be taken back."
            )
        if before[model] and not agent.may(May.OVERRIDE):
            raise NotAcceptable(
                "override_not_allowed",
                "It once went live past the gate: only a lead or an owner may take it back.",
            )
        promotion = _write_down(
            unit,
            house,
            agent,
            model,
            live,
            PromotionKind.ROLL_BACK,
            reason.strip()[:LONGEST_REASON],
        )
    _tell_supervisor(house, settings)

    return promotion


def find_earlier(unit: UnitOfWork, live: str) -> dict[str, bool]:
    """
    The last models that were live before this one, the newest first.

    Each with whether it was only ever put live past the gate.
    """
    promotions = unit.promotions.recent(MOST_LOOKED_AT)
    names = dict.fromkeys(name for one in promotions for name in (one.model, one.before))
    told = [one for one in promotions if one.kind is PromotionKind.PROMOTE]
    forced = {one.model for one in told if one.refused}
    passed = {one.model for one in told if not one.refused}
    earlier = [name for name in names if name != live]

    return {name: name in forced - passed for name in earlier[:KEPT]}


def _check_override(agent: Agent, override: str | None) -> str:
    reason = " ".join((override or "").split())
    if not reason:
        return ""
    if not agent.may(May.OVERRIDE):
        raise NotAcceptable(
            "override_not_allowed", "Only a lead or an owner may put a model live past the gate."
        )
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise NotAcceptable(
            "reason_needed",
            f"Say why, in {SHORTEST_REASON} to {LONGEST_REASON} characters: it is kept for good.",
        )

    return reason


def _check_free(unit: UnitOfWork, house: House, settings: Settings, model: str) -> str:
    """The model that is live; refused while another is on its way, or if it is this very one."""
    unit.promotions.hold()
    serving = read_serving(settings.state_dir)
    newest = unit.promotions.recent(1)
    if serving and serving.swap not in AT_REST:
        raise _on_its_way(serving.wanted)
    if serving and newest and house.clock() - newest[0].at < PATIENCE:
        coming = newest[0].model
        if coming != serving.model and (serving.swap == STEADY or coming != serving.wanted):
            # Just asked for, or never heard of: to tell it twice does no harm.
            want(settings.state_dir, coming)
            raise _on_its_way(coming)
    live = find_live(unit, settings)
    if model == live:
        raise NotAcceptable("already_live", "This model is live already.")

    return live


def _tell_supervisor(house: House, settings: Settings) -> None:
    """The newest promotion is what is wanted, whichever of two was faster to get here."""
    with house.units() as unit:
        unit.promotions.hold()
        (newest,) = unit.promotions.recent(1)
        want(settings.state_dir, newest.model)


def _on_its_way(model: str) -> NotAcceptable:
    return NotAcceptable(
        "swap_runs", f"{model} is just going live. Wait until it is, or has failed, and try again."
    )


def _write_down(
    unit: UnitOfWork,
    house: House,
    agent: Agent,
    model: str,
    live: str,
    kind: PromotionKind,
    reason: str,
    gate: Gate | None = None,
) -> Promotion:
    now = house.clock()
    promotion = Promotion(
        id=house.new_id(),
        at=now,
        agent_id=agent.id,
        who=agent.name,
        model=model,
        before=live,
        kind=kind,
        override=reason,
        refused=tuple(one.text for one in gate.reasons) if gate else (),
    )
    unit.promotions.add(promotion)
    after: dict[str, object] = {"model": model}
    if reason:
        after["reason"] = reason
    if promotion.refused:
        after["refused"] = list(promotion.refused)
    unit.audit.add(
        Deed(
            agent=agent,
            action=f"model.{kind}",
            subject="model",
            subject_id=model[:64],
            before={"model": live},
            after=after,
        ),
        now,
    )

    return promotion


def _refusal(gate: Gate) -> str:
    more = f" And {len(gate.reasons) - 1} more." if len(gate.reasons) > 1 else ""

    return f"The gate refuses this model. {gate.reasons[0].text}{more}"
