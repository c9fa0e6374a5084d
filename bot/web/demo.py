"""The demo shop: a page with the widget, where one can sign in as one of its buyers."""

import asyncio
from datetime import timedelta

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_404_NOT_FOUND

from bot.casework.turns import Identity
from bot.web.door import Door
from bot.web.errors import AnyRequest, WrongRequest
from bot.web.files import STATIC, serve
from bot.web.tokens import make_identity

STORE = "demo"
SIGNED_IN_HOURS = 12


class SignIn(msgspec.Struct):
    """Which of the demo shop's buyers to be."""

    email: str


class DemoBuyer(msgspec.Struct):
    """One of the demo shop's buyers, with the numbers of their orders."""

    email: str
    name: str
    orders: list[str]


class SignedIn(msgspec.Struct):
    """What the shop's page hands to the widget."""

    identity: str


@get("/", include_in_schema=False)
async def front() -> Redirect:
    """The demo shop is what a new user wants to see first."""
    return Redirect("/demo")


@get("/demo", include_in_schema=False, sync_to_thread=False)
def demo_page(request: AnyRequest) -> Response[bytes]:
    """The demo shop."""
    return serve(request, STATIC / "demo" / "demo.html")


@get("/demo/buyers", include_in_schema=False)
async def demo_buyers(door: NamedDependency[Door]) -> list[DemoBuyer]:
    """The demo shop's buyers with their orders. No other store's are ever listed."""

    def find() -> list[DemoBuyer]:
        with door.house.units.reading() as unit:
            return [
                DemoBuyer(email, name, list(numbers))
                for email, name, numbers in unit.orders.buyers_of(STORE)
            ]

    return await asyncio.to_thread(find)


@post("/demo/identity", include_in_schema=False, status_code=HTTP_200_OK)
async def sign_in(data: JSONBody[SignIn], door: NamedDependency[Door]) -> SignedIn:
    """What a shop's own server does: name a buyer who signed in there."""
    profile = await asyncio.to_thread(door.store_profile, STORE)

    def find() -> Identity | None:
        with door.house.units.reading() as unit:
            for email, name, _ in unit.orders.buyers_of(STORE):
                if email == data.email:
                    return Identity(subject=f"demo:{email}", email=email, name=name)
        return None

    identity = await asyncio.to_thread(find)
    if identity is None:
        raise WrongRequest(HTTP_404_NOT_FOUND, "unknown_buyer", "The demo shop has no such buyer.")
    until = door.house.clock() + timedelta(hours=SIGNED_IN_HOURS)

    return SignedIn(make_identity(identity, profile.identity_secret, until))
