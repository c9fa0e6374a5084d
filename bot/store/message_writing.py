"""Storing a message, whoever wrote it, so that it is found."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.searching import words_of
from bot.store.tables import message_words, messages

ADD_MESSAGE = sa.insert(messages)
ADD_WORDS = sa.insert(message_words)


def add_message(connection: Connection, values: Mapping[str, object]) -> None:
    """Store the message of these columns, and the words that it is found by."""
    connection.execute(ADD_MESSAGE, values)
    if words := words_of(str(values["text"])):
        row = {"message_id": values["id"], "conversation_id": values["conversation_id"]}
        connection.execute(ADD_WORDS, row | {"words": words})
