"""Web servers on free ports, inside the test's own event loop."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sanic import Sanic

Sanic.test_mode = True  # two apps may bear one name


@asynccontextmanager
async def listening(app: Sanic, port: int = 0) -> AsyncIterator[str]:
    """The app, reachable until the end of the block; its URL."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", port))
        server = await app.create_server(sock=door, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.before_start()
        await server.after_start()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            await server.before_stop()
            await server.close()
            # Connections that the other side keeps open would hold the port.
            for connection in list(server.connections):
                connection.close_if_idle()
            await server.after_stop()
