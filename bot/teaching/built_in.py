"""The intents that the code knows by their names: those cannot be renamed or taken away."""

from typing import Final

from bot.playbooks import BY_NAME, PLAYBOOKS
from bot.services.faq import FAQ
from bot.services.small_talk import SMALL_TALK

_ADDS_TO_CASE: Final = frozenset(
    {
        *("affirm", "deny", "provide_details", "choose_option"),
        *("photo_sent", "no_photo", "never_mind"),
    }
)
FIXED: Final = frozenset(
    {
        *PLAYBOOKS,
        *FAQ,
        *SMALL_TALK,
        *_ADDS_TO_CASE,
        *("human_agent", "out_of_scope", "nlu_fallback"),
    }
)
CAN_BEGIN: Final = tuple(sorted(BY_NAME))
"""The playbooks that an added intent may begin."""
