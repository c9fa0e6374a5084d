"""Errors as the API shows them: a status, a code for programs, a sentence for people."""

import logging
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.status_codes import (
    HTTP_400_BAD_REQUEST,
    HTTP_401_UNAUTHORIZED,
    HTTP_403_FORBIDDEN,
    HTTP_404_NOT_FOUND,
    HTTP_405_METHOD_NOT_ALLOWED,
    HTTP_409_CONFLICT,
    HTTP_413_REQUEST_ENTITY_TOO_LARGE,
    HTTP_422_UNPROCESSABLE_ENTITY,
    HTTP_429_TOO_MANY_REQUESTS,
    HTTP_500_INTERNAL_SERVER_ERROR,
)

from bot.casework.ports.units import Missing
from bot.services.turn_queue import NotAcceptable
from bot.teaching.promoting import GateRefused
from bot.web.file_uploads import TooLarge, WrongFile
from bot.web.photos import WrongPhoto
from bot.web.tokens import WrongIdentity, WrongToken
from bot.workbench.comparison.gate import Reason

log = logging.getLogger(__name__)

AnyRequest = Request[Any, Any, Any]

NOT_ACCEPTABLE = {
    "closed": HTTP_409_CONFLICT,
    "taken": HTTP_409_CONFLICT,
    "labelled_already": HTTP_409_CONFLICT,
    "labelled_by_others": HTTP_409_CONFLICT,
    "no_such_intent": HTTP_404_NOT_FOUND,
    "no_such_hint": HTTP_409_CONFLICT,
    "name_taken": HTTP_409_CONFLICT,
    "fixed": HTTP_409_CONFLICT,
    "in_two_intents": HTTP_409_CONFLICT,
    "in_test_set": HTTP_409_CONFLICT,
    "nothing_to_change": HTTP_409_CONFLICT,
    "changed_since": HTTP_409_CONFLICT,
    "undone_already": HTTP_409_CONFLICT,
    "committed_already": HTTP_409_CONFLICT,
    "other_edits": HTTP_409_CONFLICT,
    "no_checkout": HTTP_409_CONFLICT,
    "no_git": HTTP_409_CONFLICT,
    "git_failed": HTTP_409_CONFLICT,
    "nothing_to_commit": HTTP_409_CONFLICT,
    "busy": HTTP_409_CONFLICT,
    "cannot_write": HTTP_409_CONFLICT,
    "broken_file": HTTP_409_CONFLICT,
    "broken_project": HTTP_409_CONFLICT,
    "import_running": HTTP_409_CONFLICT,
    "not_yours": HTTP_409_CONFLICT,
    "human": HTTP_409_CONFLICT,
    "needs_person": HTTP_409_CONFLICT,
    "not_waiting": HTTP_409_CONFLICT,
    "remedy_open": HTTP_409_CONFLICT,
    "too_many": HTTP_429_TOO_MANY_REQUESTS,
    "wrong_login": HTTP_401_UNAUTHORIZED,
    "code_needed": HTTP_401_UNAUTHORIZED,
    "wrong_code": HTTP_401_UNAUTHORIZED,
    "email_taken": HTTP_409_CONFLICT,
    "last_owner": HTTP_409_CONFLICT,
    "disabled": HTTP_409_CONFLICT,
    "totp_on": HTTP_409_CONFLICT,
    "training_over": HTTP_409_CONFLICT,
    "no_project": HTTP_409_CONFLICT,
    "gate_refused": HTTP_409_CONFLICT,
    "override_not_allowed": HTTP_403_FORBIDDEN,
    "swap_runs": HTTP_409_CONFLICT,
    "already_live": HTTP_409_CONFLICT,
    "never_live": HTTP_409_CONFLICT,
    "same_model": HTTP_409_CONFLICT,
    "shadow_runs": HTTP_409_CONFLICT,
    "no_shadow": HTTP_409_CONFLICT,
    "kept_already": HTTP_409_CONFLICT,
    "no_such_dialogue": HTTP_404_NOT_FOUND,
    "not_recorded": HTTP_403_FORBIDDEN,
}
"""What is no 422, by the code of a `NotAcceptable`."""
CODES = {
    HTTP_404_NOT_FOUND: ("not_found", "There is nothing at this address."),
    HTTP_405_METHOD_NOT_ALLOWED: ("wrong_method", "This address takes other methods."),
    HTTP_413_REQUEST_ENTITY_TOO_LARGE: (
        "too_large",
        "That is too large: a message has at most 4 000 characters, a photo at most 5 MB, a file "
        "of the team at most 10 MB, a file for the training inbox at most 50 MB.",
    ),
}
MEANINGS = {
    HTTP_400_BAD_REQUEST: "The body or a parameter has the wrong shape.",
    HTTP_401_UNAUTHORIZED: "The session is missing, unknown or expired: begin a new one.",
    HTTP_403_FORBIDDEN: "Not from this page, or not for this role.",
    HTTP_404_NOT_FOUND: "There is no such thing, or it is not this conversation's.",
    HTTP_409_CONFLICT: "Too late: it is closed, or was done before.",
    HTTP_413_REQUEST_ENTITY_TOO_LARGE: "The request is too large.",
    HTTP_422_UNPROCESSABLE_ENTITY: "It was understood, but cannot be taken; `code` says why.",
    HTTP_429_TOO_MANY_REQUESTS: "Too many at once; `detail` says what to wait for.",
}


