"""
The one door through which messages reach Rasa.

Web knocks here after it has stored a message and taken the conversation's lease. Rasa's own REST
channel would believe any sender and any metadata, and read `/restart` as a command; this one
wants the shared secret, checks the shape of everything, and cleans the text. The answer says only
that Rasa has worked the message off: what the buyer reads is in our store, never in here.
"""

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ConstrainedStr, Extra, StrictStr, ValidationError, conint, conlist
from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.engine.action_calls import close_session
from bot.engine.clauses import split
from bot.engine.cleaning import clean
from bot.engine.hearing import Heard, hear_clauses, run_texts, to_heard
from bot.engine.secret import HEADER, find_secret

logger = logging.getLogger(__name__)

LARGEST = 256 * 1024
"""Bytes of a request. Web lets a buyer write 4 000 characters; the rest is room for escapes."""


class Id(ConstrainedStr):
    """An id that we minted ourselves. A lone surrogate in a sender id would end Rasa's process."""

    regex = r"[a-z0-9-]{8,64}\Z"
    strict = True


class Locale(ConstrainedStr):
    """A language tag such as `en` or `pt-BR`."""

    regex = r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}\Z"
    strict = True


class Token(ConstrainedStr):
    """The token of a choice that we offered; which one it is, the action looks up."""

    min_length = 1
    max_length = 200
    strict = True


class Turn(BaseModel):
    """One message of a buyer, as web sends it."""

    class Config:
        """Web may learn to send more before Rasa's process is replaced."""

        extra = Extra.ignore

    conversation_id: Id
    message_id: Id
    # pydantic 1 makes these types by calls, which mypy does not follow.
    fence: conint(strict=True, ge=0)  # type: ignore[valid-type]
    text: StrictStr | None = None
    locale: Locale | None = None
    choice: Token | None = None
    attachments: conlist(Id, max_items=20) = []  # type: ignore[valid-type]


class Forgetting(BaseModel):
    """Conversations whose buyer was erased."""

    conversations: conlist(Id, max_items=5000)  # type: ignore[valid-type]


class Reading(BaseModel):
    """Texts that somebody wants to see understood."""

    texts: conlist(StrictStr, min_items=1, max_items=20)  # type: ignore[valid-type]


class MalformedTurn(ValueError):
    """The body is not what it should be; the text says what is wrong with it."""


Shape = TypeVar("Shape", bound=BaseModel)


class MakegoodInput(InputChannel):
    """
    Rasa's side of `POST /webhooks/makegood/turn`; `/forget` is for buyers who were erased, and
    `/read` only says what a text means.
    """

    def __init__(self) -> None:
        super().__init__()
        self.turns = 0
        """Messages that are being worked off now: whoever ends this process waits for none."""

    @classmethod
    def name(cls) -> str:
        """The channel's name in URLs and on every message."""
        return "makegood"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The four routes, given to Rasa's web server."""

        async def health(request: Request) -> HTTPResponse:
            processor = _processor(request)
            if processor is None:
                return _refuse(503, "No model is loaded.")

            return json_response(
                {"status": "ok", "model": processor.model_filename, "turns": self.turns}
            )

        async def take(request: Request) -> HTTPResponse:
            if not _shows_secret(request):
                return _refuse(401, f"The header {HEADER} is missing or wrong.")
            processor = _processor(request)
            if processor is None:
                return _refuse(503, "No model is loaded.")
            try:
                turn = to_turn(request.body)
                message = to_message(turn)
            except MalformedTurn as error:
                return _refuse(400, str(error))

            self.turns += 1
            try:
                _add_reader(message, processor)
                _add_clauses(message, turn, processor)
                await on_new_message(message)
            except Exception:
                logger.exception(
                    "Message %s of conversation %s failed", message.message_id, message.sender_id
                )
                return _refuse(500, "Rasa could not work the message off.")
            finally:
                self.turns -= 1

            return json_response({"status": "ok"})

        async def forget(request: Request) -> HTTPResponse:
            if not _shows_secret(request):
                return _refuse(401, f"The header {HEADER} is missing or wrong.")
            processor = _processor(request)
            if processor is None:
                return _refuse(503, "No model is loaded.")
            try:
                gone = to_forget(request.body)
            except MalformedTurn as error:
                return _refuse(400, str(error))
            for conversation_id in gone:
                # In place of what was known: a tracker to which nothing has happened yet.
                nothing = DialogueStateTracker(conversation_id, processor.domain.slots)
                await processor.tracker_store.save(nothing)

            return json_response({"status": "ok"})

        async def read(request: Request) -> HTTPResponse:
            if not _shows_secret(request):
                return _refuse(401, f"The header {HEADER} is missing or wrong.")
            processor = _processor(request)
            if processor is None:
                return _refuse(503, "No model is loaded.")
            try:
                texts = to_texts(request.body)
            except MalformedTurn as error:
                return _refuse(400, str(error))

            return json_response({"status": "ok", "heard": _hear_texts(texts, processor)})

        routes = Blueprint(self.name())
        routes.add_route(health, "/", methods=["GET"])
        routes.add_route(take, "/turn", methods=["POST"])
        routes.add_route(forget, "/forget", methods=["POST"])
        routes.add_route(read, "/read", methods=["POST"])
        routes.listener(_hang_up, "after_server_stop")
        return routes


