"""Lines that a developer types into `rasa shell`: stored as messages of the demo store."""

from bot.casework.ports.conversations import NewMessage
from bot.services.house import House
from bot.services.turn_queue import receive_message

CONSOLE = "cmdline"
STORE = "demo"
LEASE_SECONDS = 15.0
"""So long no web process takes the shell's conversation for one that was left behind."""


def receive_from_console(house: House, sender: str, text: str) -> str:
    """Store the line in the shell's own conversation; the message's id."""
    conversation_id = f"shell-{sender}"[:64]
    with house.units() as unit:
        unit.conversations.add_named(conversation_id, STORE, "en", house.clock())
    line = NewMessage(
        conversation_id=conversation_id,
        client_id=house.new_id(),
        text=text,
        choice_token=None,
        attachments=(),
        ip="",
    )

    return receive_message(house, line, CONSOLE, LEASE_SECONDS).message.id
