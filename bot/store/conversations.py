"""Conversations, their messages, choices and leases."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.ports import Missing, NewMessage, ShownMessage, Spoken, StoredPhoto
from bot.casework.turns import (
    BuyerMessage,
    Conversation,
    Floor,
    Identity,
    PressedChoice,
    Sender,
    Understanding,
)
from bot.store.tables import (
    attachments,
    choices,
    conversations,
    messages,
    ratings,
    verified_orders,
)

UNANSWERED = sa.and_(messages.c.sender == Sender.BUYER, messages.c.answered_at.is_(None))


class SqlConversations:
    """`bot.casework.ports.Conversations` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, store: str, locale: str, identity: Identity | None, now: datetime) -> str:
        conversation_id = uuid4().hex
        self.add_named(conversation_id, store, locale, now)
        if identity:
            self.identify(conversation_id, identity)

        return conversation_id

    def add_named(self, conversation_id: str, store: str, locale: str, now: datetime) -> None:
        known = sa.select(conversations.c.id).where(conversations.c.id == conversation_id)
        if self._db.execute(known).first():
            return
        self._db.execute(
            sa.insert(conversations).values(
                id=conversation_id,
                store_id=store,
                locale=locale,
                floor=Floor.BOT,
                misses=0,
                last_seq=0,
                fence=0,
                created_at=now,
            )
        )

    def get(self, conversation_id: str) -> Conversation:
        return self._conversation(sa.select(conversations), conversation_id)

    def lock(self, conversation_id: str) -> Conversation:
        return self._conversation(sa.select(conversations).with_for_update(), conversation_id)

    def _conversation(self, query: sa.Select[tuple[object]], key: str) -> Conversation:
        row = self._db.execute(query.where(conversations.c.id == key)).one_or_none()
        if row is None:
            raise Missing(f"no conversation {key}")
        orders = self._db.execute(
            sa.select(verified_orders.c.order_id).where(verified_orders.c.conversation_id == key)
        )
        known = Identity(
            subject=row.identity_subject or "",
            email=row.identity_email or "",
            name=row.identity_name or "",
        )

        return Conversation(
            id=row.id,
            store=row.store_id,
            locale=row.locale,
            floor=Floor(row.floor),
            identity=known if row.identity_subject else None,
            misses=row.misses,
            fence=row.fence,
            verified=frozenset(orders.scalars()),
        )

    def identify(self, conversation_id: str, identity: Identity) -> None:
        self._set(
            conversation_id,
            identity_subject=identity.subject,
            identity_email=identity.email,
            identity_name=identity.name,
        )

    def set_floor(self, conversation_id: str, floor: Floor) -> None:
        self._set(conversation_id, floor=floor)

    def set_misses(self, conversation_id: str, misses: int) -> None:
        self._set(conversation_id, misses=misses)

    def _set(self, conversation_id: str, **values: object) -> None:
        self._db.execute(
            sa.update(conversations).where(conversations.c.id == conversation_id).values(**values)
        )

    def mark_verified(self, conversation_id: str, order_id: int, now: datetime) -> None:
        self._db.execute(
            sa.insert(verified_orders).values(
                conversation_id=conversation_id, order_id=order_id, verified_at=now
            )
        )

    def get_message(self, message_id: str) -> BuyerMessage:
        found = self._message(messages.c.id == message_id)
        if found is None:
            raise Missing(f"no buyer message {message_id}")
        return found

    def find_by_client_id(self, conversation_id: str, client_id: str) -> BuyerMessage | None:
        return self._message(
            sa.and_(
                messages.c.conversation_id == conversation_id, messages.c.client_id == client_id
            )
        )

    def _message(self, which: sa.ColumnElement[bool]) -> BuyerMessage | None:
        query = sa.select(messages).where(which, messages.c.sender == Sender.BUYER)
        row = self._db.execute(query).one_or_none()
        return self._buyer_message(row) if row else None

    def _buyer_message(self, row: Row[tuple[object, ...]]) -> BuyerMessage:
        photos = self._db.execute(
            sa.select(attachments.c.id)
            .where(attachments.c.message_id == row.id)
            .order_by(attachments.c.created_at, attachments.c.id)
        )

        return BuyerMessage(
            id=row.id,
            seq=row.seq,
            conversation_id=row.conversation_id,
            text=row.text,
            choice_token=row.choice_token,
            photos=tuple(photos.scalars()),
            ip=row.ip or "",
            answered_at=row.answered_at,
            created_at=row.created_at,
        )

    def add_message(self, message_id: str, message: NewMessage, now: datetime) -> BuyerMessage:
        seq = self._next_seq(message.conversation_id)
        self._db.execute(
            sa.insert(messages).values(
                id=message_id,
                conversation_id=message.conversation_id,
                seq=seq,
                sender=Sender.BUYER,
                kind="text",
                text=message.text,
                created_at=now,
                client_id=message.client_id,
                choice_token=message.choice_token,
                ip=message.ip,
            )
        )
        if message.attachments:
            self._db.execute(
                sa.update(attachments)
                .where(attachments.c.id.in_(message.attachments))
                .values(message_id=message_id)
            )

        return BuyerMessage(
            id=message_id,
            seq=seq,
            conversation_id=message.conversation_id,
            text=message.text,
            choice_token=message.choice_token,
            photos=message.attachments,
            ip=message.ip,
            answered_at=None,
            created_at=now,
        )

    def _next_seq(self, conversation_id: str) -> int:
        raised = self._db.execute(
            sa.update(conversations)
            .where(conversations.c.id == conversation_id)
            .values(last_seq=conversations.c.last_seq + 1)
            .returning(conversations.c.last_seq)
        )
        return int(raised.scalar_one())

    def free_attachments(self, conversation_id: str, ids: Sequence[str]) -> set[str]:
        if not ids:
            return set()
        found = self._db.execute(
            sa.select(attachments.c.id).where(
                attachments.c.id.in_(ids),
                attachments.c.conversation_id == conversation_id,
                attachments.c.message_id.is_(None),
            )
        )
        return set(found.scalars())

    def add_attachment(self, conversation_id: str, attachment: StoredPhoto, now: datetime) -> None:
        self._db.execute(
            sa.insert(attachments).values(
                id=attachment.id,
                conversation_id=conversation_id,
                file_name=attachment.file_name,
                width=attachment.width,
                height=attachment.height,
                size=attachment.size,
                sha256=attachment.sha256,
                created_at=now,
            )
        )

    def find_attachment(self, conversation_id: str, attachment_id: str) -> str | None:
        found = self._db.execute(
            sa.select(attachments.c.file_name).where(
                attachments.c.id == attachment_id,
                attachments.c.conversation_id == conversation_id,
            )
        )
        return found.scalar_one_or_none()

    def photos(self, conversation_id: str) -> tuple[str, ...]:
        found = self._db.execute(
            sa.select(attachments.c.id)
            .where(
                attachments.c.conversation_id == conversation_id,
                attachments.c.message_id.is_not(None),
            )
            .order_by(attachments.c.created_at, attachments.c.id)
        )
        return tuple(found.scalars())

    def transcript(self, conversation_id: str, after: int) -> tuple[ShownMessage, ...]:
        rows = self._db.execute(
            sa.select(messages)
            .where(messages.c.conversation_id == conversation_id, messages.c.seq > after)
            .order_by(messages.c.seq)
        ).all()
        ids = [row.id for row in rows]
        buttons: dict[str, list[tuple[str, str]]] = {}
        photos: dict[str, list[tuple[str, int, int]]] = {}
        # Bot messages have buttons, buyer messages have photos.
        if bots := [row.id for row in rows if row.sender != Sender.BUYER]:
            found = self._db.execute(
                sa.select(choices.c.message_id, choices.c.token, choices.c.label)
                .where(choices.c.message_id.in_(bots))
                .order_by(choices.c.position)
            )
            for row in found:
                buttons.setdefault(row.message_id, []).append((row.token, row.label))
        if len(bots) < len(ids):
            found = self._db.execute(
                sa.select(attachments)
                .where(attachments.c.message_id.in_(ids))
                .order_by(attachments.c.created_at, attachments.c.id)
            )
            for row in found:
                photos.setdefault(row.message_id, []).append((row.id, row.width, row.height))

        return tuple(
            ShownMessage(
                seq=row.seq,
                id=row.id,
                sender=Sender(row.sender),
                kind=row.kind,
                text=row.text,
                choices=tuple(buttons.get(row.id, ())),
                card=row.card,
                photos=tuple(photos.get(row.id, ())),
                client_id=row.client_id,
                created_at=row.created_at,
            )
            for row in rows
        )

    def unanswered(self, conversation_id: str) -> tuple[BuyerMessage, ...]:
        rows = self._db.execute(
            sa.select(messages)
            .where(messages.c.conversation_id == conversation_id, UNANSWERED)
            .order_by(messages.c.seq)
        )
        return tuple(self._buyer_message(row) for row in rows.all())

    def note_understanding(self, message_id: str, understanding: Understanding) -> None:
        self._db.execute(
            sa.update(messages)
            .where(messages.c.id == message_id)
            .values(
                intent=understanding.intent,
                confidence=understanding.confidence,
                ranking=[list(pair) for pair in understanding.ranking],
                entities=[
                    {"name": e.name, "value": e.value, "start": e.start, "end": e.end}
                    for e in understanding.entities
                ],
            )
        )

    def mark_answered(self, message_id: str, now: datetime) -> None:
        self._db.execute(
            sa.update(messages).where(messages.c.id == message_id).values(answered_at=now)
        )

    def say(
        self,
        conversation_id: str,
        spoken: Spoken,
        *,
        answers: str | None,
        case_id: str | None,
        now: datetime,
        sender: Sender = Sender.BOT,
    ) -> str:
        message_id = uuid4().hex
        self._db.execute(
            sa.insert(messages).values(
                id=message_id,
                conversation_id=conversation_id,
                seq=self._next_seq(conversation_id),
                sender=sender,
                kind=spoken.kind,
                text=spoken.text,
                created_at=now,
                answers=answers,
                reply=spoken.reply,
                card=spoken.card,
            )
        )
        if spoken.choices:
            self._db.execute(
                sa.insert(choices),
                [
                    {
                        "token": secrets.token_urlsafe(18),
                        "conversation_id": conversation_id,
                        "message_id": message_id,
                        "case_id": case_id,
                        "position": position,
                        "value": value,
                        "label": label,
                    }
                    for position, (value, label) in enumerate(spoken.choices)
                ],
            )

        return message_id

    def said_to(self, message_id: str) -> tuple[str, ...]:
        found = self._db.execute(
            sa.select(messages.c.text)
            .where(messages.c.answers == message_id)
            .order_by(messages.c.seq)
        )
        return tuple(found.scalars())

    def find_choice(self, token: str) -> PressedChoice | None:
        row = self._db.execute(sa.select(choices).where(choices.c.token == token)).one_or_none()
        if row is None:
            return None

        return PressedChoice(
            token=row.token,
            conversation_id=row.conversation_id,
            case_id=row.case_id,
            value=row.value,
            label=row.label,
            over=self._is_over(row),
        )

    def _is_over(self, row: Row[tuple[object, ...]]) -> bool:
        siblings = choices.alias()
        used = sa.exists().where(
            siblings.c.message_id == row.message_id, siblings.c.used_by.is_not(None)
        )
        if row.case_id is None:
            return bool(self._db.execute(sa.select(used)).scalar_one())
        asked_at = sa.select(messages.c.seq).where(messages.c.id == row.message_id)
        newer = sa.exists().where(
            siblings.c.case_id == row.case_id,
            siblings.c.message_id == messages.c.id,
            messages.c.seq > asked_at.scalar_subquery(),
        )

        return bool(self._db.execute(sa.select(sa.or_(used, newer))).scalar_one())

    def use_choice(self, token: str, message_id: str) -> None:
        self._db.execute(
            sa.update(choices)
            .where(choices.c.token == token, choices.c.used_by.is_(None))
            .values(used_by=message_id)
        )

    def take_lease(
        self,
        conversation_id: str,
        owner: str,
        until: datetime,
        now: datetime,
        held: int | None = None,
    ) -> int | None:
        c = conversations.c
        ours = sa.and_(c.lease_owner == owner, c.fence == held)
        taken = self._db.execute(
            sa.update(conversations)
            .where(
                c.id == conversation_id,
                c.floor == Floor.BOT,
                sa.or_(c.lease_until.is_(None), c.lease_until <= now, ours),
            )
            .values(lease_owner=owner, lease_until=until, fence=c.fence + 1)
            .returning(c.fence)
        )
        return taken.scalar_one_or_none()

    def drop_lease(self, conversation_id: str, fence: int) -> None:
        self._db.execute(
            sa.update(conversations)
            .where(conversations.c.id == conversation_id, conversations.c.fence == fence)
            .values(lease_owner=None, lease_until=None)
        )

    def left_behind(self, now: datetime) -> tuple[str, ...]:
        c = conversations.c
        found = self._db.execute(
            sa.select(messages.c.conversation_id)
            .join(conversations, c.id == messages.c.conversation_id)
            .where(
                UNANSWERED,
                c.floor == Floor.BOT,
                sa.or_(c.lease_until.is_(None), c.lease_until <= now),
            )
            .distinct()
        )
        return tuple(found.scalars())

    def add_rating(self, conversation_id: str, score: int, comment: str, now: datetime) -> bool:
        there = sa.select(ratings.c.id).where(ratings.c.conversation_id == conversation_id)
        self.lock(conversation_id)
        if self._db.execute(there).first():
            return False
        self._db.execute(
            sa.insert(ratings).values(
                conversation_id=conversation_id, score=score, comment=comment, created_at=now
            )
        )
        return True
