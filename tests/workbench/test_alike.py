"""Which messages are decided about together, and in what order."""

import numpy as np

from bot.casework.inbox import Cause, Found, Group
from bot.workbench.messages.alike import WEIGHTS, place, to_doubt, to_matrix


def vector(*numbers: float) -> bytes:
    return np.asarray(numbers, "<f2").tobytes()


def found(
    words: str,
    means: bytes,
    *,
    language: str = "en",
    cause: Cause = Cause.IMPORTED,
    sure: tuple[float, float] = (0.5, 0.4),
    suggested: str = "",
) -> Found:
    return Found(
        key=words,
        text=words,
        language=language,
        cause=cause,
        intent="order_status",
        confidence=sure[0],
        ranking=(("order_status", sure[0]), ("order_late", sure[1])),
        entities=(),
        vector=means,
        suggested=suggested,
    )


def groups_of(*messages: Found, before: tuple[Group, ...] = ()) -> list[list[str]]:
    together: dict[str, list[str]] = {}
    for one in place(messages, before):
        together.setdefault(one.group.id, []).append(one.found.text)

    return list(together.values())


def test_like_messages_are_one_group():
    assert groups_of(
        found("where is it", vector(1, 0)),
        found("it broke", vector(0, 1)),
        found("where is my parcel", vector(1, 0.1)),
    ) == [["where is it", "where is my parcel"], ["it broke"]]


def test_languages_are_never_mixed():
    same = vector(1, 0)

    assert groups_of(found("where", same), found("где", same, language="ru")) == [
        ["where"],
        ["где"],
    ]


def test_without_vectors_everybody_is_alone():
    assert groups_of(found("a", b""), found("b", b"")) == [["a"], ["b"]]


def test_a_chain_of_small_steps_brings_nobody_together():
    steps = [vector(np.cos(angle), np.sin(angle)) for angle in (0.0, 0.4, 0.8)]

    assert groups_of(*(found(str(n), one) for n, one in enumerate(steps))) == [["0", "1"], ["2"]]


def test_who_comes_later_joins_an_open_group():
    (first,) = place([found("where is it", vector(1, 0))], ())
    (second,) = place([found("where is my parcel", vector(1, 0.1))], [first.group])

    assert second.group is first.group
    assert second.id != first.id
    assert first.group.size == 2


def test_what_was_decided_is_suggested_to_a_new_group():
    decided = Group(
        id="g", language="en", vector=vector(1, 0), size=3, is_open=False, label="order_late"
    )
    one, two = place([found("a", vector(1, 0)), found("b", vector(1, 0.05))], [decided])

    assert one.group is two.group is not decided
    assert one.suggested == "order_late"
    assert decided.size == 3


def test_what_a_person_said_comes_before_any_decision():
    decided = Group(
        id="g", language="en", vector=vector(1, 0), size=3, is_open=False, label="order_late"
    )
    (one,) = place([found("a", vector(1, 0), suggested="refund_request")], [decided])

    assert one.suggested == "refund_request"


def test_people_first_then_doubt_about_many():
    sure, unsure, many, corrected = place(
        [
            found("a", vector(1, 0, 0, 0), sure=(0.99, 0.01)),
            found("b", vector(0, 1, 0, 0)),
            found("c", vector(0, 0, 1, 0)),
            found("d", vector(0, 0, 0, 1), cause=Cause.CORRECTED, sure=(0.99, 0.01)),
        ],
        (),
    )
    place([found(f"c{n}", vector(0, 0, 1, 0)) for n in range(7)], [many.group])

    order = sorted([sure, unsure, many, corrected], key=lambda one: -one.group.priority)
    assert [one.found.text for one in order] == ["d", "c", "b", "a"]


def test_no_doubt_outweighs_a_person():
    group = Group(id="g", language="en", vector=b"", size=1_000_000, doubt=1.0)

    assert group.priority < min(WEIGHTS.values())


def test_doubt_is_how_close_the_second_meaning_comes():
    assert to_doubt([("a", 0.6), ("b", 0.4)]) == 0.8
    assert to_doubt([("a", 1.0)]) == 0.0
    assert to_doubt([]) == 1.0


def test_rows_are_of_length_one():
    rows = to_matrix([vector(3, 4), vector(0, 0)])

    assert np.allclose(rows, [[0.6, 0.8], [0, 0]], atol=1e-3)
