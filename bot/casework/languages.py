"""
In which language a buyer is answered: the one that they or the shop chose, or else that they write.

What a message is written in is heard by the model; where that tells nothing, the letters do.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.casework.cases import Awaiting
from bot.casework.turns import Conversation, Entity, LocaleFrom

CYRILLIC = re.compile(r"[\u0400-\u04ff]")
LATIN = re.compile(r"[A-Za-z]")
FEWEST = 2
"""Fewer letters tell nothing."""
WORD = re.compile(r"(?<!\S)[(\"'«]*[^\W\d_]+(?:['’-][^\W\d_]+)*[.,:;?!)\"'»…]*(?!\S)")
"""Letters only, between spaces: no order number, no e-mail, no address of a page."""
CLEARLY = 2
"""So many words in other letters than Cyrillic are no slip: one may be an "ok" or a name."""
SHOP_WORDS = frozenset(
    {
        Awaiting.ORDER_NUMBER,
        Awaiting.PROOF,
        Awaiting.LINE,
        Awaiting.VARIANT,
        Awaiting.ADDRESS,
        Awaiting.ADDRESS_CHECK,
    }
)
"""Who is asked for these answers in the letters of a parcel or a shop window."""


def written_language(text: str) -> str | None:
    """
    `ru` for a text mostly in Cyrillic; None where the letters do not tell.

    Any Cyrillic beside an order number in Latin letters is Russian. Latin letters alone tell
    nothing: Russians write order numbers, e-mails and "ok" with them.
    """
    cyrillic = len(CYRILLIC.findall(text))

    return "ru" if cyrillic >= FEWEST and 2 * cyrillic >= len(LATIN.findall(text)) else None


def in_written_language(
    conversation: Conversation,
    text: str,
    *,
    heard: str | None = None,
    details: Iterable[Entity] = (),
    awaiting: Awaiting = Awaiting.NOTHING,
) -> Conversation:
    """
    The conversation in the language that the buyer writes, from now on.

    A chosen language stays. A guessed one gives way to the first word that tells anything. One
    that the buyer has written in gives way to another only if they clearly switch: to Cyrillic,
    or with several words that are no answer to a question for an address, a product or a number.
    `heard` is what the model takes the text for, `details` what it found in it.
    """
    if conversation.locale_from is LocaleFrom.CHOSEN:
        return conversation
    by_letters = written_language(text)
    language = heard or by_letters
    guessed = conversation.locale_from is LocaleFrom.GUESSED
    words = len(_words(text, details))
    if language is None or (language != by_letters and words < (1 if guessed else CLEARLY)):
        return conversation
    if _base(conversation.locale) == language:
        return replace(conversation, locale_from=LocaleFrom.WRITTEN)
    if not guessed and language != by_letters and awaiting in SHOP_WORDS:
        return conversation

    return replace(conversation, locale=language, locale_from=LocaleFrom.WRITTEN)


def _base(locale: str) -> str:
    """The language of a locale, however a browser writes it: `en` of en-GB, en_GB and EN."""
    return locale.replace("_", "-").partition("-")[0].lower()


def _words(text: str, details: Iterable[Entity]) -> list[str]:
    """The words of the text beside the details that were found in it."""
    for detail in sorted(details, key=lambda one: one.start, reverse=True):
        if 0 <= detail.start < detail.end <= len(text):
            text = f"{text[: detail.start]} {text[detail.end :]}"

    return WORD.findall(text)
