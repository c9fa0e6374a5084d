"""The agreeable answer to each question of a playbook."""

from collections.abc import Callable

from bot.casework.cases import Awaiting
from tests.dialog import Dialog

AGREE: dict[Awaiting, Callable[[Dialog], object]] = {
    Awaiting.LINE: lambda chat: chat.presses("line:"),
    Awaiting.QUANTITY: lambda chat: chat.presses("quantity:"),
    Awaiting.PHOTO: lambda chat: chat.sends_photo(),
    Awaiting.REASON: lambda chat: chat.presses("reason:"),
    Awaiting.ARRIVAL: lambda chat: chat.presses("yes"),
    Awaiting.CHOICE: lambda chat: chat.presses("option:0"),
    Awaiting.CONFIRMATION: lambda chat: chat.presses("yes"),
}
