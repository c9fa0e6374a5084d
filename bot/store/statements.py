"""
Statements about conversations, which every turn needs.

They are built once: four fifths of a statement's time goes into building it and finding out what
to send.
"""

import sqlalchemy as sa

from bot.casework.files import PHOTO
from bot.casework.turns import Floor, Sender
from bot.store.tables import (
    agents,
    attachments,
    choices,
    conversations,
    handoffs,
    messages,
    verified_orders,
)

KEY: sa.BindParameter[str] = sa.bindparam("key")
KEYS: sa.BindParameter[str] = sa.bindparam("keys", expanding=True)
UNANSWERED = sa.and_(messages.c.sender == Sender.BUYER, messages.c.answered_at.is_(None))

CONVERSATION = sa.select(conversations).where(conversations.c.id == KEY)
CONVERSATION_HELD = CONVERSATION.with_for_update()
SET_CONVERSATION = sa.update(conversations).where(conversations.c.id == KEY)
NEXT_SEQ = SET_CONVERSATION.values(last_seq=conversations.c.last_seq + 1).returning(
    conversations.c.last_seq
)
CLOSE_HAND_OFFS = (
    sa.update(handoffs).where(handoffs.c.conversation_id == KEY, handoffs.c.open).values(open=False)
)
VERIFIED = sa.select(verified_orders.c.order_id).where(verified_orders.c.conversation_id == KEY)

SET_MESSAGE = sa.update(messages).where(messages.c.id == KEY)
BUYER_MESSAGE = sa.select(messages).where(messages.c.id == KEY, messages.c.sender == Sender.BUYER)
LAST_OF_BUYER = (
    sa.select(messages)
    .where(messages.c.conversation_id == KEY, messages.c.sender == Sender.BUYER)
    .order_by(messages.c.seq.desc())
    .limit(1)
)
MESSAGE_OF_CLIENT = sa.select(messages).where(
    messages.c.conversation_id == KEY,
    messages.c.client_id == sa.bindparam("client"),
    messages.c.sender == Sender.BUYER,
)
MESSAGES_AFTER = (
    sa.select(messages, agents.c.name.label("agent_name"))
    .outerjoin(agents, agents.c.id == messages.c.agent_id)
    .where(messages.c.conversation_id == KEY, messages.c.seq > sa.bindparam("after"))
    .order_by(messages.c.seq)
)
UNANSWERED_MESSAGES = (
    sa.select(messages)
    .where(messages.c.conversation_id == KEY, UNANSWERED)
    .order_by(messages.c.seq)
)
SAID_TO = sa.select(messages.c.text).where(messages.c.answers == KEY).order_by(messages.c.seq)

PHOTOS_OF_MESSAGE = (
    sa.select(attachments.c.id)
    .where(attachments.c.message_id == KEY, attachments.c.kind == PHOTO)
    .order_by(attachments.c.created_at, attachments.c.id)
)
ATTACHED = (
    sa.select(attachments)
    .where(attachments.c.message_id.in_(KEYS))
    .order_by(attachments.c.created_at, attachments.c.id)
)
LATEST_MESSAGES = 40
PHOTOS_SENT = (
    sa.select(attachments.c.id)
    .join(messages, messages.c.id == attachments.c.message_id)
    .join(conversations, conversations.c.id == attachments.c.conversation_id)
    .where(
        attachments.c.conversation_id == KEY,
        attachments.c.kind == PHOTO,
        messages.c.sender == Sender.BUYER,
        messages.c.seq > conversations.c.last_seq - LATEST_MESSAGES,
    )
    .order_by(attachments.c.created_at, attachments.c.id)
)
"""Only of the latest messages: what was sent long ago shows something else."""

ADD_CHOICE = sa.insert(choices)
CHOICE = (
    sa.select(choices, messages.c.answers)
    .join(messages, messages.c.id == choices.c.message_id)
    .where(choices.c.token == KEY)
)
CHOICES_OF_MESSAGES = (
    sa.select(choices.c.message_id, choices.c.token, choices.c.label)
    .where(choices.c.message_id.in_(KEYS))
    .order_by(choices.c.position)
)

_SIBLING = choices.alias()
_ASKED_AT = sa.select(messages.c.seq).where(messages.c.id == sa.bindparam("message"))
USED = sa.select(
    sa.exists().where(
        _SIBLING.c.message_id == sa.bindparam("message"), _SIBLING.c.used_by.is_not(None)
    )
)
ASKED_ANEW = sa.select(
    sa.exists().where(
        messages.c.conversation_id == KEY,
        messages.c.seq > _ASKED_AT.scalar_subquery(),
        _SIBLING.c.message_id == messages.c.id,
        _SIBLING.c.case_id == sa.bindparam("case"),
    )
)

TAKE_LEASE = (
    SET_CONVERSATION.where(
        conversations.c.floor == Floor.BOT,
        sa.or_(
            conversations.c.lease_until.is_(None),
            conversations.c.lease_until <= sa.bindparam("now"),
            sa.and_(
                conversations.c.lease_owner == sa.bindparam("owner"),
                conversations.c.fence == sa.bindparam("held"),
            ),
        ),
    )
    .values(
        lease_owner=sa.bindparam("owner"),
        lease_until=sa.bindparam("until"),
        fence=conversations.c.fence + 1,
    )
    .returning(conversations.c.fence)
)
DROP_LEASE = SET_CONVERSATION.where(conversations.c.fence == sa.bindparam("held")).values(
    lease_owner=None, lease_until=None
)
LEFT_BEHIND = (
    sa.select(messages.c.conversation_id)
    .join(conversations, conversations.c.id == messages.c.conversation_id)
    .where(
        UNANSWERED,
        conversations.c.floor == Floor.BOT,
        sa.or_(
            conversations.c.lease_until.is_(None),
            conversations.c.lease_until <= sa.bindparam("now"),
        ),
    )
    .distinct()
)
