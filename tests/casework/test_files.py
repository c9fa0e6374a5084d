"""What files are called that somebody named like that."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.files import LONGEST_NAME, UNSEEN, FileKind, clean_name
from tests.e2e.hostile import PAYLOADS

PDF = FileKind.PDF


@pytest.mark.parametrize(
    ("given", "kind", "called"),
    [
        ("Return label.pdf", PDF, "Return label.pdf"),
        ("Накладная №5.PDF", PDF, "Накладная №5.pdf"),
        ("初めに.pdf", PDF, "初めに.pdf"),
        # paths
        ("../../etc/passwd.pdf", PDF, "passwd.pdf"),
        ("C:\\Users\\ann\\label.pdf", PDF, "label.pdf"),
        ("label.pdf/", PDF, "file.pdf"),
        ("..", PDF, "file.pdf"),
        # endings
        ("label", PDF, "label.pdf"),
        ("label.exe", PDF, "label.pdf"),
        ("label.pdf.exe", PDF, "label.pdf"),
        ("label.PDF.scr", PDF, "label.pdf"),
        ("invoice v1.2", PDF, "invoice v1.2.pdf"),
        ("prices.html", FileKind.CSV, "prices.csv"),
        (".pdf", PDF, "file.pdf"),
        (".bashrc", FileKind.TXT, "bashrc.txt"),
        ("label.pdf. . .", PDF, "label.pdf"),
        # what is not seen
        ("la\0b\x1b[31mel\x7f.pdf", PDF, "lab[31mel.pdf"),
        ("la\r\nbel.pdf", PDF, "la bel.pdf"),
        ("\u202egpj.exe\u2066.pdf", PDF, "gpj.exe.pdf"),
        ("label\u200b\ufeff\u00ad.pdf", PDF, "label.pdf"),
        ("half\ud83d.pdf", PDF, "half.pdf"),
        ("  a \u00a0 b\u2028c .pdf", PDF, "a b c.pdf"),
        ("\u202e\u200b", PDF, "file.pdf"),
        ("", PDF, "file.pdf"),
        ("x" * 500 + ".pdf", PDF, "x" * (LONGEST_NAME - 4) + ".pdf"),
    ],
)
def test_a_name_is_kept_as_far_as_it_is_one(given, kind, called):
    """
    One part, all of it seen, with the ending of what the file is.
    """
    assert clean_name(given, kind) == called


@pytest.mark.parametrize("payload", [one for one in PAYLOADS if "/" not in one])
def test_what_looks_like_a_script_stays_a_name(payload):
    """
    Whoever shows it escapes it; we do not guess what is dangerous.
    """
    assert clean_name(f"{payload}.pdf", PDF).startswith(payload[:50].strip(". "))


@given(st.text(max_size=300), st.sampled_from(FileKind))
def test_no_name_breaks_the_rules(name, kind):
    """
    Whatever it was; and a clean name is clean.
    """
    called = clean_name(name, kind)

    assert called.endswith(f".{kind}")
    assert len(f".{kind}") < len(called) <= LONGEST_NAME
    assert not set(called) & set("/\\\0\r\n\t")
    assert not any(unicodedata.category(sign) in UNSEEN for sign in called)
    assert clean_name(called, kind) == called
