"""The language of a conversation, remembered from message to message."""

from collections.abc import Iterable

from bot.casework.cases import Awaiting, Case
from bot.casework.languages import in_written_language
from bot.casework.ports.conversations import Conversations
from bot.casework.turns import BuyerMessage, Conversation, Understanding


def in_buyers_language(
    conversations: Conversations,
    conversation: Conversation,
    message: BuyerMessage,
    heard: Understanding,
    cases: Iterable[Case],
) -> Conversation:
    """
    The conversation in the language that the buyer writes, from now on.

    A button's label is ours, and a title in it the shop's: it tells nothing.
    """
    if message.choice_token:
        return conversation
    asked = next((case.awaiting for case in cases if case.open_question), Awaiting.NOTHING)
    written = in_written_language(
        conversation,
        message.text,
        heard=heard.language,
        details=heard.entities,
        awaiting=asked,
    )
    if written != conversation:
        conversations.set_locale(written.id, written.locale, written.locale_from)

    return written
