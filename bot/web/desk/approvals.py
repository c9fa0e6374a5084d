"""What waits for a person's yes: look, approve, deny, put other terms in its place."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Final

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_404_NOT_FOUND,
    HTTP_409_CONFLICT,
    HTTP_422_UNPROCESSABLE_ENTITY,
)

from bot.casework.agents import Agent, May
from bot.casework.refusals import Refusal, RefusalReason
from bot.casework.remedies import RemedyState
from bot.refusal_words import say_refusal
from bot.services.approvals import do_approve, do_deny
from bot.services.house import House
from bot.services.remedy_changes import Changed, do_change
from bot.services.remedy_previews import preview_change
from bot.services.remedy_queue import find_place, list_waiting
from bot.services.wanted_remedies import Wanted, to_remedy
from bot.web.desk.access import ip_of
from bot.web.desk.desk import Desk
from bot.web.desk.remedy_shapes import (
    Decided,
    PreviewShown,
    WaitingList,
    to_preview,
    to_waiting_list,
)
from bot.web.errors import AnyRequest, WrongRequest, faults
from bot.web.incoming import ID, clean

REMEDY: Final = "/remedies/{remedy_id:str}"
TOO_LATE: Final = frozenset({RefusalReason.NOT_WAITING, RefusalReason.ALREADY})
"""Refusals that only say that somebody was quicker."""


class Denial(msgspec.Struct):
    """Why not; for the record, not for the buyer."""

    reason: str


class NewTerms(msgspec.Struct):
    """
    Other terms for the same order, and why.

    `buyer_agreed` says that the buyer has said yes to them: without it they are asked first where
    the terms are not as good as before.
    """

    kind: str
    line_id: int | None = None
    quantity: int | None = None
    amount: str | None = None
    percent: str | None = None
    reason: str = ""
    buyer_agreed: bool = False

    @property
    def wanted(self) -> Wanted:
        """The terms alone."""
        return Wanted(
            kind=self.kind,
            line_id=self.line_id,
            quantity=self.quantity,
            amount=self.amount or None,
            percent=self.percent or None,
        )


@get("/approvals", opt={"may": May.READ}, responses=faults(401, 403))
async def show_approvals(
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
    store: Annotated[str, QueryParameter(max_length=64)] = "",
) -> WaitingList:
    """What waits for a yes, the oldest first, and whether it may be yours."""
    queue = await asyncio.to_thread(list_waiting, desk.house, agent, store or None)

    return to_waiting_list(queue, desk.house.clock())


@post(
    f"{REMEDY}/approve",
    opt={"may": May.DECIDE},
    status_code=HTTP_200_OK,
    responses=faults(401, 403, 404, 409, 422),
)
async def approve(
    request: AnyRequest,
    remedy_id: FromPath[str],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> Decided:
    """Say yes. It goes out, unless a second person has to agree as well."""

    def work(house: House) -> Refusal | RemedyState:
        return do_approve(house, remedy_id, agent, ip=ip_of(request))

    said = await decide(desk, remedy_id, work)
    waits = said is RemedyState.APPROVAL
    text = (
        "Your yes is on record. A second person has to agree before it goes out."
        if waits
        else "Approved. The buyer is told."
    )

    return Decided(remedy_id=remedy_id, state=said, text=text)


@post(
    f"{REMEDY}/deny",
    opt={"may": May.DECIDE},
    status_code=HTTP_200_OK,
    responses=faults(401, 403, 404, 409, 422),
)
async def deny(
    request: AnyRequest,
    remedy_id: FromPath[str],
    data: JSONBody[Denial],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> Decided:
    """Say no. The buyer is told, and the conversation waits for a person."""

    def work(house: House) -> Refusal | None:
        return do_deny(house, remedy_id, agent, clean(data.reason), ip=ip_of(request))

    await decide(desk, remedy_id, work)

    return Decided(
        remedy_id=remedy_id,
        state=RemedyState.DENIED,
        text="Denied. The buyer is told that somebody will write to them.",
    )


@post(
    f"{REMEDY}/change/preview",
    opt={"may": May.DECIDE},
    status_code=HTTP_200_OK,
    responses=faults(401, 403, 404, 422),
)
async def preview_new_terms(
    remedy_id: FromPath[str],
    data: JSONBody[NewTerms],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> PreviewShown:
    """What other terms would come to, and what the buyer would read; nothing is done."""
    check_remedy_id(remedy_id)

    def work() -> PreviewShown:
        new = to_remedy(find_place(desk.house, remedy_id).order, data.wanted)
        found = preview_change(
            desk.house, remedy_id, new, agent=agent, buyer_agreed=data.buyer_agreed
        )
        return to_preview(found)

    return await asyncio.to_thread(work)


@post(
    f"{REMEDY}/change",
    opt={"may": May.DECIDE},
    status_code=HTTP_200_OK,
    responses=faults(401, 403, 404, 409, 422),
)
async def change(
    request: AnyRequest,
    remedy_id: FromPath[str],
    data: JSONBody[NewTerms],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> Decided:
    """Put other terms in its place; less than was agreed is put to the buyer first."""

    def work(house: House) -> Refusal | Changed:
        return do_change(
            house,
            remedy_id,
            to_remedy(find_place(house, remedy_id).order, data.wanted),
            agent=agent,
            reason=clean(data.reason),
            buyer_agreed=data.buyer_agreed,
            ip=ip_of(request),
        )

    changed = await decide(desk, remedy_id, work)
    if changed.asked:
        text = "The buyer is asked. Once they agree, make the change again and say so."
    elif changed.state is RemedyState.APPROVAL:
        text = "Changed. Somebody else has to say yes before it goes out."
    else:
        text = "Changed. It is on its way, and the buyer is told."

    return Decided(remedy_id=changed.remedy_id, state=changed.state, text=text, asked=changed.asked)


async def decide[T](desk: Desk, remedy_id: str, work: Callable[[House], T | Refusal]) -> T:
    """What the work gives; its refusal as an error. Whoever looks at the talk sees the news."""
    check_remedy_id(remedy_id)
    found = await asyncio.to_thread(work, desk.house)
    place = await asyncio.to_thread(find_place, desk.house, remedy_id)
    if isinstance(found, Refusal):
        raise refused(found, place.currency)
    desk.show_change(place.conversation_id)

    return found


def refused(refusal: Refusal, currency: str) -> WrongRequest:
    """A refusal as an error that a page can show as it is."""
    status = HTTP_409_CONFLICT if refusal.reason in TOO_LATE else HTTP_422_UNPROCESSABLE_ENTITY

    return WrongRequest(status, str(refusal.reason), say_refusal(refusal, currency))


def check_remedy_id(remedy_id: str) -> None:
    """An id that can be none is of nothing that we have."""
    if not ID.fullmatch(remedy_id):
        raise WrongRequest(HTTP_404_NOT_FOUND, "not_found", "There is no such remedy.")


APPROVALS: Final = (show_approvals, approve, deny, preview_new_terms, change)
