"""The addresses of the desk's pages."""

import asyncio
import re
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_404_NOT_FOUND, HTTP_409_CONFLICT

from bot.casework.agents import Agent, May
from bot.casework.ports.units import Missing
from bot.services.turn_queue import NotAcceptable
from bot.teaching.models import find_model
from bot.web.desk.access import ANYBODY, SIGNED_IN, SignedOut
from bot.web.desk.conversation import check_id
from bot.web.desk.desk import Desk
from bot.web.desk.orders import check_order_id
from bot.web.desk.templates import show
from bot.web.errors import AnyRequest, WrongRequest

HOME: Final = "/desk"
LOCAL: Final = re.compile(r"/desk(?:[/?][A-Za-z0-9_\-./?=&%+,:@~]*)?")
"""The desk's own addresses: nobody is led elsewhere after signing in."""
SIGNED_OUT_PAGES: Final = ("/desk/login", "/desk/welcome")
LONGEST_NEXT: Final = 500


@get("/", opt={"may": May.READ}, include_in_schema=False)
async def queue_page(agent: NamedDependency[Agent]) -> Response[str]:
    """What waits."""
    return show("queue", agent)


@get("/approvals", opt={"may": May.READ}, include_in_schema=False)
async def approvals_page(agent: NamedDependency[Agent]) -> Response[str]:
    """What waits for a yes."""
    return show("approvals", agent)


@get("/orders/{order_id:int}", opt={"may": May.READ}, include_in_schema=False)
async def order_page(
    order_id: FromPath[int], agent: NamedDependency[Agent], desk: NamedDependency[Desk]
) -> Response[str]:
    """One order; Missing if there is none. Its content is asked for by the page, on record."""

    def check() -> None:
        with desk.house.units.reading() as unit:
            if not unit.orders.summaries([order_id]):
                raise Missing(f"no order {order_id}")

    check_order_id(order_id)
    await asyncio.to_thread(check)

    return show("order", agent, order_id=order_id)


@get("/login", opt={"may": ANYBODY}, include_in_schema=False)
async def login_page(
    desk: NamedDependency[Desk],
    next_page: Annotated[str, QueryParameter(name="next")] = HOME,
) -> Response[str]:
    """Sign in; while there is nobody, how to become the first."""

    def has_agents() -> bool:
        with desk.house.units.reading() as unit:
            return unit.accounts.exist()

    return show(
        "login", next=checked_next(next_page), has_agents=await asyncio.to_thread(has_agents)
    )


@get("/welcome", opt={"may": ANYBODY}, include_in_schema=False)
async def welcome_page() -> Response[str]:
    """Where a one-time link leads; its token stays in the browser until it is used."""
    return show("welcome")


@get("/conversations/{conversation_id:str}", opt={"may": May.READ}, include_in_schema=False)
async def conversation_page(
    conversation_id: FromPath[str], agent: NamedDependency[Agent], desk: NamedDependency[Desk]
) -> Response[str]:
    """One conversation with everything at hand."""

    def check() -> None:
        with desk.house.units.reading() as unit:
            unit.conversations.get(conversation_id)

    check_id(conversation_id)
    await asyncio.to_thread(check)

    return show("conversation", agent, conversation_id=conversation_id)


@get("/search", opt={"may": May.READ}, include_in_schema=False)
async def search_page(agent: NamedDependency[Agent]) -> Response[str]:
    """Finding a conversation by words, order number, e-mail or tracking number."""
    return show("search", agent)


@get("/account", opt={"may": SIGNED_IN}, include_in_schema=False)
async def account_page(agent: NamedDependency[Agent]) -> Response[str]:
    """One's own password, second factor and sessions."""
    return show("account", agent)


@get("/agents", opt={"may": May.AGENTS}, include_in_schema=False)
async def team_page(agent: NamedDependency[Agent]) -> Response[str]:
    """Who works here: adding people, changing what they may, links, locking out."""
    return show("agents", agent)


@get("/audit", opt={"may": May.AUDIT}, include_in_schema=False)
async def audit_page(agent: NamedDependency[Agent]) -> Response[str]:
    """Who looked at what and changed what."""
    return show("audit", agent)


@get("/erasure", opt={"may": May.ERASE}, include_in_schema=False)
async def erasure_page(agent: NamedDependency[Agent]) -> Response[str]:
    """Where a buyer is erased."""
    return show("erasure", agent)


