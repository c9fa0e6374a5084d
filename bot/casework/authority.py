"""
How much a person at the desk may decide alone: a small limit by role, two people above another.

What can be done about an order at all says `bot/playbooks/checks.py`; whoever decides.
"""

from collections.abc import Sequence

from bot.casework.agents import Agent, May, Role
from bot.casework.approvals import AGREED, Approval, Verdict
from bot.casework.money import Money
from bot.casework.orders import Order
from bot.casework.refusals import Refusal, RefusalReason
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Identity


def at_the_console(name: str) -> Agent:
    """
    Somebody at the command line of a house without accounts, by the name that they give.

    Who has the machine has the house, so they decide as an owner does; but two names are not two
    people.
    """
    return Agent(id="", email="", name=name, role=Role.OWNER)


def check_decides(agent: Agent) -> Refusal | None:
    """Whether the role lets its people decide about remedies at all."""
    if agent.may(May.DECIDE):
        return None

    return Refusal(RefusalReason.NOT_ALLOWED, "disabled" if agent.disabled else str(agent.role))


def check_not_own(agent: Agent, *emails: str) -> Refusal | None:
    """Nobody decides about an order of their own: theirs, or talked about under their e-mail."""
    own = agent.email.strip().casefold()
    if not own or own not in {email.strip().casefold() for email in emails}:
        return None

    return Refusal(RefusalReason.OWN_ORDER, own)


def emails_of(order: Order, identity: Identity | None) -> tuple[str, ...]:
    """Whose an order is, and who talks about it."""
    return (order.buyer.email, identity.email if identity else "")


def check_first_word(agent: Agent, said: Sequence[Approval]) -> Refusal | None:
    """Nobody says yes twice, nor to what they want given themselves."""
    mine = next((one.verdict for one in said if agent.id and one.agent_id == agent.id), None)
    if mine in AGREED:
        return Refusal(RefusalReason.ALREADY, str(mine))

    return Refusal(RefusalReason.OWN_REQUEST, str(mine)) if mine is Verdict.ASKED else None


def check_limit(agent: Agent, worth: Money, before: Money, rules: Rulebook) -> Refusal | None:
    """
    Whether it is within the limit of the person's role.

    `before` is what they gave for the same order already: parts count like the whole. An owner
    has no limit.
    """
    if agent.role is Role.OWNER or not worth.minor:
        return None
    amounts, currency = rules.desk.limits.get(agent.role, {}), worth.currency
    if currency not in amounts:
        return Refusal(RefusalReason.OVER_YOUR_LIMIT, f"{agent.role}: {currency} is not listed")
    limit = rules.limit(amounts, currency)
    if before + worth <= limit:
        return None
    compared = f"{agent.role}: {before.minor} + {worth.minor} > {limit.minor}"

    return Refusal(RefusalReason.OVER_YOUR_LIMIT, compared)


def check_four_eyes(worth: Money, before: Money, rules: Rulebook) -> Refusal | None:
    """Why two people have to agree; None if one is enough."""
    amounts, currency = rules.desk.four_eyes_above, worth.currency
    if currency not in amounts or not worth.minor:
        return None
    limit = rules.limit(amounts, currency)
    if before + worth <= limit:
        return None

    return Refusal(RefusalReason.FOUR_EYES, f"{before.minor} + {worth.minor} > {limit.minor}")


def is_agreed(said: Sequence[Approval]) -> bool:
    """Whether somebody has said yes to it."""
    return any(one.verdict in AGREED for one in said)
