"""Files to the buyer beside photos: a return label, a manual, an invoice."""

from typing import Final

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, MultipartBody
from litestar.response import File

from bot.casework.agents import Agent, May
from bot.services.files import add_file
from bot.web.desk.conversation import TALK, check_id
from bot.web.desk.writing import MOST_JSON
from bot.web.door import Door
from bot.web.downloads import ANY_FILE, to_download
from bot.web.errors import faults
from bot.web.file_uploads import MOST_FILE_BYTES
from bot.web.incoming import FileRequest, refuse
from bot.web.messages import AttachedFile, to_attached_file


@post(
    f"{TALK}/files",
    opt={"may": May.ANSWER},
    request_max_body_size=MOST_FILE_BYTES + MOST_JSON,
    responses=faults(401, 403, 404, 413, 422),
)
async def upload_file(
    conversation_id: FromPath[str],
    agent: NamedDependency[Agent],  # noqa: ARG001 - the guard has seen it; OpenAPI names it
    door: NamedDependency[Door],
    data: MultipartBody[FileRequest],
) -> AttachedFile:
    """
    A file for the next message to the buyer, in the multipart field `file`.

    Its content decides what it is. Photos go to `attachments`; both are named by a message alike.
    """
    check_id(conversation_id)
    if data.file is None:
        raise refuse("no_file", "Send the file in the field `file`.")
    file = await door.store_file(await data.file.read(), data.file.filename)
    await door.note_upload(add_file, conversation_id, file)

    return to_attached_file(file)


@get(
    f"{TALK}/files/{{file_id:str}}",
    opt={"may": May.READ},
    media_type=ANY_FILE,
    content_media_type=ANY_FILE,
    responses=faults(401, 403, 404),
)
async def save_sent_file(
    conversation_id: FromPath[str], file_id: FromPath[str], door: NamedDependency[Door]
) -> File:
    """A file that was sent in the conversation, as a download of its own kind."""
    check_id(conversation_id)

    return await to_download(door, conversation_id, file_id)


FILES: Final = (upload_file, save_sent_file)
