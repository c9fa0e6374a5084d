"""People at the desk, put on record so that what they say can be kept."""

import sqlalchemy as sa

from bot.casework.agents import Agent, Role
from bot.store.database import writing
from bot.store.tables import agents
from tests.dialog import Shop
from tests.factories import NOW


def hire(
    shop: Shop, name: str, role: Role = Role.LEAD, *, email: str = "", disabled: bool = False
) -> Agent:
    """Somebody of that role, with an account in the shop's house."""
    agent = Agent(
        id=f"agent-{name.lower()}",
        email=email or f"{name.lower()}@shop.example",
        name=f"{name} Reed",
        role=role,
        disabled=disabled,
    )
    with writing(shop.engine) as db:
        db.execute(
            sa.insert(agents).values(
                id=agent.id,
                email=agent.email,
                name=agent.name,
                role=role,
                team="",
                reads=["en"],
                created_at=NOW,
                disabled_at=NOW if disabled else None,
            )
        )

    return agent
