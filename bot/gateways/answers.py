"""
What a webhook's HTTP answer means for the remedy.

Only an answer exactly as agreed (docs/WEBHOOK.md) settles anything. Whatever could be a
misunderstanding counts as not knowing, because not knowing costs a question and a wrong guess
costs a second refund.
"""

import json
from typing import NoReturn

from bot.casework.gateways import Answer, Outcome
from bot.gateways.calls import MOST_BYTES, Heard

REFERENCE_LENGTH = 200

STATUSES = {
    "accepted": Outcome.ACCEPTED,
    "done": Outcome.DONE,
    "refused": Outcome.REFUSED,
}
FIELDS = {"status", "reference", "detail", "idempotency_key"}

TAKEN = {200, 201, 202}
LATER = {408, 425, 429}
TURNED_AWAY = {400, 401, 403, 404, 410, 422}
NOT_FOUND = 404


class NotAsAgreed(ValueError):
    """A body that is not an answer; the text says what is wrong with it."""


def from_sent(heard: Heard, key: str) -> Answer:
    """What the answer to a remedy that was sent says about it."""
    if heard.status in LATER:
        return Answer(Outcome.UNREACHED, detail=f"The webhook asks to come later ({heard.status}).")
    if heard.status in TAKEN:
        return _from_body(heard, key)
    if heard.status not in TURNED_AWAY:
        return Answer(Outcome.UNKNOWN, detail=f"The webhook answered {heard.status}.")

    try:
        told = read_answer(heard.body, key)
    except NotAsAgreed as error:
        detail = f"The webhook answered {heard.status}: is it set up right? {error}"
        return Answer(Outcome.UNREACHED, detail=detail)
    if told.outcome is not Outcome.REFUSED:
        detail = f"The webhook answered {heard.status} and yet {told.outcome}."
        return Answer(Outcome.UNKNOWN, detail=detail)

    return told


def from_asked(heard: Heard, key: str) -> Answer:
    """What the answer to a question about a remedy says about it."""
    if heard.status == NOT_FOUND:
        return Answer(Outcome.NEVER_SEEN, detail="The status URL does not know it (404).")
    if heard.status in TAKEN:
        return _from_body(heard, key)

    return Answer(Outcome.UNKNOWN, detail=f"The status URL answered {heard.status}.")


def _from_body(heard: Heard, key: str) -> Answer:
    try:
        return read_answer(heard.body, key)
    except NotAsAgreed as error:
        detail = f"The webhook answered {heard.status}, but not as agreed. {error}"
        return Answer(Outcome.UNKNOWN, detail=detail)


def read_answer(body: bytes | None, key: str) -> Answer:
    """The answer that the body is; `NotAsAgreed` for anything else, however near."""
    if body is None:
        raise NotAsAgreed(f"The body is longer than {MOST_BYTES} bytes.")
    try:
        said = json.loads(
            body.decode("utf-8"), object_pairs_hook=_to_object, parse_constant=_refuse_constant
        )
    except NotAsAgreed:
        raise
    except (ValueError, RecursionError) as error:
        raise NotAsAgreed("The body is not JSON.") from error
    if not isinstance(said, dict):
        raise NotAsAgreed("The body is not a JSON object.")
    if unknown := sorted(said.keys() - FIELDS):
        raise NotAsAgreed(f"The body has an unknown field: {unknown[0][:50]!r}.")
    for name, value in said.items():
        if not isinstance(value, str):
            raise NotAsAgreed(f"{name!r} is not a text.")
    if said.get("idempotency_key", key) != key:
        raise NotAsAgreed("The answer is for another idempotency_key.")
    outcome = STATUSES.get(said.get("status", ""))
    if outcome is None:
        raise NotAsAgreed("The status is none of accepted, done and refused.")
    reference = said.get("reference", "")
    if len(reference) > REFERENCE_LENGTH or not reference.isprintable():
        raise NotAsAgreed(f"The reference is not {REFERENCE_LENGTH} plain characters at most.")

    return Answer(outcome, reference=reference, detail=said.get("detail", ""))


def _to_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose fields come once: of two, either could be the one that was meant."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotAsAgreed("A field comes twice.")

    return found


def _refuse_constant(name: str) -> NoReturn:
    """NaN and the infinities are Python's, not JSON's."""
    raise NotAsAgreed(f"{name} is not JSON.")
