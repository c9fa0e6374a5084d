"""Headers by address that keep answers safe in browsers and out of caches."""

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

NO_GUESSING = {"x-content-type-options": "nosniff"}
A_BUYERS = {**NO_GUESSING, "cache-control": "private, no-store"}
ANYBODYS_FILE = {**NO_GUESSING, "cache-control": "no-cache"}
"""Browsers keep the files but ask whether they changed, so an update reaches every shop."""
DEMO_PAGE = {
    **ANYBODYS_FILE,
    # The widget needs no more than its own files, our API and the store's avatar. Its styles are
    # a constructed sheet, which no policy forbids.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    "referrer-policy": "no-referrer",
}
DESK_PAGE = {
    **A_BUYERS,
    # Photos before they are sent are blobs. No form is sent by the browser itself: without its
    # script a page would put a password into an address.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
}

HEADERS = {
    "/api/": A_BUYERS,
    "/demo/": A_BUYERS,
    "/demo-assets/": ANYBODYS_FILE,
    "/demo": DEMO_PAGE,
    "/desk-assets/": ANYBODYS_FILE,
    "/desk": DESK_PAGE,
    "/widget": ANYBODYS_FILE,
    "": A_BUYERS,
}
"""By the beginning of the address; the first that fits counts."""


async def add_headers(message: Message, scope: Scope) -> None:
    """Set the headers of an answer that is about to be sent."""
    if message["type"] != "http.response.start":
        return
    path = scope["path"]
    fitting = next(added for start, added in HEADERS.items() if path.startswith(start))
    headers = MutableScopeHeaders.from_message(message)
    for name, value in fitting.items():
        headers[name] = value