def to_turn(body: bytes) -> Turn:
    """The message in a request's body; `MalformedTurn` when it is anything else."""
    return _parse(Turn, body)


def to_forget(body: bytes) -> list[str]:
    """The conversations in a request's body; `MalformedTurn` when it is anything else."""
    return list(_parse(Forgetting, body).conversations)


def to_texts(body: bytes) -> list[str]:
    """The texts in a request's body; `MalformedTurn` when it is anything else."""
    return list(_parse(Reading, body).texts)


def _parse(shape: type[Shape], body: bytes) -> Shape:  # noqa: UP047 - Python 3.10 has no such
    if len(body) > LARGEST:
        raise MalformedTurn(f"The body is larger than {LARGEST} bytes.")
    try:
        content = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise MalformedTurn("The body is not JSON.") from error
    if not isinstance(content, dict):
        raise MalformedTurn("The body is not a JSON object.")
    try:
        return shape.parse_obj(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise MalformedTurn(f"{first['loc'][0]}: {first['msg']}") from error


def to_message(turn: Turn) -> UserMessage:
    """The message as Rasa takes it, with its intent where the buyer's act already names it."""
    text = clean(turn.text or "")
    known = _known_intent(turn, text)
    return UserMessage(
        text=text,
        sender_id=turn.conversation_id,
        message_id=turn.message_id,
        input_channel=MakegoodInput.name(),
        parse_data=_parse_data(text, known) if known else None,
        metadata={"message_id": turn.message_id, "fence": turn.fence, "locale": turn.locale},
    )


def _hear_texts(texts: list[str], processor: MessageProcessor) -> list[Heard]:
    """What the model makes of them; no conversation knows of it, and no action is called."""
    target = processor.model_metadata.nlu_target
    heard = run_texts(processor.graph_runner, target, [clean(text) for text in texts])
    return [to_heard(message) for message in heard]


def _add_reader(message: UserMessage, processor: MessageProcessor) -> None:
    """Tell the action which model read the message."""
    if message.metadata is not None:
        message.metadata["model"] = processor.model_filename


def _add_clauses(message: UserMessage, turn: Turn, processor: MessageProcessor) -> None:
    """
    Tell the action what several clauses say, each heard alone.

    It is told in the metadata: Rasa routes a message by one intent, that of the whole.
    """
    if message.parse_data or message.metadata is None:
        return
    clauses = split(turn.text or "")
    if len(clauses) > 1:
        message.metadata["clauses"] = hear_clauses(processor, clauses)


def _known_intent(turn: Turn, text: str) -> str | None:
    """The intent of a button, of a photo without words and of silence; None where words count."""
    if turn.choice:
        return "choose_option"
    if text:
        return None

    return "photo_sent" if turn.attachments else DEFAULT_NLU_FALLBACK_INTENT_NAME


def _parse_data(text: str, intent: str) -> dict[str, Any]:
    certain = {"name": intent, "confidence": 1.0}
    nothing: list[dict[str, Any]] = []
    return {"text": text, "intent": certain, "intent_ranking": [certain], "entities": nothing}


async def _hang_up(*_: Any) -> None:
    await close_session()


def _shows_secret(request: Request) -> bool:
    secret = find_secret()
    shown = request.headers.get(HEADER, "")
    # Compared as bytes: a header may hold anything, and text with more than ASCII is refused
    # by compare_digest with an exception.
    return secret is not None and hmac.compare_digest(
        shown.encode("utf-8", "replace"), secret.encode("utf-8", "replace")
    )


def _processor(request: Request) -> MessageProcessor | None:
    """Rasa's processor, which is there once a model is loaded."""
    agent: Agent | None = getattr(request.app.ctx, "agent", None)
    return agent.processor if agent else None


def _refuse(status: int, detail: str) -> HTTPResponse:
    logger.warning("Refused a request with status %s: %s", status, detail)
    return json_response({"status": "refused", "detail": detail}, status=status)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
