"""Files that the team sends to buyers beside photos."""

from bot.casework.files import StoredFile
from bot.services.house import House


def add_file(house: House, conversation_id: str, file: StoredFile) -> None:
    """Write down a file that goes with the next answer; Missing without the conversation."""
    with house.units() as unit:
        unit.conversations.get(conversation_id)
        unit.files.add(conversation_id, file, house.clock())


def find_file(house: House, conversation_id: str, file_id: str) -> StoredFile | None:
    """A file that was sent in this conversation."""
    with house.units.reading() as unit:
        unit.conversations.get(conversation_id)
        return unit.files.find_sent(conversation_id, file_id)
