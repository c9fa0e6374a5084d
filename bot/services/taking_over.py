"""
People take conversations over from the bot, pass them on, and give them back.

Each of these locks the conversation first, as every turn of the bot does: so two clicks at once
have one winner, and a turn that was running at the moment of the claim finds the floor taken and
says nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.casework.agents import Agent, May
from bot.casework.audit import Deed
from bot.casework.cases import Awaiting, Case, CaseState
from bot.casework.deadlines import due_at
from bot.casework.decisions import Reason
from bot.casework.desk import Holding
from bot.casework.ports.units import UnitOfWork
from bot.casework.replies import MessageKind, Reply
from bot.casework.turns import BuyerMessage, Conversation, Floor, Route, Sender, Turn, Understanding
from bot.services.case_work import put_again
from bot.services.exchange import Exchange
from bot.services.house import House
from bot.services.turn_queue import NotAcceptable

CLAIM_FOR = timedelta(minutes=10)
"""How long a claim lasts after the last sign of life of its agent's browser."""
RENEW_BELOW = timedelta(minutes=9)
"""A claim with more left is not written anew."""
LONGEST_SNOOZE = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class AgentJoined(Reply):
    """A person is there, by first name."""

    kind = MessageKind.NOTICE

    name: str


@dataclass(frozen=True, kw_only=True)
class AgentLeft(Reply):
    """That person is gone, another one will answer."""

    kind = MessageKind.NOTICE

    name: str


@dataclass(frozen=True, kw_only=True)
class BotIsBack(Reply):
    """That person is gone, the bot goes on."""

    kind = MessageKind.NOTICE

    name: str


@dataclass(frozen=True, kw_only=True)
class ChatClosed(Reply):
    """It is over; anything else begins a new chat."""

    kind = MessageKind.NOTICE

    name: str


@dataclass(frozen=True, kw_only=True)
class OnDesk:
    """A conversation held against all other writers, in an agent's hands."""

    house: House
    unit: UnitOfWork
    agent: Agent
    conversation: Conversation
    holding: Holding
    now: datetime

    @property
    def is_mine(self) -> bool:
        """Whether the agent has claimed it."""
        held = self.holding

        return (
            self.conversation.floor is Floor.HUMAN
            and held.agent is not None
            and held.agent.id == self.agent.id
        )

    def check_mine(self) -> None:
        """Refuse what only whoever has claimed it may do."""
        self.check_open()
        if not self.is_mine:
            raise NotAcceptable("not_yours", f"{_whose(self)} Take it over first.")

    def check_open(self) -> None:
        """Refuse what makes no sense any more."""
        if self.conversation.floor is Floor.CLOSED:
            raise NotAcceptable(
                "closed", "This conversation is closed. The buyer begins a new one."
            )

    def check_takeable(self) -> None:
        """Refuse to take it out of somebody else's hands, unless the role assigns work."""
        self.check_open()
        anothers = self.conversation.floor is Floor.HUMAN and not self.is_mine
        if anothers and not self.agent.may(May.ASSIGN):
            raise NotAcceptable("taken", f"{_whose(self)} Ask them to transfer it.")

    def say(self, reply: Reply, sender: Sender = Sender.SYSTEM) -> None:
        """Tell the buyer."""
        variant = f"{self.conversation.id}{self.conversation.fence}"
        spoken = self.house.speaker.render(
            reply, self.conversation.locale, variant=variant, now=self.now
        )
        self.unit.conversations.say(
            self.conversation.id, spoken, answers=None, case_id=None, now=self.now, sender=sender
        )

    def record(self, action: str, **after: object) -> None:
        """Write it down for the owner."""
        held = self.holding
        before = {"floor": self.conversation.floor, "agent": held.agent.name if held.agent else ""}
        deed = Deed(
            agent=self.agent,
            action=f"conversation.{action}",
            subject="conversation",
            subject_id=self.conversation.id,
            before=before,
            after=after,
        )
        self.unit.audit.add(deed, self.now)

    def wait(self, why: str, *, anew: bool = False) -> None:
        """
        It waits for a person from now on, and a clock runs.

        Taken from the bot unasked it had none: nobody would hear that it is forgotten. What was
        answered waits for nobody, unless somebody passes it on `anew`.
        """
        self.unit.conversations.set_floor(self.conversation.id, Floor.WAITING)
        if not self.holding.handed or (anew and self.holding.answered_at):
            self.unit.ledger.add_hand_off(
                self.conversation.id,
                None,
                None,
                Reason.PASSED_ON,
                why,
                self.now,
                due_at=due_at(self.house.rulebook, Reason.PASSED_ON, None, self.now),
                agent_id=self.agent.id,
            )

    def let_go(self) -> None:
        """The buyer hears that whoever was there has left."""
        if self.conversation.floor is Floor.HUMAN and self.holding.agent:
            self.say(AgentLeft(name=self.holding.agent.first_name))


