"""Arrived broken, torn, crushed or leaking: apology, photo, offer, explicit yes."""

from bot.playbooks.playbook import Playbook
from bot.playbooks.steps import (
    ask_for_photo,
    ask_how_many,
    ask_which_line,
    choose_remedy,
    confirm_remedy,
    go_down_ladder,
    lead_to_front_desk,
    stop_if_off,
    stop_if_settled,
    stop_unless_sent,
)

DAMAGED_ITEM = Playbook(
    name="damaged_item",
    has_ladder=True,
    steps=(
        lead_to_front_desk,
        stop_if_off,
        stop_unless_sent,
        ask_which_line,
        stop_if_settled,
        ask_how_many,
        ask_for_photo,
        go_down_ladder,
        choose_remedy,
        confirm_remedy,
    ),
)
