"""Every intent has one route, on paper and in a Rasa that serves."""

import asyncio
from pathlib import Path

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.utils.io import read_yaml_file

from tests.engine.rasa_process import ActionServerStub, serving

ROUTES = {
    "action_run_playbook": {
        "order_status",
        "tracking_link",
        "delivery_time",
        "order_details",
        "invoice",
        "cancel_order",
        "change_address",
        "change_item",
        "late_delivery",
        "not_received",
        "damaged_item",
        "defective_item",
        "wrong_item",
        "missing_item",
        "not_as_described",
        "counterfeit_item",
        "refund_request",
        "refund_status",
        "return_item",
        "exchange_item",
        "payment_problem",
        "discount_request",
        "refuse_delivery",
        "complaint",
    },
    "action_continue_case": {
        "affirm",
        "deny",
        "provide_details",
        "choose_option",
        "photo_sent",
        "no_photo",
        "never_mind",
    },
    "action_answer": {
        "greet",
        "thanks",
        "goodbye",
        "ask_bot",
        "faq_shipping",
        "faq_returns",
        "faq_payment",
        "faq_product",
    },
    "action_hand_off": {"human_agent"},
    "action_clarify": {"nlu_fallback", "out_of_scope"},
}


def test_there_is_one_rule_for_each_route() -> None:
    """
    Whoever reads data/rules.yml sees every route at a glance.
    """
    rules = read_yaml_file("data/rules.yml")["rules"]

    routes = [
        (done["action"], {step["intent"] for step in heard.get("or", [heard])})
        for heard, done in (rule["steps"] for rule in rules)
    ]
    assert sorted(routes) == sorted(ROUTES.items())


def test_every_intent_and_action_of_the_domain_is_routed() -> None:
    """
    A new intent without a route would be answered with a question for ever.
    """
    domain = read_yaml_file("domain.yml")

    assert {*domain["intents"], "nlu_fallback"} == set().union(*ROUTES.values())
    assert set(domain["actions"]) == set(ROUTES)


def test_nothing_but_the_intent_decides() -> None:
    """
    Entities and slots are for readers; a rule that looked at them would fork in silence.
    """
    domain = Domain.load("domain.yml")

    assert not domain.slot_states
    assert not any(intent["used_entities"] for intent in domain.intent_properties.values())
    assert not domain.session_config.are_sessions_enabled()


@pytest.mark.parametrize("first", [None, "damaged_item"])
def test_rasa_follows_the_rules(
    model: Path, monkeypatch: pytest.MonkeyPatch, first: str | None
) -> None:
    """
    The first message of a conversation and a later one take the same route, with entities too.
    """
    monkeypatch.setenv("MAKEGOOD_ACTIONS_SECRET", "open sesame")
    expected = {intent: action for action, intents in ROUTES.items() for intent in intents}

    async def route(intent: str) -> str:
        for understood in filter(None, (first, intent)):
            await agent.handle_message(a_message(understood, conversation=f"about-{intent}"))
        return actions.actions[-1]

    async def scene() -> dict[str, str]:
        nonlocal agent
        async with serving(model, actions) as rasa:
            agent = rasa.agent
            return {intent: await route(intent) for intent in expected}

    actions = ActionServerStub()
    agent = None
    assert asyncio.run(scene()) == expected


def a_message(intent: str, *, conversation: str) -> UserMessage:
    """A message that was understood as this intent."""
    understood = {"name": intent, "confidence": 0.9}
    entity = {"entity": "order_number", "start": 0, "end": 5, "value": "#1004"}
    return UserMessage(
        text="#1004",
        sender_id=conversation,
        parse_data={"text": "#1004", "intent": understood, "entities": [entity]},
    )
