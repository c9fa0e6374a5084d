"""The web process: Litestar on uvicorn."""

import uvicorn

from bot.logs import set_up_logs
from bot.settings import get_settings
from bot.web.app import create_app
from bot.wiring import build_house


def main() -> None:
    """Serve until told to stop."""
    settings = get_settings()
    set_up_logs(settings.log_level)
    proxies = settings.trusted_proxies
    uvicorn.run(
        create_app(settings, build_house(settings)),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or None,
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    main()
