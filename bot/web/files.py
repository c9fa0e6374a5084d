"""The widget's files, as they are: no build step."""

from pathlib import Path

from litestar import Router, get
from litestar.response import File
from litestar.static_files import create_static_files_router

STATIC = Path(__file__).parent / "static"


@get("/widget.js", include_in_schema=False)
async def widget_entry() -> File:
    """The one script that a shop embeds."""
    return File(
        STATIC / "widget.js",
        media_type="text/javascript",
        content_disposition_type="inline",
    )


def static_files() -> list[Router]:
    """The widget's modules and the demo page's own files."""
    return [
        create_static_files_router(
            path=path, directories=[STATIC / folder], include_in_schema=False, name=folder
        )
        for path, folder in (("/widget", "widget"), ("/demo-assets", "demo"))
    ]
