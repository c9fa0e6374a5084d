"""
Signing in at the desk and out again.

Whoever guesses learns nothing: an unknown e-mail, a wrong password and an agent who is locked out
get the same answer after the same work. A try is written down before it is known whether it is
wrong, so that many at once are not one.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.casework.accounts import LONGEST_SESSION, TRIES_COUNT_FOR, Account, AgentSession, Keys
from bot.casework.agents import Agent
from bot.casework.audit import Deed
from bot.casework.ports.units import UnitOfWork
from bot.services.account_fields import is_email
from bot.services.house import House
from bot.services.second_factor import use_code
from bot.services.turn_queue import NotAcceptable

TOUCH_EVERY: Final = timedelta(minutes=1)
"""Sessions are marked as used no more often: a page asks many times a minute."""
NOBODY_KNOWN: Final = "not signed in"
"""Who it was, in the audit list."""
LONGEST_TOKEN: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A new session; its token is known to nobody else but the agent's browser."""

    agent: Agent
    token: str = field(repr=False)
    expires_at: datetime


def digest(text: str) -> str:
    """What is stored of a token, or of an e-mail that was typed in vain."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def do_sign_in(
    house: House,
    keys: Keys,
    email: str,
    password: str,
    code: str = "",
    *,
    ip: str,
    old_token: str = "",
) -> SignedIn:
    """
    Begin a session; NotAcceptable says why not: wrong_login, code_needed, wrong_code, too_many.

    The session of `old_token`, from the same browser, ends: nobody who knew it is carried along.
    """
    email = email.strip().lower()
    number, account = _begin_try(house, email, ip)
    right = keys.is_right(password, account.password_hash if account else None)
    with house.units() as unit:
        signed_in = _end_try(house, keys, unit, account if right else None, number, code, ip)
        if isinstance(signed_in, SignedIn):
            unit.accounts.end_session(digest(old_token))
    if isinstance(signed_in, SignedIn):
        return signed_in

    raise signed_in


def check_own_password(
    house: House, keys: Keys, agent: Agent, password: str, *, ip: str
) -> Account:
    """
    The agent's account, if that is their password; wrong ones count like those at signing in.

    Asked before what would lock somebody out who left their desk without signing out.
    """
    number, account = _begin_try(house, agent.email, ip)
    if account is None or not keys.is_right(password, account.password_hash):
        raise NotAcceptable("wrong_password", "That is not your password.")
    with house.units() as unit:
        unit.login_tries.forget(number)

    return account


def do_sign_out(house: House, token: str, *, ip: str) -> None:
    """End the session of that token, if there is one."""
    with house.units() as unit:
        session = unit.accounts.find_session(digest(token))
        if session:
            unit.accounts.end_session(session.token_hash)
            unit.audit.add(_deed("agent.sign_out", session.account.agent, ip), house.clock())


def find_session(house: House, token: str) -> AgentSession | None:
    """The living session of that token; it is marked as used, now and then."""
    if not 0 < len(token) <= LONGEST_TOKEN:
        return None
    with house.units.reading() as unit:
        session = unit.accounts.find_session(digest(token))
    now = house.clock()
    if session is None or not session.lives(now):
        return None
    if now - session.seen_at >= TOUCH_EVERY:
        with house.units() as unit:
            unit.accounts.touch_session(session.token_hash, now)

    return session


def list_sessions(house: House, agent: Agent) -> tuple[AgentSession, ...]:
    """Where the agent is signed in, the last used first."""
    with house.units.reading() as unit:
        now = house.clock()
        return tuple(one for one in unit.accounts.sessions_of(agent.id) if one.lives(now))


def do_end_other_sessions(house: House, agent: Agent, token: str, *, ip: str) -> int:
    """Sign the agent out everywhere but here; how often that was."""
    with house.units() as unit:
        ended = unit.accounts.end_sessions(agent.id, but=digest(token))
        unit.audit.add(_deed("agent.end_sessions", agent, ip), house.clock())

    return ended


def begin_session(house: House, unit: UnitOfWork, agent: Agent, *, ip: str) -> SignedIn:
    """A session with a token of its own, in the unit that found out who it is."""
    token, now = secrets.token_urlsafe(32), house.clock()
    expires_at = now + LONGEST_SESSION
    unit.accounts.add_session(digest(token), agent.id, expires_at, now)
    unit.audit.add(_deed("agent.sign_in", agent, ip), now)

    return SignedIn(agent=agent, token=token, expires_at=expires_at)


def _begin_try(house: House, email: str, ip: str) -> tuple[int, Account | None]:
    """The number of the try, and the account if somebody may sign in to it."""
    with house.units() as unit:
        now, tries = house.clock(), unit.login_tries
        tries.hold(digest(email), ip)
        recent = tries.recent(digest(email), ip, now - TRIES_COUNT_FOR)
        locked_until = recent.locked_until()
        if locked_until is None:
            account = unit.accounts.find_by_email(email) if is_email(email) else None
            usable = account if account and not account.agent.disabled else None
            return tries.add(digest(email), ip, now), usable

    raise _too_many(locked_until - now)


def _end_try(
    house: House,
    keys: Keys,
    unit: UnitOfWork,
    account: Account | None,
    number: int,
    code: str,
    ip: str,
) -> SignedIn | NotAcceptable:
    """A session, or why not; a refusal is no exception here, which would undo what it counts."""
    now = house.clock()
    unit.login_tries.sweep(now - TRIES_COUNT_FOR)
    current = unit.accounts.get(account.agent.id) if account else None
    changed = current is None or account is None or current.password_hash != account.password_hash
    if current is None or changed or current.agent.disabled:
        unit.audit.add(_nobodys("agent.wrong_login", current, ip), now)
        return NotAcceptable("wrong_login", "The e-mail or the password is wrong.")
    if current.has_totp and not code.strip():
        # Whoever has only the password must not get rid of the codes that they guessed wrong.
        unit.login_tries.forget(number)
        return NotAcceptable("code_needed", "Enter the code that your authenticator app shows.")
    if current.has_totp and not use_code(unit, keys, current, code, now):
        unit.audit.add(_nobodys("agent.wrong_code", current, ip), now)
        return NotAcceptable("wrong_code", "That code is wrong or was used. Wait for the next one.")
    unit.login_tries.forget_email(digest(current.agent.email))

    return begin_session(house, unit, current.agent, ip=ip)


def _deed(action: str, agent: Agent, ip: str) -> Deed:
    return Deed(agent=agent, action=action, subject="agent", subject_id=agent.id, ip=ip)


def _nobodys(action: str, account: Account | None, ip: str) -> Deed:
    subject_id = account.agent.id if account else ""

    return Deed(
        agent=None, who=NOBODY_KNOWN, action=action, subject="agent", subject_id=subject_id, ip=ip
    )


def _too_many(left: timedelta) -> NotAcceptable:
    minutes = max(1, -int(-left.total_seconds() // 60))
    unit = "minute" if minutes == 1 else "minutes"

    return NotAcceptable("too_many", f"Too many wrong tries. Try again in {minutes} {unit}.")
