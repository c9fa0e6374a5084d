"""Reading who looked at what and changed what."""

from dataclasses import dataclass

from bot.casework.audit import AuditFilter, Entry
from bot.services.house import House

PAGE = 100
"""Deeds that are read at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """A part of the list, the newest first; `next` is what to go on before, None at the end."""

    entries: tuple[Entry, ...]
    next: int | None


def search_audit(house: House, wanted: AuditFilter) -> AuditPage:
    """The newest of the deeds that fit."""
    with house.units.reading() as unit:
        found = unit.audit.search(wanted, PAGE + 1)
    entries = found[:PAGE]

    return AuditPage(
        entries=entries, next=entries[-1].number if len(found) > len(entries) else None
    )
