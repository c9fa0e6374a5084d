"""
The typed content of one bot message; a template turns it into words.

A reply class belongs to the module that says it. Its words stand in
`templates/<locale>/<module>.j2`, in a block named like the class in snake case; the class's
fields are all that the block may use.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.casework.orders import OrderCard


class MessageKind(StrEnum):
    """How the widget shows a message."""

    TEXT = "text"
    ASK_PHOTO = "ask_photo"
    OFFER = "offer"
    CONFIRM = "confirm"
    CARD = "card"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Choice:
    """
    A button under a message.

    `value` comes back to the playbook when it is pressed; `label` names a block in
    `templates/<locale>/choices.j2`, which may use `it`.
    """

    value: str
    label: str
    it: object = None


REPLIES: dict[str, type["Reply"]] = {}
"""Every reply class by `<template>.<block>`, filled as the modules are imported."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One bot message; `card` shows an order beneath the text."""

    kind: ClassVar[MessageKind] = MessageKind.TEXT
    template: ClassVar[str]
    block: ClassVar[str]

    choices: tuple[Choice, ...] = ()
    card: OrderCard | None = None

    def __init_subclass__(cls) -> None:
        cls.template = cls.__module__.rpartition(".")[2]
        cls.block = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        REPLIES[f"{cls.template}.{cls.block}"] = cls
