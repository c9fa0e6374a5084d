"""How e-mails and alerts are set up: all of it, nothing of it, or a sentence what is wrong."""

from pathlib import Path

import pytest

from bot.gateways.alerts import AlertHook
from bot.gateways.mail import SmtpMailer
from bot.preflight import check_mail
from bot.settings import Settings
from bot.wiring import BrokenMail, build_house, build_watch

SECRET = "correct-horse-battery-staple"
SMTP = {"smtp_url": f"smtp://me:{SECRET}@mail.example", "mail_from": "desk@shop.example"}


@pytest.fixture
def settings(tmp_path: Path):
    """Settings with these values, and a state of their own."""

    def make(**values: str) -> Settings:
        return Settings(_env_file=None, state=tmp_path, **values)

    return make


def test_without_a_setting_nobody_is_told(settings) -> None:
    """
    As a fresh clone starts.
    """
    watch = build_watch(settings(), build_house(settings()))

    assert (watch.postman.mailer, watch.postman.hook) == (None, None)
    assert (watch.lead.mail_to, watch.lead.webhook) == ((), False)
    assert check_mail(settings()) is None
    assert not build_house(settings()).writes_letters


def test_with_all_settings_the_lead_is_told_by_both(settings) -> None:
    """
    Each address once, by itself; links lead to where the desk is reached.
    """
    given = settings(
        **SMTP,
        alert_mail_to="lead@shop.example, Owner <owner@shop.example>,lead@shop.example,",
        alert_webhook_url="https://shop.example/alerts",
        alert_webhook_secret=SECRET,
        public_url="https://chat.shop.example/",
    )
    watch = build_watch(given, build_house(given))

    assert isinstance(watch.postman.mailer, SmtpMailer)
    assert isinstance(watch.postman.hook, AlertHook)
    assert watch.lead.mail_to == ("lead@shop.example", "owner@shop.example")
    assert watch.lead.webhook
    assert watch.lead.url_of("a/b") == "https://chat.shop.example/desk/conversations/a%2Fb"
    assert SECRET not in repr(given)


def test_a_mail_server_is_of_use_without_alerts(settings) -> None:
    """
    Buyers who have left are written to by it as well.
    """
    given = settings(**SMTP)

    house = build_house(given)
    assert isinstance(build_watch(given, house).postman.mailer, SmtpMailer)
    assert house.writes_letters


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"alert_mail_to": "lead@shop.example"}, "MAKEGOOD_ALERT_MAIL_TO needs MAKEGOOD_SMTP_URL"),
        ({"smtp_url": SMTP["smtp_url"]}, "MAKEGOOD_SMTP_URL needs MAKEGOOD_MAIL_FROM"),
        (SMTP | {"smtp_url": f"http://me:{SECRET}@mail"}, "Correct MAKEGOOD_SMTP_URL"),
        (SMTP | {"mail_from": "the desk"}, "Correct MAKEGOOD_SMTP_URL or MAKEGOOD_MAIL_FROM"),
        (SMTP | {"alert_mail_to": "lead"}, "MAKEGOOD_ALERT_MAIL_TO: That is no e-mail address"),
        (
            {"alert_webhook_url": "http://shop.example", "alert_webhook_secret": SECRET},
            "must begin with https",
        ),
        (
            {"alert_webhook_url": "https://shop.example"},
            "Correct MAKEGOOD_ALERT_WEBHOOK_URL or _SECRET",
        ),
    ],
    ids=str,
)
def test_what_is_set_wrong_stops_the_start_with_a_sentence(settings, values, told) -> None:
    """
    It names the setting, on one line, and no password.
    """
    given = settings(**values)
    with pytest.raises(BrokenMail, match=told) as error:
        build_watch(given, build_house(given))

    assert SECRET not in str(error.value)
    assert "\n" not in str(error.value)
    assert check_mail(given) == str(error.value)


def test_a_house_reads_what_the_projects_trainers_wrote(settings, tmp_path: Path) -> None:
    """
    Whatever folder the seller's rules and words are in; a mistake is told beside those of rules.
    """
    intents = tmp_path / "rulebook" / "intents.yml"
    answers = tmp_path / "templates" / "en" / "answers.j2"
    for path, text in (
        (intents, "intents: {bulk: {description: Many., titles: {en: M}, does: {answer: true}}}"),
        (answers, "{% block bulk %}From ten on: 5 % off.{% endblock %}"),
    ):
        path.parent.mkdir(parents=True)
        path.write_text(text)
    house = build_house(settings(project=str(tmp_path)))

    assert house.intents.added == ("bulk",)
    assert house.find_answer("bulk", "ru", "") == "From ten on: 5 % off."
    assert house.find_rulebook_problem() == ""

    intents.write_text("intents: [")
    assert house.intents.added == ("bulk",)
    assert house.find_rulebook_problem().startswith("intents.yml, line 1: ")
