"""What clients send, taken apart: no text breaks anything, and nothing visible is lost."""

import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.errors import WrongRequest
from bot.web.incoming import MOST_TEXT, MessageRequest, check_locale, clean, to_new_message

ANY_TEXT = st.text(st.characters(), max_size=60)
"""Half characters included, which Hypothesis leaves out by default."""


@given(ANY_TEXT)
def test_clean_text_can_be_stored_and_keeps_what_is_seen(text):
    """
    It is UTF-8, has no control characters, and every letter of the buyer's is still in it.
    """
    cleaned = clean(text)

    cleaned.encode()
    assert "\0" not in cleaned
    assert cleaned == cleaned.strip()
    assert clean(cleaned) == cleaned
    for sign in text:
        assert sign in cleaned or not unicodedata.category(sign).startswith(("L", "N", "P"))


@given(ANY_TEXT, st.none() | ANY_TEXT, st.none() | st.lists(ANY_TEXT, max_size=7))
def test_any_message_is_taken_or_refused(client_id, text, attachments):
    """
    There is no third way.
    """
    data = MessageRequest(client_id=client_id, text=text, choice=text, attachments=attachments)
    try:
        message = to_new_message(data, "conversation", "192.0.2.1")
    except WrongRequest as refused:
        assert refused.status == 422
        return

    assert len(message.text) <= MOST_TEXT
    assert message.text or message.choice_token or message.attachments


@pytest.mark.parametrize("locale", ["en", "de", "pt-BR", "pt_BR", "zh-Hant", "fil", "zh-Hant-TW"])
def test_locales_look_like_this(locale):
    """
    As browsers and Babel write them.
    """
    assert check_locale(locale) == locale


@given(ANY_TEXT)
def test_no_locale_is_a_path(text):
    """
    Templates are looked for by it.
    """
    with suppress(WrongRequest):
        assert check_locale(text).replace("-", "").replace("_", "").isalnum()
