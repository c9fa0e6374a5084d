"""Logging alike in every process: to standard error, one line an event."""

import logging


def set_up_logs(level: str) -> None:
    """Log from that level on; what libraries say at every request stays out."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("sanic.access", "sanic.root", "aiohttp.access", "uvicorn.access", "huey"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
