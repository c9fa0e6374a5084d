"""The audit list: who looked at what and changed what."""

import asyncio
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Final

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from bot.casework.agents import May
from bot.casework.audit import AuditFilter, Entry
from bot.services.audit import search_audit
from bot.web.desk.desk import Desk
from bot.web.errors import faults
from bot.web.incoming import clean

LONGEST: Final = 200
"""Signs that are looked for."""
MOST_NUMBER: Final = 2**31 - 1

Text = Annotated[str, QueryParameter(max_length=LONGEST)]
Day = Annotated[date | None, QueryParameter(description="A day in UTC, such as 2026-03-01")]


class AuditEntry(msgspec.Struct):
    """One look or change; `before` and `after` hold what stood and stands."""

    number: int
    at: datetime
    who: str
    agent_id: str | None
    action: str
    subject: str
    subject_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    ip: str


class AuditList(msgspec.Struct):
    """The newest first; `next` goes into `before` for what follows, null at the end."""

    entries: list[AuditEntry]
    next: int | None


@get("/audit", opt={"may": May.AUDIT}, responses=faults(401, 403))
async def show_audit(
    desk: NamedDependency[Desk],
    who: Annotated[str, QueryParameter(name="agent", max_length=LONGEST)] = "",
    action: Text = "",
    subject: Text = "",
    subject_id: Text = "",
    q: Text = "",
    since: Day = None,
    until: Day = None,
    before: Annotated[int | None, QueryParameter(ge=0, le=MOST_NUMBER)] = None,
) -> AuditList:
    """
    Who looked at what and changed what, a hundred at a time.

    `agent` is an id; `action` may be a beginning, such as `agent.`; `q` is looked for anywhere in
    an entry; `until` counts the whole day.
    """
    wanted = AuditFilter(
        agent_id=clean(who),
        action=clean(action),
        subject=clean(subject),
        subject_id=clean(subject_id),
        text=clean(q),
        since=datetime.combine(since, time.min, UTC) if since else None,
        until=datetime.combine(until, time.max, UTC) if until else None,
        before=before,
    )
    page = await asyncio.to_thread(search_audit, desk.house, wanted)

    return AuditList(entries=[to_entry(entry) for entry in page.entries], next=page.next)


AUDIT: Final = (show_audit,)


def to_entry(entry: Entry) -> AuditEntry:
    """The entry as it is sent."""
    return AuditEntry(
        number=entry.number,
        at=entry.at,
        who=entry.who,
        agent_id=entry.agent_id,
        action=entry.action,
        subject=entry.subject,
        subject_id=entry.subject_id,
        before=dict(entry.before) if entry.before else None,
        after=dict(entry.after) if entry.after else None,
        ip=entry.ip,
    )
