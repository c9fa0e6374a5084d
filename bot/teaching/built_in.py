"""The intents that the code knows by their names: those cannot be renamed or taken away."""

from typing import Final

from bot.playbooks import BY_NAME
from bot.services.meaning import OURS

FIXED: Final = frozenset(OURS)
CAN_BEGIN: Final = tuple(sorted(BY_NAME))
"""The playbooks that an added intent may begin."""
