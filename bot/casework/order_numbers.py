"""Order numbers as buyers, shops and files write them, brought to one spelling."""

import re
import unicodedata

# NFKC, through which every buyer's text goes, writes "№1004" as "No1004". Case-blind like the
# rest of a key, or "NO1004" and "No1004" would be two orders.
NUMERO = re.compile(r"\W*N[o°]\.?\s*(?=\d)", re.IGNORECASE)


def order_key(text: str) -> str:
    """
    Upper case letters and digits of an order number: what two spellings of it share.

    `#1004`, `№1004`, `No. 1004` and `1004` have one key, so have `demo-1003` and `DEMO 1003`.
    Empty for a text without a letter or digit.
    """
    plain = unicodedata.normalize("NFKC", text.replace("№", " "))
    numero = NUMERO.match(plain)
    rest = plain[numero.end() :] if numero else plain

    return "".join(filter(str.isalnum, rest.upper()))