def on_desk(house: House, unit: UnitOfWork, conversation_id: str, agent: Agent) -> OnDesk:
    """The conversation, held; Missing if there is none."""
    conversation = unit.conversations.lock(conversation_id)

    return OnDesk(
        house=house,
        unit=unit,
        agent=agent,
        conversation=conversation,
        holding=unit.desk.holding(conversation_id),
        now=house.clock(),
    )


def do_claim(house: House, conversation_id: str, agent: Agent) -> None:
    """
    The agent speaks from now on, and nobody else; `taken` says who was faster.

    What they have claimed already is only renewed.
    """
    with house.units() as unit:
        desk = on_desk(house, unit, conversation_id, agent)
        desk.check_open()
        if desk.conversation.floor is Floor.HUMAN and not desk.is_mine:
            raise NotAcceptable("taken", _whose(desk))
        unit.desk.claim(conversation_id, agent, desk.now + CLAIM_FOR)
        if desk.is_mine:
            return
        unit.conversations.set_floor(conversation_id, Floor.HUMAN)
        unit.conversations.set_misses(conversation_id, 0)
        desk.say(AgentJoined(name=agent.first_name))
        desk.record("claim", floor=Floor.HUMAN, agent=agent.name)


def do_renew(house: House, agent: Agent) -> None:
    """A sign of life: what the agent has claimed stays theirs."""
    with house.units() as unit:
        unit.desk.renew(agent, house.clock() + CLAIM_FOR)


def do_give_back(
    house: House, conversation_id: str, agent: Agent, *, note: str, resume: bool
) -> None:
    """
    The bot speaks again: it resumes the latest case that was handed over, or starts anew.

    What the buyer wrote meanwhile was the agent's to answer, so the bot answers none of it. A case
    that is resumed puts its question again; one that cannot go on is handed over once more.
    """
    with house.units() as unit:
        desk = on_desk(house, unit, conversation_id, agent)
        desk.check_mine()
        unit.conversations.set_floor(conversation_id, Floor.BOT)
        unit.desk.settle(conversation_id, closed_at=None)
        unit.desk.mark_all_answered(conversation_id, desk.now)
        if note:
            unit.desk.add_note(
                conversation_id, agent, client_id=house.new_id(), text=note, now=desk.now
            )
        desk.say(BotIsBack(name=agent.first_name), Sender.BOT)
        desk.record("give_back", floor=Floor.BOT, resume=resume)
        _take_up(desk, resume=resume)


def _take_up(desk: OnDesk, *, resume: bool) -> None:
    """What becomes of the cases: the latest goes on, or all of them are dropped."""
    unit, conversation = desk.unit, replace(desk.conversation, floor=Floor.BOT)
    cases = list(unit.cases.of_conversation(conversation.id))
    last = unit.conversations.find_last_of_buyer(conversation.id)
    waiting = [one for one in cases if one.state in (CaseState.HANDED_OFF, CaseState.OPEN)]
    if not waiting or last is None:
        return
    if not resume:
        for one in waiting:
            unit.cases.set_state(one.id, CaseState.DROPPED, desk.now)
        return
    exchange = _silent_exchange(desk, conversation, last, cases)
    put_again(exchange, exchange.keep(_anew(waiting[0])), name_order=True)


def _anew(case: Case) -> Case:
    """The case as it was, but nothing is agreed: a yes from before the person came is over."""
    return replace(
        case,
        state=CaseState.OPEN,
        awaiting=Awaiting.NOTHING,
        offer=None,
        picked=None,
        confirmed=False,
        declined=False,
        misses=0,
        terms_put_at="",
    )


