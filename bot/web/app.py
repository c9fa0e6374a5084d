"""The web process put together."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext

from litestar import Litestar
from litestar.config.cors import CORSConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from bot.keys import Argon2Keys
from bot.services.house import House
from bot.services.outbox import Worker
from bot.serving import LiveAddress
from bot.settings import Settings
from bot.web.bus import Bus, make_channels
from bot.web.demo import demo_buyers, demo_page, front, sign_in
from bot.web.desk.access import check_routes
from bot.web.desk.desk import SESSION_COOKIE, Desk
from bot.web.desk.routes import desk_routes
from bot.web.door import Door
from bot.web.errors import ERRORS
from bot.web.files import static_file
from bot.web.forgetting import keep_forgetting
from bot.web.headers import add_headers
from bot.web.health import Pulse, health
from bot.web.incoming import JsonRequest
from bot.web.rasa import Listener, Rasa
from bot.web.tokens import SessionTokens
from bot.web.turns import Turns
from bot.web.widget_api import WIDGET_API
from bot.wiring import build_gateway, build_watch, open_queue
from bot.worker.consumer import working

MOST_BODY = 64 * 1024
DESK_SESSION = SecurityScheme(
    type="apiKey",
    name=SESSION_COOKIE,
    security_scheme_in="cookie",
    description="The cookie that POST /api/desk/login sets; changes need x-csrf-token as well.",
)
SESSION = SecurityScheme(
    type="http",
    scheme="bearer",
    bearer_format="JWT",
    description="The token that POST /api/widget/session answers with.",
)


def open_rasa(settings: Settings) -> Listener:
    """The Rasa process with the live model."""
    return Rasa(LiveAddress(settings.state_dir, settings.rasa_url), settings.actions_secret)


def create_app(
    settings: Settings, house: House, *, listen: Callable[[Settings], Listener] = open_rasa
) -> Litestar:
    """The app over a wired house; `listen` is called once the event loop runs."""
    channels = make_channels(settings.bus_url)
    bus = Bus(channels)

    @asynccontextmanager
    async def open_for_business(app: Litestar) -> AsyncIterator[None]:
        rasa = listen(settings)
        turns = Turns(house, rasa, bus, settings.turn_deadline)
        tokens = SessionTokens(settings.secret("sessions"), settings.session_days)
        app.state.door = Door(house, tokens, turns, bus, settings.state_dir / "photos")
        app.state.desk = Desk(house, bus, settings, Argon2Keys())
        app.state.pulse = Pulse(
            house.units, rasa, settings.actions_url, house.find_rulebook_problem
        )
        sweeping = [
            asyncio.create_task(turns.sweep()),
            asyncio.create_task(app.state.desk.look_after()),
            asyncio.create_task(app.state.desk.presence.keep()),
            asyncio.create_task(keep_forgetting(house, rasa)),
        ]
        post = outgoing(settings, house, bus)
        await asyncio.to_thread(post.__enter__)
        try:
            yield
        finally:
            await asyncio.to_thread(post.__exit__, None, None, None)
            for task in sweeping:
                task.cancel()
            await asyncio.gather(*sweeping, return_exceptions=True)
            await asyncio.to_thread(app.state.desk.importing.stop)
            await turns.stop()
            await rasa.close()
            house.units.close()

    app = Litestar(
        route_handlers=[
            WIDGET_API,
            *desk_routes(settings),
            health,
            static_file,
            front,
            demo_page,
            demo_buyers,
            sign_in,
        ],
        plugins=[channels],
        lifespan=[open_for_business],
        dependencies={
            "door": Provide(get_door, sync_to_thread=False),
            "pulse": Provide(get_pulse, sync_to_thread=False),
        },
        # The widget runs on the shops' own pages, so any page may ask. What the desk gives by
        # cookie no other page may read: credentials are not allowed here.
        cors_config=CORSConfig(
            allow_origins=["*"],
            allow_headers=["authorization", "content-type", "last-event-id"],
        ),
        exception_handlers=ERRORS,
        before_send=[add_headers],
        request_class=JsonRequest,
        request_max_body_size=MOST_BODY,
        logging_config=None,  # Litestar would set up the root logger anew
        openapi_config=OpenAPIConfig(
            title="Makegood",
            version="0.1.0",
            path="/schema",
            render_plugins=[JsonRenderPlugin()],
            use_handler_docstrings=True,
            components=Components(security_schemes={"session": SESSION, "desk": DESK_SESSION}),
        ),
    )
    check_routes(app)

    return app


def outgoing(settings: Settings, house: House, bus: Bus) -> AbstractContextManager[None]:
    """
    Remedies and alerts on their way out while the block is open, unless another process sends them.

    The worker has threads of its own: what it says is shown by the event loop that runs now.
    """
    if settings.worker == "separate":
        return nullcontext()
    loop = asyncio.get_running_loop()

    def told(conversation_id: str) -> None:
        loop.call_soon_threadsafe(bus.show_change, conversation_id)

    def rang(_: str) -> None:
        loop.call_soon_threadsafe(bus.show_queue)

    return working(
        open_queue(settings),
        Worker(house=house, gateway=build_gateway(settings), told=told),
        build_watch(settings, house, rang),
    )


def get_door(state: State) -> Door:
    """What the widget's routes need."""
    door: Door = state.door

    return door


def get_pulse(state: State) -> Pulse:
    """What the health page needs."""
    pulse: Pulse = state.pulse

    return pulse
