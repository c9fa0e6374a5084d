"""All routes of the desk: whoever adds a subject adds its handlers to one of these lists."""

from collections.abc import Callable
from typing import Any, Final

from litestar import Response, Router
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import PermissionDeniedException
from litestar.middleware import DefineMiddleware
from litestar.middleware.csrf import CSRFMiddleware
from litestar.status_codes import (
    HTTP_401_UNAUTHORIZED,
    HTTP_403_FORBIDDEN,
    HTTP_404_NOT_FOUND,
)

from bot.casework.ports.units import Missing
from bot.services.turn_queue import NotAcceptable
from bot.settings import Settings
from bot.web.desk.access import SignedOut, check_access, get_agent
from bot.web.desk.account import ACCOUNT
from bot.web.desk.agents import TEAM
from bot.web.desk.approvals import APPROVALS
from bot.web.desk.audit import AUDIT
from bot.web.desk.canned import CANNED
from bot.web.desk.comparing import COMPARING
from bot.web.desk.conversation import CONVERSATION
from bot.web.desk.desk import CSRF_COOKIE, CSRF_HEADER, Desk, is_secure
from bot.web.desk.dialogue_tests import DIALOGUE_TESTS
from bot.web.desk.erasures import ERASURES
from bot.web.desk.files import FILES
from bot.web.desk.hints import HINTS
from bot.web.desk.inbox import INBOX
from bot.web.desk.inbox_import import INBOX_IMPORT
from bot.web.desk.live import LIVE
from bot.web.desk.orders import ORDERS
from bot.web.desk.pages import (
    PAGES,
    on_missing,
    on_not_acceptable,
    on_signed_out,
    on_wrong_request,
)
from bot.web.desk.queue import QUEUE
from bot.web.desk.reports import REPORTS
from bot.web.desk.search import SEARCH
from bot.web.desk.signing_in import SIGNING_IN
from bot.web.desk.teaching_changes import CHANGES
from bot.web.desk.teaching_intents import INTENTS
from bot.web.desk.trainings import TRAININGS
from bot.web.desk.words import WORDS
from bot.web.desk.writing import WRITING
from bot.web.errors import AnyRequest, Fault, WrongRequest, answer

API_HANDLERS: Final = [
    *SIGNING_IN,
    *ACCOUNT,
    *QUEUE,
    *ERASURES,
    *SEARCH,
    *CONVERSATION,
    *WRITING,
    *FILES,
    *LIVE,
    *WORDS,
    *CANNED,
    *TEAM,
    *AUDIT,
    *APPROVALS,
    *ORDERS,
    *INBOX,
    *INTENTS,
    *CHANGES,
    *TRAININGS,
    *COMPARING,
    *DIALOGUE_TESTS,
    *INBOX_IMPORT,
    *HINTS,
    *REPORTS,
]
PAGE_HANDLERS: Final = [*PAGES]


def get_desk(state: State) -> Desk:
    """The dependency `desk`."""
    desk: Desk = state.desk

    return desk


def on_signed_out_call(_: AnyRequest, __: SignedOut) -> Response[Fault]:
    """Nobody is signed in."""
    return answer(HTTP_401_UNAUTHORIZED, "signed_out", "You are not signed in any more.")


def on_missing_here(_: AnyRequest, __: Missing) -> Response[Fault]:
    """Something that is not in the store, or not any more."""
    return answer(HTTP_404_NOT_FOUND, "not_found", "There is no such thing. Perhaps it was erased.")


def on_wrong_csrf(_: AnyRequest, __: PermissionDeniedException) -> Response[Fault]:
    """A change without the token that our own pages send."""
    return answer(
        HTTP_403_FORBIDDEN, "wrong_csrf", "This page is out of date. Reload it and try again."
    )


def make_csrf(settings: Settings) -> CSRFConfig:
    """
    Changes on the desk need a token in a header, which only our own pages can know.

    The browser has it in a cookie that scripts may read; it is worth nothing without a session.
    """
    return CSRFConfig(
        secret=settings.secret("csrf"),
        cookie_name=CSRF_COOKIE,
        header_name=CSRF_HEADER,
        cookie_samesite="strict",
        cookie_secure=is_secure(settings),
    )


DEPENDENCIES: Final = {
    "desk": Provide(get_desk, sync_to_thread=False),
    "agent": Provide(get_agent, sync_to_thread=False),
}
API_ERRORS: Final[dict[int | type[Exception], Callable[[AnyRequest, Any], Response[Fault]]]] = {
    SignedOut: on_signed_out_call,
    Missing: on_missing_here,
    PermissionDeniedException: on_wrong_csrf,
}
PAGE_ERRORS: Final[dict[int | type[Exception], Callable[[AnyRequest, Any], Response[Any]]]] = {
    SignedOut: on_signed_out,
    WrongRequest: on_wrong_request,
    NotAcceptable: on_not_acceptable,
    Missing: on_missing,
}


def desk_routes(settings: Settings) -> tuple[Router, Router]:
    """The desk's API and its pages; nothing else of the house has a cookie to be misused."""
    csrf = DefineMiddleware(CSRFMiddleware, config=make_csrf(settings))
    api = Router(
        "/api/desk",
        route_handlers=API_HANDLERS,
        guards=[check_access],
        dependencies=DEPENDENCIES,
        middleware=[csrf],
        exception_handlers=API_ERRORS,
        security=[{"desk": []}],
        tags=["desk"],
    )
    pages = Router(
        "/desk",
        route_handlers=PAGE_HANDLERS,
        guards=[check_access],
        dependencies=DEPENDENCIES,
        middleware=[csrf],
        exception_handlers=PAGE_ERRORS,
    )

    return api, pages
