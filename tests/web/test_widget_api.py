"""The widget's API as a foreign client meets it: sessions, messages, photos, ratings."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.services.sessions import begin_conversation
from bot.store.database import writing
from bot.store.tables import conversations, messages, ratings, stores
from bot.web.tokens import SessionTokens
from tests.web.front import Front, Guest, Held, an_identity
from tests.web.test_photos import BAD, a_picture, a_png

pytestmark = pytest.mark.anyio

NOBODYS = "nobodys-token"
THEIRS = "another shop's secret of 32 byte"


def fault(answer, status: int, code: str) -> str:
    """Check that the answer is that error, in the form that all errors have; its sentence."""
    body = answer.json()
    assert (answer.status_code, body["status_code"], body["code"]) == (status, status, code)
    assert set(body) == {"status_code", "code", "detail"}
    assert "Traceback" not in answer.text
    assert body["detail"]

    return body["detail"]


# sessions


async def test_a_session_begins_an_anonymous_conversation(front: Front):
    """
    A store's name is all that it takes.
    """
    begun = await front.begin()

    assert begun.status_code == 200
    assert set(begun.json()) == {"token", "conversation_id"}
    (row,) = front.shop.rows(conversations)
    assert (row["id"], row["locale"]) == (begun.json()["conversation_id"], "en")
    assert row["identity_subject"] is None


async def test_a_session_takes_a_locale_and_an_identity(front: Front):
    """
    The shop says who the buyer is, the browser what they speak.
    """
    await front.begin(locale="pt-BR", identity=an_identity("ada"))

    (row,) = front.shop.rows(conversations)
    assert (row["locale"], row["identity_subject"]) == ("pt-BR", "ada")
    assert row["identity_email"] == "ada@example.com"


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ({}, ("en", "guessed")),
        ({"page_locale": "ru"}, ("ru", "guessed")),
        ({"locale": "ru"}, ("ru", "chosen")),
        ({"locale": "ru", "page_locale": "en"}, ("ru", "chosen")),
    ],
)
async def test_a_locale_is_chosen_and_a_page_is_guessed_by(front: Front, body, kept):
    """
    What the buyer writes changes a guess, and never a choice.
    """
    await front.begin(**body)

    (row,) = front.shop.rows(conversations)
    assert (row["locale"], row["locale_from"]) == kept


async def test_a_buyer_chooses_the_language_in_the_middle(front: Front):
    """
    The page's switch of languages is the bot's, too.
    """
    guest = await front.guest()
    answer = await front.http.post(
        "/api/widget/locale", json={"locale": "ru"}, headers=guest.headers
    )

    assert (answer.status_code, answer.json()) == (200, {"locale": "ru"})
    (row,) = front.shop.rows(conversations)
    assert (row["locale"], row["locale_from"]) == ("ru", "chosen")


async def test_nobody_chooses_for_somebody_else(front: Front):
    """
    Without the conversation's token nothing is changed; neither is it to what is no locale.
    """
    guest = await front.guest()
    url, body = "/api/widget/locale", {"locale": "ru"}

    fault(await front.http.post(url, json=body), 401, "wrong_token")
    wrong = await front.http.post(url, json={"locale": "../etc"}, headers=guest.headers)
    fault(wrong, 422, "wrong_locale")
    assert front.shop.rows(conversations)[0]["locale_from"] == "guessed"


async def test_a_choice_comes_along_with_an_identity(front: Front):
    """
    Whoever signs in with a chosen language keeps the conversation and gets the language.
    """
    guest = await front.guest()
    await front.http.post(
        "/api/widget/session",
        json={"store": "demo", "locale": "ru", "identity": an_identity("ada")},
        headers=guest.headers,
    )

    (row,) = front.shop.rows(conversations)
    assert (row["locale"], row["locale_from"]) == ("ru", "chosen")


@pytest.mark.parametrize(
    "store", ["nowhere", "", "DEMO", "demo\0", "\ud800", "x" * 1000, "'; --", "démo"]
)
async def test_an_unknown_store_is_refused(front: Front, store):
    """
    Whatever it is called.
    """
    body = json.dumps({"store": store})
    fault(await front.http.post("/api/widget/session", content=body), 404, "unknown_store")


@pytest.mark.parametrize("locale", ["e", "english", "en-", "en US", "../../etc", "en\0", "e" * 50])
@pytest.mark.parametrize("field", ["locale", "page_locale"])
async def test_a_wrong_locale_is_refused(front: Front, field, locale):
    """
    Templates are looked for by it, so it must look like one.
    """
    fault(await front.begin(**{field: locale}), 422, "wrong_locale")


async def test_a_forged_identity_is_refused(front: Front):
    """
    With a code of its own: a new session would not help. Nothing is begun.
    """
    past = datetime.now(UTC) - timedelta(hours=1)
    for forged in (an_identity(secret=THEIRS), an_identity(until=past), "a.b.c", "x" * 50_000):
        fault(await front.begin(identity=forged), 401, "wrong_identity")

    assert front.shop.rows(conversations) == []


async def test_an_identity_of_100_kb_is_too_large(front: Front):
    """
    It is not even read.
    """
    fault(await front.begin(identity="x" * 100_000), 413, "too_large")


async def test_identifying_keeps_an_anonymous_conversation(front: Front):
    """
    Who signs in while chatting goes on chatting, now with a name.
    """
    guest = await front.guest()
    await guest.says("hi")

    again = await guest.post("/api/widget/session", {"store": "demo", "identity": an_identity()})

    assert again.json()["conversation_id"] == guest.conversation_id
    (row,) = front.shop.rows(conversations)
    assert row["identity_subject"] == "ada"
    assert len(await Guest(front.http, again.json()["token"], "").transcript()) == 2


async def test_the_same_buyer_keeps_the_conversation(front: Front):
    """
    A second page view of the same buyer is the same conversation.
    """
    guest = await front.guest(identity=an_identity())

    again = await guest.post("/api/widget/session", {"store": "demo", "identity": an_identity()})

    assert again.json()["conversation_id"] == guest.conversation_id


async def test_another_buyer_gets_another_conversation(front: Front):
    """
    What one buyer said on a shared computer is not shown to the next.
    """
    guest = await front.guest(identity=an_identity("ada"))
    await guest.says("hi")

    other = await guest.post(
        "/api/widget/session", {"store": "demo", "identity": an_identity("bob")}
    )

    assert other.json()["conversation_id"] != guest.conversation_id
    assert await Guest(front.http, other.json()["token"], "").transcript() == []


async def test_an_identity_of_another_store_attaches_to_nothing(front: Front):
    """
    Two stores, two buyers, even if their ids are alike.
    """
    with writing(front.shop.engine) as db:
        db.execute(
            sa.insert(stores).values(
                id="other", name="Other", title="Other", greeting="Hello", colour="#000000",
                locale="en", identity_secret=THEIRS, created_at=front.shop.now,
            )
        )  # fmt: skip
    guest = await front.guest()

    other = await guest.post(
        "/api/widget/session", {"store": "other", "identity": an_identity(secret=THEIRS)}
    )

    assert other.json()["conversation_id"] != guest.conversation_id
    assert {row["store_id"] for row in front.shop.rows(conversations)} == {"demo", "other"}


@pytest.mark.parametrize("token", [NOBODYS, ""])
async def test_an_identity_with_an_unknown_token_begins_anew(front: Front, token):
    """
    A token that has run out does not keep a signed-in buyer from chatting.
    """
    begun = await Guest(front.http, token, "").post(
        "/api/widget/session", {"store": "demo", "identity": an_identity()}
    )

    assert begun.status_code == 200
    assert len(front.shop.rows(conversations)) == 1


async def test_a_store_shows_how_its_widget_looks(front: Front):
    """
    Without a token: the launcher is drawn before anybody speaks.
    """
    look = await front.http.get("/api/widget/stores/demo")

    assert look.json() == {
        "store": "demo",
        "title": "Demo",
        "greeting": "Hello",
        "colour": "#336699",
        "avatar": None,
        "locale": "en",
    }
    fault(await front.http.get("/api/widget/stores/nowhere"), 404, "unknown_store")


# tokens


def everything(guest: Guest):
    """Every request that needs a token."""
    photo = {"file": ("photo.jpg", a_picture())}
    return [
        guest.sends("hi"),
        guest.get("/api/widget/messages"),
        guest.get("/api/widget/events"),
        guest.http.post("/api/widget/attachments", files=photo, headers=guest.headers),
        guest.get("/api/widget/attachments/abc"),
        guest.get("/api/widget/files/abc"),
        guest.post("/api/widget/rating", {"score": 5}),
    ]


async def test_without_a_token_nothing_is_answered(front: Front):
    """
    No token, an unknown one, a forged one, one that has run out: the same code for all.
    """
    tokens = SessionTokens(front.app.state.door.tokens.secret, days=30)
    long_ago = datetime.now(UTC) - timedelta(days=31)
    forged = SessionTokens("another secret of the same length", days=30)
    conversation = (await front.guest()).conversation_id
    for token in (
        "",
        NOBODYS,
        "a" * 100_000,
        forged.make(conversation, datetime.now(UTC)),
        tokens.make(conversation, long_ago),
    ):
        for request in everything(Guest(front.http, token, "")):
            fault(await request, 401, "wrong_token")


async def test_a_deleted_conversation_is_gone(front: Front):
    """
    A good token of a conversation that was deleted means: begin a new one.
    """
    guest = await front.guest()
    with writing(front.shop.engine) as db:
        db.execute(sa.delete(conversations))

    for request in everything(guest):
        fault(await request, 401, "wrong_token")

    identified = await guest.post(
        "/api/widget/session", {"store": "demo", "identity": an_identity()}
    )
    assert identified.json()["conversation_id"] != guest.conversation_id


# messages


async def test_a_message_is_stored_and_answered(front: Front):
    """
    The straight way: 202 at once, the answer follows.
    """
    guest = await front.guest()
    async with guest.looks() as line:
        sent = await guest.sends("hi", client_id="first")
        await line.until_answer()

    said = await guest.transcript()
    assert sent.status_code == 202
    assert sent.json() == {"id": said[0]["id"], "seq": 1}
    assert [one["sender"] for one in said] == ["buyer", "bot"]
    assert [one["client_id"] for one in said] == ["first", None]
    assert said[0]["text"] == "hi"


async def test_a_message_sent_twice_is_one_message(front: Front):
    """
    The widget tries again when it hears nothing; the same `client_id` says so.
    """
    guest = await front.guest()
    held = Held()
    front.rasa.plot.append(held)

    first = await guest.sends("hi", client_id="once")
    second = await guest.sends("hi", client_id="once")
    held.go_on.set()
    third = await guest.sends("something else", client_id="once")

    assert first.json() == second.json() == third.json()
    assert [answer.status_code for answer in (first, second, third)] == [202] * 3
    assert [row["text"] for row in front.shop.rows(messages) if row["sender"] == "buyer"] == ["hi"]


async def test_a_message_sent_twice_at_once_is_one_message(front: Front):
    """
    Also when both requests arrive together.
    """
    guest = await front.guest()

    sent = await asyncio.gather(*(guest.sends("hi", client_id="once") for _ in range(8)))

    assert len({answer.text for answer in sent}) == 1
    assert len([row for row in front.shop.rows(messages) if row["sender"] == "buyer"]) == 1


async def test_two_buyers_may_use_the_same_client_id(front: Front):
    """
    It is the widget's own, unique in one conversation only.
    """
    ids = [(await (await front.guest()).sends("hi", client_id="1")).json()["id"] for _ in range(2)]

    assert ids[0] != ids[1]


@pytest.mark.parametrize(
    "text",
    [None, "", "   ", "\n\t \r\n", "\0\x01\x7f", "\u200b\u200d\ufeff", "\u3000\xa0", "\ud83d"],
)
async def test_a_message_that_says_nothing_is_refused(front: Front, text):
    """
    Nothing, white space, control characters, half an emoji.
    """
    guest = await front.guest()
    body = json.dumps({"client_id": "1", "text": text})

    sent = await front.http.post("/api/widget/messages", content=body, headers=guest.headers)

    fault(sent, 422, "empty")
    assert front.shop.rows(messages) == []


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("/restart", "/restart"),
        ("/nlu_fallback{}", "/nlu_fallback{}"),
        ("／restart", "／restart"),
        ("a\0b\x1bc", "abc"),
        ("cut \ud83d", "cut"),
        ("\ude00 off", "off"),
        ("two\r\nlines\tand more ", "two\nlines\tand more"),
        ("👩‍👩‍👧 family", "👩‍👩‍👧 family"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("{{ 7 * 7 }} {% raw %}", "{{ 7 * 7 }} {% raw %}"),
        ("x" * 4000, "x" * 4000),
        ("😀" * 4000, "😀" * 4000),
    ],
)
async def test_odd_text_is_stored_as_text(front: Front, text, stored):
    """
    What looks like a command, a tag or a template is what the buyer said, and is answered.
    """
    guest = await front.guest()
    body = json.dumps({"client_id": "1", "text": text})
    async with guest.looks() as line:
        sent = await front.http.post("/api/widget/messages", content=body, headers=guest.headers)
        assert sent.status_code == 202
        await line.until_answer()

    assert (await guest.transcript())[0]["text"] == stored


async def test_a_long_text_is_refused_with_the_limit(front: Front):
    """
    4 001 characters are too many, 100 kB are not even read.
    """
    guest = await front.guest()

    assert "4000" in fault(await guest.sends("x" * 4001), 422, "text_too_long")
    fault(await guest.sends("x" * 100_000), 413, "too_large")
    assert front.shop.rows(messages) == []


async def test_a_long_body_without_a_length_is_refused_too(front: Front):
    """
    A client that sends piece by piece does not get around the limit.
    """
    guest = await front.guest()

    async def pieces():
        for _ in range(100):
            yield b" " * 1024

    sent = await front.http.post("/api/widget/messages", content=pieces(), headers=guest.headers)

    fault(sent, 413, "too_large")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"null",
        b"[]",
        b'"hi"',
        b"{",
        b'{"client_id": "1", "text": "\xff"}',
        b"[" * 60_000,
        b'{"client_id": ' + b"[" * 60_000,
        b"client_id=1&text=hi",
        b'{"text": "hi"}',
        b'{"client_id": 1, "text": "hi"}',
        b'{"client_id": null, "text": "hi"}',
        b'{"client_id": "1", "text": 7}',
        b'{"client_id": "1", "text": ["hi"]}',
        b'{"client_id": "1", "text": "hi", "attachments": "abc"}',
        b'{"client_id": "1", "text": "hi", "attachments": [1]}',
        b'{"client_id": "1", "text": "hi", "choice": {}}',
        b'{"client_id": "1", "text": NaN}',
    ],
)
async def test_a_body_of_the_wrong_shape_is_refused(front: Front, body):
    """
    No JSON, no UTF-8, no object, wrong types, endless nesting: a clear 400.
    """
    guest = await front.guest()

    sent = await front.http.post("/api/widget/messages", content=body, headers=guest.headers)

    fault(sent, 400, "bad_request")
    assert front.shop.rows(messages) == []


@pytest.mark.parametrize("client_id", ["", "a b", "x" * 65, "é", "\0", "\ud83d", "../1"])
async def test_a_wrong_client_id_is_refused(front: Front, client_id):
    """
    It is stored and shown again, so it is kept plain.
    """
    guest = await front.guest()
    body = json.dumps({"client_id": client_id, "text": "hi"})

    sent = await front.http.post("/api/widget/messages", content=body, headers=guest.headers)

    fault(sent, 422, "wrong_client_id")


async def test_fields_that_we_do_not_know_are_ignored(front: Front):
    """
    A newer client may say more than we understand.
    """
    guest = await front.guest()

    sent = await guest.sends("hi", sender="bot", seq=99, mood="good")

    assert sent.json()["seq"] == 1
    assert (await guest.transcript())[0]["sender"] == "buyer"


async def test_fifty_messages_may_wait(front: Front):
    """
    The next one is asked to come later, and nothing of it is kept.
    """
    guest = await front.guest()
    held = Held()
    front.rasa.plot.append(held)
    for _ in range(50):
        assert (await guest.sends("hi")).status_code == 202

    fault(await guest.sends("one more"), 429, "too_many")
    async with guest.looks(last=50) as line:
        held.go_on.set()
        await line.until(lambda one: one.id == "100")
    assert (await guest.sends("now")).status_code == 202


async def test_a_closed_conversation_takes_no_more(front: Front):
    """
    A code of its own, so that a client can offer to begin anew.
    """
    guest = await front.guest()
    with writing(front.shop.engine) as db:
        db.execute(sa.update(conversations).values(floor="CLOSED"))

    fault(await guest.sends("hello?"), 409, "closed")


# choices


async def with_choices(front: Front) -> tuple[Guest, list[dict[str, str]]]:
    """A buyer who was just offered buttons."""
    front.rasa.intents["what?"] = "nlu_fallback"
    guest = await front.guest()
    answer = await guest.says("what?")
    assert answer["choices"]

    return guest, answer["choices"]


async def test_a_choice_is_shown_as_what_the_buyer_said(front: Front):
    """
    Its label, also to another window of the same buyer.
    """
    guest, choices = await with_choices(front)

    await guest.says(choice=choices[0]["token"])

    said = (await guest.transcript())[2]
    assert (said["sender"], said["text"]) == ("buyer", choices[0]["label"])


@pytest.mark.parametrize(
    "token", ["unknown", "x" * 64, "x" * 5000, "with space", "\0", "a\ud83d", "'; --"]
)
async def test_an_unknown_choice_is_refused(front: Front, token):
    """
    Whatever was sent as its token.
    """
    guest = await front.guest()
    body = json.dumps({"client_id": "1", "choice": token})

    sent = await front.http.post("/api/widget/messages", content=body, headers=guest.headers)

    fault(sent, 422, "unknown_choice")
    assert front.shop.rows(messages) == []


async def test_a_choice_of_another_conversation_is_unknown(front: Front):
    """
    Not told apart from one that there never was.
    """
    _, choices = await with_choices(front)
    stranger = await front.guest()

    there = fault(await stranger.sends(choice=choices[0]["token"]), 422, "unknown_choice")
    nowhere = fault(await stranger.sends(choice="unknown"), 422, "unknown_choice")

    assert there == nowhere


async def test_a_choice_that_was_used_is_answered_politely(front: Front):
    """
    A second press is a message like any other; the bot says that it is over.
    """
    guest, choices = await with_choices(front)
    await guest.says(choice=choices[0]["token"])

    await guest.says(choice=choices[0]["token"])

    replies = [row["reply"] for row in front.shop.rows(messages) if row["sender"] == "bot"]
    assert "take_turn.choice_is_over" in replies


# photos


async def test_a_photo_is_uploaded_sent_and_seen_again(front: Front):
    """
    The live event shows it as the transcript does, so that a second window sees it too.
    """
    guest = await front.guest()
    photo = (await guest.uploads(a_picture("PNG"))).json()
    assert photo == {"id": photo["id"], "width": 80, "height": 60}

    async with guest.looks() as line:
        await guest.sends(attachments=[photo["id"]])
        seen = await line.until(lambda one: one.name == "message")

    assert seen[-1].data["attachments"] == [photo]
    assert (await guest.transcript())[0]["attachments"] == [photo]
    shown = await guest.get(f"/api/widget/attachments/{photo['id']}")
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.content.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("name", ["a text", "a GIF", "an SVG", "half a PNG", "26 megapixels"])
async def test_an_upload_that_is_no_photo_is_refused(front: Front, name):
    """
    By its content: that it is called .png does not help.
    """
    guest = await front.guest()
    content, said = BAD[name]

    assert said in fault(await guest.uploads(content, "mug.png"), 422, "wrong_photo")


async def test_an_upload_that_is_too_large_is_refused(front: Front):
    """
    A byte over the limit is told in words; far more is not read at all.
    """
    guest = await front.guest()

    content, said = BAD["5 MB and a byte"]
    assert said in fault(await guest.uploads(content), 422, "wrong_photo")
    assert "5 MB" in fault(await guest.uploads(b"x" * 6_000_000), 413, "too_large")


async def test_the_name_of_a_file_means_nothing(front: Front, tmp_path):
    """
    A path in it leads nowhere: the photo lies in the photo folder, under a name of ours.
    """
    guest = await front.guest()

    for name in ("../../outside.jpg", "/etc/passwd", "C:\\mug.jpg", "a\0b.jpg", "x" * 500):
        assert (await guest.uploads(a_picture(), name)).status_code == 201

    kept = {path.name for path in tmp_path.rglob("*.jpg")}
    assert kept == {path.name for path in (tmp_path / "photos").iterdir()}
    assert len(kept) == 5


async def test_an_upload_without_a_photo_is_refused(front: Front):
    """
    No file, a field of another name, a text field, two files, no form at all.
    """
    guest = await front.guest()
    address, headers = "/api/widget/attachments", guest.headers
    file = ("mug.jpg", a_picture())

    async def post(**options):
        return await front.http.post(address, headers=headers, **options)

    fault(await post(), 422, "no_file")
    fault(await post(files={"photo": file}), 422, "no_file")
    fault(await post(files=[("file", file), ("file", file)]), 400, "bad_request")
    fault(await post(data={"file": "mug.jpg"}), 400, "bad_request")
    fault(await post(files={"file": (None, "mug.jpg")}), 400, "bad_request")
    fault(await post(json={"file": "mug.jpg"}), 400, "bad_request")


async def test_a_photo_of_another_conversation_is_not_there(front: Front):
    """
    Neither to look at nor to send.
    """
    photo = (await (await front.guest()).uploads(a_picture())).json()
    stranger = await front.guest()

    fault(await stranger.get(f"/api/widget/attachments/{photo['id']}"), 404, "not_found")
    fault(await stranger.sends(attachments=[photo["id"]]), 422, "unknown_attachment")


@pytest.mark.parametrize("photo", ["unknown", "..%2F..%2Fmakegood.db", "%00", "x" * 500])
async def test_a_photo_that_is_not_there_is_not_found(front: Front, photo):
    """
    Whatever is asked for.
    """
    guest = await front.guest()

    fault(await guest.get(f"/api/widget/attachments/{photo}"), 404, "not_found")


async def test_a_photo_whose_file_is_gone_is_not_found(front: Front, tmp_path):
    """
    The row remains, the file was tidied away.
    """
    guest = await front.guest()
    photo = (await guest.uploads(a_picture())).json()
    (tmp_path / "photos" / f"{photo['id']}.jpg").unlink()

    fault(await guest.get(f"/api/widget/attachments/{photo['id']}"), 404, "not_found")


async def test_a_photo_goes_with_one_message_only(front: Front):
    """
    The second message that names it is told to upload it again.
    """
    guest = await front.guest()
    photo = (await guest.uploads(a_picture())).json()["id"]
    assert (await guest.sends(attachments=[photo, photo])).status_code == 202

    fault(await guest.sends(attachments=[photo]), 422, "unknown_attachment")


async def test_at_most_five_photos_go_with_a_message(front: Front):
    """
    Five do, six do not.
    """
    guest = await front.guest()
    photos = [(await guest.uploads(a_picture())).json()["id"] for _ in range(6)]

    fault(await guest.sends(attachments=photos), 422, "wrong_attachments")
    fault(await guest.sends(attachments=["../photo"]), 422, "wrong_attachments")
    assert (await guest.sends(attachments=photos[:5])).status_code == 202


async def test_photos_are_re_encoded_two_at_a_time(front: Front, monkeypatch):
    """
    A large photo takes much memory for a moment; others wait for their turn.
    """
    at_once, most = 0, 0

    def count(content, folder):
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        both.wait(timeout=5)
        at_once -= 1
        return store_photo(content, folder)

    import threading

    from bot.web import door

    both = threading.Barrier(2)
    store_photo = door.store_photo
    monkeypatch.setattr(door, "store_photo", count)
    guest = await front.guest()

    sent = await asyncio.gather(*(guest.uploads(a_picture()) for _ in range(6)))

    assert {answer.status_code for answer in sent} == {201}
    assert most == 2


# the transcript


async def test_the_transcript_begins_after_a_seq(front: Front):
    """
    So that a client that was away reads only what it missed.
    """
    guest = await front.guest()
    await guest.says("one")
    await guest.says("two")

    assert [one["seq"] for one in await guest.transcript()] == [1, 2, 3, 4]
    assert [one["seq"] for one in await guest.transcript(after=3)] == [4]
    assert await guest.transcript(after=4) == []
    assert await guest.transcript(after=2**31 - 1) == []


@pytest.mark.parametrize("after", ["-1", "x", "", "1.5", "2147483648", "9" * 40, "NaN"])
async def test_a_wrong_seq_is_refused(front: Front, after):
    """
    Negative, huge, or no number.
    """
    guest = await front.guest()

    fault(await guest.get("/api/widget/messages", params={"after": after}), 400, "bad_request")


async def test_the_transcript_says_who_has_the_floor(front: Front):
    """
    A client that comes back must know whether a bot or a person will answer.
    """
    front.rasa.intents["a person please"] = "human_agent"
    guest = await front.guest()
    assert (await guest.get("/api/widget/messages")).json() == {"messages": [], "floor": "BOT"}

    await guest.says("a person please")

    assert (await guest.get("/api/widget/messages")).json()["floor"] == "WAITING"


# ratings


@pytest.mark.parametrize("score", [0, 6, -1, 10**30])
async def test_a_rating_goes_from_1_to_5(front: Front, score):
    """
    Anything else is refused.
    """
    guest = await front.guest()
    rated = await guest.post("/api/widget/rating", {"score": score})

    assert rated.status_code in (400, 422)
    assert front.shop.rows(ratings) == []


@pytest.mark.parametrize("score", ["five", 4.5, True, None, [5]])
async def test_a_rating_is_a_number(front: Front, score):
    """
    Not a word, not a fraction, not a yes.
    """
    guest = await front.guest()

    fault(await guest.post("/api/widget/rating", {"score": score}), 400, "bad_request")


async def test_a_conversation_is_rated_once(front: Front):
    """
    The second rating is told so, and changes nothing.
    """
    guest = await front.guest()
    rated = await guest.post("/api/widget/rating", {"score": 5, "comment": "Great\0 help " * 900})
    assert (rated.status_code, rated.json()) == (201, {"score": 5})

    fault(await guest.post("/api/widget/rating", {"score": 1}), 409, "rated")

    (row,) = front.shop.rows(ratings)
    assert (row["score"], len(row["comment"])) == (5, 4000)
    assert row["comment"].startswith("Great help Great")


async def test_two_ratings_at_once_are_one(front: Front):
    """
    A double click.
    """
    guest = await front.guest()

    rated = await asyncio.gather(
        *(guest.post("/api/widget/rating", {"score": score}) for score in (1, 2, 3, 4))
    )

    assert sorted(answer.status_code for answer in rated) == [201, 409, 409, 409]
    assert len(front.shop.rows(ratings)) == 1


async def test_a_conversation_begun_elsewhere_can_be_used(front: Front):
    """
    A token is all that a client needs: any web process of the house can have made it.
    """
    conversation = begin_conversation(front.shop.house, "demo", "en", None)
    token = front.app.state.door.tokens.make(conversation, datetime.now(UTC))

    assert (await Guest(front.http, token, conversation).says("hi"))["sender"] == "bot"


def test_the_pictures_of_these_tests_are_what_they_say():
    """
    A bomb that was no bomb would prove nothing.
    """
    assert len(a_png(30_000, 30_000)) < 200
