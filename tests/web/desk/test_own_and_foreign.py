"""Every change of a conversation by every role: of nobody's, one's own, and somebody else's."""

from datetime import timedelta
from typing import Any, Final

import pytest

from bot.casework.agents import Role
from bot.services.house import utc_now
from tests.web.desk.conftest import SignIn
from tests.web.desk.test_conversation import handed_over, talk_of
from tests.web.front import Front

pytestmark = pytest.mark.anyio

OK: Final = "ok"
CHANGES: dict[str, dict[str, Any]] = {
    "claim": {},
    "messages": {"client_id": "c1", "text": "hello"},
    "notes": {"client_id": "n1", "text": "look"},
    "give-back": {"note": "", "resume": True},
    "close": {},
    "snooze": {"until": (utc_now() + timedelta(hours=3)).isoformat()},
    "assign": {"team": "returns"},
    "transfer": {"team": "returns", "note": "yours"},
}
FREE = dict.fromkeys(CHANGES, OK) | {"messages": "not_yours", "give-back": "not_yours"}
OWN = dict.fromkeys(CHANGES, OK)
OTHERS = dict.fromkeys(CHANGES, "taken") | {
    "messages": "not_yours",
    "give-back": "not_yours",
    "notes": OK,
}
OTHERS_FOR_A_LEAD = OTHERS | dict.fromkeys(("close", "snooze", "assign", "transfer"), OK)
NOTHING = dict.fromkeys(CHANGES, "not_allowed")
TABLE = {
    (Role.AGENT, "nobody"): FREE,
    (Role.AGENT, "own"): OWN,
    (Role.AGENT, "somebody"): OTHERS,
    (Role.LEAD, "nobody"): FREE,
    (Role.LEAD, "own"): OWN,
    (Role.LEAD, "somebody"): OTHERS_FOR_A_LEAD,
    (Role.OWNER, "nobody"): FREE,
    (Role.OWNER, "own"): OWN,
    (Role.OWNER, "somebody"): OTHERS_FOR_A_LEAD,
    (Role.TRAINER, "nobody"): NOTHING,
    (Role.TRAINER, "somebody"): NOTHING,
}
"""What each change comes to, by role and by who has the conversation; written by hand."""


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("role", "holder"), TABLE)
async def test_who_may_change_whose_conversation(
    front: Front, colleague: SignIn, role: Role, holder: str, change: str
):
    """
    One's own, yes; somebody else's only by who assigns work, and nobody speaks for them.
    """
    talk = talk_of(await handed_over(front))
    kim, lou = await colleague(role, name="Kim Doe"), await colleague(name="Lou Roe")
    claims = {"own": kim, "somebody": lou}
    if holder in claims:
        assert (await claims[holder].post(f"{talk}/claim")).is_success
    answer = await kim.post(f"{talk}/{change}", CHANGES[change])

    assert (OK if answer.is_success else answer.json()["code"]) == TABLE[role, holder][change]
