"""Signing in and out, and the one-time links."""

import asyncio
from typing import Final

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from bot.casework.agents import Agent
from bot.services.links import check_link, do_welcome
from bot.services.signing_in import SignedIn, do_sign_in, do_sign_out
from bot.web.desk.access import ANYBODY, SIGNED_IN, ip_of, session_token
from bot.web.desk.desk import Desk
from bot.web.desk.shapes import Invitation, LinkToken, Login, Me, Welcome, to_me
from bot.web.errors import AnyRequest, faults


@post(
    "/login",
    opt={"may": ANYBODY},
    status_code=HTTP_200_OK,
    responses=faults(401, 403, 429),
    security=[{}],
)
async def log_in(
    request: AnyRequest, data: JSONBody[Login], desk: NamedDependency[Desk]
) -> Response[Me]:
    """
    Sign in, which sets the session's cookie.

    401: `wrong_login`; `code_needed` where the account asks for a code as well; `wrong_code`.
    """
    ip, old = ip_of(request), session_token(request)
    signed_in = await desk.hashing(
        lambda: do_sign_in(
            desk.house, desk.keys, data.email, data.password, data.code, ip=ip, old_token=old
        )
    )

    return await _with_cookie(desk, signed_in)


@post(
    "/welcome/look",
    opt={"may": ANYBODY},
    status_code=HTTP_200_OK,
    responses=faults(403, 422),
    security=[{}],
)
async def look_at_link(data: JSONBody[LinkToken], desk: NamedDependency[Desk]) -> Invitation:
    """Whose one-time link it is; 422 `wrong_link` if it works no more."""
    account = (await asyncio.to_thread(check_link, desk.house, data.token)).account
    if account is None:
        return Invitation(first_owner=True)

    return Invitation(
        first_owner=False,
        email=account.agent.email,
        name=account.agent.name,
        totp=account.has_totp,
    )


@post(
    "/welcome",
    opt={"may": ANYBODY},
    status_code=HTTP_200_OK,
    responses=faults(401, 403, 409, 422, 429),
    security=[{}],
)
async def use_link(
    request: AnyRequest, data: JSONBody[Welcome], desk: NamedDependency[Desk]
) -> Response[Me]:
    """Choose a password by a one-time link and be signed in; the first owner says who they are."""
    ip, old = ip_of(request), session_token(request)
    signed_in = await desk.hashing(
        lambda: do_welcome(
            desk.house,
            desk.keys,
            data.token,
            data.password,
            name=data.name,
            email=data.email,
            code=data.code,
            ip=ip,
            old_token=old,
        )
    )

    return await _with_cookie(desk, signed_in)


@post("/logout", opt={"may": SIGNED_IN}, responses=faults(401, 403))
async def log_out(request: AnyRequest, desk: NamedDependency[Desk]) -> Response[None]:
    """Sign out: the session ends, and its cookie goes."""
    await asyncio.to_thread(do_sign_out, desk.house, session_token(request), ip=ip_of(request))

    return Response(
        None,
        status_code=HTTP_204_NO_CONTENT,
        cookies=[desk.cookie("", desk.house.clock())],
    )


@get("/me", opt={"may": SIGNED_IN}, responses=faults(401))
async def show_me(agent: NamedDependency[Agent], desk: NamedDependency[Desk]) -> Me:
    """Who is signed in, and what they may do."""
    return await _me(desk, agent)


SIGNING_IN: Final = (log_in, look_at_link, use_link, log_out, show_me)


async def _with_cookie(desk: Desk, signed_in: SignedIn) -> Response[Me]:
    """Who it is, with the cookie of the new session."""
    return Response(
        await _me(desk, signed_in.agent),
        cookies=[desk.cookie(signed_in.token, signed_in.expires_at)],
    )


async def _me(desk: Desk, agent: Agent) -> Me:
    def find() -> Me:
        with desk.house.units.reading() as unit:
            return to_me(unit.accounts.get(agent.id))

    return await asyncio.to_thread(find)
