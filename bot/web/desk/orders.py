"""One order on the desk: look at it, see who bought it, give a remedy of one's own."""

import asyncio
from typing import Final

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_404_NOT_FOUND

from bot.casework.agents import Agent, May
from bot.casework.orders import Order
from bot.casework.refusals import Refusal
from bot.casework.remedies import RemedyState
from bot.services.grants import Given, do_grant
from bot.services.house import House
from bot.services.order_desk import do_reveal_buyer, open_order
from bot.services.remedy_previews import preview_grant
from bot.services.wanted_remedies import to_remedies
from bot.web.desk.access import ip_of
from bot.web.desk.approvals import refused
from bot.web.desk.desk import Desk
from bot.web.desk.order_shapes import Address, OrderWhole, revealed, to_order
from bot.web.desk.remedy_shapes import PreviewShown, WantedTerms, to_preview, to_wanted
from bot.web.errors import AnyRequest, WrongRequest, faults
from bot.web.incoming import ID, clean, refuse

ORDER: Final = "/orders/{order_id:int}"
GREATEST: Final = 2**31 - 1


class WantedRemedies(msgspec.Struct):
    """
    What to give for the order, all of it or nothing.

    The same `request_id` gives once, however often it is sent. In `conversation_id` the buyer is
    told; without it nobody is.
    """

    request_id: str
    remedies: list[WantedTerms]
    conversation_id: str | None = None
    reason: str = ""


class Granted(msgspec.Struct):
    """What stands on record now, in a sentence; `waits` for somebody else's yes."""

    remedies: list[str]
    waits: bool
    text: str


@get(ORDER, opt={"may": May.READ}, responses=faults(401, 403, 404))
async def show_order(
    request: AnyRequest,
    order_id: FromPath[int],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> OrderWhole:
    """An order with everything at hand; the look is written down."""
    check_order_id(order_id)

    return to_order(
        await asyncio.to_thread(open_order, desk.house, order_id, agent, ip=ip_of(request))
    )


@post(
    f"{ORDER}/reveal",
    opt={"may": May.READ},
    status_code=HTTP_200_OK,
    responses=faults(401, 403, 404),
)
async def reveal_address(
    request: AnyRequest,
    order_id: FromPath[int],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> Address:
    """Who bought it and where they live; that is written down."""
    check_order_id(order_id)
    buyer, lines = await asyncio.to_thread(
        do_reveal_buyer, desk.house, order_id, agent, ip=ip_of(request)
    )

    return revealed(buyer, lines)


@post(
    f"{ORDER}/remedies/preview",
    opt={"may": May.DECIDE},
    status_code=HTTP_200_OK,
    responses=faults(401, 403, 404, 422),
)
async def preview_remedies(
    order_id: FromPath[int],
    data: JSONBody[WantedRemedies],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> PreviewShown:
    """What it would come to, and what the buyer would read; nothing is done."""
    check_wanted(order_id, data)

    def work() -> PreviewShown:
        order = _order(desk.house, order_id)
        found = preview_grant(
            desk.house,
            to_remedies(order, [to_wanted(one) for one in data.remedies]),
            agent=agent,
            request_id=data.request_id,
            conversation_id=data.conversation_id,
        )
        return to_preview(found)

    return await asyncio.to_thread(work)


@post(
    f"{ORDER}/remedies",
    opt={"may": May.DECIDE},
    status_code=HTTP_201_CREATED,
    responses=faults(401, 403, 404, 422),
)
async def give_remedies(
    request: AnyRequest,
    order_id: FromPath[int],
    data: JSONBody[WantedRemedies],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> Granted:
    """Give it. What is over your limit, or needs two people, waits for somebody else's yes."""
    check_wanted(order_id, data)

    def work() -> tuple[Refusal | Given, str]:
        order = _order(desk.house, order_id)
        given = do_grant(
            desk.house,
            to_remedies(order, [to_wanted(one) for one in data.remedies]),
            agent=agent,
            reason=clean(data.reason),
            request_id=data.request_id,
            conversation_id=data.conversation_id,
            ip=ip_of(request),
        )
        return given, order.currency

    given, currency = await asyncio.to_thread(work)
    if isinstance(given, Refusal):
        raise refused(given, currency)
    if data.conversation_id:
        desk.show_change(data.conversation_id)
    else:
        desk.bus.show_queue()
    waits = given.state is RemedyState.APPROVAL
    told = "The buyer is told." if data.conversation_id else "Nobody was told."
    text = "On record. Somebody else has to say yes." if waits else "Given, and on its way."

    return Granted(remedies=list(given.remedies), waits=waits, text=f"{text} {told}")


def check_order_id(order_id: int) -> None:
    """A number that no order can have is of nothing that we have."""
    if not 0 < order_id <= GREATEST:
        raise WrongRequest(HTTP_404_NOT_FOUND, "not_found", "There is no such order.")


def check_wanted(order_id: int, data: WantedRemedies) -> None:
    """Refuse ids that can be none."""
    check_order_id(order_id)
    if not ID.fullmatch(data.request_id):
        raise refuse("wrong_request_id", "request_id is 1 to 64 letters, digits, - or _.")
    if data.conversation_id is not None and not ID.fullmatch(data.conversation_id):
        raise WrongRequest(HTTP_404_NOT_FOUND, "not_found", "There is no such conversation.")


def _order(house: House, order_id: int) -> Order:
    with house.units.reading() as unit:
        return unit.orders.get(order_id)


ORDERS: Final = (show_order, reveal_address, preview_remedies, give_remedies)
