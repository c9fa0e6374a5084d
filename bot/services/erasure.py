"""
Taking a buyer's personal data away on request, everywhere at once.

The person goes; what the seller must keep stays without them: orders with their amounts, remedies,
and the ledger's decisions, which stand sealed with who decided and how much. All rows change in one
transaction. The files of photos and other uploads go last in it: if we die between, the rows that
name them stand, and the same command finishes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from pathlib import Path

from bot.casework.agents import Agent
from bot.casework.audit import Deed
from bot.casework.erasure import ErasureReport, Kept, PastErasure, email_hash
from bot.casework.ports.units import UnitOfWork
from bot.services.collisions import retried
from bot.services.house import House
from bot.services.turn_queue import NotAcceptable

AN_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
LONGEST = 320
STRAY_AFTER = timedelta(hours=1)
"""So old is a file that no row names, if no upload will name it any more."""
FILES_AT_ONCE = 1000
WHY_KEPT = {
    "orders": "with their lines, payments and country, without the person: tax law",
    "remedies": "what was given, how much and when, without the person: accounts",
    "decisions": "sealed, with their amounts and who decided, without the buyer's words",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Eraser:
    """Who erases: an agent at the desk, or whoever is at the command line."""

    agent: Agent | None = None
    name: str = "command line"
    ip: str = ""


def do_erase(
    house: House, email: str, *, by: Eraser, uploads: Path, store: str | None = None
) -> ErasureReport:
    """
    Erase the buyer of that e-mail, in one store or in all; a report of what was removed.

    `uploads` is the folder of photos and other files.

    NotAcceptable while a remedy of theirs is under way: whoever carries it out still needs the
    address, and the buyer is still to hear of it. There is no way around that; the remedy has to
    be confirmed, failed or denied first.
    """
    wanted = email.strip().casefold()
    if len(wanted) > LONGEST or not AN_EMAIL.fullmatch(wanted):
        raise NotAcceptable("wrong_email", "That is not an e-mail address.")

    return retried(lambda: _erase(house, wanted, by, uploads, store))


def _erase(house: House, email: str, by: Eraser, uploads: Path, store: str | None) -> ErasureReport:
    with house.units() as unit:
        now = house.clock()
        if store is not None and unit.stores.find(store) is None:
            raise NotAcceptable("unknown_store", f"There is no store {store}.")
        traces = unit.erasures.hold(email, store)
        if traces.unsettled:
            numbers = ", ".join(traces.unsettled)
            raise NotAcceptable(
                "remedy_open",
                f"A remedy is still under way on {numbers}. Confirm it, or say that it failed, or "
                "deny it; then erase the buyer.",
            )
        kept = unit.erasures.count_kept(traces)
        removed = unit.erasures.erase(traces, by=by.name, version=house.rulebook.version, now=now)
        number = None
        if any(removed.values()):
            number = unit.erasures.note(traces, removed, by=by.name, now=now)
            _write_down(unit, email, store, removed, by, now)
        for name in traces.uploads:
            (uploads / name).unlink(missing_ok=True)

    remove_stray_uploads(house, uploads)
    house.units.scrub()

    return ErasureReport(
        id=number,
        removed=removed,
        kept=tuple(Kept(what=what, count=kept[what], why=WHY_KEPT[what]) for what in WHY_KEPT),
        unforgotten=traces.conversations,
    )


def _write_down(
    unit: UnitOfWork,
    email: str,
    store: str | None,
    removed: Mapping[str, int],
    by: Eraser,
    now: datetime,
) -> None:
    """In the audit list the buyer is a checksum: who knows the e-mail can find the erasure."""
    after = {**removed, **({"store": store} if store else {})}
    deed = Deed(
        agent=by.agent,
        who=by.name,
        action="buyer.erase",
        subject="buyer",
        subject_id=email_hash(email),
        after=after,
        ip=by.ip,
    )
    unit.audit.add(deed, now)


def remove_stray_uploads(house: House, uploads: Path) -> int:
    """
    Remove files that no row names, such as of an upload that broke off; how many there were.

    Whose they are nobody knows, so they go whenever anybody is erased.
    """
    oldest = (house.clock() - STRAY_AFTER).timestamp()
    files = [file for file in uploads.glob("*") if file.is_file() and file.stat().st_mtime < oldest]
    known: set[str] = set()
    with house.units.reading() as unit:
        for some in batched(files, FILES_AT_ONCE):
            known |= unit.erasures.recorded([file.name for file in some])
    stray = [file for file in files if file.name not in known]
    for file in stray:
        file.unlink(missing_ok=True)

    return len(stray)


def list_erasures(house: House, most: int) -> tuple[PastErasure, ...]:
    """The latest erasures, the newest first; whose they were is not known any more."""
    with house.units.reading() as unit:
        return unit.erasures.newest(most)


def find_unforgotten(house: House) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Erasures of which Rasa was not told yet, with the conversations that it shall forget."""
    with house.units.reading() as unit:
        return tuple(unit.erasures.unforgotten())


def note_forgotten(house: House, erasure: int) -> None:
    """Rasa has forgotten all conversations of that erasure."""
    with house.units() as unit:
        unit.erasures.note_forgotten(erasure)
