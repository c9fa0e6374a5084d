"""The team: who may sign in, what they may do, and the links by which they get in."""

import asyncio
from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_201_CREATED

from bot.casework.accounts import Account
from bot.casework.agents import Agent, May, Role
from bot.casework.ports.units import Missing
from bot.services.accounts import Change, Doer, do_add_agent, do_change_agent, list_agents
from bot.services.links import NewLink, do_make_link
from bot.web.desk.access import ip_of
from bot.web.desk.desk import Desk
from bot.web.errors import AnyRequest, faults
from bot.web.incoming import ID

Languages = Annotated[list[str], msgspec.Meta(description="Codes of languages, such as en")]


class TeamMember(msgspec.Struct):
    """Somebody on the team; `joined` says whether their first link was used."""

    id: str
    email: str
    name: str
    role: Role
    team: str
    reads: list[str]
    disabled: bool
    joined: bool
    totp: bool
    created_at: datetime


class Team(msgspec.Struct):
    """Everybody, those who are locked out too, by name."""

    agents: list[TeamMember]


class NewMember(msgspec.Struct):
    """Somebody to add."""

    email: str
    name: str
    role: Role = Role.AGENT
    team: str = ""
    reads: Languages = []


class MemberChange(msgspec.Struct):
    """What becomes different; the rest stays."""

    name: str | None = None
    role: Role | None = None
    team: str | None = None
    reads: Languages | None = None
    disabled: bool | None = None


class LinkWish(msgspec.Struct):
    """`drop_totp` switches the second factor off: for somebody who lost their phone."""

    drop_totp: bool = False


class OneTimeLink(msgspec.Struct):
    """A link that is shown once: whoever has it gets in."""

    address: str
    expires_at: datetime


class Added(msgspec.Struct):
    """The new member with their first link."""

    agent: TeamMember
    link: OneTimeLink


@get("/agents", opt={"may": May.AGENTS}, responses=faults(401, 403))
async def show_team(desk: NamedDependency[Desk]) -> Team:
    """Everybody who works at the desk."""
    accounts = await asyncio.to_thread(list_agents, desk.house)

    return Team(agents=[to_member(account) for account in accounts])


@post(
    "/agents",
    opt={"may": May.AGENTS},
    status_code=HTTP_201_CREATED,
    responses=faults(401, 403, 409, 422),
)
async def add_member(
    request: AnyRequest,
    data: JSONBody[NewMember],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> Added:
    """Add somebody; the answer has the link by which they choose a password."""
    by = Doer(agent=agent, ip=ip_of(request))

    def add() -> Added:
        added = do_add_agent(
            desk.house,
            email=data.email,
            name=data.name,
            role=data.role,
            team=data.team,
            reads=data.reads,
            by=by,
        )
        _, link = do_make_link(desk.house, added.id, by=by)
        return Added(agent=_member(desk, added.id), link=_to_link(desk, link))

    return await asyncio.to_thread(add)


@patch("/agents/{agent_id:str}", opt={"may": May.AGENTS}, responses=faults(401, 403, 404, 409, 422))
async def change_member(
    request: AnyRequest,
    agent_id: FromPath[str],
    data: JSONBody[MemberChange],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> TeamMember:
    """Change what somebody is or may; `disabled` locks them out at once."""
    by = Doer(agent=agent, ip=ip_of(request))
    change = Change(
        name=data.name,
        role=data.role,
        team=data.team,
        reads=data.reads,
        disabled=data.disabled,
    )

    def do_change() -> TeamMember:
        do_change_agent(desk.house, _checked(agent_id), change, by=by)
        return _member(desk, agent_id)

    return await asyncio.to_thread(do_change)


@post(
    "/agents/{agent_id:str}/link",
    opt={"may": May.AGENTS},
    status_code=HTTP_201_CREATED,
    responses=faults(401, 403, 404, 409),
)
async def make_link(
    request: AnyRequest,
    agent_id: FromPath[str],
    data: JSONBody[LinkWish],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> OneTimeLink:
    """A link by which somebody chooses a new password; their older links end."""
    by = Doer(agent=agent, ip=ip_of(request))

    def make() -> OneTimeLink:
        _, link = do_make_link(desk.house, _checked(agent_id), drop_totp=data.drop_totp, by=by)
        return _to_link(desk, link)

    return await asyncio.to_thread(make)


TEAM: Final = (show_team, add_member, change_member, make_link)


def to_member(account: Account) -> TeamMember:
    """The account as an owner sees it."""
    agent = account.agent

    return TeamMember(
        id=agent.id,
        email=agent.email,
        name=agent.name,
        role=agent.role,
        team=agent.team,
        reads=list(agent.reads),
        disabled=agent.disabled,
        joined=account.password_hash is not None,
        totp=account.has_totp,
        created_at=account.created_at,
    )


def _member(desk: Desk, agent_id: str) -> TeamMember:
    with desk.house.units.reading() as unit:
        return to_member(unit.accounts.get(agent_id))


def _to_link(desk: Desk, link: NewLink) -> OneTimeLink:
    return OneTimeLink(address=link.address(desk.settings.web_url), expires_at=link.expires_at)


def _checked(agent_id: str) -> str:
    """An id that may be looked for."""
    if not ID.fullmatch(agent_id):
        raise Missing(agent_id[:64])

    return agent_id
