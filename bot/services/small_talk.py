"""Greetings, thanks and the honest answer to "are you a robot?"."""

from dataclasses import dataclass

from bot.casework.replies import Reply


@dataclass(frozen=True, kw_only=True)
class Hello(Reply):
    """A greeting that says what the bot can do."""


@dataclass(frozen=True, kw_only=True)
class YouAreWelcome(Reply):
    """After thanks."""


@dataclass(frozen=True, kw_only=True)
class Goodbye(Reply):
    """The buyer leaves."""


@dataclass(frozen=True, kw_only=True)
class IAmABot(Reply):
    """Yes, a bot; a person is one word away."""


SMALL_TALK: dict[str, type[Reply]] = {
    "greet": Hello,
    "thanks": YouAreWelcome,
    "goodbye": Goodbye,
    "ask_bot": IAmABot,
}
