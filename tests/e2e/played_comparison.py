"""What the API says of a model that was compared, for a page without a second model."""

from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec
from playwright.sync_api import Page, Route

from bot.casework.misunderstandings import TrainingRules
from bot.web.desk.comparing import (
    ComparisonShown,
    DisagreementShown,
    ShadowShown,
    ShadowState,
    to_gate,
    to_headline,
)
from bot.workbench.comparison.compare_plot import draw_f1
from bot.workbench.comparison.comparing import (
    Comparison,
    EntityCompared,
    Latency,
    Part,
    compare,
    compare_sets,
    find_changed,
)
from bot.workbench.comparison.dialogues import DialogueFailure
from bot.workbench.comparison.gate import check_gate
from bot.workbench.evaluation.judging import Judged
from tests.workbench.messages import a_judged

NEW, LIVE = "makegood-new.tar.gz", "makegood-live.tar.gz"
RULES = TrainingRules(protected=("refund_request",))


def a_poisoned_result() -> Comparison:
    """Refund requests are taken for thanks now; a few others are understood better."""

    def read(refund: str, late: str) -> list[Judged]:
        pairs = [("refund_request", refund)] * 30 + [("late_delivery", late)] * 4
        return [a_judged(meant, said, text=f"{meant} {n}") for n, (meant, said) in enumerate(pairs)]

    before, now = read("refund_request", "order_status"), read("thanks", "late_delivery")
    figures, cost, intents = compare(before, now, RULES, {"dev_en.yml": Part.DEVELOPMENT})
    better, worse = find_changed(before, now, RULES)

    return Comparison(
        model=NEW,
        live=LIVE,
        messages=len(before),
        figures=figures,
        cost=cost,
        intents=intents,
        entities=(EntityCompared(kind="order_number", n=9, found=figures["accuracy"]),),
        sets=compare_sets(before, now),
        better=better,
        worse=worse,
        latency=Latency(before=7.5, now=7.1),
        dialogues=2,
        failures=(
            DialogueFailure(
                dialogue="wants the money back",
                file="tests/dialogues/money.yml",
                line=6,
                text="верните деньги",
                expected="refund_request, action_run_playbook",
                got="thanks, action_answer",
            ),
        ),
        notes=("The frozen test set (data/test) has no messages yet.",),
    )


def play(page: Page, state: str = "finished", *, poisoned: bool = True) -> None:
    """Let the page's calls be answered so: by a comparison in that state."""
    now = datetime.now(UTC)
    result = a_poisoned_result() if poisoned else None
    shown = ComparisonShown(
        model=NEW,
        live=LIVE,
        live_now=LIVE,
        state=state,
        progress=0.4,
        error="The model is not there any more." if state == "failed" else "",
        by="Ann Lee",
        at=now,
        ended_at=now,
        gate=to_gate(check_gate(result or a_poisoned_result(), RULES)),
        may_override=True,
        can_roll_back=True,
        headline=to_headline(result) if result else None,
        result=result,
        plot=draw_f1(result.intents) if result else "",
    )
    shadow = ShadowState(
        shadow=ShadowShown(NEW, "Ann Lee", now, now + timedelta(hours=9), None, True, 40, 39, ""),
        disagreements=[
            DisagreementShown(
                "m1", "c1", "I want my money back", "refund_request", "thanks", 0.8, now
            )
        ],
    )
    for address, answer in (("models/*/comparison", shown), ("shadow", shadow)):
        body = msgspec.json.encode(answer)
        page.route(f"**/api/desk/{address}", partial(_answer, body))


def _answer(body: bytes, route: Route) -> None:
    route.fulfill(body=body, content_type="application/json")
