"""The desk's pages as they leave the server: shells that their modules fill from the API."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response
from litestar.status_codes import HTTP_200_OK

from bot.casework.agents import Agent, May

PAGES: Final = Path(__file__).parent / "pages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Whoever looks at a page; `may` is what decides which parts of it there are."""

    id: str
    first_name: str
    role: str
    may: frozenset[str]


def show(
    page: str, agent: Agent | None = None, *, status: int = HTTP_200_OK, **values: object
) -> Response[str]:
    """
    The page of that name for that agent, None if nobody is signed in.

    A template has the agent as `me`, a `Viewer` or None, and the values given. It names its place
    in the navigation by itself: `{% set here = "queue" %}`.
    """
    text = environment().get_template(f"{page}.html.j2")

    return Response(
        text.render(me=to_viewer(agent) if agent else None, here="", **values),
        media_type=MediaType.HTML,
        status_code=status,
    )


def to_viewer(agent: Agent) -> Viewer:
    """The agent as a page needs them."""
    return Viewer(
        id=agent.id,
        first_name=agent.first_name,
        role=agent.role.value,
        may=frozenset(what.value for what in May if agent.may(what)),
    )


@cache
def environment() -> Environment:
    """Jinja over the pages: everything is escaped, and a misspelt name is an error."""
    return Environment(
        loader=FileSystemLoader(PAGES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
