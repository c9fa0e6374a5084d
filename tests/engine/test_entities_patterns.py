"""Pattern files: what a trainer may write, and what is said about mistakes."""

from datetime import date
from pathlib import Path

import pytest

from bot.engine.entities.endings import spell_out
from bot.engine.entities.finder import EntityFinder
from bot.engine.entities.pattern_files import BrokenPatterns, read_patterns
from bot.engine.entities.patterns import Patterns

CUES = """
cues:
  order: order
fillers:
  number: no
  between: is
  joining: and
  explaining: is
  turning: for
  asking: please
  acting: we
  wanting: want
"""


def written(folder: Path, text: str) -> Path:
    """A folder with cues and one more file."""
    (folder / "cues.yml").write_text(CUES)
    (folder / "voucher.yml").write_text(text)
    return folder


def test_a_new_entity_needs_no_code(tmp_path: Path) -> None:
    """
    A file is enough, and it is found under the name in the file.
    """
    text = """
entity: voucher
words:
  GIFT: {gift: present gift, prize: prize+}
patterns:
- tokens: GIFT card|voucher? /[a-z]{2}\\d{4}/
"""
    finder = EntityFinder(read_patterns(written(tmp_path, text)))

    found = finder.find("my gift card AB1234 and prizes xy9876, not AB1234", date(2026, 1, 1))

    assert [(one.entity, one.value) for one in found] == [
        ("voucher", "gift card AB1234"),
        ("voucher", "prizes xy9876"),
    ]


def test_patterns_come_back_from_a_model_as_they_were() -> None:
    """
    A model keeps them as JSON.
    """
    patterns = read_patterns(Path("data/entities"))

    assert Patterns.from_json(patterns.to_json()) == patterns


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("entity: x\npatterns:\n- tokens: /[/\n", "3: “/[/”: unterminated character set"),
        ("entity: x\npatterns:\n- tokens: MONTH\n", "3: No list is called MONTH."),
        ("entity: x\npatterns:\n- tokens: a?\n", "3: Something in a pattern has to be there."),
        ("entity: x\npatterns:\n- tokens: a\n  reads: z\n", "4: `reads: z` is none of: amazon"),
        ("entity: x\npatterns:\n- tokens: a\n  after: z\n", "4: No cue is called `z`."),
        ("entity: x\npatterns:\n- tokens: a\n  afer: order\n", "4: `afer` means nothing"),
        ("entity: x\npatterns:\n- reads: plain\n", "3: A pattern needs `tokens`."),
        ("entity: x\n\npaterns: []\n", "3: `paterns` means nothing here."),
        ("entity: x\npriority: high\n", "2: `priority` is a whole number."),
        ("entity: x\nphrases:\n  a: b c\n  d: c\n", "4: “c” stands under `a`, too."),
        ("entity: x\nphrases:\n  a: {b: c}\n", "3: `a` needs words"),
        ("entity: x\nwords: 5\n", "2: `words` needs names"),
        ("entity: x\nwords:\n  month: may\n", "3: `month`: the name of a list is in capitals."),
        ("entity: x\npatterns: 7\n", "2: `patterns` is a list."),
        ("patterns:\n- tokens: a\n", "1: `entity` is missing."),
        ("- a\n", "1: `entity`, `cues` or the like is expected."),
        ("entity: x\na: [\n", "3: "),
        ("", "1: `entity`, `cues` or the like is expected."),
    ],
)
def test_a_mistake_is_named_with_its_file_and_line(tmp_path: Path, text: str, mistake: str) -> None:
    """
    Nothing of it is passed over in silence.
    """
    with pytest.raises(BrokenPatterns) as broken:
        read_patterns(written(tmp_path, text))

    assert f"{tmp_path}/voucher.yml:{mistake}" in str(broken.value)


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    """
    In all files.
    """
    (tmp_path / "other.yml").write_text("entity: y\npriority: low\n")
    with pytest.raises(BrokenPatterns) as broken:
        read_patterns(written(tmp_path, "entity: x\npatterns:\n- tokens: A\n- tokens: B\n"))

    assert len(str(broken.value).splitlines()) == 3


def test_a_folder_without_patterns_is_a_mistake(tmp_path: Path) -> None:
    """
    A model that finds nothing would be the alternative.
    """
    with pytest.raises(BrokenPatterns, match="no pattern files"):
        read_patterns(tmp_path)


@pytest.mark.parametrize(
    ("stem", "forms"),
    [
        ("красн~", {"красный", "красная", "красную", "красного", "красные", "красными"}),
        ("куртк+", {"куртка", "куртки", "куртку", "курткой", "куртках"}),
        ("jacket+", {"jacket", "jackets"}),
        ("+", {"+"}),
        ("red", {"red"}),
    ],
)
def test_a_stem_stands_for_its_forms(stem: str, forms: set[str]) -> None:
    """
    So that a trainer need not list them.
    """
    assert forms <= set(spell_out(stem))
