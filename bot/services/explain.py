"""
What a case about an order would be like, and why, without anything being written.

The playbook is run as in a conversation, with a buyer who agrees to everything: sends the photo,
takes the first option, says yes. At an offer every round of the ladder is looked at as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from bot.casework.cases import Awaiting, Case
from bot.casework.decisions import (
    Ask,
    Decision,
    HandOff,
    Propose,
    Reason,
    Rule,
    Say,
)
from bot.casework.orders import Order
from bot.casework.remedies import Remedy, RemedyKind
from bot.casework.replies import Choice
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks import PLAYBOOKS
from bot.playbooks.deciding import Passed, decide, decide_early
from bot.playbooks.hearing import hear
from bot.playbooks.ladder import ladder_of, look_at_round
from bot.playbooks.not_received import FOUND
from bot.playbooks.playbook import Decided
from bot.playbooks.steps import PERSON

MOST_TURNS = 20
PHOTO = "explained"
"""The id of the photo that the agreeable buyer sends; it is nowhere stored."""
UNTOLD = ("awaiting", "offer", "opening", "misses")
"""Fields of a case that say how the talk stands, not what was found out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken:
    """A step that passed, and what it found out; such as `playbook: refund_request -> ...`."""

    playbook: str
    step: str
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnExplained:
    """What the buyer is taken to say, the steps that passed, and the one that decided."""

    turn: Turn
    steps: tuple[StepTaken, ...]
    decided_by: str
    decision: Decision

    @property
    def said(self) -> str:
        """The buyer's part in words, such as `presses yes`."""
        if self.turn.photos:
            return "sends a photo"

        return f"presses {self.turn.choice}" if self.turn.choice else f"says {self.turn.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindExplained:
    """
    One remedy of a round: with its terms, or None if it is left out.

    `because` are the rules that leave it out, or for which a person has to approve it.
    """

    kind: RemedyKind
    remedy: Remedy | None
    because: tuple[Rule, ...]

    @property
    def needs_approval(self) -> bool:
        """Whether it is offered and a person has to say yes as well."""
        return self.remedy is not None and bool(self.because)


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderExplained:
    """All rounds of the ladder that holds for the case, and for whom it was written."""

    problem: str
    audience: str
    rounds: tuple[tuple[KindExplained, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The whole way; no ladder if the case never comes to one. `stuck` if no answer helped."""

    order: Order
    intent: str
    turns: tuple[TurnExplained, ...]
    ladder: LadderExplained | None
    stuck: bool = False


def explain(order: Order, intent: str, rules: Rulebook, now: datetime) -> Explanation:
    """The way of a new case of that intent about the order as it is now."""
    case = Case(
        id="explained",
        conversation_id="explained",
        playbook=PLAYBOOKS[intent].name,
        intent=intent,
        order_id=order.id,
    )
    turn = Turn(text=f"({intent})", intent=intent)
    turns: list[TurnExplained] = []
    ladder: LadderExplained | None = None
    heard: Case | None = hear(case, order, turn)
    while heard and len(turns) < MOST_TURNS:
        decided, steps = _decide(heard, order, turn, rules, now)
        decision = decided.decision
        turns.append(
            TurnExplained(turn=turn, steps=steps, decided_by=decided.step, decision=decision)
        )
        if ladder is None and _comes_to_ladder(decision):
            ladder = _ladder(decided.case, order, rules, now.date())
        if not isinstance(decision, Ask | Propose | Say):
            return Explanation(order=order, intent=intent, turns=tuple(turns), ladder=ladder)
        case = _asked(decided.case, decision)
        turn, heard = _agree(case, order, decision.reply.choices)

    return Explanation(order=order, intent=intent, turns=tuple(turns), ladder=ladder, stuck=True)


def _decide(
    case: Case, order: Order, turn: Turn, rules: Rulebook, now: datetime
) -> tuple[Decided, tuple[StepTaken, ...]]:
    early = decide_early(case, turn, rules, now)
    if isinstance(early, Decided):
        return early, ()
    passed: list[Passed] = []
    decided = decide(early, order, turn, rules, now, passed=passed)
    steps = []
    before = early
    for one in passed:
        found = tuple(_changes(before, one.case))
        steps.append(StepTaken(playbook=one.playbook, step=one.step, found=found))
        before = one.case

    return decided, tuple(steps)


def _changes(before: Case, after: Case) -> Iterator[str]:
    for field in fields(Case):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old == new or field.name in UNTOLD:
            continue
        if isinstance(new, Remedy):
            yield f"{field.name}: {new.kind}"
        else:
            yield f"{field.name}: {old} -> {new}" if old else f"{field.name}: {new}"


def _asked(case: Case, decision: Ask | Propose | Say) -> Case:
    """The case as it waits for an answer, as `case_work` leaves it."""
    if isinstance(decision, Propose):
        offered = replace(case, offer=decision.offer, picked=None)
        return replace(offered, awaiting=Awaiting.CHOICE, confirmed=False)
    if isinstance(decision, Ask):
        return replace(case, awaiting=decision.awaiting, confirmed=False)

    return case


def _agree(case: Case, order: Order, choices: tuple[Choice, ...]) -> tuple[Turn, Case | None]:
    """The most agreeable answer that the case understands; None if there is none."""
    for turn in _answers(case, order, choices):
        heard = hear(case, order, turn)
        if heard != case:
            return turn, heard

    return Turn(), None


def _answers(case: Case, order: Order, choices: tuple[Choice, ...]) -> Iterator[Turn]:
    """
    A photo where one is asked for, then the buttons from the first on, then words.

    Who has found the parcel needs no remedy, and one that does is what is explained.
    """
    if case.awaiting is Awaiting.PHOTO:
        yield Turn(intent="photo_sent", photos=(PHOTO,))
    for choice in choices:
        if choice.value not in (PERSON.value, FOUND.value):
            yield Turn(intent="choose_option", choice=choice.value)
    address = f"{order.address}, {order.postal_code} {order.city}"
    words = address if case.awaiting is Awaiting.ADDRESS else order.goods[0].title
    yield Turn(intent="provide_details", text=words)
    yield Turn(intent="affirm", text="yes")


def _comes_to_ladder(decision: Decision) -> bool:
    no_remedy = isinstance(decision, HandOff) and decision.reason is Reason.NO_REMEDY

    return isinstance(decision, Propose) or no_remedy


def _ladder(case: Case, order: Order, rules: Rulebook, today: date) -> LadderExplained | None:
    if case.playbook not in rules.problems:
        return None
    audience, rounds = ladder_of(case.playbook, case, order, rules)
    explained = []
    for place, kinds in enumerate(rounds):
        allowed, asked = look_at_round(case.playbook, place, case, order, rules, today)
        remedies = {remedy.kind: remedy for remedy in allowed}
        explained.append(
            tuple(
                KindExplained(
                    kind=kind,
                    remedy=remedies.get(kind),
                    because=tuple(rule for rule in asked if rule.name.startswith(f"{kind}.")),
                )
                for kind in kinds
            )
        )

    return LadderExplained(problem=case.playbook, audience=audience, rounds=tuple(explained))
