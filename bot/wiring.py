"""The one place where the parts are put together."""

from collections.abc import Callable

from bot.answers import TrainedAnswers
from bot.casework.gateways import RemedyGateway
from bot.casework.notices import Hook, Mailer
from bot.gateways.alerts import AlertHook
from bot.gateways.ledger import LedgerGateway
from bot.gateways.mail import SmtpMailer, WrongMail, to_address
from bot.gateways.webhook import WebhookGateway, WrongWebhook
from bot.hand_off_words import sum_up
from bot.house_programs import collect_program
from bot.intents import WatchedIntents
from bot.obstacles import CannotStart
from bot.replies import Templates
from bot.rulebook import WatchedRulebook
from bot.services.clocks import Lead, Watch, to_nobody
from bot.services.house import House, utc_now
from bot.services.notices import Postman
from bot.settings import Settings
from bot.store.database import open_database
from bot.store.units import SqlUnits
from bot.supervision.errand import Errand
from bot.worker.queue import Queue

COLLECT_HOURS = {
    "never": frozenset[int](),
    "nightly": frozenset({2}),
    "hourly": frozenset(range(24)),
}


class BrokenGateway(CannotStart):
    """The gateway cannot be used as it is set; the text names the setting, never its secret."""


class BrokenMail(CannotStart):
    """E-mails or alerts cannot be sent as they are set; the text names the setting, no secret."""


def build_house(settings: Settings) -> House:
    """The house as the settings say; `BrokenRulebook` if its rules cannot be used."""
    rulebook = WatchedRulebook(settings.rulebook)
    intents = WatchedIntents(settings.project / "rulebook")
    templates = Templates(settings.templates)

    return House(
        units=SqlUnits(open_database(settings.store_url)),
        speaker=templates,
        rulebooks=rulebook,
        sum_up=sum_up,
        find_rulebook_problem=lambda: rulebook.find_problem() or intents.find_problem(),
        find_intents=intents,
        find_answer=TrainedAnswers(templates, settings.project / "templates").find,
        wake_worker=open_queue(settings).wake,
        writes_letters=bool(settings.smtp_url),
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


def build_mailer(settings: Settings) -> Mailer | None:
    """Whoever takes e-mails, None if nobody is set; `BrokenMail` if that cannot be."""
    if not settings.smtp_url:
        if settings.alert_mail_to:
            raise BrokenMail(
                "MAKEGOOD_ALERT_MAIL_TO needs MAKEGOOD_SMTP_URL, by which e-mails are sent: "
                "set it in the environment or in .env and start again."
            )
        return None
    if not settings.mail_from:
        raise BrokenMail(
            "MAKEGOOD_SMTP_URL needs MAKEGOOD_MAIL_FROM, the address that e-mails come from: "
            "set it in the environment or in .env and start again."
        )
    try:
        return SmtpMailer(settings.smtp_url, settings.mail_from, utc_now)
    except WrongMail as error:
        raise BrokenMail(
            f"{error} Correct MAKEGOOD_SMTP_URL or MAKEGOOD_MAIL_FROM in the environment or in "
            ".env and start again."
        ) from error


def build_hook(settings: Settings) -> Hook | None:
    """The seller's system for alerts, None if none is set; `BrokenMail` if that cannot be."""
    if not settings.alert_webhook_url:
        return None
    try:
        return AlertHook(settings.alert_webhook_url, settings.alert_webhook_secret, utc_now)
    except WrongWebhook as error:
        raise BrokenMail(
            f"{error} Correct MAKEGOOD_ALERT_WEBHOOK_URL or _SECRET in the environment or in "
            ".env and start again."
        ) from error


def build_watch(settings: Settings, house: House, rang: Callable[[str], None] = to_nobody) -> Watch:
    """Who looks at the desk's clocks and sends what is to be told; `BrokenMail` if they cannot."""
    mailer, hook = build_mailer(settings), build_hook(settings)
    try:
        addresses = [to_address(one) for one in settings.alert_mail_to.split(",") if one.strip()]
    except WrongMail as error:
        raise BrokenMail(
            f"MAKEGOOD_ALERT_MAIL_TO: {error} Write desk@shop.example, or several with commas, and "
            "start again."
        ) from error

    return Watch(
        house=house,
        postman=Postman(house=house, mailer=mailer, hook=hook),
        lead=Lead(
            mail_to=tuple(dict.fromkeys(addresses)),
            webhook=hook is not None,
            desk_url=settings.desk_url,
        ),
        rang=rang,
        collect=collector(settings),
        collect_hours=COLLECT_HOURS[settings.collect],
    )


def collector(settings: Settings) -> Callable[[], object]:
    """What brings messages of conversations into the training inbox, unless it is at it."""
    errand = Errand("collecting", settings.state_dir / "logs" / "collect.log")

    return lambda: errand.start(collect_program(settings))
