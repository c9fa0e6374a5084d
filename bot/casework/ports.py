"""
What services need from outside, as Protocols: the store, the words, the time.

A unit of work is one transaction. Whatever a service does between entering and leaving it
stands as a whole or not at all.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.casework.accounts import Accounts, LoginTries
from bot.casework.approvals import Approvals
from bot.casework.audit import Audit
from bot.casework.cases import Case, CaseState, Facts, Offer
from bot.casework.deadlines import DeskClocks
from bot.casework.decisions import Claim, Reason, Rule
from bot.casework.desk import Desk
from bot.casework.erasure import Erasures
from bot.casework.evidence import Chat, PartnerClaim, WaitingTalk
from bot.casework.letters import Letters
from bot.casework.money import Money
from bot.casework.notices import Notices
from bot.casework.order_talks import OrderTalks
from bot.casework.orders import History, Order, OrderCard, OrderSummary
from bot.casework.outbox import OutboxRow
from bot.casework.past import BOT, Past, Taken
from bot.casework.queue import Queue
from bot.casework.remedies import Remedy, RemedyState
from bot.casework.replies import MessageKind, Reply
from bot.casework.searching import Search
from bot.casework.talks import Talks
from bot.casework.tidying import Tidying
from bot.casework.turns import (
    BuyerMessage,
    Conversation,
    Entity,
    Floor,
    Identity,
    LocaleFrom,
    PressedChoice,
    Sender,
    Turn,
    Understanding,
)
from bot.casework.waiting import Waiting


class Missing(LookupError):
    """What was asked for by id is not in the store."""


class Collision(RuntimeError):
    """Two units waited for each other; this one was undone as a whole and may be tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A reply in words: `choices` are pairs of value and label, `card` is ready JSON."""

    kind: MessageKind
    text: str
    choices: tuple[tuple[str, str], ...]
    card: Mapping[str, object] | None
    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A buyer's message as it comes in; `client_id` is the widget's own id for it."""

    conversation_id: str
    client_id: str
    text: str
    choice_token: str | None
    attachments: tuple[str, ...]
    ip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPhoto:
    """
    An uploaded photo, checked and written to the photo folder; sizes in pixels and bytes.

    `look` is its perceptual hash of 64 bits, None if not known: photos that look alike differ in
    few of them.
    """

    id: str
    file_name: str
    width: int
    height: int
    size: int
    sha256: str
    look: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMessage:
    """
    A message as the buyer sees it.

    `choices` are pairs of token and label; `photos` are id, width and height in pixels; `agent` is
    the first name of the person who wrote it.
    """

    seq: int
    id: str
    sender: Sender
    kind: str
    text: str
    choices: tuple[tuple[str, str], ...]
    card: Mapping[str, object] | None
    photos: tuple[tuple[str, int, int], ...]
    client_id: str | None
    created_at: datetime
    agent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreProfile:
    """One seller account, as its widget looks, with the secret that signs its buyers."""

    id: str
    title: str
    greeting: str
    colour: str
    avatar_url: str | None
    locale: str
    identity_secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """
    One line of the decision ledger.

    `before`, `order` and `turn` are what the playbook saw and `taken` what it decided, for a
    replay; `decided_by` is `bot` or the agent's name.
    """

    store: str
    conversation_id: str
    case_id: str | None
    message_id: str | None
    playbook: str
    step: str
    decision: str
    facts: Facts
    rules: tuple[Rule, ...]
    rulebook_version: str
    decided_at: datetime
    before: Case | None = None
    order: Order | None = None
    turn: Turn | None = None
    taken: Taken | None = None
    remedy: Remedy | None = None
    decided_by: str = BOT


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyRow:
    """
    A stored remedy, held against other writers; `reference` is the gateway's own id.

    `worth` is what it was reckoned to cost, `taken` what was taken from stock for it, by SKU.
    """

    id: str
    case_id: str
    order_id: int
    order_revision: int
    store: str
    remedy: Remedy
    worth: Money
    taken: tuple[tuple[str, int], ...]
    state: RemedyState
    reason: str
    approved_by: str
    idempotency_key: str
    reference: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """
    A question what the buyer meant by the message `answered`.

    `reply` is its name; `choices` are value and token of its buttons, in order.
    """

    answered: str
    reply: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarified:
    """
    What a buyer meant by a message that was not understood, in their own choice.

    `offered` are the values of the buttons with the model's confidence, None where it had none;
    `chosen` is the value that was taken, None if none was; `language` as the model heard it.
    """

    message_id: str
    text: str
    language: str | None
    offered: tuple[tuple[str, float | None], ...]
    chosen: str | None
    asked_at: datetime


