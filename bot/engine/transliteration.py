"""
Russian typed in Latin letters, back in Cyrillic: "gde moi zakaz" is "где мой заказ".

People follow no standard, so the table takes all the ways that are in use. Where one spelling may
stand for two letters the more frequent one is taken: the pieces of words that the model compares
survive a wrong letter.
"""

import re

_TABLE = """
shch=щ sch=щ shh=щ zh=ж kh=х ts=ц tz=ц ch=ч sh=ш tsya=тся tsa=тса aya=ая yaya=яя iya=ия iyu=ию
yo=ё jo=ё yu=ю ju=ю iu=ю ya=я ja=я ia=я ye=е je=е ei=ей oi=ой ai=ай yi=ый ij=ий iy=ий yy=ый
yj=ый uy=уй ui=уй ey=ей oy=ой ay=ай a=а b=б v=в w=в g=г d=д e=е z=з i=и j=й k=к q=к l=л m=м n=н
o=о p=п r=р s=с t=т u=у f=ф h=х x=х c=ц y=ы '=ь `=ь 4=ч 6=ш
"""
_LETTERS = dict(pair.split("=") for pair in _TABLE.split())
_SPELLING = re.compile("|".join(sorted(map(re.escape, _LETTERS), key=len, reverse=True)))


def to_cyrillic(word: str) -> str:
    """The word as it would be spelt in Cyrillic, in small letters."""
    return _SPELLING.sub(lambda match: _LETTERS[match[0]], word.lower())
