"""Lines that a developer types into `rasa shell`: stored as messages of the demo store."""

from bot.casework.ports import NewMessage
from bot.services.house import House

CONSOLE = "cmdline"
STORE = "demo"


def receive_from_console(house: House, sender: str, text: str) -> str:
    """Store the line in the shell's own conversation; the message's id."""
    with house.units() as unit:
        now = house.clock()
        conversation_id = f"shell-{sender}"[:64]
        unit.conversations.add_named(conversation_id, STORE, "en", now)
        message_id = house.new_id()
        unit.conversations.add_message(
            message_id,
            NewMessage(
                conversation_id=conversation_id,
                client_id=message_id,
                text=text,
                choice_token=None,
                attachments=(),
                ip="",
            ),
            now,
        )

    return message_id
