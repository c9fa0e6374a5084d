"""One's own account: password, second factor, sessions."""

import asyncio
from typing import Final

import segno
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from bot.casework.agents import Agent
from bot.services.accounts import do_set_password
from bot.services.second_factor import do_confirm_totp, do_drop_totp, do_set_up_totp
from bot.services.signing_in import (
    check_own_password,
    digest,
    do_end_other_sessions,
    list_sessions,
)
from bot.web.desk.access import SIGNED_IN, ip_of, session_token
from bot.web.desk.desk import Desk
from bot.web.desk.shapes import (
    Code,
    Ended,
    NewPassword,
    OpenSessions,
    Password,
    TotpSecret,
    to_session,
)
from bot.web.errors import AnyRequest, faults


@post(
    "/password",
    opt={"may": SIGNED_IN},
    status_code=HTTP_204_NO_CONTENT,
    responses=faults(401, 403, 422, 429),
)
async def change_password(
    request: AnyRequest,
    data: JSONBody[NewPassword],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> None:
    """A new password. All other sessions end."""
    ip, token = ip_of(request), session_token(request)

    def change() -> None:
        check_own_password(desk.house, desk.keys, agent, data.old, ip=ip)
        do_set_password(desk.house, desk.keys, agent, data.new, token=token, ip=ip)

    await desk.hashing(change)


@post(
    "/totp",
    opt={"may": SIGNED_IN},
    status_code=HTTP_200_OK,
    responses=faults(401, 403, 409, 422, 429),
)
async def begin_totp(
    request: AnyRequest,
    data: JSONBody[Password],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> TotpSecret:
    """A second factor to read into an authenticator app; it counts once a code is confirmed."""
    ip = ip_of(request)

    def begin() -> tuple[str, str]:
        check_own_password(desk.house, desk.keys, agent, data.password, ip=ip)
        return do_set_up_totp(desk.house, desk.keys, agent, ip=ip)

    secret, address = await desk.hashing(begin)
    code = segno.make(address, error="m", micro=False)
    svg = code.svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=True)

    return TotpSecret(secret=secret, address=address, svg=svg)


@post(
    "/totp/confirm",
    opt={"may": SIGNED_IN},
    status_code=HTTP_204_NO_CONTENT,
    responses=faults(401, 403, 422),
)
async def confirm_totp(
    request: AnyRequest,
    data: JSONBody[Code],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> None:
    """Ask for codes at every sign-in from now on, if this one is right."""
    ip = ip_of(request)
    await asyncio.to_thread(do_confirm_totp, desk.house, desk.keys, agent, data.code, ip=ip)


@post(
    "/totp/drop",
    opt={"may": SIGNED_IN},
    status_code=HTTP_204_NO_CONTENT,
    responses=faults(401, 403, 422, 429),
)
async def drop_totp(
    request: AnyRequest,
    data: JSONBody[Password],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> None:
    """Ask for no codes any more."""
    ip = ip_of(request)

    def drop() -> None:
        check_own_password(desk.house, desk.keys, agent, data.password, ip=ip)
        do_drop_totp(desk.house, agent, ip=ip)

    await desk.hashing(drop)


@get("/sessions", opt={"may": SIGNED_IN}, responses=faults(401))
async def show_sessions(
    request: AnyRequest, agent: NamedDependency[Agent], desk: NamedDependency[Desk]
) -> OpenSessions:
    """Where one is signed in."""
    here = digest(session_token(request))
    found = await asyncio.to_thread(list_sessions, desk.house, agent)

    return OpenSessions(sessions=[to_session(session, here) for session in found])


@post(
    "/sessions/end",
    opt={"may": SIGNED_IN},
    status_code=HTTP_200_OK,
    responses=faults(401, 403),
)
async def end_sessions(
    request: AnyRequest, agent: NamedDependency[Agent], desk: NamedDependency[Desk]
) -> Ended:
    """Sign out everywhere but here."""
    ended = await asyncio.to_thread(
        do_end_other_sessions, desk.house, agent, session_token(request), ip=ip_of(request)
    )

    return Ended(ended=ended)


ACCOUNT: Final = (
    change_password,
    begin_totp,
    confirm_totp,
    drop_totp,
    show_sessions,
    end_sessions,
)
