"""The extractor as a part of Rasa's pipeline."""

import asyncio
from datetime import date, datetime
from pathlib import Path

import pytest
from rasa.core.agent import load_agent
from rasa.core.channels.channel import UserMessage
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.entities.pattern_files import BrokenPatterns
from bot.engine.entity_extractor import EntityExtractor

CUES = Path("data/entities/cues.yml").read_text("utf-8")
VOUCHER = "entity: voucher\npatterns:\n- tokens: /vo\\d{3}/\n"
CONTEXT = ExecutionContext(GraphSchema({}), "model")


def extractor(files: Path, storage: Path) -> EntityExtractor:
    """An extractor trained with the files and loaded from what it stored."""
    storage.mkdir(exist_ok=True)
    model, resource = LocalModelStorage(storage), Resource("entities")
    config = {**EntityExtractor.get_default_config(), "patterns": str(files)}
    EntityExtractor.create(config, model, resource, CONTEXT).train(TrainingData())
    return EntityExtractor.load(config, model, resource, CONTEXT)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Pattern files of a trainer."""
    folder = tmp_path / "patterns"
    folder.mkdir()
    (folder / "cues.yml").write_text(CUES, "utf-8")
    (folder / "voucher.yml").write_text(VOUCHER)
    return folder


def test_a_model_needs_no_files_beside_it(files: Path, tmp_path: Path) -> None:
    """
    It finds what it was trained with, though the files are gone.
    """
    model, resource = LocalModelStorage(tmp_path), Resource("entities")
    config = {"patterns": str(files)}
    EntityExtractor.create(config, model, resource, CONTEXT).train(TrainingData())
    for file in files.iterdir():
        file.unlink()

    [message] = EntityExtractor.load(config, model, resource, CONTEXT).process(
        [Message({"text": "use VO123"})]
    )

    assert message.get("entities") == [
        {
            "entity": "voucher",
            "start": 4,
            "end": 9,
            "value": "VO123",
            "normalized": "vo123",
            "extractor": "EntityExtractor",
        }
    ]


def test_a_changed_file_is_trained_anew(files: Path) -> None:
    """
    Rasa's cache takes a component by its fingerprint.
    """
    config = {"patterns": str(files)}
    before = EntityExtractor.fingerprint_addon(config)
    (files / "voucher.yml").write_text(VOUCHER.replace("3", "4"))

    assert EntityExtractor.fingerprint_addon(config) != before


def test_a_broken_file_stops_the_training(files: Path, tmp_path: Path) -> None:
    """
    The line says where.
    """
    (files / "voucher.yml").write_text(VOUCHER + "- tokens: /(/\n")

    with pytest.raises(BrokenPatterns, match=r"voucher\.yml:4: "):
        extractor(files, tmp_path / "model")


@pytest.mark.parametrize(
    ("metadata", "today"),
    [
        ({"today": "2026-11-25"}, date(2026, 11, 25)),
        ({"today": "soon"}, None),
        ({"today": 7}, None),
        ({}, None),
        (None, None),
    ],
)
def test_a_day_is_seen_from_the_messages_day(
    metadata: "dict[str, object] | None", today: "date | None", tmp_path: Path
) -> None:
    """
    From today's where a message has none.
    """
    message = Message({"text": "today", "metadata": metadata})

    extractor(Path("data/entities").resolve(), tmp_path / "model").process([message])

    [entity] = message.get("entities")
    expected = today or datetime.now().astimezone().date()
    assert entity["normalized"] == expected.isoformat()


def test_a_message_without_a_text_has_no_entities(files: Path, tmp_path: Path) -> None:
    """
    A button has none.
    """
    message = Message({"action_name": "action_listen"})

    extractor(files, tmp_path / "model").process([message])

    assert message.get("entities") == []


def test_the_trained_model_names_them_in_its_answer(model: Path) -> None:
    """
    Values as written, and what they mean.
    """

    async def parse() -> "list[dict[str, object]]":
        processor = (await load_agent(str(model))).processor
        parsed = await processor.parse_message(UserMessage("demo 1003 came broken, XL"))
        return list(parsed["entities"])

    entities = asyncio.run(parse())

    assert [(one["entity"], one["value"], one["normalized"]) for one in entities] == [
        ("order_number", "demo 1003", "DEMO-1003"),
        ("size", "XL", "XL"),
    ]
