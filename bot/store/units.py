"""Units of work over one database."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from bot.casework.ports.units import Collision
from bot.store.accounts import SqlAccounts
from bot.store.approvals import SqlApprovals
from bot.store.archive import SqlArchive
from bot.store.audit import SqlAudit
from bot.store.cases import SqlCases
from bot.store.changes import SqlChanges
from bot.store.comparisons import SqlComparisons, SqlPromotions
from bot.store.conversations import SqlConversations
from bot.store.database import reading, writing
from bot.store.desk import SqlDesk
from bot.store.desk_clocks import SqlDeskClocks
from bot.store.dialogues import SqlDialogues
from bot.store.erasures import SqlErasures
from bot.store.files import SqlFiles
from bot.store.hints_aside import SqlHintsAside
from bot.store.identity_tries import SqlIdentityTries
from bot.store.inbox import SqlInbox
from bot.store.inbox_changes import SqlInboxChanges
from bot.store.inbox_upkeep import SqlInboxUpkeep
from bot.store.ledger import SqlLedger
from bot.store.letters import SqlLetters
from bot.store.login_tries import SqlLoginTries
from bot.store.notices import SqlNotices
from bot.store.order_talks import SqlOrderTalks
from bot.store.orders import SqlOrders
from bot.store.outbox import SqlOutbox
from bot.store.past import SqlPast
from bot.store.profiles import SqlStores
from bot.store.queue import SqlQueue
from bot.store.remedies import SqlRemedies
from bot.store.reports import SqlReports
from bot.store.search import SqlSearch
from bot.store.shadows import SqlShadows
from bot.store.talks import SqlTalks
from bot.store.tidying import SqlTidying
from bot.store.trainings import SqlTrainings
from bot.store.waiting import SqlWaiting

DEADLOCK = "40P01"
"""PostgreSQL's word for two transactions that wait for each other; SQLite has one writer only."""


class SqlUnit:
    """`bot.casework.ports.units.UnitOfWork` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    @cached_property
    def conversations(self) -> SqlConversations:
        return SqlConversations(self._db)

    @cached_property
    def cases(self) -> SqlCases:
        return SqlCases(self._db)

    @cached_property
    def orders(self) -> SqlOrders:
        return SqlOrders(self._db)

    @cached_property
    def stores(self) -> SqlStores:
        return SqlStores(self._db)

    @cached_property
    def ledger(self) -> SqlLedger:
        return SqlLedger(self._db)

    @cached_property
    def past(self) -> SqlPast:
        return SqlPast(self._db)

    @cached_property
    def remedies(self) -> SqlRemedies:
        return SqlRemedies(self._db)

    @cached_property
    def order_talks(self) -> SqlOrderTalks:
        return SqlOrderTalks(self._db)

    @cached_property
    def approvals(self) -> SqlApprovals:
        return SqlApprovals(self._db)

    @cached_property
    def archive(self) -> SqlArchive:
        return SqlArchive(self._db)

    @cached_property
    def desk(self) -> SqlDesk:
        return SqlDesk(self._db)

    @cached_property
    def files(self) -> SqlFiles:
        return SqlFiles(self._db)

    @cached_property
    def letters(self) -> SqlLetters:
        return SqlLetters(self._db)

    @cached_property
    def queue(self) -> SqlQueue:
        return SqlQueue(self._db)

    @cached_property
    def talks(self) -> SqlTalks:
        return SqlTalks(self._db)

    @cached_property
    def accounts(self) -> SqlAccounts:
        return SqlAccounts(self._db)

    @cached_property
    def login_tries(self) -> SqlLoginTries:
        return SqlLoginTries(self._db)

    @cached_property
    def desk_clocks(self) -> SqlDeskClocks:
        return SqlDeskClocks(self._db)

    @cached_property
    def notices(self) -> SqlNotices:
        return SqlNotices(self._db)

    @cached_property
    def search(self) -> SqlSearch:
        return SqlSearch(self._db)

    @cached_property
    def audit(self) -> SqlAudit:
        return SqlAudit(self._db)

    @cached_property
    def waiting(self) -> SqlWaiting:
        return SqlWaiting(self._db)

    @cached_property
    def erasures(self) -> SqlErasures:
        return SqlErasures(self._db, self.ledger)

    @cached_property
    def outbox(self) -> SqlOutbox:
        return SqlOutbox(self._db)

    @cached_property
    def inbox(self) -> SqlInbox:
        return SqlInbox(self._db)

    @cached_property
    def changes(self) -> SqlChanges:
        return SqlChanges(self._db)

    @cached_property
    def trainings(self) -> SqlTrainings:
        return SqlTrainings(self._db)

    @cached_property
    def comparisons(self) -> SqlComparisons:
        return SqlComparisons(self._db)

    @cached_property
    def promotions(self) -> SqlPromotions:
        return SqlPromotions(self._db)

    @cached_property
    def shadows(self) -> SqlShadows:
        return SqlShadows(self._db)

    @cached_property
    def dialogues(self) -> SqlDialogues:
        return SqlDialogues(self._db)

    @cached_property
    def hints_aside(self) -> SqlHintsAside:
        return SqlHintsAside(self._db)

    @cached_property
    def inbox_changes(self) -> SqlInboxChanges:
        return SqlInboxChanges(self._db)

    @cached_property
    def inbox_upkeep(self) -> SqlInboxUpkeep:
        return SqlInboxUpkeep(self._db)

    @cached_property
    def reports(self) -> SqlReports:
        return SqlReports(self._db)

    @cached_property
    def tidying(self) -> SqlTidying:
        return SqlTidying(self._db)

    @cached_property
    def identity_tries(self) -> SqlIdentityTries:
        return SqlIdentityTries(self._db)


class SqlUnits:
    """`bot.casework.ports.units.Units`: each call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def __call__(self) -> Iterator[SqlUnit]:
        try:
            with writing(self.engine) as connection:
                unit = SqlUnit(connection)
                yield unit
                unit.ledger.seal()
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) == DEADLOCK:
                raise Collision from error
            raise

    @contextmanager
    def reading(self) -> Iterator[SqlUnit]:
        with reading(self.engine) as connection:
            yield SqlUnit(connection)

    def scrub(self) -> None:
        """
        Empty SQLite's write-ahead log, in which erased rows stand as they were.

        Who reads at this moment keeps it from that: then the next checkpoint does it. PostgreSQL
        cleans up by itself.
        """
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                cursor = connection.connection.cursor()
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.close()

    def close(self) -> None:
        """Let all connections go."""
        self.engine.dispose()
