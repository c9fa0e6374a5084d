"""The widget's files as they are, without a build step; packed, and sent again only if changed."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from litestar import Response, get
from litestar.status_codes import HTTP_200_OK, HTTP_304_NOT_MODIFIED, HTTP_404_NOT_FOUND

from bot.web.errors import CODES, AnyRequest, WrongRequest

STATIC = Path(__file__).parent / "static"
FOLDERS = {
    "/widget.js": "widget.js",
    "/widget/": "widget",
    "/demo-assets/": "demo",
    "/desk-assets/": "desk",
}
KINDS = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
"""What a browser is told that a file is; others are not served. Litestar adds the charset."""


def find_files() -> dict[str, Path]:
    """Every file by its address. What is not in here is not served, however it is asked for."""
    found = {}
    for address, name in FOLDERS.items():
        place = STATIC / name
        inside = [place] if place.is_file() else place.rglob("*")
        for file in inside:
            if file.suffix in KINDS:
                found[address + file.relative_to(place).as_posix().removeprefix(".")] = file

    return found


FILES = find_files()


@dataclass(frozen=True, slots=True)
class Packed:
    """A file's content, plain and packed, and the tag by which a browser knows it again."""

    plain: bytes
    gzip: bytes
    tag: str


@lru_cache(maxsize=200)
def pack(file: Path, changed: int) -> Packed:  # noqa: ARG001 - a changed file is packed anew
    """The file as it was at that time."""
    plain = file.read_bytes()

    return Packed(plain, gzip.compress(plain), f'W/"{hashlib.sha256(plain).hexdigest()[:16]}"')


def serve(request: AnyRequest, file: Path) -> Response[bytes]:
    """The file, if the browser does not have it already."""
    packed = pack(file, file.stat().st_mtime_ns)
    headers = {"etag": packed.tag, "vary": "accept-encoding"}
    if packed.tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers=headers)
    content = packed.plain
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["content-encoding"] = packed.gzip, "gzip"

    return Response(
        content, status_code=HTTP_200_OK, headers=headers, media_type=KINDS[file.suffix]
    )


@get(
    ["/widget.js", "/widget/{name:path}", "/demo-assets/{name:path}", "/desk-assets/{name:path}"],
    include_in_schema=False,
    sync_to_thread=False,
)
def static_file(request: AnyRequest) -> Response[bytes]:
    """The one script that a shop embeds, its modules, and the files of demo shop and desk."""
    file = FILES.get(request.scope["path"])
    if file is None:
        raise WrongRequest(HTTP_404_NOT_FOUND, *CODES[HTTP_404_NOT_FOUND])

    return serve(request, file)