@get("/inbox", opt={"may": May.TEACH}, include_in_schema=False)
async def inbox_page(agent: NamedDependency[Agent]) -> Response[str]:
    """Messages that may teach the model something."""
    return show("inbox", agent)


@get("/models", opt={"may": May.TEACH}, include_in_schema=False)
async def models_page(agent: NamedDependency[Agent]) -> Response[str]:
    """Trainings, and the models that came of them."""
    return show("models", agent)


@get("/models/{name:str}", opt={"may": May.TEACH}, include_in_schema=False)
async def model_page(
    name: FromPath[str], agent: NamedDependency[Agent], desk: NamedDependency[Desk]
) -> Response[str]:
    """One model beside the one that is live; Missing if there is none."""
    await asyncio.to_thread(find_model, desk.settings, name)

    return show("comparison", agent, name=name)


@get("/intents", opt={"may": May.TEACH}, include_in_schema=False)
async def intents_page(agent: NamedDependency[Agent]) -> Response[str]:
    """What buyers may mean, with how well the model knows it."""
    return show("intents", agent)


@get("/intents/{name:str}", opt={"may": May.TEACH}, include_in_schema=False)
async def intent_page(name: FromPath[str], agent: NamedDependency[Agent]) -> Response[str]:
    """One intent; the page itself says if there is none of that name."""
    return show("intent", agent, name=name)


@get("/new-intent", opt={"may": May.TEACH}, include_in_schema=False)
async def new_intent_page(agent: NamedDependency[Agent]) -> Response[str]:
    """Where an intent is added, or split off another."""
    return show("new-intent", agent)


@get("/changes", opt={"may": May.TEACH}, include_in_schema=False)
async def changes_page(agent: NamedDependency[Agent]) -> Response[str]:
    """What trainers wrote into the project's files."""
    return show("changes", agent)


@get("/hints", opt={"may": May.TEACH}, include_in_schema=False)
async def hints_page(agent: NamedDependency[Agent]) -> Response[str]:
    """What is worth a look in the examples."""
    return show("hints", agent)


@get("/reports", opt={"may": May.TEACH}, include_in_schema=False)
async def reports_page(agent: NamedDependency[Agent]) -> Response[str]:
    """What the messages of some weeks come to."""
    return show("reports", agent)


@get("/settings", opt={"may": May.SETTINGS}, include_in_schema=False)
async def settings_page(agent: NamedDependency[Agent]) -> Response[str]:
    """The team's own words."""
    return show("settings", agent)


@get("/{rest:path}", opt={"may": SIGNED_IN}, include_in_schema=False)
async def no_such_page(rest: FromPath[Path]) -> None:
    """Any other address."""
    raise WrongRequest(
        HTTP_404_NOT_FOUND, "not_found", f"There is no page /desk{rest.as_posix()[:100]}."
    )


PAGES: Final = (
    queue_page,
    conversation_page,
    search_page,
    login_page,
    welcome_page,
    account_page,
    team_page,
    audit_page,
    approvals_page,
    order_page,
    erasure_page,
    settings_page,
    inbox_page,
    models_page,
    model_page,
    intents_page,
    intent_page,
    new_intent_page,
    changes_page,
    hints_page,
    reports_page,
    no_such_page,
)


def checked_next(wanted: str) -> str:
    """The page that somebody wanted before they signed in, if it is one of ours."""
    path = wanted.partition("?")[0].rstrip("/")
    if len(wanted) > LONGEST_NEXT or not LOCAL.fullmatch(wanted) or path in SIGNED_OUT_PAGES:
        return HOME

    return wanted


def on_signed_out(request: AnyRequest, _: SignedOut) -> Redirect:
    """Sign in first, and come back."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    query = urlencode({"next": checked_next(wanted)})

    return Redirect(f"/desk/login?{query}", status_code=HTTP_303_SEE_OTHER)


def on_wrong_request(request: AnyRequest, error: WrongRequest) -> Response[str]:
    """A page that says why there is nothing to see."""
    return show("refused", request.scope.get("user"), status=error.status, text=str(error))


def on_not_acceptable(request: AnyRequest, error: NotAcceptable) -> Response[str]:
    """A page that says why that cannot be looked at."""
    return show("refused", request.scope.get("user"), status=HTTP_409_CONFLICT, text=str(error))


def on_missing(request: AnyRequest, _: Missing) -> Response[str]:
    """A page that says that what was asked for is not there."""
    return show(
        "refused",
        request.scope.get("user"),
        status=HTTP_404_NOT_FOUND,
        text="There is no such thing here. Perhaps it was erased.",
    )
