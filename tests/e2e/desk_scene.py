"""A desk with something on every page: what waits, approvals, ratings, messages, trainings."""

from dataclasses import dataclass
from datetime import timedelta

from bot.casework.agents import Agent
from bot.casework.orders import Order
from bot.casework.trainings import Result, TrainingState
from bot.services.accounts import Doer
from bot.services.answering import do_answer, do_note
from bot.services.grants import Given, do_grant
from bot.services.house import House
from bot.services.labelling import do_label, list_inbox
from bot.services.links import do_make_link
from bot.services.taking_over import do_assign, do_claim, do_close, do_snooze
from bot.services.wanted_remedies import Wanted, to_remedies
from bot.teaching.collecting import import_messages
from bot.teaching.trainer import log_of
from tests.e2e.chat_client import ChatClient
from tests.e2e.desk_browsers import Desk, shop_of
from tests.e2e.running_house import RunningHouse
from tests.e2e.test_after_sales import buyer_signed_in
from tests.web.desk.team import an_agent
from tests.workbench.reading import read

PERSON = "I want to talk to a person please"
ORDER = "DEMO-1012"
"""Six lamps of 129 €: more than an agent may give, and within a lead's limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Ids of what there is to look at."""

    waiting: str
    mine: str
    closed: str
    order: int
    invitation: str


def set_scene(house: RunningHouse, desk: Desk) -> Scene:
    """Anna waits; Mia is with Ann, with a remedy over Boris's limit; Tom has rated; Ida is new."""
    anna = buyer_signed_in(house, "DEMO-1003")
    anna.says("where is my order DEMO-1003?")
    anna.sends_photo()
    anna.says(PERSON)
    mia = buyer_signed_in(house, ORDER)
    mia.says("where are the lamps of order DEMO-1012?")
    mia.says(PERSON)
    tom, later = ChatClient(house.url), ChatClient(house.url)
    for one in (tom, later):
        one.says(PERSON)
    ann, boris = desk.team["Ann"], desk.team["Boris"]
    with shop_of(house) as shop:
        _serve(shop, mia.conversation_id, ann)
        order = _give(shop, mia.conversation_id, ann, boris)
        _end(shop, tom.conversation_id, boris)
        tomorrow = shop.clock() + timedelta(days=1)
        do_snooze(shop, later.conversation_id, ann, tomorrow)
        ida = an_agent(shop, name="Ida Berg", team="returns", reads=("en", "de"))
        _, link = do_make_link(shop, ida.id, by=Doer())
    rated = tom.http.post(
        f"{house.url}/api/widget/rating",
        json={"score": 4, "comment": "quick and kind"},
        headers=tom.headers,
    )
    assert rated.is_success, rated.text

    fill_inbox(house)
    fill_models(house, ann)
    with shop_of(house) as shop:
        label_one(shop, ann)

    return Scene(
        waiting=anna.conversation_id,
        mine=mia.conversation_id,
        closed=tom.conversation_id,
        order=order.id,
        invitation=link.token,
    )


def fill_inbox(house: RunningHouse) -> None:
    """Three groups of messages to label."""
    texts = (
        "where is my parcel",
        "my parcel is late",
        "a refund to kim@lee.example",
        "it broke",
    )
    with shop_of(house) as shop:
        list(import_messages(shop, texts, read, "a model"))


def fill_models(house: RunningHouse, agent: Agent) -> None:
    """Trainings that failed and that were cancelled, and one that never ends; a log."""
    with shop_of(house) as shop:
        failed = Result(
            state=TrainingState.FAILED,
            error="The Rasa model could not be trained:\n    data/nlu/orders.yml is broken",
        )
        for end in (failed, Result(state=TrainingState.CANCELLED), None):
            # Begun in the same unit: the trainer, which is at work beside us, finds none to take.
            with shop.units() as unit:
                one, now = shop.new_id(), shop.clock()
                unit.trainings.add(one, agent.id, now)
                unit.trainings.begin(one, now)
                unit.trainings.note(one, "Reading what every example means", 0.4)
                if end:
                    unit.trainings.end(one, end, now)
    log = log_of(house.state / "logs", one)
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("INFO  Starting to train component 'EntityExtractor'.\n")


def label_one(shop: House, agent: Agent) -> None:
    """A message that somebody has said the meaning of, for the reports."""
    list(import_messages(shop, ["thanks a lot"], read, "a model"))
    message = next(one for one in list_inbox(shop, 0).messages if one.text == "thanks a lot")
    known = frozenset({"thanks"})
    do_label(
        shop, message.id, agent, intent="thanks", entities=None, second=False, known_intents=known
    )


def _serve(shop: House, talk: str, agent: Agent) -> None:
    do_claim(shop, talk, agent)
    do_answer(shop, talk, agent, client_id="answer", text="Hello Mia, I look at it at once.")
    do_note(shop, talk, agent, client_id="note", text="The carrier has lost a pallet.")


def _give(shop: House, talk: str, ann: Agent, boris: Agent) -> Order:
    """A discount that is on its way, and a refund that is more than Boris may give."""
    with shop.units.reading() as unit:
        order = unit.orders.find("demo", ORDER)
    assert order is not None
    (line,) = order.lines
    wanted = [
        (ann, Wanted(kind="discount", line_id=line.id, percent="5")),
        (boris, Wanted(kind="refund", line_id=line.id, quantity=4)),
    ]
    for agent, one in wanted:
        given = do_grant(
            shop,
            to_remedies(order, [one]),
            agent=agent,
            reason="promised by phone",
            request_id=f"scene-{one.kind}",
            conversation_id=talk,
        )
        assert isinstance(given, Given), given

    return order


def _end(shop: House, talk: str, agent: Agent) -> None:
    """Taken, given to a team and taken again, and closed."""
    do_claim(shop, talk, agent)
    do_assign(shop, talk, agent, to=None, team="returns", note="a return")
    do_claim(shop, talk, agent)
    do_close(shop, talk, agent)
