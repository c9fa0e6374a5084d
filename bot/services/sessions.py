"""Beginning a conversation, and learning from the shop who the buyer is."""

from bot.casework.ports.conversations import ShownMessage, StoredPhoto
from bot.casework.turns import Floor, Identity, LocaleFrom
from bot.services.house import House


def begin_conversation(
    house: House, store: str, locale: str, identity: Identity | None, *, chosen: bool = False
) -> str:
    """A new conversation; its id. A locale that was `chosen` is not changed by what is written."""
    locale_from = LocaleFrom.CHOSEN if chosen else LocaleFrom.GUESSED
    with house.units() as unit:
        return unit.conversations.add(
            store, locale, identity, house.clock(), locale_from=locale_from
        )


def choose_locale(house: House, conversation_id: str, locale: str) -> None:
    """Answer the buyer in that language from now on, whatever they write in."""
    with house.units() as unit:
        conversation = unit.conversations.lock(conversation_id)
        unit.conversations.set_locale(conversation.id, locale, LocaleFrom.CHOSEN)


def do_identify(house: House, conversation_id: str, store: str, identity: Identity) -> bool:
    """
    Attach the buyer that the shop names to a conversation.

    False, and nothing is changed, if the conversation is somebody else's or another store's:
    what was said there must not be shown to another buyer.
    """
    with house.units() as unit:
        conversation = unit.conversations.lock(conversation_id)
        known = conversation.identity
        if conversation.store != store or (known and known.subject != identity.subject):
            return False
        unit.conversations.identify(conversation_id, identity)

    return True


def add_photo(house: House, conversation_id: str, photo: StoredPhoto) -> None:
    """Write down a photo of this conversation; Missing if there is none."""
    with house.units() as unit:
        unit.conversations.get(conversation_id)
        unit.conversations.add_photo(conversation_id, photo, house.clock())


def find_photo(house: House, conversation_id: str, photo_id: str) -> str | None:
    """The file name of a photo of this conversation."""
    with house.units.reading() as unit:
        unit.conversations.get(conversation_id)
        return unit.conversations.find_photo(conversation_id, photo_id)


def read_transcript(
    house: House, conversation_id: str, after: int
) -> tuple[tuple[ShownMessage, ...], Floor]:
    """Messages after that seq as the buyer sees them, and who has the floor."""
    with house.units.reading() as unit:
        floor = unit.conversations.get(conversation_id).floor
        return unit.conversations.transcript(conversation_id, after), floor


def add_rating(house: House, conversation_id: str, score: int, comment: str) -> bool:
    """Store the buyer's rating, once; False if there was one."""
    with house.units() as unit:
        return unit.conversations.add_rating(conversation_id, score, comment, house.clock())
