"""The one place where the parts are put together."""

from bot.casework.gateways import RemedyGateway
from bot.gateways.ledger import LedgerGateway
from bot.gateways.webhook import WebhookGateway, WrongWebhook
from bot.obstacles import CannotStart
from bot.replies import Templates
from bot.rulebook import WatchedRulebook
from bot.services.house import House, utc_now
from bot.settings import Settings
from bot.store.database import open_database
from bot.store.units import SqlUnits
from bot.worker.queue import Queue


class BrokenGateway(CannotStart):
    """The gateway cannot be used as it is set; the text names the setting, never its secret."""


def build_house(settings: Settings) -> House:
    """The house as the settings say; `BrokenRulebook` if its rules cannot be used."""
    rulebook = WatchedRulebook(settings.rulebook)

    return House(
        units=SqlUnits(open_database(settings.store_url)),
        speaker=Templates(settings.templates),
        rulebooks=rulebook,
        find_rulebook_problem=rulebook.find_problem,
        wake_worker=open_queue(settings).wake,
    )


def open_queue(settings: Settings) -> Queue:
    """The worker's wake-ups: over Redis where there is one, or in a file."""
    return Queue(settings.state_dir / "worker.db", settings.bus_url)


def build_gateway(settings: Settings) -> RemedyGateway:
    """Whoever carries remedies out, as the settings say; `BrokenGateway` if that cannot be."""
    if settings.gateway == "ledger":
        return LedgerGateway()
    needed = ("gateway_url", "gateway_status_url", "gateway_secret")
    if missing := [name for name in needed if not getattr(settings, name)]:
        raise BrokenGateway(
            f"MAKEGOOD_GATEWAY=webhook needs MAKEGOOD_{missing[0].upper()}: "
            "set it in the environment or in .env and start again."
        )
    try:
        return WebhookGateway(
            settings.gateway_url,
            settings.gateway_status_url,
            settings.gateway_secret,
            settings.gateway_timeout,
            utc_now,
        )
    except WrongWebhook as error:
        raise BrokenGateway(
            f"MAKEGOOD_GATEWAY=webhook: {error} Correct it in the environment or in .env "
            "(MAKEGOOD_GATEWAY_URL, _STATUS_URL, _SECRET) and start again."
        ) from error
