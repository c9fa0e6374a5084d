"""Taking a buyer's personal data away, from the desk."""

import asyncio
from datetime import datetime
from typing import Final

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from bot.casework.agents import Agent, May
from bot.casework.erasure import ErasureReport
from bot.services.erasure import Eraser, do_erase, list_erasures
from bot.web.desk.access import ip_of
from bot.web.desk.desk import Desk
from bot.web.door import Door
from bot.web.errors import AnyRequest, faults
from bot.web.forgetting import let_forget
from bot.web.incoming import refuse

MOST_LISTED: Final = 50


class ErasureRequest(msgspec.Struct):
    """Whom to erase; `confirm` is the e-mail once more, `store` where only one is meant."""

    email: str
    confirm: str
    store: str | None = None


class Counted(msgspec.Struct):
    """How many of what."""

    what: str
    count: int


class KeptShown(msgspec.Struct):
    """What stays, without the person, and why it may."""

    what: str
    count: int
    why: str


class Erased(msgspec.Struct):
    """
    What was removed and what was kept.

    `rasa_told` is false while Rasa does not answer: it is told as soon as it does.
    """

    nothing_left: bool
    removed: list[Counted]
    kept: list[KeptShown]
    rasa_told: bool


class PastErasureShown(msgspec.Struct):
    """An erasure of some time ago; `email_hash` is SHA-256 of the e-mail in lower case."""

    erased_at: datetime
    who: str
    email_hash: str
    store: str | None
    removed: list[Counted]


class PastErasures(msgspec.Struct):
    """The latest, the newest first."""

    erasures: list[PastErasureShown]


@post(
    "/erasures",
    opt={"may": May.ERASE},
    status_code=HTTP_200_OK,
    responses=faults(401, 403, 409, 422),
)
async def erase_buyer(
    request: AnyRequest,
    data: JSONBody[ErasureRequest],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> Erased:
    """
    Take away all personal data of the buyer with that e-mail. It cannot be undone.

    Refused while a remedy of theirs is under way.
    """
    if data.email.strip().casefold() != data.confirm.strip().casefold():
        raise refuse("not_confirmed", "The two e-mails differ. Write it twice, as it is.")
    door: Door = request.app.state.door
    by = Eraser(agent=agent, name=agent.name, ip=ip_of(request))
    report = await asyncio.to_thread(
        do_erase, desk.house, data.email, by=by, uploads=door.uploads, store=data.store or None
    )
    for conversation_id in report.unforgotten:
        desk.show_change(conversation_id)

    return to_erased(report, rasa_told=await let_forget(desk.house, door.turns.rasa))


@get("/erasures", opt={"may": May.ERASE}, responses=faults(401, 403))
async def show_erasures(desk: NamedDependency[Desk]) -> PastErasures:
    """What was erased lately, by whom; not who it was."""
    found = await asyncio.to_thread(list_erasures, desk.house, MOST_LISTED)

    return PastErasures(
        erasures=[
            PastErasureShown(
                erased_at=one.erased_at,
                who=one.who,
                email_hash=one.email_hash,
                store=one.store,
                removed=[Counted(what, count) for what, count in one.removed.items() if count],
            )
            for one in found
        ]
    )


def to_erased(report: ErasureReport, *, rasa_told: bool) -> Erased:
    """The report as the page shows it: only what there was."""
    return Erased(
        nothing_left=report.nothing_left,
        removed=[Counted(what, count) for what, count in report.removed.items() if count],
        kept=[KeptShown(one.what, one.count, one.why) for one in report.kept if one.count],
        rasa_told=rasa_told,
    )


ERASURES: Final = (erase_buyer, show_erasures)
