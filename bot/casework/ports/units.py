"""Units of work: each is one transaction, which stands as a whole or not at all."""

from contextlib import AbstractContextManager
from typing import Protocol

from bot.casework.accounts import Accounts, LoginTries
from bot.casework.approvals import Approvals
from bot.casework.audit import Audit
from bot.casework.changes import Changes
from bot.casework.comparisons import Comparisons, Promotions
from bot.casework.deadlines import DeskClocks
from bot.casework.desk import Desk
from bot.casework.dialogues import Dialogues
from bot.casework.erasure import Erasures
from bot.casework.files import Files
from bot.casework.hints_aside import HintsAside
from bot.casework.inbox import Inbox
from bot.casework.inbox_changes import InboxChanges
from bot.casework.inbox_upkeep import InboxUpkeep
from bot.casework.letters import Letters
from bot.casework.notices import Notices
from bot.casework.order_talks import OrderTalks
from bot.casework.past import Past
from bot.casework.ports.archive import Archive
from bot.casework.ports.cases import Cases
from bot.casework.ports.conversations import Conversations
from bot.casework.ports.identity import IdentityTries
from bot.casework.ports.ledger import Ledger
from bot.casework.ports.orders import Orders
from bot.casework.ports.outbox import Outbox
from bot.casework.ports.remedies import Remedies
from bot.casework.ports.stores import Stores
from bot.casework.queue import Queue
from bot.casework.reports import Reports
from bot.casework.searching import Search
from bot.casework.shadows import Shadows
from bot.casework.talks import Talks
from bot.casework.tidying import Tidying
from bot.casework.trainings import Trainings
from bot.casework.waiting import Waiting


class Missing(LookupError):
    """What was asked for by id is not in the store."""


class Collision(RuntimeError):
    """Two units waited for each other; this one was undone as a whole and may be tried again."""


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
    def files(self) -> Files:
        """Files that the team sends."""

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
    def inbox(self) -> Inbox:
        """Messages that may teach the model something."""

    @property
    def changes(self) -> Changes:
        """What was written into the project's files."""

    @property
    def trainings(self) -> Trainings:
        """Trainings that were asked for."""

    @property
    def comparisons(self) -> Comparisons:
        """Models beside each other."""

    @property
    def promotions(self) -> Promotions:
        """Which models were put live."""

    @property
    def shadows(self) -> Shadows:
        """Candidates that read along."""

    @property
    def dialogues(self) -> Dialogues:
        """What buyers typed in conversations."""

    @property
    def hints_aside(self) -> HintsAside:
        """Hints that somebody put aside."""

    @property
    def inbox_changes(self) -> InboxChanges:
        """What changes of the project's files do to the inbox."""

    @property
    def inbox_upkeep(self) -> InboxUpkeep:
        """What changes in the inbox without anybody labelling."""

    @property
    def reports(self) -> Reports:
        """What many messages come to."""

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