class Fault(msgspec.Struct):
    """Every error: `code` is for programs, `detail` is a sentence for people."""

    status_code: int
    code: str
    detail: str


class ReasonShown(msgspec.Struct):
    """What speaks against a model; `code` is for programs, `sentences` are buyers' messages."""

    code: str
    text: str
    sentences: list[str]


class GateFault(msgspec.Struct):
    """The gate refuses a model: an error like all others, with every reason."""

    status_code: int
    code: str
    detail: str
    reasons: list[ReasonShown]


class WrongRequest(Exception):
    """A request that cannot be served as it is."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code = status, code


def faults(*statuses: int) -> dict[int, ResponseSpec]:
    """The errors of a route, for its documentation."""
    return {
        status: ResponseSpec(Fault, description=MEANINGS[status], generate_examples=False)
        for status in (HTTP_400_BAD_REQUEST, *statuses)
    }


def answer(status: int, code: str, detail: str) -> Response[Fault]:
    """The body of every error."""
    return Response(Fault(status, code, detail), status_code=status, media_type="application/json")


def on_wrong_request(_: AnyRequest, error: WrongRequest) -> Response[Fault]:
    """A request that a route refused."""
    return answer(error.status, error.code, str(error))


def on_wrong_token(_: AnyRequest, error: WrongToken) -> Response[Fault]:
    """No session."""
    return answer(HTTP_401_UNAUTHORIZED, "wrong_token", str(error))


def on_wrong_identity(_: AnyRequest, error: WrongIdentity) -> Response[Fault]:
    """An identity that is not the shop's."""
    return answer(HTTP_401_UNAUTHORIZED, "wrong_identity", str(error))


def on_wrong_photo(_: AnyRequest, error: WrongPhoto) -> Response[Fault]:
    """An upload that is no photo."""
    return answer(HTTP_422_UNPROCESSABLE_ENTITY, "wrong_photo", str(error))


def on_wrong_file(_: AnyRequest, error: WrongFile) -> Response[Fault]:
    """A file that buyers are not sent."""
    if isinstance(error, TooLarge):
        return answer(HTTP_413_REQUEST_ENTITY_TOO_LARGE, "too_large", str(error))

    return answer(HTTP_422_UNPROCESSABLE_ENTITY, "wrong_file", str(error))


def on_not_acceptable(_: AnyRequest, error: NotAcceptable) -> Response[Fault]:
    """A message that cannot be taken."""
    status = NOT_ACCEPTABLE.get(error.code, HTTP_422_UNPROCESSABLE_ENTITY)

    return answer(status, error.code, str(error))


def on_gate_refused(_: AnyRequest, error: GateRefused) -> Response[GateFault]:
    """A model that stays out."""
    fault = GateFault(HTTP_409_CONFLICT, error.code, str(error), to_reasons(error.reasons))

    return Response(fault, status_code=HTTP_409_CONFLICT, media_type="application/json")


def to_reasons(reasons: Iterable[Reason]) -> list[ReasonShown]:
    """What speaks against a model, as it is sent."""
    return [ReasonShown(one.code, one.text, list(one.sentences)) for one in reasons]


def on_missing(_: AnyRequest, error: Missing) -> Response[Fault]:
    """A token of a conversation that is gone."""
    log.info("%s", error)
    return answer(HTTP_401_UNAUTHORIZED, "wrong_token", "This session is unknown. Begin a new one.")


def on_http_error(request: AnyRequest, error: HTTPException) -> Response[Fault]:
    """What Litestar refuses: wrong address, wrong body, too large."""
    if error.status_code >= HTTP_500_INTERNAL_SERVER_ERROR:
        return on_our_mistake(request, error)
    code, detail = CODES.get(error.status_code, ("bad_request", error.detail))
    if isinstance(error, ValidationException):
        detail = _what_is_wrong(error)

    return answer(error.status_code, code, detail)


def _what_is_wrong(error: ValidationException) -> str:
    found = error.extra if isinstance(error.extra, list) else []
    parts = [f"{one.get('key', 'body')}: {one.get('message')}" for one in found]
    if parts == ["data: 'data'"]:  # Litestar's words for no body at all
        return "The body must be a JSON object."

    return "; ".join(parts) or "The request has the wrong shape."


def on_our_mistake(request: AnyRequest, error: Exception) -> Response[Fault]:
    """We are broken: logged whole, told in one sentence."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)

    return answer(
        HTTP_500_INTERNAL_SERVER_ERROR, "broken", "Something went wrong on our side. Try again."
    )


ERRORS: dict[int | type[Exception], Callable[[AnyRequest, Any], Response[Any]]] = {
    GateRefused: on_gate_refused,
    WrongRequest: on_wrong_request,
    WrongToken: on_wrong_token,
    WrongIdentity: on_wrong_identity,
    WrongPhoto: on_wrong_photo,
    WrongFile: on_wrong_file,
    NotAcceptable: on_not_acceptable,
    Missing: on_missing,
    HTTPException: on_http_error,
    Exception: on_our_mistake,
}
