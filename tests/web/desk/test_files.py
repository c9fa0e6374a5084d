"""Files from the team to the buyer over HTTP: what is taken, how it is called, who gets it."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from bot.casework.agents import Role
from bot.services.erasure import Eraser, do_erase
from bot.store.tables import attachments
from bot.web.file_uploads import MOST_FILE_BYTES
from tests.e2e.hostile import PAYLOADS
from tests.web.desk.conftest import SignIn
from tests.web.desk.team import Colleague
from tests.web.desk.test_conversation import handed_over, talk_of
from tests.web.front import Front, Guest, an_identity
from tests.web.test_file_kinds import BAD, GOOD, a_pdf
from tests.web.test_photos import a_picture
from tests.web.test_widget_api import fault

pytestmark = pytest.mark.anyio


async def taken_over(front: Front, colleague: SignIn, **body: object) -> tuple[Colleague, Guest]:
    """Anna, who has taken a buyer's conversation over."""
    anna = await colleague(name="Anna Karlsson")
    guest = await handed_over(front, **body)
    assert (await anna.post(f"{talk_of(guest)}/claim")).status_code == 204

    return anna, guest


async def uploaded(anna: Colleague, guest: Guest, content: bytes, name: str) -> dict[str, Any]:
    """A file as the server has taken it."""
    answer = await anna.uploads(f"{talk_of(guest)}/files", content, name)
    assert answer.status_code == 201, answer.text
    file: dict[str, Any] = answer.json()

    return file


async def sends(anna: Colleague, guest: Guest, *ids: str, text: str = "") -> None:
    """Send what was uploaded."""
    body = {"client_id": "-".join(["c", *ids])[:60], "text": text, "attachments": ids}
    sent = await anna.post(f"{talk_of(guest)}/messages", body)
    assert sent.status_code == 202, sent.text


def kept(front: Front) -> list[str]:
    """What lies in the folder of uploads."""
    folder: Path = front.app.state.door.uploads

    return [file.name for file in folder.glob("*")]


async def test_a_file_goes_to_the_buyer(front: Front, colleague: SignIn):
    """
    With a photo in one message; both sides see its name and size and save it under its name.
    """
    anna, guest = await taken_over(front, colleague)
    label = await uploaded(anna, guest, a_pdf(), "../Накладная №5.exe")
    photo = (await anna.uploads(f"{talk_of(guest)}/attachments", a_picture())).json()
    assert label == {
        "id": label["id"], "name": "Накладная №5.pdf", "kind": "pdf", "size": len(a_pdf()),
    }  # fmt: skip

    async with guest.looks() as widget:
        await sends(anna, guest, photo["id"], label["id"], text="For the parcel")
        seen = await widget.until(
            lambda one: one.name == "message" and one.data["text"] == "For the parcel"
        )

    assert seen[-1].data["files"] == [label]
    assert [one["id"] for one in seen[-1].data["attachments"]] == [photo["id"]]
    assert (await guest.transcript())[-1]["files"] == [label]
    shown = (await anna.get(talk_of(guest))).json()["messages"][-1]
    assert shown["files"] == [label]
    assert [one["id"] for one in shown["photos"]] == [photo["id"]]
    for answer in (
        await guest.get(f"/api/widget/files/{label['id']}"),
        await anna.get(f"{talk_of(guest)}/files/{label['id']}"),
    ):
        assert (answer.status_code, answer.content) == (200, a_pdf())
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert answer.headers["cache-control"] == "private, no-store"
        said = answer.headers["content-disposition"]
        assert said.startswith("attachment; filename*=utf-8''")
        assert unquote(said.partition("''")[2]) == "Накладная №5.pdf"


@pytest.mark.parametrize("name", GOOD)
async def test_every_kind_arrives(front: Front, colleague: SignIn, name: str):
    """
    As it was, and to be saved.
    """
    content, called, kind = GOOD[name]
    anna, guest = await taken_over(front, colleague)
    file = await uploaded(anna, guest, content, called)
    await sends(anna, guest, file["id"])

    answer = await guest.get(f"/api/widget/files/{file['id']}")

    assert (file["kind"], answer.content) == (kind, content)
    assert answer.headers["content-disposition"].startswith("attachment; filename")
    assert "html" not in answer.headers["content-type"]


@pytest.mark.parametrize(
    "name", ["a page", "an SVG", "a script", "a program for Windows", "Word with macros", "nothing"]
)
async def test_anything_else_is_refused(front: Front, colleague: SignIn, name: str):
    """
    By its content: what it is called does not help. Nothing is kept.
    """
    content, called = BAD[name]
    anna, guest = await taken_over(front, colleague)

    for one in (called, "label.pdf"):
        answer = await anna.uploads(f"{talk_of(guest)}/files", content, one)
        said = fault(answer, 422, "wrong_file")
        assert "PDF" in said or "empty" in said
    assert kept(front) == []
    assert front.shop.rows(attachments) == []


