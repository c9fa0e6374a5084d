"""One buyer message while it is being answered, inside its transaction."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.casework.cases import Case, CaseState
from bot.casework.intents import NO_INTENTS, Intents
from bot.casework.orders import Order
from bot.casework.ports.units import UnitOfWork
from bot.casework.replies import Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import BuyerMessage, Conversation, Floor, Turn, Understanding
from bot.services.house import House


@dataclass(kw_only=True)
class Exchange:
    """
    What is known and what was said so far.

    `understanding` and `turn` are in terms that the tables know (`bot.services.meaning`).
    Cases are written through `keep`, so that the exchange's own list is always the newest.
    """

    unit: UnitOfWork
    house: House
    conversation: Conversation
    message: BuyerMessage
    understanding: Understanding
    turn: Turn
    now: datetime
    cases: list[Case]
    rules: Rulebook
    intents: Intents = NO_INTENTS
    said: int = 0
    granted: int = 0
    orders: dict[int, Order] = field(default_factory=dict)

    @property
    def bot_has_floor(self) -> bool:
        """Whether the bot may go on."""
        return self.conversation.floor is Floor.BOT

    @property
    def focus(self) -> Case | None:
        """The case whose question was put last and still stands."""
        return next((case for case in self.cases if case.open_question), None)

    @property
    def recent_order_id(self) -> int | None:
        """The order of the open question, or else the one that was talked about last."""
        if self.focus and self.focus.order_id is not None:
            return self.focus.order_id

        return next((case.order_id for case in self.cases if case.order_id is not None), None)

    def order(self, order_id: int) -> Order:
        """The order, read once and held against other remedies."""
        if order_id not in self.orders:
            order = self.unit.orders.get(order_id)
            self.orders[order_id] = with_history(
                self.unit, order, self.rules, self.now, self.conversation.id
            )

        return self.orders[order_id]

    def order_to_grant_on(self, order_id: int) -> Order:
        """
        The order, read anew with nothing else granted in its store until this turn ends.

        What the seller's caps count is certain from then on.
        """
        self.order(order_id)
        self.unit.remedies.hold_caps(self.conversation.store)
        self.orders.pop(order_id)

        return self.order(order_id)

    def say(self, reply: Reply, case: Case | None = None) -> None:
        """Say it; buttons under it belong to the case."""
        spoken = self.house.speaker.render(
            reply, self.conversation.locale, variant=self.message.id, now=self.now
        )
        self.unit.conversations.say(
            self.conversation.id,
            spoken,
            answers=self.message.id,
            case_id=case.id if case else None,
            now=self.now,
        )
        self.said += 1

    def keep(self, case: Case) -> Case:
        """Store the case as the one that this message touched last."""
        self.unit.cases.save(case, self.message.seq, self.now)
        self.cases = [case, *(other for other in self.cases if other.id != case.id)]

        return case

    def give_floor(self, floor: Floor) -> None:
        """From now on somebody else speaks."""
        self.unit.conversations.set_floor(self.conversation.id, floor)
        self.conversation = replace(self.conversation, floor=floor)

    def set_misses(self, misses: int) -> None:
        """Count messages in a row that were not understood."""
        if misses != self.conversation.misses:
            self.unit.conversations.set_misses(self.conversation.id, misses)
            self.conversation = replace(self.conversation, misses=misses)

    @property
    def remembered(self) -> Case | None:
        """The problem that was told first and is not taken up yet."""
        later = [case for case in self.cases if case.state is CaseState.REMEMBERED]

        return later[-1] if later else None

    def new_case(self, playbook: str, intent: str) -> Case:
        """
        A case that is not stored before it asks or settles something.

        Photos that came before we knew what they show are its own.
        """
        taken = {photo for case in self.cases for photo in case.photos} | set(self.turn.photos)
        sent = self.unit.conversations.photos(self.conversation.id)

        return Case(
            id=self.house.new_id(),
            conversation_id=self.conversation.id,
            playbook=playbook,
            intent=intent,
            opening=self.turn.opening or self.turn.text,
            photos=tuple(photo for photo in sent if photo not in taken),
        )


def with_history(
    unit: UnitOfWork, order: Order, rules: Rulebook, now: datetime, conversation_id: str = ""
) -> Order:
    """The order with what was given lately to its buyer and by its store."""
    history = unit.remedies.history(
        order,
        conversation_id=conversation_id,
        buyer_since=now - timedelta(days=rules.caps.buyer_days),
        faith_since=now - timedelta(days=rules.bad_faith.within_days),
        day_began=now.replace(hour=0, minute=0, second=0, microsecond=0),
    )

    return replace(order, history=history)
