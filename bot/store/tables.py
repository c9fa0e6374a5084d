"""
Every table, in the vocabulary of docs/ARCHITECTURE.md.

Money is integer minor units beside a currency; times are UTC. What must be unique for the
sake of money (`remedies.idempotency_key`) or of order (`messages.seq`) is unique here, not
only in code.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Json = sa.JSON(none_as_null=True)


class UtcTime(sa.types.TypeDecorator[datetime]):
    """An aware UTC time, kept without its zone: SQLite has none, PostgreSQL need not convert."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Aware in, naive UTC to the database."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Naive UTC from the database, aware out."""
        return None if value is None else value.replace(tzinfo=UTC)


# Facts from the shop

stores = Table(
    "stores",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("title", String(200), nullable=False),
    Column("greeting", Text, nullable=False),
    Column("colour", String(7), nullable=False),
    Column("avatar_url", String(500)),
    Column("locale", String(10), nullable=False),
    Column("identity_secret", String(128), nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

buyers = Table(
    "buyers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("store_id", ForeignKey("stores.id"), nullable=False),
    Column("email", String(320), nullable=False),  # lower case; "" where the shop has none
    Column("name", String(200), nullable=False),
    Column("phone", String(50), nullable=False),
    sa.UniqueConstraint("store_id", "email", "name"),
)

products = Table(
    "products",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("store_id", ForeignKey("stores.id"), nullable=False),
    Column("sku", String(100), nullable=False),
    Column("title", String(500), nullable=False),
    Column("variant", String(200), nullable=False),
    Column("stock", Integer),  # None: not known
    Column("price", sa.BigInteger),  # None: not known
    Column("currency", String(3)),
    sa.UniqueConstraint("store_id", "sku"),
    Index(None, "store_id", "title"),
)

orders = Table(
    "orders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("store_id", ForeignKey("stores.id"), nullable=False),
    Column("buyer_id", ForeignKey("buyers.id"), nullable=False),
    Column("number", String(100), nullable=False),  # as the shop writes it
    Column("number_key", String(100), nullable=False),  # upper case, letters and digits only
    Column("marketplace", String(20), nullable=False),
    Column("placed_at", UtcTime, nullable=False),
    Column("status", String(20), nullable=False),
    Column("fulfilment", String(20), nullable=False),
    Column("ship_mode", String(20), nullable=False),
    Column("buyer_type", String(20), nullable=False),
    Column("country", String(2), nullable=False),
    Column("postal_code", String(20), nullable=False),
    Column("city", String(200), nullable=False),
    Column("address", String(500), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("shipping_price", sa.BigInteger, nullable=False),
    Column("promised_by", sa.Date),
    Column("revision", Integer, nullable=False),
    Column("fingerprint", String(64), nullable=False),  # SHA-256 of what was imported
    Column("erased_at", UtcTime),  # since then without the person, and passed over by imports
    sa.UniqueConstraint("store_id", "number_key"),
    Index(None, "buyer_id"),
    Index(None, "number_key"),  # the desk searches in all stores
)

order_lines = Table(
    "order_lines",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("order_id", ForeignKey("orders.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("sku", String(100), nullable=False),
    Column("title", String(500), nullable=False),
    Column("variant", String(200), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("order_id", "position"),
)

parcels = Table(
    "parcels",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("order_id", ForeignKey("orders.id"), nullable=False, unique=True),
    Column("carrier", String(100), nullable=False),
    Column("tracking_number", String(100), nullable=False),
    Column("shipped_at", UtcTime),
    Column("delivered_at", UtcTime),
)

tracking_events = Table(
    "tracking_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("parcel_id", ForeignKey("parcels.id"), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("label", String(200), nullable=False),
    Column("place", String(200), nullable=False),
    sa.UniqueConstraint("parcel_id", "at", "label"),
)

payments = Table(
    "payments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("order_id", ForeignKey("orders.id"), nullable=False),
    Column("amount", sa.BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("paid_at", UtcTime, nullable=False),
    Column("method", String(50), nullable=False),
    Index(None, "order_id"),
)

# People who answer

agents = Table(
    "agents",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("email", String(320), nullable=False, unique=True),  # lower case
    Column("name", String(200), nullable=False),  # buyers see its first word
    Column("role", String(10), nullable=False),
    Column("team", String(50), nullable=False),  # "" for none
    Column("reads", Json, nullable=False),  # languages, such as ["en", "ru"]
    Column("password_hash", String(200)),  # None until the one-time link was used
    Column("totp_secret", String(64)),  # None: no second factor
    # The last step whose code was used, so none is used twice; None: shown, but never confirmed.
    Column("totp_step", sa.BigInteger),
    Column("created_at", UtcTime, nullable=False),
    Column("disabled_at", UtcTime),
)

# One-time links: for the first owner (no agent yet), and for an agent to set a password.
agent_links = Table(
    "agent_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("agent_id", ForeignKey("agents.id")),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
)

agent_sessions = Table(
    "agent_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("agent_id", ForeignKey("agents.id"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Index(None, "agent_id"),
)

login_tries = Table(
    "login_tries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(320), nullable=False),  # SHA-256: it may be what is nobody's business
    Column("ip", String(45), nullable=False),
    Column("tried_at", UtcTime, nullable=False),
    Index(None, "email", "tried_at"),
    Index(None, "ip", "tried_at"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("agent_id", ForeignKey("agents.id")),  # None: the command line, or nobody known
    Column("who", String(200), nullable=False),
    Column("action", String(50), nullable=False),
    Column("subject", String(20), nullable=False),  # conversation, order, remedy, agent ...
    Column("subject_id", String(64), nullable=False),
    Column("before", Json),
    Column("after", Json),
    Column("ip", String(45), nullable=False),
    Index(None, "subject", "subject_id"),
    Index(None, "at"),
)

# Conversations

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("store_id", ForeignKey("stores.id"), nullable=False),
    Column("locale", String(10), nullable=False),
    Column("locale_from", String(10), nullable=False, server_default="guessed"),
    Column("floor", String(10), nullable=False),
    Column("identity_subject", String(200)),
    Column("identity_email", String(320)),
    Column("identity_name", String(200)),
    Column("misses", Integer, nullable=False),  # messages in a row that were not understood
    Column("last_seq", Integer, nullable=False),
    Column("lease_owner", String(64)),
    Column("lease_until", UtcTime),
    Column("fence", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    # on the desk
    Column("agent_id", ForeignKey("agents.id")),  # who has claimed it, or whom it was assigned to
    Column("claimed_until", UtcTime),  # of a claim whose agent has gone; None: not claimed
    Column("team", String(50), nullable=False, server_default=sa.text("''")),
    Column("snoozed_until", UtcTime),
    Column("due_at", UtcTime),  # the nearest deadline of what waits; None: no clock runs
    Column("handoff_id", String(64)),  # the one that it waits for; no key, which would be a ring
    Column("closed_at", UtcTime),
    Column("read_seq", Integer, nullable=False, server_default=sa.text("0")),  # by the buyer
    Column("mailed_seq", Integer, nullable=False, server_default=sa.text("0")),  # to the buyer
    Column("contact_email", String(320)),  # an anonymous buyer's, left while they waited
    Column("erased_at", UtcTime),  # nobody may go on with it; its words are gone
    Index(None, "store_id", "identity_subject"),
    Index(None, "floor", "due_at"),
    Index(None, "agent_id", "floor"),
)

verified_orders = Table(
    "verified_orders",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("order_id", ForeignKey("orders.id"), primary_key=True),
    Column("verified_at", UtcTime, nullable=False),
    Index(None, "order_id"),
)

identity_tries = Table(
    "identity_tries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("store_id", ForeignKey("stores.id"), nullable=False),
    Column("number_key", String(100), nullable=False),
    Column("proof_hash", String(64), nullable=False),
    Column("ip", String(45), nullable=False),
    Column("tried_at", UtcTime, nullable=False),
    Index(None, "store_id", "number_key", "tried_at"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("sender", String(10), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    # of a buyer's message
    Column("client_id", String(64)),
    Column("choice_token", String(64)),
    Column("ip", String(45)),
    Column("intent", String(100)),
    Column("confidence", sa.Float),
    Column("language", String(2)),  # None: the text does not tell
    Column("ranking", Json),
    Column("entities", Json),
    Column("read_by", String(100)),  # the model's name
    Column("nearness", sa.Float),  # of the nearest example, -1 to 1; None: not measured
    Column("answered_at", UtcTime),
    # of a bot's message
    Column("answers", ForeignKey("messages.id")),
    Column("reply", String(100)),
    Column("card", Json),
    # of an agent's message
    Column("agent_id", ForeignKey("agents.id")),
    sa.UniqueConstraint("conversation_id", "seq"),
    sa.UniqueConstraint("conversation_id", "client_id"),
    Index(None, "answers"),
    Index(
        "ix_messages_of_agents",
        "created_at",
        sqlite_where=sa.text("sender = 'agent'"),
        postgresql_where=sa.text("sender = 'agent'"),
    ),
    # What reports count, with all that they need of it.
    Index(
        "ix_messages_read",
        "created_at",
        "intent",
        "read_by",
        "confidence",
        "nearness",
        "conversation_id",
        "choice_token",
        "sender",
        sqlite_where=sa.text("sender = 'buyer' AND intent IS NOT NULL"),
        postgresql_where=sa.text("sender = 'buyer' AND intent IS NOT NULL"),
    ),
    Index(
        "ix_messages_asked_back",
        "created_at",
        sqlite_where=sa.text("reply LIKE 'clarify.%'"),
        postgresql_where=sa.text("reply LIKE 'clarify.%'"),
    ),
    Index(
        "ix_messages_unanswered",
        "conversation_id",
        "seq",
        sqlite_where=sa.text("sender = 'buyer' AND answered_at IS NULL"),
        postgresql_where=sa.text("sender = 'buyer' AND answered_at IS NULL"),
    ),
)

# In these very words: both databases then know that `ix_messages_read` has them.
MESSAGES_READ = sa.and_(
    messages.c.sender == sa.literal_column("'buyer'"), messages.c.intent.is_not(None)
)
QUESTIONS = messages.c.reply.like(sa.literal_column("'clarify.%'"))

# What a message is searched by (bot/casework/searching.py). A table of its own, because its number
# is an integer that no clearing up of the database changes, and grows from message to message.
message_words = Table(
    "message_words",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("message_id", ForeignKey("messages.id"), nullable=False, unique=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("words", Text, nullable=False),
    Index(None, "conversation_id", "number"),
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("message_id", ForeignKey("messages.id")),
    Column("file_name", String(100), nullable=False),  # in the folder of uploads
    Column("kind", String(10), nullable=False, server_default="photo"),
    Column("name", String(100), nullable=False, server_default=sa.text("''")),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    # The perceptual hash, 64 bits, in four bands: photos that look alike share one of them.
    Column("band_1", Integer, index=True),
    Column("band_2", Integer, index=True),
    Column("band_3", Integer, index=True),
    Column("band_4", Integer, index=True),
    Column("created_at", UtcTime, nullable=False),
    Index(None, "message_id"),
    Index(None, "conversation_id"),
)

choices = Table(
    "choices",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("message_id", ForeignKey("messages.id"), nullable=False),
    Column("case_id", ForeignKey("cases.id")),
    Column("position", Integer, nullable=False),
    Column("value", String(200), nullable=False),
    Column("label", String(500), nullable=False),
    Column("used_by", ForeignKey("messages.id")),
    Index(None, "message_id"),
)

# Cases and money

cases = Table(
    "cases",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("order_id", ForeignKey("orders.id")),
    Column("playbook", String(50), nullable=False),
    Column("intent", String(100), nullable=False),
    Column("state", String(20), nullable=False),
    Column("awaiting", String(20), nullable=False),
    Column("known", Json, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("touched", Integer, nullable=False),  # seq of the buyer message that last moved it
    Column("closed_at", UtcTime),
    Index(None, "conversation_id", "state"),
    Index(None, "order_id"),
)

offers = Table(
    "offers",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("order_revision", Integer, nullable=False),
    Column("rulebook_version", String(64), nullable=False),
    Column("options", Json, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Index(None, "case_id"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("case_id", ForeignKey("cases.id")),
    Column("message_id", ForeignKey("messages.id")),
    Column("playbook", String(50), nullable=False),
    Column("step", String(100), nullable=False),
    Column("decision", String(20), nullable=False),
    Column("facts", Json, nullable=False),
    Column("rules", Json, nullable=False),
    Column("seen", Json),  # case, order and turn as the playbook saw them, for a replay
    # The checksum of facts, rules and seen with the salt: what the seal covers in their place, so
    # that they can be erased. None: a row of an earlier version, sealed with all that it says.
    Column("words", String(64)),
    Column("salt", String(32)),  # None beside `words`: they were erased
    Column("amount", sa.BigInteger),
    Column("currency", String(3)),
    Column("decided_by", String(100), nullable=False, server_default="bot"),
    Column("rulebook_version", String(64), nullable=False),
    Column("decided_at", UtcTime, nullable=False),
    Index(None, "case_id"),
    Index(None, "conversation_id"),
)

# One chain a store: each seal is the checksum of its decision and of the seal before it.
ledger_seals = Table(
    "ledger_seals",
    metadata,
    Column("store_id", ForeignKey("stores.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("decision_id", ForeignKey("decisions.id"), nullable=False, unique=True),
    Column("seal", String(64), nullable=False),
)

ledger_heads = Table(
    "ledger_heads",
    metadata,
    Column("store_id", ForeignKey("stores.id"), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("seal", String(64), nullable=False),
)

remedies = Table(
    "remedies",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("idempotency_key", String(200), nullable=False, unique=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("decision_id", ForeignKey("decisions.id"), nullable=False),
    Column("store_id", ForeignKey("stores.id"), nullable=False),
    Column("buyer_id", ForeignKey("buyers.id"), nullable=False),
    Column("order_id", ForeignKey("orders.id"), nullable=False),
    Column("order_revision", Integer, nullable=False),
    Column("line_id", ForeignKey("order_lines.id")),
    Column("kind", String(20), nullable=False),
    Column("quantity", Integer),
    Column("amount", sa.BigInteger),
    Column("currency", String(3)),
    Column("percent", sa.Numeric(5, 2)),
    Column("worth", sa.BigInteger, nullable=False),  # what it costs, goods sent again included
    Column("worth_currency", String(3), nullable=False),
    Column("terms", Json, nullable=False),  # the remedy whole, as it was agreed
    Column("reason", String(200), nullable=False),
    Column("state", String(20), nullable=False),
    Column("approved_by", String(100), nullable=False),  # "" where nobody had to
    Column("reference", String(200), nullable=False),  # the gateway's own id
    Column("created_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),  # done, denied or failed
    Index(None, "order_id"),
    Index(None, "buyer_id", "created_at"),
    Index(None, "store_id", "created_at"),
    Index(None, "state"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("remedy_id", ForeignKey("remedies.id"), nullable=False, unique=True),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcTime, nullable=False),
    Column("first_at", UtcTime),  # of the first attempt
    Column("lease_until", UtcTime),
    Column("fence", Integer, nullable=False, server_default=sa.text("0")),
    Column(
        "detail", String(300), nullable=False, server_default=sa.text("''")
    ),  # what the gateway said last
    Index(None, "state", "next_at"),
)

# What the seller may claim from a warehouse or a carrier.
claims = Table(
    "claims",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("order_id", ForeignKey("orders.id"), nullable=False),
    Column("against", String(20), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    sa.UniqueConstraint("case_id", "against"),
    Index(None, "order_id"),
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("case_id", ForeignKey("cases.id")),
    Column("message_id", ForeignKey("messages.id")),
    Column("reason", String(50), nullable=False),
    Column("summary", Text, nullable=False),
    Column("due_at", UtcTime),  # by when it is to be handled
    Column("created_at", UtcTime, nullable=False),
    Column("agent_id", ForeignKey("agents.id")),  # who passed it on; None: the bot
    Column("answered_at", UtcTime),  # by an agent; None: the buyer waits, and the clock runs
    Column("warned_at", UtcTime),
    Column("escalated_at", UtcTime),
    # Until the conversation is given back or closed: a clock runs only for an open one.
    Column("open", sa.Boolean, nullable=False, server_default=sa.true()),
    Index(None, "conversation_id"),
    Index(None, "created_at"),
    Index(None, "open", "due_at"),
)

# What is told to people by e-mail or to a seller's system, at least once.
notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("channel", String(10), nullable=False),
    Column("recipient", String(320), nullable=False),  # "" for a webhook
    Column("subject", String(200), nullable=False),
    Column("text", Text, nullable=False),  # "" once it is sent
    Column("reply_to", String(320), nullable=False),
    Column("said", Json),  # what a webhook gets
    Column("conversation_id", ForeignKey("conversations.id")),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcTime, nullable=False),
    Column("lease_until", UtcTime),
    Column("fence", Integer, nullable=False),
    Column("detail", String(300), nullable=False),  # what went wrong last
    Column("created_at", UtcTime, nullable=False),
    Index(None, "state", "next_at"),
    Index(None, "conversation_id"),
)

# What agents write for each other; never shown to a buyer, hence no message.
notes = Table(
    "notes",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("agent_id", ForeignKey("agents.id"), nullable=False),
    Column("after_seq", Integer, nullable=False),  # the message that it stands behind
    Column("client_id", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    sa.UniqueConstraint("conversation_id", "client_id"),
)

# What a message means in truth, by an agent's word: for whoever trains the model.
corrections = Table(
    "corrections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message_id", ForeignKey("messages.id"), nullable=False),
    Column("agent_id", ForeignKey("agents.id"), nullable=False),
    Column("intent_before", String(100)),
    Column("intent", String(100)),  # None: the intent was right
    Column("entities_before", Json),
    Column("entities", Json),  # None: the entities were right
    Column("created_at", UtcTime, nullable=False),
    Index(None, "message_id"),
)

# Every yes and no to a remedy over the limit; above four_eyes it takes two.
approvals = Table(
    "approvals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("remedy_id", ForeignKey("remedies.id"), nullable=False),
    Column("agent_id", ForeignKey("agents.id"), nullable=False),
    Column("verdict", String(10), nullable=False),
    Column("reason", String(300), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    sa.UniqueConstraint("remedy_id", "agent_id"),
)

ratings = Table(
    "ratings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False, unique=True),
    Column("score", Integer, nullable=False),
    Column("comment", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

# Each time that a buyer's personal data was taken away; who they were, only a checksum tells.
erasures = Table(
    "erasures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email_hash", String(64), nullable=False),
    Column("store_id", ForeignKey("stores.id")),  # None: in all stores
    Column("who", String(200), nullable=False),
    Column("removed", Json, nullable=False),  # how many of what
    Column("unforgotten", Json, nullable=False),  # conversations that Rasa may still remember
    Column("erased_at", UtcTime, nullable=False),
)

# Messages that may teach the model something, without personal data. The first of a group of like
# ones leads it (id = group_id): what is decided about it holds for all of them.
inbox = Table(
    "inbox",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("key", String(64), nullable=False, unique=True),  # SHA-256 of language and words
    Column("text", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("cause", String(20), nullable=False),
    Column("intent", String(100), nullable=False),
    Column("confidence", sa.Float, nullable=False),
    Column("ranking", Json, nullable=False),
    Column("entities", Json, nullable=False),
    Column("marked", Json),  # the details by an agent's word; None: nobody said
    Column("lost", Json),  # kinds of what an agent marked and that does not stand in the text
    Column("suggested", String(100), nullable=False),
    Column("seen", Integer, nullable=False),
    Column("vector", sa.LargeBinary, nullable=False),
    Column("model", String(100), nullable=False),  # which one read it last
    Column("known", String(10), nullable=False),  # why it teaches nothing new, or empty
    Column("known_as", String(100), nullable=False),  # the intent that is known then
    Column("created_at", UtcTime, nullable=False),
    Column("group_id", String(64), nullable=False),
    # of the group, and kept at its first message only
    Column("leads", sa.Boolean, nullable=False),
    Column("size", Integer, nullable=False),
    Column("weight", sa.Float, nullable=False),
    Column("doubt", sa.Float, nullable=False),
    Column("priority", sa.Float, nullable=False),
    Column("state", String(10), nullable=False),
    Column("label", String(100), nullable=False),
    Column("taken_by", ForeignKey("agents.id")),
    Column("taken_until", UtcTime),
    Column("reopened_after", Integer),  # the last label before an agent said otherwise
    Index(None, "group_id"),
    # the order of the inbox, and with its last columns all that its counts need
    Index(None, "leads", "state", "priority", "size", "known"),
    Index(None, "taken_by"),
)

# Which messages of buyers the inbox has looked at, and where it put them.
inbox_origins = Table(
    "inbox_origins",
    metadata,
    Column("message_id", ForeignKey("messages.id"), primary_key=True),
    Column("inbox_id", ForeignKey("inbox.id")),  # None: nothing to learn from it
    Column("cause", String(20), nullable=False),
    Column("said", String(100), nullable=False),  # what people had said that it means
    Column("details_of", Integer),  # the correction whose details are known here
    Index(None, "inbox_id"),
)

# What each person said that a group means; an empty intent skips it.
labels = Table(
    "labels",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("inbox_id", ForeignKey("inbox.id"), nullable=False),
    Column("agent_id", ForeignKey("agents.id"), nullable=False),
    Column("intent", String(100), nullable=False),
    Column("entities", Json),  # None: as they were found
    Column("second", sa.Boolean, nullable=False),  # somebody else is to say so, too
    Column("batch", String(64)),  # of many that were skipped at once, or the change that wrote it
    Column("created_at", UtcTime, nullable=False),
    Column("undone_at", UtcTime),
    Index(None, "inbox_id"),
    Index(None, "agent_id", "created_at"),
)

# What the workbench wrote into the project's files, each change with who, when and why.
changes = Table(
    "changes",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("created_at", UtcTime, nullable=False),
    Column("agent_id", ForeignKey("agents.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("summary", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("files", sa.LargeBinary, nullable=False),  # zlib of JSON: path, text before, text after
    Column("undone_by", ForeignKey("changes.id")),
    Column("git_commit", String(40), nullable=False),
    Index(None, "created_at"),
)

# What a change gave another name in the inbox, because an intent has another name: for its undo.
renamings = Table(
    "renamings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("change_id", ForeignKey("changes.id"), nullable=False),
    Column("place", String(20), nullable=False),  # what it names (bot/store/inbox_changes.py)
    Column("row_id", String(64), nullable=False),
    Column("before", String(100), nullable=False),
    Column("after", String(100), nullable=False),
    Index(None, "change_id"),
    Index(None, "row_id"),
)

# Hints about the examples that are meant so; the key changes with the examples.
hints_aside = Table(
    "hints_aside",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False),
    Column("agent_id", ForeignKey("agents.id"), nullable=False),
    Column("reason", String(300), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Index(None, "key"),
)

# Trainings that somebody asked for; the oldest that is queued comes next.
trainings = Table(
    "trainings",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("created_at", UtcTime, nullable=False),
    Column("agent_id", ForeignKey("agents.id"), nullable=False),
    Column("state", String(10), nullable=False),
    Column("stop", sa.Boolean, nullable=False),  # somebody wants it cancelled
    Column("step", String(100), nullable=False),
    Column("progress", sa.Float, nullable=False),  # 0 to 1
    Column("model", String(100), nullable=False),  # its name, once it is known
    Column("examples", Integer),  # that it was trained on
    Column("error", Text, nullable=False),
    Column("started_at", UtcTime),
    Column("ended_at", UtcTime),
    Index(None, "state", "created_at"),
)

# Two models on the same messages: what got better and what got worse.
comparisons = Table(
    "comparisons",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("created_at", UtcTime, nullable=False),
    Column("agent_id", ForeignKey("agents.id")),  # None: after a training, by itself
    Column("model", String(100), nullable=False),
    Column("live", String(100), nullable=False),
    Column("state", String(10), nullable=False),
    Column("progress", sa.Float, nullable=False),  # 0 to 1
    Column("error", Text, nullable=False),
    Column("result", sa.LargeBinary),  # zlib of JSON
    Column("ended_at", UtcTime),
    Index(None, "model", "created_at"),
    Index(None, "state", "created_at"),
)

# Each time that somebody put another model live, the newest first tried.
promotions = Table(
    "promotions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("created_at", UtcTime, nullable=False),
    Column("agent_id", ForeignKey("agents.id"), nullable=False),
    Column("model", String(100), nullable=False),
    Column("before", String(100), nullable=False),
    Column("kind", String(10), nullable=False),  # promote or roll_back
    Column("override", Text, nullable=False),  # why, though the gate refused
    Column("refused", Json, nullable=False),  # the gate's reasons then
    Index(None, "created_at"),
)

# A candidate that reads what the live model reads, and where they disagree.
shadows = Table(
    "shadows",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("created_at", UtcTime, nullable=False),
    Column("agent_id", ForeignKey("agents.id"), nullable=False),
    Column("model", String(100), nullable=False),
    Column("until", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("messages", Integer, nullable=False),  # read so far
    Column("error", Text, nullable=False),
)
shadow_readings = Table(
    "shadow_readings",
    metadata,
    Column("shadow_id", ForeignKey("shadows.id"), primary_key=True),
    Column("message_id", ForeignKey("messages.id"), primary_key=True),
    Column("live_intent", String(100), nullable=False),
    Column("intent", String(100), nullable=False),
    Column("confidence", sa.Float, nullable=False),
    Index(None, "message_id"),
)