async def test_a_file_that_is_too_large(front: Front, colleague: SignIn):
    """
    A byte over the limit is told in words; far more is not read at all.
    """
    anna, guest = await taken_over(front, colleague)
    path = f"{talk_of(guest)}/files"
    whole = a_pdf().ljust(MOST_FILE_BYTES, b"\n")

    assert "10 MB" in fault(await anna.uploads(path, whole + b"\n"), 413, "too_large")
    assert "10 MB" in fault(await anna.uploads(path, whole + b"\n" * 500_000), 413, "too_large")
    assert (await anna.uploads(path, whole, "label.pdf")).status_code == 201


async def test_an_upload_without_a_file(front: Front, colleague: SignIn):
    """
    No form, no field of that name, or an address where there is no conversation.
    """
    anna, guest = await taken_over(front, colleague)
    path = f"/api/desk/{talk_of(guest)}/files"
    file = {"other": ("label.pdf", a_pdf())}

    fault(await anna.http.post(path, headers=anna.csrf), 422, "no_file")
    fault(await anna.http.post(path, files=file, headers=anna.csrf), 422, "no_file")
    nowhere = await anna.uploads("conversations/nowhere/files", a_pdf(), "label.pdf")
    fault(nowhere, 404, "not_found")
    assert kept(front) == []


async def test_a_file_is_of_its_own_conversation(front: Front, colleague: SignIn):
    """
    No other buyer gets it, nobody does without a token, and no other message takes it along.
    """
    anna, guest = await taken_over(front, colleague)
    stranger = await handed_over(front)
    await anna.post(f"{talk_of(stranger)}/claim")
    file = (await uploaded(anna, guest, a_pdf(), "label.pdf"))["id"]
    body = {"client_id": "a", "attachments": [file]}
    wrong = await anna.post(f"{talk_of(stranger)}/messages", body)
    fault(wrong, 422, "unknown_attachment")
    await sends(anna, guest, file)

    fault(await stranger.get(f"/api/widget/files/{file}"), 404, "not_found")
    fault(await anna.get(f"{talk_of(stranger)}/files/{file}"), 404, "not_found")
    fault(await front.http.get(f"/api/widget/files/{file}"), 401, "wrong_token")
    fault(await front.http.get(f"/api/desk/{talk_of(guest)}/files/{file}"), 401, "signed_out")
    again = await anna.post(f"{talk_of(guest)}/messages", body | {"client_id": "b"})
    fault(again, 422, "unknown_attachment")


async def test_a_file_that_was_not_sent_is_nobodys(front: Front, colleague: SignIn):
    """
    The agent may have taken it out again; and a buyer does not send it themselves.
    """
    anna, guest = await taken_over(front, colleague)
    file = (await uploaded(anna, guest, a_pdf(), "label.pdf"))["id"]

    fault(await guest.get(f"/api/widget/files/{file}"), 404, "not_found")
    fault(await anna.get(f"{talk_of(guest)}/files/{file}"), 404, "not_found")
    fault(await guest.sends(attachments=[file]), 422, "unknown_attachment")


async def test_photos_and_files_have_their_own_addresses(front: Front, colleague: SignIn):
    """
    A file is never shown as a picture, nor a picture saved as a file.
    """
    anna, guest = await taken_over(front, colleague)
    file = (await uploaded(anna, guest, a_pdf(), "label.pdf"))["id"]
    photo = (await anna.uploads(f"{talk_of(guest)}/attachments", a_picture())).json()["id"]
    await sends(anna, guest, file, photo)

    fault(await guest.get(f"/api/widget/attachments/{file}"), 404, "not_found")
    fault(await anna.get(f"{talk_of(guest)}/photos/{file}"), 404, "not_found")
    fault(await guest.get(f"/api/widget/files/{photo}"), 404, "not_found")


@pytest.mark.parametrize("file", ["unknown", "..%2F..%2Fmakegood.db", "%00", "x" * 500])
async def test_a_file_that_is_not_there(front: Front, colleague: SignIn, file: str):
    """
    Whatever is asked for.
    """
    anna, guest = await taken_over(front, colleague)

    fault(await guest.get(f"/api/widget/files/{file}"), 404, "not_found")
    fault(await anna.get(f"{talk_of(guest)}/files/{file}"), 404, "not_found")


async def test_at_most_five_photos_and_files(front: Front, colleague: SignIn):
    """
    In one message, whatever of the two they are.
    """
    anna, guest = await taken_over(front, colleague)
    ids = [(await uploaded(anna, guest, a_pdf(), f"{n}.pdf"))["id"] for n in range(5)]
    ids.append((await anna.uploads(f"{talk_of(guest)}/attachments", a_picture())).json()["id"])

    many = await anna.post(f"{talk_of(guest)}/messages", {"client_id": "a", "attachments": ids})
    assert "5 photos and files" in fault(many, 422, "wrong_attachments")
    await sends(anna, guest, *ids[1:])
    assert len((await guest.transcript())[-1]["files"]) == 4


