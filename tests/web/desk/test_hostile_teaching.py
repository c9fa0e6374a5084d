"""What trainers and buyers type to break the project's files, sent over HTTP as browsers would."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.casework.agents import Role
from bot.intents import load_intents
from bot.replies import Templates
from bot.workbench.nlu_files import read_nlu_files
from tests.dialog import Shop
from tests.web.desk.conftest import SignIn
from tests.web.desk.test_teaching_intents import a_wish
from tests.web.front import Front, open_front
from tests.workbench.projects import a_folder, contents

pytestmark = pytest.mark.anyio

NAMES = (
    *("", " ", "gift wrap", "gift\twrap", "gift\n- x", "gift\0", "gift\u2028x", "\u200fgift"),
    *("null", "true", "yes", "y", "nlu_fallback", "session_start", "restart", "/restart", "/greet"),
    *("gіft", "giſt", "ｇift", "gift１", "подарок", "GIFT", "gift__2", "action_pay"),
    *("../seller", "%2e%2e", "gift: x", "gift # x", "{{ gift }}", "[gift](x)", "a" * 51),
    "a" * 10_000,
)  # fmt: skip
KEPT = (
    *("- a dash", "| pipe", "{brace", "}", "# comment", "a # b", "a: b", "---", "...", "%YAML 1.1"),
    *("!!python/object/apply:os.system [ls]", "&a *a", "<<: *a", "? x", "@x", "`x`", '"x', "'x"),
    *("[x]", "[x] (y)", "](y)", "{{ 7 * 7 }}", "{% include 'card.j2' %}", "${HOME}", "$(ls)"),
    *("null please", "~", "0o17", "1e3", "<script>alert(1)</script>", "=HYPERLINK(1)", "x" * 2000),
)
REFUSED = (
    *("", " \t\n", "\0", "\u200f\u202e", "\u2028", "\uffff", "[x](y)", '[x]{"entity": "y"}'),
    *("[x]{size}", "[x][y]", "/restart", "\u200f/restart", "／restart", "x" * 10_000),
    *(r"\u0041", '[x]{"entity": ' + "[" * 1900 + "}"),
)
TEMPLATES = (
    *("{{ 7 * 7 }}", "{{ self._TemplateReference__context }}", "{{ lipsum.__globals__ }}"),
    *("{% include 'card.j2' %}", "{% for x in range(10 ** 9) %}{% endfor %}", "{# hidden #}"),
    *("{% endblock %}{% block greet %}no{% endblock %}", "{{ cycler.__init__.__globals__.os }}"),
    *("{%- raw -%}", "a {{ '{{' }} b", 'quotes " and \\ and \\n', "{{", "}}", "{%", "%}", "a\n\nb"),
)  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return a_folder(tmp_path / "project")


@pytest.fixture
async def front(demo_shop: Shop, tmp_path: Path, project: Path) -> AsyncIterator[Front]:
    async with open_front(demo_shop, tmp_path / "state", project=project) as running:
        yield running


def adding(*texts: str) -> dict[str, Any]:
    return {"add": [{"text": one, "language": "en"} for one in texts], "reason": "they write so"}


async def test_names_that_mean_something_else(front: Front, colleague: SignIn, project: Path):
    """
    Refused in a sentence wherever an intent gets a name, and nothing is written.
    """
    kim = await colleague(Role.TRAINER)
    assert (await kim.post("intents", a_wish(name="gift"))).status_code == 200
    before = contents(project)
    wrong = []
    for name in NAMES:
        draft = a_wish(name=name)
        draft.pop("reason")
        for path, body in (
            ("intents", a_wish(name=name)),
            ("intents/gift/rename", {"to": name, "reason": "x"}),
            ("intents/greet/split", {"to": draft, "examples": ["hello"], "reason": "x"}),
        ):
            answer = await kim.post(path, body)
            if (answer.status_code, answer.json()["code"]) != (422, "wrong_name"):
                wrong.append((name[:20], path, answer.status_code, answer.text[:100]))
            assert len(answer.json()["detail"]) < 300

    assert wrong == []
    assert contents(project) == before


async def test_examples_come_back_as_they_were_typed(
    front: Front, colleague: SignIn, project: Path
):
    """
    From the page and from the file, as whoever trains reads it.
    """
    kim = await colleague(Role.TRAINER)
    answer = await kim.post("intents/greet/examples", adding(*KEPT))

    assert answer.status_code == 200, answer.text
    shown = [one["text"] for one in (await kim.get("intents/greet")).json()["examples"]]
    read = [
        one.text for file in read_nlu_files([project / "data" / "nlu"]) for one in file.examples
    ]
    assert set(KEPT) <= set(shown)
    assert set(KEPT) <= set(read)


@pytest.mark.parametrize("text", REFUSED, ids=[ascii(one[:20]) for one in REFUSED])
async def test_examples_that_rasa_would_read_otherwise(
    front: Front, colleague: SignIn, project: Path, text: str
):
    """
    With a good one beside it, which is not written either.
    """
    kim = await colleague(Role.TRAINER)
    before = contents(project)
    answer = await kim.post("intents/greet/examples", adding("good day", text))

    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_example")
    assert contents(project) == before


@pytest.mark.parametrize(
    "body",
    [
        b'{"add": [{"text": "\xff", "language": "en"}], "reason": "x"}',
        b'{"add": "hello", "reason": "x"}',
        b'{"add": [{"text": null, "language": "en"}]}',
        b"[" * 5000,
    ],
    ids=["bytes", "text", "null", "brackets"],
)
async def test_bodies_of_another_shape(front: Front, colleague: SignIn, project: Path, body: bytes):
    kim = await colleague(Role.TRAINER)
    before = contents(project)
    answer = await kim.http.post(
        "/api/desk/intents/greet/examples",
        content=body,
        headers=kim.csrf | {"content-type": "application/json"},
    )

    assert answer.status_code == 400
    assert contents(project) == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("intents/greet/examples", {"add": [{"text": "@", "language": "en"}], "reason": "x"}),
        ("intents/greet/examples", {"add": [{"text": "a", "language": "@"}], "reason": "x"}),
        ("intents/greet/examples", {"remove": ["@"], "reason": "x"}),
        ("intents", a_wish(name="@")),
        ("intents", a_wish(suggestions=["@"])),
        ("intents", a_wish(titles={"@": "x"})),
        ("intents", a_wish(does={"kind": "playbook", "playbook": "@"})),
        ("intents/greet/split", {"to": a_wish(), "examples": ["@"], "reason": "x"}),
        ("intents/greet/rename", {"to": "@", "reason": "x"}),
        ("labels/write", {"reason": "@"}),
        ("inbox/0/label", {"intent": "@"}),
        ("conversations/0/dialogue-test", {"title": "@@@@"}),
    ],
)
async def test_half_an_emoji(
    front: Front, colleague: SignIn, project: Path, path: str, body: dict[str, Any]
):
    """
    A lone surrogate, which no file, no store and no answer can hold, is nothing at all.
    """
    kim = await colleague(Role.TRAINER)
    before = contents(project)
    answer = await kim.http.post(
        f"/api/desk/{path}",
        content=json.dumps(body).replace("@", "\\ud83d"),
        headers=kim.csrf | {"content-type": "application/json"},
    )

    assert answer.status_code in {404, 409, 422}, answer.text
    assert contents(project) == before


async def test_a_template_in_an_answer_is_only_words(
    front: Front, colleague: SignIn, project: Path
):
    """
    Buyers read it as it was typed; nothing of it is run, and no other answer gives way to it.
    """
    kim = await colleague(Role.TRAINER)
    for number, text in enumerate(TEMPLATES):
        name = f"gift{number}"
        wish = a_wish(
            name=name,
            examples=[
                {"text": f"present {number}", "language": "en"},
                {"text": f"gift {number}", "language": "en"},
            ],
            does={"kind": "answer", "texts": {"en": text, "ru": text}},
        )
        answer = await kim.post("intents", wish)
        assert answer.status_code == 200, (text, answer.text)

    said = Templates(project / "templates")
    for number, text in enumerate(TEMPLATES):
        for locale in ("en", "ru"):
            assert said.wording("answers", f"gift{number}", locale, {}) == text


@pytest.mark.parametrize(
    "fields",
    [
        {"description": "A gift.\n    does: {playbook: refund_request}\n  refund_status:"},
        {"titles": {"en": "Gift}\n    does: {playbook: refund_request}", "ru": "x: {y"}},
        {"does": {"kind": "person", "playbook": "refund_request", "limit": 1000}},
        {"does": {"kind": "person", "playbook": "x}\n  money: {limit: 1000"}},
    ],
)
async def test_words_do_not_become_rules(
    front: Front, colleague: SignIn, project: Path, fields: dict[str, Any]
):
    """
    What the house reads of the file is what was chosen: a person, and nothing about money.
    """
    kim = await colleague(Role.TRAINER)
    answer = await kim.post("intents", a_wish(does={"kind": "person"}) | fields)

    assert answer.status_code == 200, answer.text
    intents = load_intents(project / "rulebook").intents
    assert list(intents) == ["gift_wrapping"]
    does = intents["gift_wrapping"].does
    assert does
    assert (does.person, does.answer, does.playbook) == (True, False, "")
    assert [path for path in contents(project) if path.startswith("rulebook")] == [
        "rulebook/intents.yml"
    ]


@pytest.mark.parametrize(
    "playbook", ["", "seller", "../seller", "x}\n  y: {answer: true", "Refund"]
)
async def test_playbooks_are_those_of_the_table(
    front: Front, colleague: SignIn, project: Path, playbook: str
):
    kim = await colleague(Role.TRAINER)
    before = contents(project)
    wish = a_wish(does={"kind": "playbook", "playbook": playbook})
    answer = await kim.post("intents", wish)

    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_does")
    assert contents(project) == before


async def test_protection_is_a_leads_to_take_away(front: Front, colleague: SignIn, project: Path):
    """
    A trainer who could do so would walk through the gate; to protect and to rename is free.
    """
    kim, lou = await colleague(Role.TRAINER), await colleague(Role.LEAD, name="Lou Reed")
    assert (await kim.post("intents", a_wish(name="gift"))).status_code == 200
    words = {"titles": {"en": "Gift", "ru": "Подарок"}, "description": "A gift.", "reason": "x"}
    made = await kim.post("intents/gift/describe", words | {"protected": True})
    assert made.status_code == 200, made.text
    assert (await kim.post("intents/gift/rename", {"to": "present", "reason": "x"})).is_success
    before = contents(project)
    for path, body in (
        ("intents/present/describe", words | {"protected": False}),
        ("intents/present/describe?preview=true", words | {"protected": False}),
        ("intents/present/merge", {"into": "greet", "reason": "x"}),
        ("intents/present/retire", {"reason": "x"}),
    ):
        answer = await kim.post(path, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "override_not_allowed"), path
    assert contents(project) == before

    lifted = await lou.post("intents/present/describe", words | {"protected": False})
    assert lifted.status_code == 200, lifted.text
    back = await kim.post(f"changes/{lifted.json()['id']}/undo", {"reason": "it matters"})
    assert back.status_code == 200
    again = await kim.post(f"changes/{back.json()['id']}/undo", {"reason": "it does not"})
    assert (again.status_code, again.json()["code"]) == (403, "override_not_allowed")


MODELS = (
    *("..%2Fmakegood-x.tar.gz", "%2e%2e%2fmakegood-x.tar.gz", "..%5Cx.tar.gz", "%2Fetc%2Fpasswd"),
    *(".seals", "x%00.tar.gz", f"{'x' * 5000}.tar.gz", "makegood-linked.tar.gz"),
    "makegood-foreign.tar.gz",
)


@pytest.mark.parametrize("what", ["promote", "roll-back", "compare", "shadow"])
async def test_models_from_elsewhere(front: Front, colleague: SignIn, project: Path, what: str):
    """
    Not even a lead's word puts one live: no wish is left for whoever starts models.
    """
    models = project / "models"
    models.mkdir()
    outside = project.parent / "makegood-x.tar.gz"
    outside.write_bytes(b"a model")
    (models / "makegood-linked.tar.gz").symlink_to(outside)
    (models / "makegood-foreign.tar.gz").write_bytes(b"a model")
    lou = await colleague(Role.LEAD)
    body = {"override": "because I want it so", "hours": 1}
    for name in MODELS:
        answer = await lou.post(f"models/{name}/{what}", body)

        assert answer.status_code in {404, 409, 422}, (name, answer.text)
        assert answer.json()["code"] in {"not_found", "foreign_model", "wrong_token"}, name
        assert str(project) not in answer.text
    assert not (project.parent / "state" / "run" / "wanted.json").exists()
