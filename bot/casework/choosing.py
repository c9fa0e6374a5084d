"""
How buyers say which of several things they take, and how many: places, numbers, negations.

A wrong guess would cost money, so whatever can be read in two ways is read as nothing and asked
again.
"""

import re

ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3,
    "fourth": 4, "4th": 4, "fifth": 5, "5th": 5, "sixth": 6, "6th": 6,
}  # fmt: skip
CARDINALS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), start=1
    )
}
NUMBER = rf"(?:\d{{1,4}}|{'|'.join(CARDINALS)})"
RUSSIAN_ORDINALS = {
    "перв": 1, "втор": 2, "трет": 3, "четверт": 4, "четвёрт": 4, "пят": 5, "шест": 6,
}  # fmt: skip
NEGATIONS = frozenset("no not don't dont never without than neither".split())
TURNED_DOWN = 3
"""So many words after a negation are what it is about: "don't want a refund"."""

WORDS = re.compile(r"[\w']+")
CLAUSE_END = re.compile(r"[,.;:!?\n]|\bbut\b")
NUMERO = re.compile(r"\b(?:no|nr)\.? ?(?=\d)")
AMOUNT = re.compile(
    r"[$€£] ?\d[\d.,]{0,11}"
    r"|(?<![\d.,])\d[\d.,]{0,11} ?(?:[%$€£]|(?:percent|eur|euros?|usd|dollars?|pounds?)\b)"
)
A_MOMENT = re.compile(r"\b(?:a|one|1|any|every) (?:second|sec)\b")
# "the second one", "first please", "the last is broken"; not "the first time", "at first".
ORDINAL = rf"(?:{'|'.join(ORDINALS)}|last)"
PLACE = re.compile(
    rf"(?<!at )\b({ORDINAL})"
    r"(?= (?:one|option|choice|item|product|article|please|pls|thanks|is|was|came|arrived)\b"
    rf"|$| (?:and|or) (?:the )?{ORDINAL}\b)"
)
# "option 2", "I take 2"; "I take one" may be any of them.
PICKED = re.compile(
    rf"\b(?:(?:option|number|choice|variant) ({NUMBER})"
    rf"|(?:take|choose|pick|prefer|go with) (?!one\b)({NUMBER}))\b(?! (?:or|and|of) )"
)
ALONE = re.compile(rf"(?:just |only )?({NUMBER})(?: please| pls| thanks)?")
PART_OF = re.compile(rf"\b({NUMBER}) (?:out )?of (?:the |my |these |those |all )?{NUMBER}\b")
# In Russian only the whole message: "второй", "давайте вариант 2"; not "во второй раз".
IN_RUSSIAN = re.compile(
    r"(?:(?:давайте|пусть|тогда|беру|выбираю|хочу|мне|вот) )*"
    rf"(?:(?:вариант|номер|пункт) (?P<number>\d{{1,4}})"
    rf"|(?P<stem>{'|'.join(RUSSIAN_ORDINALS)}|последн)(?:ый|ой|ий|ое|ее|ье|ая|яя|ья|ую|юю|ью)"
    r"(?: (?:вариант|пункт|товар|заказ))?)"
    r"(?: пожалуйста)?"
)
LESS = re.compile(r"\b(?:all|everything|every one) (?:but|except|besides)\b")


def wanted_words(text: str) -> list[str]:
    """The words of a text without what it turns down: "no refund, a new one" wants a new one."""
    return [word for clause in _clauses(_plain(text)) for word in clause.split()]


def named_place(text: str, of: int) -> int | None:
    """
    Which of so many things the buyer points at, from 0; None if not just one.

    "The second one" does so anywhere, a plain "2" only alone or as "option 2", because a text
    holds numbers of many things.
    """
    clauses = _clauses(_plain(text))
    if russian := IN_RUSSIAN.fullmatch(" ".join(" ".join(clauses).split())):
        stem, number = russian["stem"], russian["number"]
        place = int(number) if number else RUSSIAN_ORDINALS.get(stem, of)
        return place - 1 if 1 <= place <= of else None
    found = [word for clause in clauses for word in PLACE.findall(clause)]
    if not found:
        found = [word for clause in clauses for pair in PICKED.findall(clause) for word in pair]
    if not found and (alone := ALONE.fullmatch(" ".join(clauses).strip())):
        found = [alone.group(1)]
    places = {of if word == "last" else _to_number(word) for word in found if word}
    place = places.pop() if len(places) == 1 else 0

    return place - 1 if 1 <= place <= of else None


def typed_quantity(text: str, at_most: int) -> int | None:
    """
    A number of pieces from 1 to `at_most`, "all" and "both" included.

    "2 of 3" are two; "all but one" is asked again.
    """
    plain = _plain(text)
    if LESS.search(plain):
        return None
    if part := PART_OF.search(plain):
        numbers = {_to_number(part.group(1))}
    else:
        said = [re.sub(r"^x(?=\d)|(?<=\d)x$", "", word) for word in wanted_words(text)]
        numbers = {_to_number(word) for word in said if re.fullmatch(NUMBER, word)}
        if "both" in said:
            numbers.add(2)
        if not numbers and {"all", "every", "everything"} & set(said):
            numbers = {at_most}
    number = numbers.pop() if len(numbers) == 1 else 0

    return number if 1 <= number <= at_most else None


def _plain(text: str) -> str:
    """Lower case, one kind of space and apostrophe, without amounts of money."""
    plain = re.sub(r"[^\S\n]+", " ", text.lower().replace("’", "'"))
    plain = AMOUNT.sub(lambda found: " percent " if "%" in found.group() else " ", plain)
    plain = NUMERO.sub("number ", A_MOMENT.sub(" ", plain))

    return plain.replace("instead of", "without")


def _clauses(plain: str) -> list[str]:
    """The wanted words of each clause; a negation reaches no further than its own."""
    clauses = []
    for clause in CLAUSE_END.split(plain):
        wanted = []
        turned_down = 0
        for word in WORDS.findall(clause):
            if word in NEGATIONS:
                turned_down = TURNED_DOWN
            elif turned_down:
                turned_down -= 1
            else:
                wanted.append(word)
        clauses.append(" ".join(wanted))

    return clauses


def _to_number(word: str) -> int:
    return ORDINALS.get(word) or CARDINALS.get(word) or int(word)


HEDGES = re.compile(
    r"\?|\b(?:no|not|nope|never|don'?t|doesn'?t|wait|hold on|but|except|unless|only if|actually"
    r"|instead|rather|what|why|how|when|which)\b"
    r"|\b(?:нет|не|никогда|подождите|погодите|стойте|но|кроме|если|хотя|вообще-то|лучше|вместо"
    r"|что|почему|зачем|как|когда|какой|какая|какое|какие|сколько)\b",
    re.IGNORECASE,
)
LONGEST_YES = 80


def is_plain_yes(text: str) -> bool:
    """
    Whether a yes is nothing but a yes.

    "Yes, actually no", "yes? what happens then?" and "ok wait" are heard as agreement by any
    classifier; where money follows, they are asked again.
    """
    return len(text) <= LONGEST_YES and not HEDGES.search(text.replace("\u2019", "'"))


def is_refusal(text: str) -> bool:
    """Whether the text plainly says not to do it: "please don't cancel"."""
    return bool(REFUSALS.search(text.replace("\u2019", "'")))


REFUSALS = re.compile(
    r"\b(?:do not|don'?t|dont|no longer|please not|не надо|не нужно|не хочу|не отменяйте)\b",
    re.IGNORECASE,
)
