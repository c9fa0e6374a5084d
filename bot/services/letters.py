"""
An answer of a person goes by e-mail to a buyer who has left the chat.

Whoever has the chat open tells what they have read; what stays unread for some minutes is sent,
all of it in one letter, once.
"""

from dataclasses import dataclass
from datetime import timedelta

from bot.casework.letters import UnreadAnswers
from bot.casework.notices import SUBJECT_LENGTH, Channel, Notice
from bot.casework.ports.units import UnitOfWork
from bot.casework.replies import MessageKind, Reply
from bot.services.collisions import retried
from bot.services.house import House

UNREAD_FOR = timedelta(minutes=3)
"""After which we take it that the buyer has left."""
NEWS_FOR = timedelta(days=1)
"""After which an answer that was never mailed is no news: SMTP was set up later."""
MOST_AT_ONCE = 100


@dataclass(frozen=True, kw_only=True)
class AnswerByMail(Reply):
    """
    What a buyer is written who has left; the first line is the subject of the e-mail.

    `name` is the first name of whoever wrote, `text` what stands in the chat, word for word, and
    `attached` how many photos and files wait there: they are not mailed, as everybody may read
    an e-mail that went astray.
    """

    kind = MessageKind.NOTICE

    shop: str
    name: str
    text: str
    attached: int


def do_write_letters(house: House) -> int:
    """Write to the buyers who have left without reading an answer; to how many."""
    now = house.clock()
    with house.units.reading() as unit:
        if not unit.letters.unread(now - NEWS_FOR, now - UNREAD_FOR, 1):
            return 0

    return retried(lambda: _write(house))


def _write(house: House) -> int:
    now = house.clock()
    with house.units() as unit:
        found = unit.letters.unread(now - NEWS_FOR, now - UNREAD_FOR, MOST_AT_ONCE)
        for one in found:
            unit.notices.add(_letter(house, unit, one), now)
            unit.letters.mark_written(one.conversation_id, one.seq)

    return len(found)


def _letter(house: House, unit: UnitOfWork, unread: UnreadAnswers) -> Notice:
    store = unit.stores.find(unread.store)
    spoken = house.speaker.render(
        AnswerByMail(
            shop=store.title if store else unread.store,
            name=unread.agent,
            text="\n\n".join(unread.texts),
            attached=unread.attached,
        ),
        unread.locale,
        variant=unread.conversation_id,
        now=house.clock(),
    )
    subject, _, text = spoken.text.partition("\n")

    return Notice(
        key=f"answer:{unread.conversation_id}:{unread.seq}",
        channel=Channel.MAIL,
        to=unread.email,
        subject=subject.strip()[:SUBJECT_LENGTH],
        text=text.strip(),
        conversation_id=unread.conversation_id,
    )
