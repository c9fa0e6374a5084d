"""The widget's files, as they are: no build step."""

from pathlib import Path

from litestar import Response, Router, get
from litestar.exceptions import InternalServerException
from litestar.response import File
from litestar.static_files import create_static_files_router
from litestar.status_codes import HTTP_404_NOT_FOUND

from bot.web.errors import CODES, AnyRequest, Fault, answer

STATIC = Path(__file__).parent / "static"


@get("/widget.js", include_in_schema=False)
async def widget_entry() -> File:
    """The one script that a shop embeds."""
    return File(
        STATIC / "widget.js",
        media_type="text/javascript",
        content_disposition_type="inline",
    )


def on_no_file(_: AnyRequest, __: Exception) -> Response[Fault]:
    """An address that can name no file."""
    return answer(HTTP_404_NOT_FOUND, *CODES[HTTP_404_NOT_FOUND])


def static_files() -> list[Router]:
    """The widget's modules and the demo page's own files."""
    return [
        create_static_files_router(
            path=path,
            directories=[STATIC / folder],
            include_in_schema=False,
            name=folder,
            # A NUL in a name, or five thousand letters: the system refuses to look for it.
            exception_handlers={ValueError: on_no_file, InternalServerException: on_no_file},
        )
        for path, folder in (("/widget", "widget"), ("/demo-assets", "demo"))
    ]
