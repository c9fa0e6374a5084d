"""Messages as the widget's API shows them."""

from bot.casework.ports import ShownMessage
from bot.casework.turns import Floor

Json = dict[str, object]


def message_json(message: ShownMessage) -> Json:
    """One message of the transcript."""
    return {
        "seq": message.seq,
        "id": message.id,
        "sender": message.sender.value,
        "kind": message.kind,
        "text": message.text,
        "choices": [{"token": token, "label": label} for token, label in message.choices],
        "card": message.card,
        "attachments": [
            {"id": photo, "width": width, "height": height}
            for photo, width, height in message.photos
        ],
        "client_id": message.client_id,
        "created_at": message.created_at.isoformat().replace("+00:00", "Z"),
    }


def floor_json(floor: Floor) -> Json:
    """Who has the floor, as an event."""
    return {"floor": floor.value}
