"""People at the desk with an account, by one name and a role."""

from dataclasses import replace

from bot.casework.agents import Agent, Role
from tests.dialog import Shop


def hire(
    shop: Shop, name: str, role: Role = Role.LEAD, *, email: str = "", disabled: bool = False
) -> Agent:
    """Somebody of that role; by an e-mail of their own if it matters."""
    agent = shop.hires(f"{name} Reed", role)

    return replace(agent, email=email or agent.email, disabled=disabled)
