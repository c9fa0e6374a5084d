"""
What a person at the desk gives by themselves, under the same locks and checks of money as the bot.

They are not bound by the caps of the bot, but by the limit of their role, by what was paid, by
what excludes each other, and by what the marketplace settles. What is over their limit, or needs
two people, waits for somebody else's yes. The bot's record and a person's are one.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.casework.agents import Agent
from bot.casework.approvals import Verdict
from bot.casework.authority import (
    check_decides,
    check_four_eyes,
    check_limit,
    check_not_own,
    emails_of,
)
from bot.casework.cases import Case, CaseState
from bot.casework.decisions import Rule
from bot.casework.money import Money
from bot.casework.order_talks import OUTSIDE
from bot.casework.orders import Order
from bot.casework.ports.ledger import DecisionRow
from bot.casework.ports.units import UnitOfWork
from bot.casework.refusals import Refusal, RefusalReason
from bot.casework.remedies import Remedy, RemedyState
from bot.casework.replies import MessageKind, Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Conversation, Floor
from bot.playbooks.checks import after_remedy, check_agents_remedy, worth_of
from bot.services.case_work import put_on_record
from bot.services.collisions import retried
from bot.services.exchange import with_history
from bot.services.held_remedy import (
    deed,
    facts_of,
    given_before,
    terms_of,
    terms_reply,
    to_reason,
)
from bot.services.house import House

PLAYBOOK = "agent"
"""What the ledger names as the playbook of a person's own decision."""


@dataclass(frozen=True, kw_only=True)
class GrantedByPerson(Reply):
    """A person has looked at the order and decided; its exact terms follow."""

    kind = MessageKind.NOTICE

    order_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Remedies that now stand on record: on their way, or waiting for somebody else's yes."""

    remedies: tuple[str, ...]
    state: RemedyState


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """
    What becomes of remedies that a person would give.

    `refusal` says why they cannot be given at all; `over` why somebody else has to agree, as
    well as themselves where `two` is set.
    """

    refusal: Refusal | None = None
    over: Refusal | None = None
    two: Refusal | None = None

    @property
    def waits(self) -> bool:
        """Whether nothing goes out before somebody else has said yes."""
        return bool(self.over or self.two)

    @property
    def verdict(self) -> Verdict:
        """What the person's own word is worth."""
        return Verdict.ASKED if self.over else Verdict.GRANTED