class Conversations(Protocol):
    """Conversations, their messages and choices."""

    def add(
        self,
        store: str,
        locale: str,
        identity: Identity | None,
        now: datetime,
        *,
        locale_from: LocaleFrom = LocaleFrom.GUESSED,
    ) -> str:
        """A new conversation of that store; its id."""

    def add_named(self, conversation_id: str, store: str, locale: str, now: datetime) -> None:
        """A conversation of that id, unless it is there already."""

    def get(self, conversation_id: str) -> Conversation:
        """The conversation; Missing if there is none."""

    def lock(self, conversation_id: str) -> Conversation:
        """The conversation, held against all other writers until the unit ends."""

    def identify(self, conversation_id: str, identity: Identity) -> None:
        """Write down who the shop says the buyer is."""

    def set_floor(self, conversation_id: str, floor: Floor) -> None:
        """Who speaks from now on."""

    def set_locale(self, conversation_id: str, locale: str, locale_from: LocaleFrom) -> None:
        """In which language the buyer is answered from now on, and how that is known."""

    def set_misses(self, conversation_id: str, misses: int) -> None:
        """How many messages in a row were not understood."""

    def mark_verified(self, conversation_id: str, order_id: int, now: datetime) -> None:
        """The buyer proved that the order is theirs."""

    def get_message(self, message_id: str) -> BuyerMessage:
        """A buyer's message; Missing if there is none."""

    def find_last_of_buyer(self, conversation_id: str) -> BuyerMessage | None:
        """The buyer's latest message; None if they have not written yet."""

    def find_by_client_id(self, conversation_id: str, client_id: str) -> BuyerMessage | None:
        """The message that this client sent before under that id."""

    def add_message(self, message_id: str, message: NewMessage, now: datetime) -> BuyerMessage:
        """Store a buyer's message as the next of its conversation, with its photos."""

    def free_attachments(self, conversation_id: str, ids: Sequence[str]) -> set[str]:
        """Which of these uploads are of this conversation and belong to no message yet."""

    def add_attachment(self, conversation_id: str, attachment: StoredPhoto, now: datetime) -> None:
        """An upload that no message names yet."""

    def find_attachment(self, conversation_id: str, attachment_id: str) -> str | None:
        """The file name of this conversation's upload."""

    def find_reused(
        self, store: str, photos: Sequence[str], order_id: int, distance: int
    ) -> tuple[str, ...]:
        """
        Which of these photos look like one that was sent about another order of the store.

        Looks are alike if at most `distance` of their 64 bits differ (3 at most).
        """

    def photos(self, conversation_id: str) -> tuple[str, ...]:
        """Ids of the photos that the buyer sent with the latest messages, oldest first."""

    def transcript(self, conversation_id: str, after: int) -> tuple[ShownMessage, ...]:
        """Messages with a greater seq, in order, as the buyer sees them."""

    def unanswered(self, conversation_id: str) -> tuple[BuyerMessage, ...]:
        """Buyer messages that still want an answer, oldest first."""

    def note_understanding(self, message_id: str, understanding: Understanding) -> None:
        """Write down what Rasa heard."""

    def entities_of(self, message_id: str) -> tuple[Entity, ...]:
        """The details that were found in a buyer's message."""

    def mark_answered(self, message_id: str, now: datetime) -> None:
        """This message wants no further answer."""

    def say(
        self,
        conversation_id: str,
        spoken: Spoken,
        *,
        answers: str | None,
        case_id: str | None,
        now: datetime,
        sender: Sender = Sender.BOT,
    ) -> str:
        """Store a message to the buyer as the next one, with its choices; its id."""

    def said_to(self, message_id: str) -> tuple[str, ...]:
        """Texts of the bot's answers to a buyer's message, in order."""

    def find_choice(self, token: str) -> PressedChoice | None:
        """The button of that token."""

    def doubts(self, conversation_id: str, most: int) -> tuple[Doubt, ...]:
        """The latest questions what was meant, at most so many, the newest first."""

    def clarified(self, store: str) -> tuple[Clarified, ...]:
        """All messages that buyers were asked about in that store, the oldest first."""

    def use_choice(self, token: str, message_id: str) -> None:
        """The button was pressed by that message, and its siblings are over with it."""

    def take_lease(
        self,
        conversation_id: str,
        owner: str,
        until: datetime,
        now: datetime,
        held: int | None = None,
    ) -> int | None:
        """
        The new fencing number, or None while somebody else holds the conversation.

        `held` is the number of a lease that its owner renews.
        """

    def drop_lease(self, conversation_id: str, fence: int) -> None:
        """Let the conversation go, if nobody took it since."""

    def left_behind(self, now: datetime) -> tuple[str, ...]:
        """Conversations with the bot that have unanswered messages and no living lease."""

    def add_rating(self, conversation_id: str, score: int, comment: str, now: datetime) -> bool:
        """Store the buyer's rating, once; False if there was one."""


