"""Who works at the desk: adding people, changing what they may, locking them out, passwords."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from bot.casework.accounts import Account, Keys
from bot.casework.agents import Agent, Role
from bot.casework.audit import Deed
from bot.casework.ports.units import UnitOfWork
from bot.services.account_fields import to_email, to_name, to_reads, to_team
from bot.services.house import House
from bot.services.passwords import check_password
from bot.services.signing_in import digest
from bot.services.turn_queue import NotAcceptable

COMMAND_LINE: Final = "command line"
"""Who did it, in the audit list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doer:
    """Who changes an account, for the audit list: an agent, or nobody for the command line."""

    agent: Agent | None = None
    ip: str = ""

    def deed(
        self, action: str, agent: Agent, before: Agent | None = None, *, changed: bool = False
    ) -> Deed:
        """What they did to that agent; `changed` shows what was and what is."""
        return Deed(
            agent=self.agent,
            who="" if self.agent else COMMAND_LINE,
            action=action,
            subject="agent",
            subject_id=agent.id,
            before=values_of(before) if before else None,
            after=values_of(agent) if changed else None,
            ip=self.ip,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What of an agent becomes different; None for what stays."""

    name: str | None = None
    role: Role | None = None
    team: str | None = None
    reads: Iterable[str] | None = None
    disabled: bool | None = None


def list_agents(house: House) -> tuple[Account, ...]:
    """Everybody, those who are locked out too, by name."""
    with house.units.reading() as unit:
        return unit.accounts.listed()


def do_add_agent(
    house: House,
    *,
    email: str,
    name: str,
    role: Role,
    team: str = "",
    reads: Iterable[str] = (),
    by: Doer,
) -> Agent:
    """A new agent, who needs a link (`do_make_link`) to choose a password."""
    agent = Agent(
        id=house.new_id(),
        email=to_email(email),
        name=to_name(name),
        role=role,
        team=to_team(team),
        reads=to_reads(reads),
    )
    with house.units() as unit:
        unit.accounts.hold()
        add_agent(house, unit, agent, by)

    return agent


def add_agent(house: House, unit: UnitOfWork, agent: Agent, by: Doer) -> None:
    """Store a new agent, in the unit that holds all accounts."""
    if unit.accounts.find_by_email(agent.email):
        raise NotAcceptable("email_taken", f"{agent.email} is an agent already.")
    now = house.clock()
    unit.accounts.add(agent, now)
    unit.audit.add(by.deed("agent.add", agent, changed=True), now)


def do_change_agent(house: House, agent_id: str, change: Change, *, by: Doer) -> Agent:
    """
    The agent as they are then.

    Somebody must always be able to let people in: the last owner stays one. Who is locked out is
    out at once, in all their sessions, and their links end too.
    """
    with house.units() as unit:
        unit.accounts.hold()
        before = unit.accounts.get(agent_id).agent
        after = changed(before, change)
        if after == before:
            return after
        if is_owner(before) and not is_owner(after) and not other_owners(unit, agent_id):
            raise NotAcceptable(
                "last_owner", "This is the last owner. Make somebody else an owner first."
            )
        now = house.clock()
        unit.accounts.change(after, now)
        if after.disabled:
            unit.accounts.end_sessions(agent_id)
            unit.accounts.end_links(agent_id, now)
        unit.audit.add(by.deed("agent.change", after, before, changed=True), now)

    return after


def changed(agent: Agent, change: Change) -> Agent:
    """The agent with the change, or a refusal of what cannot be."""
    return replace(
        agent,
        name=agent.name if change.name is None else to_name(change.name),
        role=change.role or agent.role,
        team=agent.team if change.team is None else to_team(change.team),
        reads=agent.reads if change.reads is None else to_reads(change.reads),
        disabled=agent.disabled if change.disabled is None else change.disabled,
    )


def is_owner(agent: Agent) -> bool:
    """Whether they may let people in."""
    return agent.role is Role.OWNER and not agent.disabled


def other_owners(unit: UnitOfWork, agent_id: str) -> bool:
    """Whether somebody else is an owner, who can sign in or is about to."""
    return any(
        is_owner(one.agent) and one.agent.id != agent_id and one.password_hash is not None
        for one in unit.accounts.listed()
    )


def do_set_password(
    house: House, keys: Keys, agent: Agent, password: str, *, token: str, ip: str
) -> None:
    """
    A new password; every session but that of `token` ends.

    Whoever calls this has asked for the old password.
    """
    check_password(password, email=agent.email, name=agent.name)
    password_hash = keys.hash(password)
    with house.units() as unit:
        unit.accounts.set_password(agent.id, password_hash)
        unit.accounts.end_sessions(agent.id, but=digest(token))
        unit.audit.add(Doer(agent=agent, ip=ip).deed("agent.password", agent), house.clock())


def values_of(agent: Agent) -> dict[str, object]:
    """What the audit list keeps of an agent."""
    return {
        "email": agent.email,
        "name": agent.name,
        "role": agent.role.value,
        "team": agent.team,
        "reads": list(agent.reads),
        "disabled": agent.disabled,
    }
