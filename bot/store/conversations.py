"""Conversations, their messages, choices and leases."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.agents import first_name
from bot.casework.files import PHOTO
from bot.casework.ports.conversations import Clarified, Doubt, NewMessage, ShownMessage, StoredPhoto
from bot.casework.ports.speaking import Spoken
from bot.casework.ports.units import Missing
from bot.casework.turns import (
    BuyerMessage,
    Conversation,
    Entity,
    Floor,
    Identity,
    LocaleFrom,
    PressedChoice,
    Sender,
    Understanding,
)
from bot.store.doubts import find_clarified, find_doubts
from bot.store.files import NOTHING, Attached, find_attached
from bot.store.looks import bands_of, find_reused
from bot.store.message_writing import add_message
from bot.store.statements import (
    ADD_CHOICE,
    ASKED_ANEW,
    BUYER_MESSAGE,
    CHOICE,
    CHOICES_OF_MESSAGES,
    CONVERSATION,
    CONVERSATION_HELD,
    DROP_LEASE,
    LAST_OF_BUYER,
    LEFT_BEHIND,
    MESSAGE_OF_CLIENT,
    MESSAGES_AFTER,
    NEXT_SEQ,
    PHOTOS_OF_MESSAGE,
    PHOTOS_SENT,
    SAID_TO,
    SET_CONVERSATION,
    SET_MESSAGE,
    TAKE_LEASE,
    UNANSWERED_MESSAGES,
    USED,
    VERIFIED,
)
from bot.store.tables import (
    attachments,
    choices,
    conversations,
    ratings,
    verified_orders,
)


class SqlConversations:
    """`bot.casework.ports.conversations.Conversations` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(
        self,
        store: str,
        locale: str,
        identity: Identity | None,
        now: datetime,
        *,
        locale_from: LocaleFrom = LocaleFrom.GUESSED,
    ) -> str:
        conversation_id = uuid4().hex
        self.add_named(conversation_id, store, locale, now)
        self.set_locale(conversation_id, locale, locale_from)
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
                locale_from=LocaleFrom.GUESSED,
                floor=Floor.BOT,
                misses=0,
                last_seq=0,
                fence=0,
                created_at=now,
            )
        )

    def get(self, conversation_id: str) -> Conversation:
        return self._conversation(CONVERSATION, conversation_id)

    def lock(self, conversation_id: str) -> Conversation:
        return self._conversation(CONVERSATION_HELD, conversation_id)

    def _conversation(self, query: sa.Select[tuple[object]], key: str) -> Conversation:
        row = self._db.execute(query, {"key": key}).one_or_none()
        if row is None or row.erased_at:
            raise Missing(f"no conversation {key}")
        orders = self._db.execute(VERIFIED, {"key": key})
        known = Identity(
            subject=row.identity_subject or "",
            email=row.identity_email or "",
            name=row.identity_name or "",
        )

        return Conversation(
            id=row.id,
            store=row.store_id,
            locale=row.locale,
            locale_from=LocaleFrom(row.locale_from),
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

    def set_locale(self, conversation_id: str, locale: str, locale_from: LocaleFrom) -> None:
        self._set(conversation_id, locale=locale, locale_from=locale_from)

    def set_misses(self, conversation_id: str, misses: int) -> None:
        self._set(conversation_id, misses=misses)

    def _set(self, conversation_id: str, **values: object) -> None:
        self._db.execute(SET_CONVERSATION, {"key": conversation_id, **values})

    def mark_verified(self, conversation_id: str, order_id: int, now: datetime) -> None:
        self._db.execute(
            sa.insert(verified_orders).values(
                conversation_id=conversation_id, order_id=order_id, verified_at=now
            )
        )

    def get_message(self, message_id: str) -> BuyerMessage:
        found = self._message(BUYER_MESSAGE, {"key": message_id})
        if found is None:
            raise Missing(f"no buyer message {message_id}")
        return found

    def find_last_of_buyer(self, conversation_id: str) -> BuyerMessage | None:
        return self._message(LAST_OF_BUYER, {"key": conversation_id})

    def find_by_client_id(self, conversation_id: str, client_id: str) -> BuyerMessage | None:
        return self._message(MESSAGE_OF_CLIENT, {"key": conversation_id, "client": client_id})

    def _message(
        self, query: sa.Select[tuple[object]], values: Mapping[str, str]
    ) -> BuyerMessage | None:
        row = self._db.execute(query, values).one_or_none()
        return self._buyer_message(row) if row else None

    def _buyer_message(self, row: Row[tuple[object, ...]]) -> BuyerMessage:
        photos = self._db.execute(PHOTOS_OF_MESSAGE, {"key": row.id})

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
        add_message(
            self._db,
            {
                "id": message_id,
                "conversation_id": message.conversation_id,
                "seq": seq,
                "sender": Sender.BUYER,
                "kind": "text",
                "text": message.text,
                "created_at": now,
                "client_id": message.client_id,
                "choice_token": message.choice_token,
                "ip": message.ip,
            },
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
        return int(self._db.execute(NEXT_SEQ, {"key": conversation_id}).scalar_one())

    def free_attachments(
        self, conversation_id: str, ids: Sequence[str], *, photos_only: bool = False
    ) -> set[str]:
        if not ids:
            return set()
        found = sa.select(attachments.c.id).where(
            attachments.c.id.in_(ids),
            attachments.c.conversation_id == conversation_id,
            attachments.c.message_id.is_(None),
        )
        if photos_only:
            found = found.where(attachments.c.kind == PHOTO)

        return set(self._db.execute(found).scalars())

    def add_photo(self, conversation_id: str, photo: StoredPhoto, now: datetime) -> None:
        self._db.execute(
            sa.insert(attachments).values(
                id=photo.id,
                conversation_id=conversation_id,
                file_name=photo.file_name,
                kind=PHOTO,
                width=photo.width,
                height=photo.height,
                size=photo.size,
                sha256=photo.sha256,
                **bands_of(photo.look),
                created_at=now,
            )
        )

    def find_photo(self, conversation_id: str, photo_id: str) -> str | None:
        found = self._db.execute(
            sa.select(attachments.c.file_name).where(
                attachments.c.id == photo_id,
                attachments.c.conversation_id == conversation_id,
                attachments.c.kind == PHOTO,
            )
        )
        return found.scalar_one_or_none()

    def find_reused(
        self, store: str, photos: Sequence[str], order_id: int, distance: int
    ) -> tuple[str, ...]:
        return find_reused(self._db, store, photos, order_id, distance)

    def photos(self, conversation_id: str) -> tuple[str, ...]:
        return tuple(self._db.execute(PHOTOS_SENT, {"key": conversation_id}).scalars())

    def transcript(self, conversation_id: str, after: int) -> tuple[ShownMessage, ...]:
        rows = self._db.execute(MESSAGES_AFTER, {"key": conversation_id, "after": after}).all()
        ids = [row.id for row in rows]
        buttons: dict[str, list[tuple[str, str]]] = {}
        attached: dict[str, Attached] = {}
        # Bot messages have buttons, those of people have photos and files.
        if others := [row.id for row in rows if row.sender != Sender.BUYER]:
            for row in self._db.execute(CHOICES_OF_MESSAGES, {"keys": others}):
                buttons.setdefault(row.message_id, []).append((row.token, row.label))
        if any(row.sender in (Sender.BUYER, Sender.AGENT) for row in rows):
            attached = find_attached(self._db, ids)

        return tuple(
            ShownMessage(
                seq=row.seq,
                id=row.id,
                sender=Sender(row.sender),
                kind=row.kind,
                text=row.text,
                choices=tuple(buttons.get(row.id, ())),
                card=row.card,
                photos=tuple(attached.get(row.id, NOTHING).photos),
                files=tuple(attached.get(row.id, NOTHING).files),
                client_id=row.client_id,
                created_at=row.created_at,
                agent=first_name(row.agent_name) if row.agent_name else None,
            )
            for row in rows
        )

    def unanswered(self, conversation_id: str) -> tuple[BuyerMessage, ...]:
        rows = self._db.execute(UNANSWERED_MESSAGES, {"key": conversation_id})
        return tuple(self._buyer_message(row) for row in rows.all())

    def note_understanding(self, message_id: str, understanding: Understanding) -> None:
        self._db.execute(
            SET_MESSAGE,
            {
                "key": message_id,
                "intent": understanding.intent,
                "confidence": understanding.confidence,
                "language": understanding.language,
                "read_by": understanding.read_by,
                "nearness": understanding.nearness,
                "ranking": [list(pair) for pair in understanding.ranking],
                "entities": [
                    {"name": e.name, "value": e.value, "start": e.start, "end": e.end}
                    for e in understanding.entities
                ],
            },
        )

    def entities_of(self, message_id: str) -> tuple[Entity, ...]:
        found = self._db.execute(BUYER_MESSAGE, {"key": message_id}).one_or_none()

        return tuple(Entity(**one) for one in (found.entities or ())) if found else ()

    def mark_answered(self, message_id: str, now: datetime) -> None:
        self._db.execute(SET_MESSAGE, {"key": message_id, "answered_at": now})

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
        add_message(
            self._db,
            {
                "id": message_id,
                "conversation_id": conversation_id,
                "seq": self._next_seq(conversation_id),
                "sender": sender,
                "kind": spoken.kind,
                "text": spoken.text,
                "created_at": now,
                "answers": answers,
                "reply": spoken.reply,
                "card": spoken.card,
            },
        )
        if spoken.choices:
            self._db.execute(
                ADD_CHOICE,
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
        return tuple(self._db.execute(SAID_TO, {"key": message_id}).scalars())

    def find_choice(self, token: str) -> PressedChoice | None:
        row = self._db.execute(CHOICE, {"key": token}).one_or_none()
        if row is None:
            return None

        return PressedChoice(
            token=row.token,
            conversation_id=row.conversation_id,
            case_id=row.case_id,
            value=row.value,
            label=row.label,
            over=self._is_over(row),
            answered=row.answers,
        )

    def _is_over(self, row: Row[tuple[object, ...]]) -> bool:
        which = {"key": row.conversation_id, "message": row.message_id, "case": row.case_id}
        if self._db.execute(USED, which).scalar_one():
            return True

        return row.case_id is not None and bool(self._db.execute(ASKED_ANEW, which).scalar_one())

    def doubts(self, conversation_id: str, most: int) -> tuple[Doubt, ...]:
        return find_doubts(self._db, conversation_id, most)

    def clarified(self, store: str) -> tuple[Clarified, ...]:
        return find_clarified(self._db, store)

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
        lease = {"key": conversation_id, "owner": owner, "until": until, "now": now, "held": held}
        return self._db.execute(TAKE_LEASE, lease).scalar_one_or_none()

    def drop_lease(self, conversation_id: str, fence: int) -> None:
        self._db.execute(DROP_LEASE, {"key": conversation_id, "held": fence})

    def left_behind(self, now: datetime) -> tuple[str, ...]:
        return tuple(self._db.execute(LEFT_BEHIND, {"now": now}).scalars())

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
