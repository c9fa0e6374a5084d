"""Files of a conversation as browsers save them: never opened on a page of ours."""

import asyncio
from collections.abc import Mapping
from typing import Final

from litestar.response import File
from litestar.status_codes import HTTP_404_NOT_FOUND

from bot.casework.files import FileKind
from bot.services.files import find_file
from bot.web.door import Door
from bot.web.errors import WrongRequest
from bot.web.incoming import ID

ANY_FILE: Final = "application/octet-stream"
MEDIA_TYPES: Final[Mapping[FileKind, str]] = {
    FileKind.PDF: "application/pdf",
    FileKind.TXT: "text/plain",
    FileKind.CSV: "text/csv",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
    FileKind.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    FileKind.ODP: "application/vnd.oasis.opendocument.presentation",
}
IN_A_BOX: Final = {"content-security-policy": "default-src 'none'; sandbox"}
"""For a browser that opens it all the same."""


async def to_download(door: Door, conversation_id: str, file_id: str) -> File:
    """A file that was sent in that conversation, to be saved under its name; a 404 for others."""
    file = None
    if ID.fullmatch(file_id):
        file = await asyncio.to_thread(find_file, door.house, conversation_id, file_id)
    if file is None or not (door.uploads / file.file_name).is_file():
        raise WrongRequest(HTTP_404_NOT_FOUND, "not_found", "That file is not here.")

    return File(
        door.uploads / file.file_name,
        filename=file.name,
        media_type=MEDIA_TYPES[file.kind],
        content_disposition_type="attachment",
        headers=IN_A_BOX,
    )
