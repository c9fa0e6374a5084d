"""A playbook as an ordered list of steps, and how it comes to a decision."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.casework.cases import Case
from bot.casework.decisions import Decision
from bot.casework.orders import Order
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn

Step = Callable[[Case, Order, Turn, Rulebook, datetime], Decision | Case | None]
"""
One step: a Decision ends the turn; a Case is what the step found out, and the next step goes on
with it; None passes on. `now` is an aware UTC time: offers end at an hour, not at a day.
"""


EarlyStep = Callable[[Case, Turn, Rulebook, datetime], Decision | Case | None]
"""A step that needs no order: it is asked before the buyer is asked which order it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """
    A written procedure: its steps are asked in order, from the first, at every turn.

    What a case already knows makes its steps pass, so that a playbook needs no marker of where
    it stands and picks up by itself after an interruption. `at_once` marks plain questions,
    which are answered without being a problem to work on; `has_ladder` those that offer remedies
    from the rulebook's ladder of their name. `before_order` are asked first, with no
    order; an order that the buyer has talked about stands in the case already. `without_order`
    are asked where no order of the buyer is known, before they are asked for its number.
    """

    name: str
    steps: tuple[Step, ...] = ()
    at_once: bool = False
    has_ladder: bool = False
    before_order: tuple[EarlyStep, ...] = ()
    without_order: tuple[EarlyStep, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision, the step that took it, and the case as the steps left it."""

    case: Case
    step: str
    decision: Decision


class NoDecision(RuntimeError):
    """A playbook ended without a decision, which is a mistake in the playbook."""
