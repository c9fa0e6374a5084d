"""Why not, in words: every refusal has a sentence, and money in it is written as money."""

import pytest

from bot.casework.decisions import Rule
from bot.casework.refusals import Refusal, RefusalReason
from bot.refusal_words import SENTENCES, say_refusal
from bot.rule_words import say_rule


@pytest.mark.parametrize("reason", RefusalReason)
def test_every_reason_has_a_sentence(reason):
    """
    Whoever adds a reason says it to people, too.
    """
    assert SENTENCES[reason].endswith(".")
    assert say_refusal(Refusal(reason), "EUR") == SENTENCES[reason]


@pytest.mark.parametrize(
    ("reason", "compared", "currency", "said"),
    [
        (RefusalReason.MORE_THAN_PAID, "6000 > 500", "EUR", "(€60.00; left is €5.00)."),
        (RefusalReason.MORE_THAN_PAID, "6000 > 500", "JPY", "(¥6,000; left is ¥500)."),
        (
            RefusalReason.OVER_YOUR_LIMIT,
            "agent: 0 + 10001 > 10000",
            "EUR",
            "(€100.01; at most €100.00).",
        ),
        (
            RefusalReason.OVER_YOUR_LIMIT,
            "agent: 4000 + 10001 > 10000",
            "EUR",
            "(€40.00 before and €100.01 now; at most €100.00).",
        ),
        (RefusalReason.OVER_YOUR_LIMIT, "lead: XAF is not listed", "XAF", "(XAF is not listed)."),
        (
            RefusalReason.OVER_LIMIT,
            "per_buyer: 2000 + 2000 > 3900",
            "EUR",
            "(€20.00 before and €20.00 now; at most €39.00 for one buyer in these days).",
        ),
        (
            RefusalReason.FOUR_EYES,
            "0 + 150000 > 100000",
            "EUR",
            "(€1,500.00; alone at most €1,000.00).",
        ),
        (RefusalReason.MORE_THAN_PAID, f"{'9' * 30} > 1", "EUR", "left is €0.01)."),
        (RefusalReason.OUT_OF_STOCK, "MUG-1: 0 < 1", "EUR", "in stock."),
        (RefusalReason.OWN_ORDER, "ada@example.com", "EUR", "somebody else decides."),
    ],
)
def test_the_numbers_are_told_where_they_are_money(reason, compared, currency, said):
    """
    An e-mail or a product's number is not.
    """
    assert say_refusal(Refusal(reason, compared), currency).endswith(said)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            Rule("refund.over_limit", held=False, compared="per_remedy: 0 + 2000 > 1999"),
            "A refund needs a colleague's yes: it is more than the bot may give by itself "
            "(€20.00; at most €19.99 for one remedy).",
        ),
        (
            Rule("refund.needs_approval", held=False, compared="refund always"),
            "A refund needs a colleague's yes: the rulebook wants a person's yes to this kind of "
            "remedy.",
        ),
        (
            Rule("over_your_limit", held=False, compared="agent: 0 + 30000 > 10000"),
            "It is more than whoever asked may give (€300.00; at most €100.00).",
        ),
        (
            Rule("four_eyes_above", held=False, compared="0 + 150000 > 100000"),
            "Two people have to agree to so much (€1,500.00; alone at most €1,000.00).",
        ),
        (
            Rule("claim.carrier", held=True, compared="parcel arrived empty"),
            "The carrier may have to pay for it: parcel arrived empty.",
        ),
    ],
)
def test_a_rule_of_the_ledger_is_told_alike(rule, said):
    """
    As whoever looks at the approvals reads it.
    """
    assert say_rule(rule, "EUR") == said
