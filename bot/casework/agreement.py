"""
How far people agree who label the same messages, beyond what chance alone would bring.

Cohen's kappa (1960): of 1 they always agree, of 0 as often as two who guess by their own habits.
Only what both said before either could see the other's word counts.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from bot.casework.inbox import Said

FEWEST: Final = 20
"""Messages below which a kappa says little."""
WORDS: Final = (
    (0.0, "poor"),
    (0.2, "slight"),
    (0.4, "fair"),
    (0.6, "moderate"),
    (0.8, "substantial"),
)
"""Up to there, as Landis and Koch (1977) call it; above the last it is almost perfect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two people, how many messages both labelled, and how far they agree; None: no telling."""

    names: tuple[str, str]
    shared: int
    same: int
    kappa: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """All pairs, who shared the most first; `kappa` is their mean, weighted by messages."""

    pairs: tuple[Pair, ...]
    shared: int
    same: int
    kappa: float | None


def to_agreement(said: Iterable[Said]) -> Agreement:
    """How far people agree; `said` is in the order of time."""
    by_message: dict[str, dict[str, list[Said]]] = defaultdict(lambda: defaultdict(list))
    names: dict[str, str] = {}
    for one in said:
        by_message[one.inbox_id][one.agent_id].append(one)
        names[one.agent_id] = one.name
    both: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for people in by_message.values():
        for first, second in combinations(sorted(people), 2):
            words = _blind(people[first], people[second])
            if words:
                both[first, second].append(words)
    pairs = [
        Pair(
            names=(names[first], names[second]),
            shared=len(words),
            same=sum(one == other for one, other in words),
            kappa=to_kappa(words),
        )
        for (first, second), words in both.items()
    ]
    counted = [(pair.kappa, pair.shared) for pair in pairs if pair.kappa is not None]
    weight = sum(shared for _, shared in counted)

    return Agreement(
        pairs=tuple(sorted(pairs, key=lambda pair: (-pair.shared, pair.names))),
        shared=sum(pair.shared for pair in pairs),
        same=sum(pair.same for pair in pairs),
        kappa=sum(kappa * shared for kappa, shared in counted) / weight if weight else None,
    )


def to_kappa(words: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa of two people's words; None without any, or if both only ever said one."""
    if not words:
        return None
    count = len(words)
    first, second = Counter(one for one, _ in words), Counter(other for _, other in words)
    by_chance = sum(first[word] * second[word] for word in first) / count**2
    if by_chance == 1:
        return None

    return (sum(one == other for one, other in words) / count - by_chance) / (1 - by_chance)


def say_kappa(kappa: float | None, shared: int) -> str:
    """In a word."""
    if shared < FEWEST:
        return "too few"
    if kappa is None:
        return "only one meaning"

    return next((word for up_to, word in WORDS if kappa <= up_to), "almost perfect")


def _blind(first: Sequence[Said], second: Sequence[Said]) -> tuple[str, str] | None:
    """
    What both said when neither knew the other's word; None if one had thought again and left it.

    Whoever says something after the other sees by the answer whether they agree. So of the second
    the first word counts, and of the first the last one before that.
    """
    moment = max(first[0].at, second[0].at)
    words = []
    for said in (first, second):
        known = [one for one in said if one.at <= moment]
        if known[-1].taken_back is not None and known[-1].taken_back <= moment:
            return None
        words.append((known[0] if known[0].at == moment else known[-1]).intent)

    return words[0], words[1]
