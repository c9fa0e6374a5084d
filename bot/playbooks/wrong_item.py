"""
Another product, size or colour than ordered came (AFTER_SALES.md, 3).

The same ways lead out of it as out of a damaged item; what differs is the words and the
rulebook's ladder for it.
"""

from bot.playbooks.damaged_item import DAMAGED_ITEM
from bot.playbooks.playbook import Playbook

WRONG_ITEM = Playbook(name="wrong_item", has_ladder=True, steps=DAMAGED_ITEM.steps)