def _silent_exchange(
    desk: OnDesk, conversation: Conversation, last: BuyerMessage, cases: list[Case]
) -> Exchange:
    """A turn in which the buyer said nothing, behind their last message."""
    return Exchange(
        unit=desk.unit,
        house=desk.house,
        conversation=conversation,
        message=last,
        understanding=Understanding(route=Route.CONTINUE_CASE, intent="", confidence=0.0),
        turn=Turn(),
        now=desk.now,
        cases=cases,
        rules=desk.house.rulebook,
    )


def do_close(house: House, conversation_id: str, agent: Agent) -> None:
    """The matter is settled; the buyer begins a new chat for anything else."""
    with house.units() as unit:
        desk = on_desk(house, unit, conversation_id, agent)
        desk.check_takeable()
        for case in unit.cases.of_conversation(conversation_id):
            if case.state in (CaseState.OPEN, CaseState.HANDED_OFF, CaseState.REMEMBERED):
                unit.cases.set_state(case.id, CaseState.SETTLED, desk.now)
        unit.desk.mark_all_answered(conversation_id, desk.now)
        desk.say(ChatClosed(name=agent.first_name))
        unit.conversations.set_floor(conversation_id, Floor.CLOSED)
        unit.desk.settle(conversation_id, closed_at=desk.now)
        desk.record("close", floor=Floor.CLOSED)


def do_snooze(house: House, conversation_id: str, agent: Agent, until: datetime | None) -> None:
    """Out of sight until then; None: back at once. A message of the buyer ends it, too."""
    with house.units() as unit:
        desk = on_desk(house, unit, conversation_id, agent)
        desk.check_takeable()
        if until and not desk.now < until <= desk.now + LONGEST_SNOOZE:
            raise NotAcceptable(
                "wrong_time", f"Snooze until a time in the next {LONGEST_SNOOZE.days} days."
            )
        unit.desk.snooze(conversation_id, until)
        desk.record("snooze", until=until.isoformat() if until else None)


def do_assign(
    house: House, conversation_id: str, agent: Agent, *, to: Agent | None, team: str, note: str
) -> None:
    """
    Somebody else, or a team, is to answer; it waits for them.

    Whoever has claimed it may pass it on; a lead may take it from anybody. Nobody's conversation
    can be assigned by everybody.
    """
    if to and not to.may(May.ANSWER):
        raise NotAcceptable("cannot_answer", f"{to.name} does not answer buyers.")
    if not to and not team:
        raise NotAcceptable("nobody", "Name a person or a team.")
    with house.units() as unit:
        desk = on_desk(house, unit, conversation_id, agent)
        desk.check_takeable()
        desk.let_go()
        desk.wait(f"{agent.name} passed it on. {note}".strip(), anew=True)
        unit.desk.release(conversation_id, agent_id=to.id if to else None, team=team)
        if note:
            unit.desk.add_note(
                conversation_id, agent, client_id=house.new_id(), text=note, now=desk.now
            )
        desk.record("assign", floor=Floor.WAITING, agent=to.name if to else "", team=team)


def do_let_lapse(house: House) -> tuple[str, ...]:
    """
    Claims of agents who have disappeared end: their conversations wait in the queue again.

    Never silently back to the bot. Which conversations those were.
    """
    with house.units.reading() as unit:
        lapsed = unit.desk.lapsed(house.clock())

    return tuple(one for one in lapsed if _lapse(house, one))


def _lapse(house: House, conversation_id: str) -> bool:
    with house.units() as unit:
        conversation = unit.conversations.lock(conversation_id)
        holding = unit.desk.holding(conversation_id)
        now = house.clock()
        agent, until = holding.agent, holding.claimed_until
        if conversation.floor is not Floor.HUMAN or agent is None or not until or until > now:
            return False  # renewed, or given away, since we looked
        desk = on_desk(house, unit, conversation_id, agent)
        desk.let_go()
        desk.wait(f"{agent.name} had taken it over and is gone.")
        unit.desk.release(conversation_id, team=holding.team)
        desk.record("lapse", floor=Floor.WAITING, agent="")

    return True


def _whose(desk: OnDesk) -> str:
    """Who has it, as a sentence."""
    if desk.conversation.floor is Floor.HUMAN and desk.holding.agent:
        return f"{desk.holding.agent.name} has taken this conversation over."

    return "Nobody has taken this conversation over."
