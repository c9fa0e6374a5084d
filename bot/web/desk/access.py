"""
Who may enter which of the desk's routes.

A route says in `opt={"may": May.ANSWER}` what it takes, or `SIGNED_IN` or `ANYBODY`. One guard
looks at it, and a route that says nothing keeps the house from starting: nothing is open by
oversight.
"""

import asyncio
from typing import Any, Final

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute
from litestar.status_codes import HTTP_403_FORBIDDEN

from bot.casework.agents import Agent, May
from bot.services.signing_in import find_session
from bot.web.desk.desk import SESSION_COOKIE, Desk
from bot.web.errors import AnyRequest, WrongRequest

ANYBODY: Final = "anybody"
SIGNED_IN: Final = "signed in"
ROOTS: Final = ("/desk", "/api/desk")
OUR_OWN_PAGES: Final = (None, "same-origin", "none")
"""What browsers say of a request from our own page, or typed by hand; other clients say nothing."""

Connection = ASGIConnection[Any, Any, Any, Any]


class SignedOut(Exception):
    """Nobody is signed in, or not any more."""


class Unguarded(RuntimeError):
    """A route of the desk does not say who may enter."""


async def check_access(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let in whoever the route is for; the agent is the connection's user then."""
    may = handler.opt["may"]
    check_own_page(connection)
    if may == ANYBODY:
        return
    agent = await find_agent(connection)
    if agent is None:
        raise SignedOut
    connection.scope["user"] = agent
    if may != SIGNED_IN and not agent.may(May(may)):
        raise WrongRequest(
            HTTP_403_FORBIDDEN, "not_allowed", f"Your role ({agent.role}) may not do this."
        )


async def find_agent(connection: Connection) -> Agent | None:
    """
    Whoever is signed in, as the store knows them now.

    A stream that stays open asks again now and then: somebody may be locked out meanwhile.
    """
    desk: Desk = connection.app.state.desk
    token = session_token(connection)
    session = await asyncio.to_thread(find_session, desk.house, token) if token else None

    return session.account.agent if session else None


def check_own_page(connection: Connection) -> None:
    """
    Refuse calls of the API from pages that are not ours.

    The cookie is kept from other sites by its SameSite, but not from the neighbour's subdomain.
    """
    origin = connection.headers.get("sec-fetch-site")
    if connection.scope["path"].startswith("/api/") and origin not in OUR_OWN_PAGES:
        raise WrongRequest(
            HTTP_403_FORBIDDEN, "foreign_page", "The desk is used from its own pages only."
        )


def get_agent(request: AnyRequest) -> Agent:
    """The dependency `agent`: whoever the guard has let in."""
    agent: Agent = request.user

    return agent


def session_token(connection: Connection) -> str:
    """The token of the browser's session; empty without one."""
    return connection.cookies.get(SESSION_COOKIE, "")


def ip_of(connection: Connection) -> str:
    """The address that a request came from."""
    return connection.client.host[:45] if connection.client else ""


def check_routes(app: Litestar) -> None:
    """Every route of the desk is guarded and says who may enter, or `Unguarded` names it."""
    for route in app.routes:
        if not isinstance(route, HTTPRoute) or not of_desk(route.path):
            continue
        for handler in route.route_handlers:
            if handler.http_methods == {"OPTIONS"}:
                continue  # Litestar's own: it tells the methods and nothing else
            if check_access not in handler.resolve_guards() or "may" not in handler.opt:
                raise Unguarded(f"{handler.handler_name} at {route.path} says nothing of who may")


def of_desk(path: str) -> bool:
    """Whether the path is the desk's; its files, which anybody may read, are not."""
    return any(path == root or path.startswith(f"{root}/") for root in ROOTS)
