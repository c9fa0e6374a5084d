"""The running house beyond a single remedy: approvals, what is done, two matters, Russian."""

import os
import subprocess
import sys

from bot.settings import ROOT
from bot.store.tables import remedies
from tests.e2e.chat_client import ChatClient
from tests.e2e.running_house import eventually
from tests.e2e.test_chat_over_http import buyer_of, identity_of


def makegood(house, *arguments):
    """The command line, as the seller types it beside the running house; what it printed."""
    environment = {**os.environ, "MAKEGOOD_STATE": str(house.state), "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def buyer_signed_in(house, number):
    """A conversation of the demo buyer of that order."""
    return ChatClient(house.url, identity_of(house, buyer_of(house, number)))


def test_what_is_over_the_caps_is_approved_and_then_done(house):
    """
    Dear goods beyond the cap: an honest interim word, an agent's yes, the seller's done.
    """
    chat = buyer_signed_in(house, "DEMO-1013")
    before = {row["id"] for row in house.rows(remedies)}
    asked = chat.says("the pendant lamps from DEMO-1013 arrived broken")[-1]
    while asked["kind"] != "offer":
        if asked["kind"] == "ask_photo":
            asked = chat.sends_photo()[-1]
        else:
            most = asked["choices"][-1]["label"]
            asked = chat.presses(asked, most)[-1]
    terms = chat.presses(asked, "new one")[-1]
    assert terms["kind"] == "confirm"
    interim = chat.presses(terms, "yes")[-1]
    assert "approve" in interim["text"]
    (remedy,) = [row for row in house.rows(remedies) if row["id"] not in before]
    assert remedy["state"] == "approval"

    seq = chat.transcript()[-1]["seq"]
    makegood(house, "approvals", "approve", remedy["id"][:8], "--agent", "Kim")
    assert "approved" in chat.answers(seq)[0]["text"]

    # The worker puts it on the seller's list first; before that there is nothing to confirm.
    eventually(lambda: remedy["id"][:6] in makegood(house, "remedies", "list"))
    seq = chat.transcript()[-1]["seq"]
    makegood(house, "remedies", "confirm", remedy["id"][:8])
    assert chat.answers(seq)
    (remedy,) = [row for row in house.rows(remedies) if row["id"] == remedy["id"]]
    assert (remedy["state"], remedy["approved_by"]) == ("done", "Kim")
    assert "intact" in makegood(house, "ledger", "verify").lower()


def test_two_matters_in_one_message(house):
    """
    The question is answered, then the problem is taken up.
    """
    chat = buyer_signed_in(house, "DEMO-1007")

    answers = chat.says("My serving bowl from DEMO-1007 arrived broken. Also, where is it now?")
    assert answers[-1]["kind"] == "ask_photo"


def test_a_russian_buyer_is_answered_in_russian(house):
    """
    From the first word on, also where the model understands nothing.
    """
    chat = ChatClient(house.url)

    answers = chat.says("Здравствуйте, подскажите, пожалуйста")
    assert any("\u0430" <= sign <= "\u044f" for sign in answers[-1]["text"])
