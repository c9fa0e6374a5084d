"""
One-time links: the first owner's, and those by which an agent chooses a password.

The token stands behind the `#` of the link, which no browser sends to a server and no log keeps.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from bot.casework.accounts import LINK_LASTS, TRIES_COUNT_FOR, Account, Keys, Link
from bot.casework.agents import Agent, Role
from bot.casework.ports.units import UnitOfWork
from bot.services.account_fields import to_email, to_name
from bot.services.accounts import Doer, add_agent
from bot.services.house import House
from bot.services.passwords import check_password
from bot.services.second_factor import use_code
from bot.services.signing_in import SignedIn, begin_session, digest
from bot.services.turn_queue import NotAcceptable


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """A link's token, shown once; only its checksum is stored."""

    token: str = field(repr=False)
    expires_at: datetime

    def address(self, web_url: str) -> str:
        """The link itself, for whoever is to use it."""
        return f"{web_url}/desk/welcome#{self.token}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """Whose link it is: nobody's yet for the first owner's, who says who they are."""

    account: Account | None


def do_make_owner_link(house: House) -> NewLink | None:
    """The first owner's link, which ends the older ones; None once there is anybody."""
    with house.units() as unit:
        unit.accounts.hold()
        if unit.accounts.exist():
            return None

        return _add_link(house, unit, None)


def do_make_link(
    house: House, agent_id: str, *, drop_totp: bool = False, by: Doer
) -> tuple[Agent, NewLink]:
    """
    A link by which the agent chooses a new password; their older ones end.

    `drop_totp` is for somebody who lost their phone: from now on no code is asked for.
    """
    with house.units() as unit:
        agent = unit.accounts.get(agent_id).agent
        if agent.disabled:
            raise NotAcceptable("disabled", f"{agent.name} is locked out. Let them in first.")
        link = _add_link(house, unit, agent_id)
        now = house.clock()
        unit.audit.add(by.deed("agent.link", agent), now)
        if drop_totp:
            unit.accounts.set_totp(agent_id, None, None)
            unit.audit.add(by.deed("agent.totp_off", agent), now)

    return agent, link


def check_link(house: House, token: str) -> Invited:
    """Whose link it is, or a refusal: it was used, has expired, or never was."""
    with house.units.reading() as unit:
        return _invited(house, unit, token)


def do_welcome(
    house: House,
    keys: Keys,
    token: str,
    password: str,
    *,
    name: str = "",
    email: str = "",
    code: str = "",
    ip: str,
    old_token: str = "",
) -> SignedIn:
    """
    Use a link, once: the password is theirs from now on, and they are signed in.

    The first owner says who they are. All other sessions of the agent end.
    """
    account = check_link(house, token).account
    agent = account.agent if account else _first_owner(house, name, email)
    check_password(password, email=agent.email, name=agent.name)
    password_hash = keys.hash(password)
    refused: NotAcceptable | None = None
    with house.units() as unit:
        unit.accounts.hold()
        account = _invited(house, unit, token).account
        if account and account.has_totp:
            refused = _check_code(house, keys, unit, account, code, ip)
        if refused is None:
            return _use(house, unit, token, agent, password_hash, ip=ip, old_token=old_token)

    raise refused


def _use(
    house: House,
    unit: UnitOfWork,
    token: str,
    agent: Agent,
    password_hash: str,
    *,
    ip: str,
    old_token: str,
) -> SignedIn:
    now = house.clock()
    if not unit.accounts.use_link(digest(token), now):
        raise _no_link()
    link = unit.accounts.find_link(digest(token))
    if link and link.agent_id is None:
        if unit.accounts.exist():
            raise _no_link()
        add_agent(house, unit, agent, Doer(agent=agent, ip=ip))
    unit.accounts.set_password(agent.id, password_hash)
    unit.accounts.end_sessions(agent.id)
    unit.accounts.end_session(digest(old_token))
    unit.login_tries.forget_email(digest(agent.email))
    unit.audit.add(Doer(agent=agent, ip=ip).deed("agent.password", agent), now)

    return begin_session(house, unit, agent, ip=ip)


def _check_code(
    house: House, keys: Keys, unit: UnitOfWork, account: Account, code: str, ip: str
) -> NotAcceptable | None:
    """Why the code does not do; wrong ones are counted as at signing in."""
    now, tries, email = house.clock(), unit.login_tries, digest(account.agent.email)
    if not code.strip():
        return NotAcceptable("code_needed", "Enter the code that your authenticator app shows.")
    tries.hold(email, ip)
    if tries.recent(email, ip, now - TRIES_COUNT_FOR).locked_until():
        return NotAcceptable("too_many", "Too many wrong tries. Try again in a quarter of an hour.")
    if use_code(unit, keys, account, code, now):
        return None
    tries.add(email, ip, now)

    return NotAcceptable("wrong_code", "That code is wrong or was used. Wait for the next one.")


def _first_owner(house: House, name: str, email: str) -> Agent:
    return Agent(id=house.new_id(), email=to_email(email), name=to_name(name), role=Role.OWNER)


def _add_link(house: House, unit: UnitOfWork, agent_id: str | None) -> NewLink:
    token, now = secrets.token_urlsafe(32), house.clock()
    unit.accounts.add_link(digest(token), agent_id, now + LINK_LASTS, now)

    return NewLink(token=token, expires_at=now + LINK_LASTS)


def _invited(house: House, unit: UnitOfWork, token: str) -> Invited:
    link: Link | None = unit.accounts.find_link(digest(token))
    if link is None or not link.works(house.clock()):
        raise _no_link()
    if link.agent_id is None:
        if unit.accounts.exist():
            raise _no_link()
        return Invited(account=None)
    account = unit.accounts.get(link.agent_id)
    if account.agent.disabled:
        raise _no_link()

    return Invited(account=account)


def _no_link() -> NotAcceptable:
    return NotAcceptable(
        "wrong_link",
        "This link was used, has expired, or was replaced by a newer one. Ask for a new one.",
    )