def do_grant(
    house: House,
    remedies: Sequence[Remedy],
    *,
    agent: Agent,
    reason: str,
    request_id: str,
    conversation_id: str | None = None,
    ip: str = "",
) -> Refusal | Given:
    """
    Give remedies for one order, all of them or none; or why they cannot be given.

    In a conversation its buyer is told the exact terms. The same `request_id` grants once,
    however often it comes: a browser may send twice. NotAcceptable without a reason.
    """
    grant = Grant(
        remedies=tuple(remedies),
        agent=agent,
        reason=to_reason(reason),
        request_id=request_id,
        conversation_id=conversation_id,
        ip=ip,
    )
    given = retried(lambda: _grant(house, grant))
    if isinstance(given, Given) and given.state is RemedyState.REQUESTED:
        house.wake_worker()

    return given


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What somebody wants to give."""

    remedies: tuple[Remedy, ...]
    agent: Agent
    reason: str
    request_id: str
    conversation_id: str | None
    ip: str

    @property
    def order_id(self) -> int:
        """The one order of all of them."""
        (order_id,) = {remedy.order_id for remedy in self.remedies}

        return order_id

    @property
    def case_id(self) -> str:
        """The same for the same request."""
        asked = f"grant:{self.order_id}:{self.request_id}"

        return hashlib.sha256(asked.encode()).hexdigest()[:32]


def _grant(house: House, grant: Grant) -> Refusal | Given:
    with house.units() as unit:
        now, rules, named = house.clock(), house.rulebook, grant.conversation_id
        talk = unit.conversations.lock(named) if named else None
        order = unit.orders.get(grant.order_id)
        if known := _find_given(unit, grant.case_id, order.id):
            return known
        unit.remedies.hold_caps(order.store)
        order = with_history(unit, unit.orders.get(order.id), rules, now)
        ruling = rule_on(
            grant.remedies,
            order,
            rules,
            now.date(),
            agent=grant.agent,
            talk=talk,
            before=given_before(unit, grant.agent, order),
        )
        if ruling.refusal:
            return ruling.refusal

        return _put_down(house, unit, grant, order, ruling, talk, now)


def rule_on(
    remedies: Sequence[Remedy],
    order: Order,
    rules: Rulebook,
    today: date,
    *,
    agent: Agent,
    talk: Conversation | None,
    before: Money,
) -> Ruling:
    """
    What becomes of it if that person gives these remedies for the order.

    Each is looked at as if those before it stood already; `before` is what the person gave for
    the order.
    """
    if refusal := (
        check_decides(agent)
        or check_not_own(agent, *emails_of(order, talk.identity if talk else None))
        or _check_theirs(order, talk)
    ):
        return Ruling(refusal=refusal)
    worth = Money(0, order.currency)
    for remedy in remedies:
        if refusal := check_agents_remedy(remedy, order, rules, today):
            return Ruling(refusal=refusal)
        worth += worth_of(remedy, order)
        order = after_remedy(remedy, order)
    two = check_four_eyes(worth, before, rules)
    if two and not agent.id:
        # Two names at a console may be one person; accounts are two.
        return Ruling(refusal=two)

    return Ruling(over=check_limit(agent, worth, before, rules), two=two)


def _check_theirs(order: Order, talk: Conversation | None) -> Refusal | None:
    """Nothing of an order is said in a talk whose buyer has not shown that it is theirs."""
    if talk is None:
        return None
    email = talk.identity.email.strip().lower() if talk.identity else ""
    theirs = order.id in talk.verified or (email and email == order.buyer.email.strip().lower())
    if theirs and talk.store == order.store:
        return None

    return Refusal(RefusalReason.SOMEBODY_ELSES, order.number)


def _find_given(unit: UnitOfWork, case_id: str, order_id: int) -> Given | None:
    """What the same request gave before."""
    rows = [row for row in unit.archive.remedies(order_id) if row.case_id == case_id]
    if not rows:
        return None

    return Given(remedies=tuple(row.id for row in rows), state=rows[0].state)


def _put_down(
    house: House,
    unit: UnitOfWork,
    grant: Grant,
    order: Order,
    ruling: Ruling,
    talk: Conversation | None,
    now: datetime,
) -> Given:
    """All of it on record, and said to the buyer."""
    conversation_id = talk.id if talk else _conversation_of(unit, order, now)
    case = Case(
        id=grant.case_id,
        conversation_id=conversation_id,
        playbook=PLAYBOOK,
        intent=PLAYBOOK,
        order_id=order.id,
        state=CaseState.APPROVAL if ruling.waits else CaseState.SETTLED,
        opening=grant.reason[:200],
        line_id=grant.remedies[0].line_id if len(grant.remedies) == 1 else None,
    )
    unit.cases.save(case, 0, now)
    if talk:
        _say(house, unit, talk, case, GrantedByPerson(order_number=order.number), now)
    made = []
    for remedy in grant.remedies:
        made.append(_put_one_down(house, unit, grant, case, remedy, order, ruling, now))
        if talk:
            _say(
                house, unit, talk, case, terms_reply(house, remedy, order, waits=ruling.waits), now
            )
        order = after_remedy(remedy, order)
    state = RemedyState.APPROVAL if ruling.waits else RemedyState.REQUESTED

    return Given(remedies=tuple(made), state=state)


def _put_one_down(
    house: House,
    unit: UnitOfWork,
    grant: Grant,
    case: Case,
    remedy: Remedy,
    order: Order,
    ruling: Ruling,
    now: datetime,
) -> str:
    agent, looked_at = grant.agent, [one for one in (ruling.over, ruling.two) if one]
    number = unit.ledger.add_decision(
        DecisionRow(
            store=order.store,
            conversation_id=case.conversation_id,
            case_id=case.id,
            message_id=None,
            playbook=PLAYBOOK,
            step="grant",
            decision="Perform",
            facts={
                **facts_of(remedy, order),
                "reason": grant.reason[:200],
                "needs_approval": ruling.waits,
            },
            rules=tuple(
                Rule(str(one.reason), held=False, compared=one.compared) for one in looked_at
            ),
            rulebook_version=house.rulebook.version,
            decided_at=now,
            remedy=remedy,
            decided_by=agent.name,
        )
    )
    made = put_on_record(
        unit,
        case.id,
        number,
        remedy,
        order,
        reason=grant.reason[:200],
        needs_approval=ruling.waits,
        approved_by="" if ruling.waits else agent.name,
        now=now,
    )
    if agent.id:
        unit.approvals.add(made, agent.id, ruling.verdict, grant.reason, now)
    after = {**terms_of(remedy), "order": order.number, "reason": grant.reason}
    action = "remedy.ask" if ruling.waits else "remedy.grant"
    unit.audit.add(deed(agent, action, "remedy", made, after=after, ip=grant.ip), now)

    return made


def _conversation_of(unit: UnitOfWork, order: Order, now: datetime) -> str:
    """Where it is put down what is given for an order outside of any talk."""
    conversation_id = f"{OUTSIDE}{order.id:08}"
    unit.conversations.add_named(conversation_id, order.store, "en", now)
    unit.conversations.set_floor(conversation_id, Floor.CLOSED)

    return conversation_id


def _say(
    house: House, unit: UnitOfWork, talk: Conversation, case: Case, reply: Reply, now: datetime
) -> None:
    spoken = house.speaker.render(reply, talk.locale, variant=case.id, now=now)
    unit.conversations.say(talk.id, spoken, answers=None, case_id=None, now=now)