async def test_buyers_send_photos_only(front: Front):
    """
    There is no address where they could leave a file, and none is taken as a photo.
    """
    guest = await front.guest()
    file = {"file": ("label.pdf", a_pdf())}

    sent = await front.http.post("/api/widget/files", files=file, headers=guest.headers)
    assert sent.status_code == 404
    fault(await guest.uploads(a_pdf(), "label.pdf"), 422, "wrong_photo")


async def test_a_name_never_breaks_a_header(front: Front, colleague: SignIn):
    """
    Fifty scripts as names: each is one plain header, of which nothing but the name is read.
    """
    anna, guest = await taken_over(front, colleague)
    for payload in (*PAYLOADS, 'a"; filename="b.html', "a\u202egpj.exe", "x" * 300):
        file = await uploaded(anna, guest, a_pdf(), f"{payload}.pdf")
        await sends(anna, guest, file["id"])
        answer = await guest.get(f"/api/widget/files/{file['id']}")

        how, _, name = answer.headers["content-disposition"].partition("; ")
        assert (how, name[:17]) == ("attachment", "filename*=utf-8''") or name == (
            f'filename="{file["name"]}"'
        )
        assert not set(name.partition("''")[2]) & set("\"'<>; \r\n")
        assert file["name"].endswith(".pdf")
        assert "\u202e" not in file["name"]


async def test_an_erasure_takes_files_along(front: Front, colleague: SignIn):
    """
    Rows, names and bytes, also of one that was not sent; the report counts them beside the photos.
    """
    anna, guest = await taken_over(front, colleague, identity=an_identity())
    other = await handed_over(front)
    await anna.post(f"{talk_of(other)}/claim")
    for name in ("label of Ada.pdf", "not sent.pdf"):
        file = await uploaded(anna, guest, a_pdf(), name)
        if "label" in name:
            await sends(anna, guest, file["id"])
    await anna.uploads(f"{talk_of(guest)}/attachments", a_picture())
    label = await uploaded(anna, other, a_pdf(), "for ADA@example.com.pdf")
    await sends(anna, other, label["id"])
    assert len(kept(front)) == 4

    uploads = front.app.state.door.uploads
    report = do_erase(front.shop.house, "ada@example.com", by=Eraser(), uploads=uploads)

    assert (report.removed["photos"], report.removed["files"]) == (1, 2)
    assert report.removed["names of files"] == 1
    assert kept(front) == [f"{label['id']}.pdf"]
    assert [row["name"] for row in front.shop.rows(attachments)] == ["erased.pdf"]
    assert (await other.get(f"/api/widget/files/{label['id']}")).content == a_pdf()


async def test_a_file_is_no_proof_of_the_buyer(front: Front, colleague: SignIn):
    """
    Neither it nor a photo of the team is what the buyer has sent.
    """
    anna, guest = await taken_over(front, colleague)
    file = (await uploaded(anna, guest, a_pdf(), "label.pdf"))["id"]
    theirs = (await anna.uploads(f"{talk_of(guest)}/attachments", a_picture())).json()["id"]
    await sends(anna, guest, file, theirs)
    own = (await guest.uploads(a_picture("PNG"))).json()["id"]
    await guest.sends(attachments=[own])

    with front.shop.house.units.reading() as unit:
        assert unit.conversations.photos(guest.conversation_id) == (own,)


async def test_a_trainer_reads_but_sends_nothing(front: Front, colleague: SignIn):
    """
    Whoever may read the conversation may save its files.
    """
    anna, guest = await taken_over(front, colleague)
    tom = await colleague(Role.TRAINER, name="Tom Ott")
    file = (await uploaded(anna, guest, a_pdf(), "label.pdf"))["id"]
    await sends(anna, guest, file)

    assert (await tom.get(f"{talk_of(guest)}/files/{file}")).content == a_pdf()
    fault(await tom.uploads(f"{talk_of(guest)}/files", a_pdf(), "label.pdf"), 403, "not_allowed")


async def test_files_are_documented(front: Front):
    """
    What goes in and what comes out, with its kinds.
    """
    document = (await front.http.get("/schema/openapi.json")).json()
    talk = "/api/desk/conversations/{conversation_id}/files"
    schemas = document["components"]["schemas"]
    sent = document["paths"][talk]["post"]["requestBody"]["content"]["multipart/form-data"]

    assert sent["schema"]["$ref"].endswith("/FileRequest")
    for path in (f"{talk}/{{file_id}}", "/api/widget/files/{file_id}"):
        answers = document["paths"][path]["get"]["responses"]
        assert "application/octet-stream" in answers["200"]["content"]
        assert "404" in answers
    assert set(schemas["AttachedFile"]["properties"]) == {"id", "name", "kind", "size"}
    assert "files" in schemas["Message"]["properties"]
    assert "files" in schemas["TalkMessage"]["properties"]
