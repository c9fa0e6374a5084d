"""What a rulebook says that its seller may not have meant; nothing of it is a mistake."""

from collections.abc import Iterator
from pathlib import Path

from bot.casework.limits import LIMITED
from bot.casework.orders import Marketplace
from bot.casework.problems import Rounds
from bot.casework.remedies import RemedyKind
from bot.casework.rulebook import FAQ_TOPICS, Rulebook
from bot.rulebook.files import OF_TRAINERS

CAPS = ("per_remedy", "per_order", "per_buyer", "per_store_and_day")
FOLDERS = ("marketplaces", "stores")


def zero_caps(rules: Rulebook) -> tuple[str, ...]:
    """The caps that let the bot give nothing by itself, such as `per_remedy.EUR`."""
    return tuple(
        f"{cap}.{currency}"
        for cap in CAPS
        for currency, amount in getattr(rules.caps, cap).items()
        if not amount
    )


def find_advice(rules: Rulebook) -> tuple[str, ...]:
    """What to look at again, each in one line."""
    return (
        *_caps(rules),
        *_always_approved(rules),
        *_desk(rules),
        *_forbidden(rules),
        *_coupons(rules),
        *_unanswered(rules),
    )


def find_unread(folder: Path) -> tuple[str, ...]:
    """Files of the folder that look like rules and are not read, such as a misspelt name."""
    ours = ("seller.yml", *OF_TRAINERS)
    read = {*map(Path, ours), *(Path("marketplaces") / f"{name}.yml" for name in Marketplace)}
    found = [path for one in ("", *FOLDERS) for path in sorted((folder / one).glob("*.y*ml"))]
    known = [path.relative_to(folder) for path in found if not path.name.startswith(".")]

    return tuple(
        f"{path} is not read: only {_readable(path)} is"
        for path in known
        if path not in read and not (path.parent.name == "stores" and path.suffix == ".yml")
    )


def _readable(path: Path) -> str:
    if path.parent.name == "marketplaces":
        return ", ".join(f"{name}.yml" for name in Marketplace)

    return f"{path.stem}.yml" if path.parent.name == "stores" else "seller.yml"


def _caps(rules: Rulebook) -> Iterator[str]:
    for cap in zero_caps(rules):
        name, _, currency = cap.partition(".")
        kinds = sorted({kind for one in rules.problems.values() for kind in one.kinds})
        yield (
            f"caps.{name}.{currency} is 0: whatever costs money in {currency} always needs a "
            f"person's yes ({', '.join(kinds)})"
        )


def _desk(rules: Rulebook) -> Iterator[str]:
    """Roles that decide about less than one may think."""
    desk = rules.desk
    if not desk.limits:
        yield "desk.limits is not written: only an owner decides about remedies at the desk"
        return
    capped = set(rules.caps.per_remedy)
    for role in LIMITED:
        if lacking := sorted(capped - set(desk.limits.get(role, {}))):
            yield (
                f"desk.limits.{role} lacks {', '.join(lacking)}: what a {role} may give in "
                f"{'it' if len(lacking) == 1 else 'them'} is nothing"
            )
    lead = desk.limits.get("lead", {})
    for currency, amount in desk.limits.get("agent", {}).items():
        if amount > lead.get(currency, amount):
            yield f"desk.limits.agent.{currency} is more than a lead's, {amount} > {lead[currency]}"


def _always_approved(rules: Rulebook) -> Iterator[str]:
    for problem, one in rules.problems.items():
        if one.kinds and one.kinds <= set(rules.needs_approval):
            yield f"problems.{problem}: all that it offers always needs a person's yes"


def _forbidden(rules: Rulebook) -> Iterator[str]:
    """
    A remedy that a marketplace forbids is left out there by itself.

    Coupons that fall because of `promotions: false` are what the seller has said already; they
    are told only where a whole ladder falls with them.
    """
    for place in rules.marketplaces.values():
        for problem, one in rules.problems.items():
            promoted = RemedyKind.COUPON if not place.promotions else None
            fallen = sorted(k for k in one.kinds if not place.allows(k) and k != promoted)
            if fallen:
                yield (
                    f"problems.{problem} offers {', '.join(fallen)}, which is not in may_offer of "
                    f"{place.name}: it is left out there"
                )
            ladders = {"ladder": one.ladder} | {f"ladders.{k}": v for k, v in one.ladders.items()}
            for name, rounds in ladders.items():
                if not any(place.allows(kind) for kind in _kinds(rounds)):
                    yield f"problems.{problem}.{name} has nothing that {place.name} allows"


def _kinds(rounds: Rounds) -> Iterator[RemedyKind]:
    return (kind for kinds in rounds for kind in kinds)


def _coupons(rules: Rulebook) -> Iterator[str]:
    offered = any(RemedyKind.COUPON in one.kinds for one in rules.problems.values())
    if rules.coupon and not rules.coupon.on_request and not offered:
        yield "coupon is never given: no ladder offers it and coupon.on_request is false"


def _unanswered(rules: Rulebook) -> Iterator[str]:
    for topic in FAQ_TOPICS:
        answers = (rules.faq, *rules.faq_of_stores.values())
        if not any(one.get(topic) for one in answers):
            yield f"faq.{topic} is not written: who asks about it is handed to a person"