class Cases(Protocol):
    """Cases and their offers."""

    def of_conversation(self, conversation_id: str) -> tuple[Case, ...]:
        """Its open cases and the latest others, the last touched first."""

    def get(self, case_id: str) -> Case:
        """The case; Missing if there is none."""

    def set_state(self, case_id: str, state: CaseState, now: datetime) -> None:
        """Settle or hand off a case outside a buyer's turn."""

    def save(self, case: Case, touched: int, now: datetime) -> None:
        """Store the case as it is now; `touched` is the seq of the message that moved it."""

    def add_offer(self, case_id: str, offer: Offer, version: str, now: datetime) -> Offer:
        """Store an offer; the same with its id."""


class Orders(Protocol):
    """Facts from the shop."""

    def get(self, order_id: int) -> Order:
        """The order with everything granted on it, held against other remedies."""

    def find(self, store: str, number: str) -> Order | None:
        """The order of that number, however the buyer writes it."""

    def of_email(self, store: str, email: str) -> tuple[OrderSummary, ...]:
        """Orders of that e-mail, the newest first."""

    def summaries(self, order_ids: Sequence[int]) -> tuple[OrderSummary, ...]:
        """These orders, the newest first."""

    def buyers_of(self, store: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """The store's buyers: e-mail, name and order numbers, by name."""

    def take_stock(self, store: str, sku: str, pieces: int) -> bool:
        """Take pieces from stock; False if there are not enough."""

    def give_back_stock(self, store: str, sku: str, pieces: int) -> None:
        """Put pieces back that were taken for a remedy that will not be."""


class Stores(Protocol):
    """Seller accounts."""

    def find(self, store: str) -> StoreProfile | None:
        """The seller account of that id."""

    def titles(self) -> tuple[tuple[str, str], ...]:
        """Id and title of every seller account, by title."""


class Ledger(Protocol):
    """What was decided, granted and handed over."""

    def add_decision(self, row: DecisionRow) -> int:
        """Append a decision; its number."""

    def add_hand_off(
        self,
        conversation_id: str,
        case_id: str | None,
        message_id: str | None,
        reason: Reason,
        summary: str,
        now: datetime,
        *,
        due_at: datetime,
        agent_id: str | None = None,
    ) -> None:
        """
        Store a transfer to a person, and by when they are to have handled it.

        The conversation waits for it from now on, until the nearest deadline of what is open.
        `agent_id` is who passes it on, None for the bot.
        """

    def add_claim(self, case_id: str, order_id: int, claim: Claim, now: datetime) -> None:
        """Store what the seller may claim from a partner; once for a case and partner."""


class Remedies(Protocol):
    """What was granted, and how far it is."""

    def hold_caps(self, store: str) -> None:
        """Let no other unit grant anything in that store until this one ends."""

    def history(
        self,
        order: Order,
        *,
        conversation_id: str = "",
        buyer_since: datetime,
        faith_since: datetime,
        day_began: datetime,
    ) -> History:
        """
        What was given to the order's buyer and by its store since then.

        What was asked in that conversation itself does not count as asked elsewhere.
        """

    def add(
        self,
        case_id: str,
        decision: int,
        remedy: Remedy,
        *,
        order: Order,
        worth: Money,
        taken: tuple[tuple[str, int], ...] = (),
        reason: str,
        state: RemedyState,
        approved_by: str = "",
        now: datetime,
    ) -> str:
        """
        Store a remedy, with its outbox row unless it awaits approval; its id.

        Its idempotency key is unique for case, kind, line and attempt, for ever.
        """

    def get(self, remedy_id: str) -> RemedyRow:
        """The remedy, held against other writers; Missing if there is none."""

    def find_of_case(self, case_id: str) -> str | None:
        """The id of the case's first remedy."""

    def waiting(self, store: str | None) -> tuple[RemedyRow, ...]:
        """Remedies that await approval, the oldest first, of one store or of all."""

    def approve(self, remedy_id: str, agent: str, now: datetime) -> None:
        """An agent's yes: it goes out now."""

    def end(
        self,
        remedy_id: str,
        state: RemedyState,
        now: datetime,
        *,
        by: str = "",
        reference: str = "",
    ) -> None:
        """It is done, denied or has failed."""


class Archive(Protocol):
    """What was said and given about an order, read for whoever has to prove it."""

    def chats(self, order_id: int, photo_distance: int) -> tuple[Chat, ...]:
        """Conversations with a case of the order, the oldest first."""

    def remedies(self, order_id: int) -> tuple[RemedyRow, ...]:
        """All remedies of the order, those that came to nothing too."""

    def claims(self, order_id: int) -> tuple[PartnerClaim, ...]:
        """What the seller may claim from partners because of it."""

    def waiting(self, store: str | None) -> tuple[WaitingTalk, ...]:
        """Conversations that wait for a person, of one store or of all, the most urgent first."""


class Outbox(Protocol):
    """What is on its way to a gateway."""

    def due(self, now: datetime) -> OutboxRow | None:
        """The row that has waited longest and that nobody holds; None if nothing is due."""

    def of_remedy(self, remedy_id: str) -> OutboxRow:
        """The remedy's row, held against other writers; Missing if it was never to go out."""

    def put(self, row: OutboxRow, *, held: int) -> bool:
        """Store the row as it is now; False if somebody took it since fence `held`."""


class IdentityTries(Protocol):
    """Wrong guesses at an order."""

    def lock(self, store: str, number_key: str) -> None:
        """Let no other unit count or add tries on that order until this one ends."""

    def count(self, store: str, number_key: str, ip: str, proof_hash: str, since: datetime) -> int:
        """Wrong tries since then from that IP or with that proof, whichever is more."""

    def add(self, store: str, number_key: str, ip: str, proof_hash: str, now: datetime) -> None:
        """Write down a wrong try."""


class UnitOfWork(Protocol):
    """One transaction over everything stored."""

    @property
    def conversations(self) -> Conversations:
        """Conversations, messages and choices."""

    @property
    def cases(self) -> Cases:
        """Cases and offers."""

    @property
    def orders(self) -> Orders:
        """Facts from the shop."""

    @property
    def stores(self) -> Stores:
        """Seller accounts."""

    @property
    def ledger(self) -> Ledger:
        """Decisions, hand-offs, claims."""

    @property
    def past(self) -> Past:
        """What was decided before."""

    @property
    def archive(self) -> Archive:
        """What was said and given, for whoever has to prove it."""

    @property
    def remedies(self) -> Remedies:
        """What was granted."""

    @property
    def order_talks(self) -> OrderTalks:
        """Conversations about an order."""

    @property
    def approvals(self) -> Approvals:
        """What people at the desk said to remedies."""

    @property
    def outbox(self) -> Outbox:
        """What is on its way out."""

    @property
    def identity_tries(self) -> IdentityTries:
        """Wrong guesses at an order."""

    @property
    def desk(self) -> Desk:
        """Who has claimed what, and what agents write."""

    @property
    def letters(self) -> Letters:
        """Answers that buyers have not read."""

    @property
    def queue(self) -> Queue:
        """What waits for the team."""

    @property
    def talks(self) -> Talks:
        """Conversations as the team sees them."""

    @property
    def accounts(self) -> Accounts:
        """Agents and how they get in."""

    @property
    def login_tries(self) -> LoginTries:
        """Signing in in vain."""

    @property
    def desk_clocks(self) -> DeskClocks:
        """Deadlines of what waits for a person."""

    @property
    def notices(self) -> Notices:
        """What is on its way to people."""

    @property
    def search(self) -> Search:
        """Finds conversations."""

    @property
    def audit(self) -> Audit:
        """Who looked at what and changed what."""

    @property
    def waiting(self) -> Waiting:
        """What buyers leave and do beside their messages."""

    @property
    def erasures(self) -> Erasures:
        """Takes a buyer's personal data away."""

    @property
    def tidying(self) -> Tidying:
        """Takes away what is over."""


class Units(Protocol):
    """Opens units of work."""

    def __call__(self) -> AbstractContextManager[UnitOfWork]:
        """
        A unit that may write: committed at its end, rolled back by an exception.

        It may end in a Collision with another one that runs beside it.
        """

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        """A unit that only looks, and holds nobody up."""

    def scrub(self) -> None:
        """Leave nothing of what was erased in the store's own files, as far as it can be helped."""

    def close(self) -> None:
        """Let the store go, at the end of the process."""


class Speaker(Protocol):
    """Turns replies into words."""

    def render(self, reply: Reply, locale: str, *, variant: str, now: datetime) -> Spoken:
        """The reply in that language; `variant` picks one of several wordings, always alike."""

    def render_card(self, card: OrderCard, locale: str, now: datetime) -> Mapping[str, object]:
        """The order as ready JSON, with its labels in that language."""


class Clock(Protocol):
    """Tells the time."""

    def __call__(self) -> datetime:
        """Now, aware, in UTC."""
