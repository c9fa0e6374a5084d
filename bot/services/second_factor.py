"""A second factor: codes of an authenticator app, each good once."""

from datetime import datetime

from bot.casework.accounts import Account, Keys
from bot.casework.agents import Agent
from bot.casework.audit import Deed
from bot.casework.ports.units import UnitOfWork
from bot.services.house import House
from bot.services.turn_queue import NotAcceptable


def do_set_up_totp(house: House, keys: Keys, agent: Agent, *, ip: str) -> tuple[str, str]:
    """
    A new secret, and the address that an app reads from a QR code.

    It counts for nothing until a code of it is confirmed. Whoever calls this has asked for the
    password again.
    """
    secret = keys.new_secret()
    with house.units() as unit:
        if unit.accounts.get(agent.id).has_totp:
            raise NotAcceptable("totp_on", "A second factor is on already: switch it off first.")
        unit.accounts.set_totp(agent.id, secret, None)
        unit.audit.add(_deed("agent.totp_shown", agent, ip), house.clock())

    return secret, keys.address(secret, agent.email)


def do_confirm_totp(house: House, keys: Keys, agent: Agent, code: str, *, ip: str) -> None:
    """Ask for codes from now on, if the app shows the right one."""
    with house.units() as unit:
        account, now = unit.accounts.get(agent.id), house.clock()
        if account.has_totp or account.totp_secret is None:
            raise NotAcceptable("totp_not_shown", "Begin again: there is no code to confirm.")
        if not use_code(unit, keys, account, code, now):
            raise NotAcceptable("wrong_totp", "That code is wrong. Wait for the next one.")
        unit.audit.add(_deed("agent.totp_on", agent, ip), now)


def do_drop_totp(house: House, agent: Agent, *, ip: str) -> None:
    """Ask for no codes any more. Whoever calls this has asked for the password again."""
    with house.units() as unit:
        unit.accounts.set_totp(agent.id, None, None)
        unit.audit.add(_deed("agent.totp_off", agent, ip), house.clock())


def use_code(unit: UnitOfWork, keys: Keys, account: Account, code: str, now: datetime) -> bool:
    """Whether the code is one that the app shows now and that was not used yet."""
    secret = account.totp_secret
    step = keys.find_step(secret, code, now) if secret else None

    return step is not None and unit.accounts.use_totp_step(account.agent.id, step)


def _deed(action: str, agent: Agent, ip: str) -> Deed:
    return Deed(agent=agent, action=action, subject="agent", subject_id=agent.id, ip=ip)
