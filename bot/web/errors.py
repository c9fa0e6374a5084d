"""Errors as the API shows them: a status, a code for programs, a sentence for people."""

import logging
from collections.abc import Callable
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.status_codes import (
    HTTP_401_UNAUTHORIZED,
    HTTP_404_NOT_FOUND,
    HTTP_409_CONFLICT,
    HTTP_413_REQUEST_ENTITY_TOO_LARGE,
    HTTP_422_UNPROCESSABLE_ENTITY,
    HTTP_429_TOO_MANY_REQUESTS,
    HTTP_500_INTERNAL_SERVER_ERROR,
)

from bot.casework.ports import Missing
from bot.services.turn_queue import NotAcceptable
from bot.web.photos import WrongPhoto
from bot.web.tokens import WrongToken

log = logging.getLogger(__name__)

AnyRequest = Request[Any, Any, Any]

NOT_ACCEPTABLE = {"closed": HTTP_409_CONFLICT, "too_many": HTTP_429_TOO_MANY_REQUESTS}


class WrongRequest(Exception):
    """A request that cannot be served as it is."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code = status, code


def answer(status: int, code: str, detail: str) -> Response[dict[str, object]]:
    """The body of every error."""
    return Response({"status_code": status, "code": code, "detail": detail}, status_code=status)


def on_wrong_request(_: AnyRequest, error: WrongRequest) -> Response[dict[str, object]]:
    """A request that a route refused."""
    return answer(error.status, error.code, str(error))


def on_wrong_token(_: AnyRequest, error: WrongToken) -> Response[dict[str, object]]:
    """No session, or an identity that is not the shop's."""
    return answer(HTTP_401_UNAUTHORIZED, "wrong_token", str(error))


def on_wrong_photo(_: AnyRequest, error: WrongPhoto) -> Response[dict[str, object]]:
    """An upload that is no photo."""
    return answer(HTTP_422_UNPROCESSABLE_ENTITY, "wrong_photo", str(error))


def on_not_acceptable(_: AnyRequest, error: NotAcceptable) -> Response[dict[str, object]]:
    """A message that cannot be taken."""
    status = NOT_ACCEPTABLE.get(error.code, HTTP_422_UNPROCESSABLE_ENTITY)

    return answer(status, error.code, str(error))


def on_missing(_: AnyRequest, error: Missing) -> Response[dict[str, object]]:
    """A token of a conversation that is gone."""
    log.info("%s", error)
    return answer(HTTP_401_UNAUTHORIZED, "wrong_token", "This session is unknown. Begin a new one.")


CODES = {
    HTTP_404_NOT_FOUND: ("not_found", "There is nothing at this address."),
    HTTP_413_REQUEST_ENTITY_TOO_LARGE: ("too_large", "That is too much for one request."),
}


def on_http_error(_: AnyRequest, error: HTTPException) -> Response[dict[str, object]]:
    """What Litestar refuses: wrong address, wrong body, too large."""
    code, detail = CODES.get(error.status_code, ("bad_request", error.detail))
    extra = error.extra if isinstance(error.extra, list) else []
    wrong = [
        f"{one.get('key', 'body')}: {one.get('message')}" for one in extra if isinstance(one, dict)
    ]

    return answer(error.status_code, code, "; ".join([detail, *wrong]))


def on_our_mistake(request: AnyRequest, error: Exception) -> Response[dict[str, object]]:
    """We are broken: logged whole, told in one sentence."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)

    return answer(
        HTTP_500_INTERNAL_SERVER_ERROR, "broken", "Something went wrong on our side. Try again."
    )


ERRORS: dict[int | type[Exception], Callable[[AnyRequest, Any], Response[Any]]] = {
    WrongRequest: on_wrong_request,
    WrongToken: on_wrong_token,
    WrongPhoto: on_wrong_photo,
    NotAcceptable: on_not_acceptable,
    Missing: on_missing,
    HTTPException: on_http_error,
    Exception: on_our_mistake,
}
