"""Every form of a word from its stem: `красн~` is красный, красная, красную …"""

_ADJECTIVE = (
    "ый ий ой ей ая яя ое ее ые ие ого его ому ему ым им ых их ую юю ыми ими ом ем ою ею"
    " енький енькая енькое енькие".split()
)
_NOUN = ["", *"а я о е ы и у ю ь ом ем ём ой ей ою ею ью ов ев ам ям ами ями ах ях".split()]
_PLURAL = ["", "s", "es"]


def spell_out(word: str) -> list[str]:
    """
    The forms that a pattern file means by one word.

    `красн~` takes the endings of an adjective, `куртк+` those of a noun and `jacket+` a plural.
    Some of the forms are no words; nobody writes those.
    """
    if word.endswith("~"):
        return [word[:-1] + ending for ending in _ADJECTIVE]
    if word.endswith("+") and len(word) > 1:
        stem = word[:-1]
        return [stem + ending for ending in (_PLURAL if stem[-1].isascii() else _NOUN)]

    return [word]
