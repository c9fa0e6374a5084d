"""A small model of this very project, trained once for all tests that need Rasa whole."""

from pathlib import Path

import pytest
from rasa.model_training import train

from bot.engine.entities.finder import EntityFinder
from bot.engine.entities.pattern_files import read_patterns

EXAMPLES = {
    "greet": ["hello", "hi", "hello there", "hi there", "good morning", "good day"],
    "thanks": ["thanks", "thank you", "many thanks", "thanks a lot", "thank you so much"],
    "damaged_item": [
        "the mug from order [DEMO-1003](order_number) is broken",
        "it is broken",
        "the lamp is broken",
        "my mug came broken",
        "the lamp came broken",
    ],
    "provide_details": [
        "[jane@example.com](email)",
        "my address is [joe@example.com](email)",
        "the number is [DEMO-1004](order_number)",
        "my number is [#1005](order_number)",
    ],
    "human_agent": ["a person please", "I want a person", "give me a person", "human please"],
    "out_of_scope": ["tell me a joke", "sing me a song", "tell me a story", "how is the weather"],
}


@pytest.fixture(scope="session")
def finder() -> EntityFinder:
    """With the patterns of data/entities."""
    return EntityFinder(read_patterns(Path("data/entities")))


def pytest_configure(config: pytest.Config) -> None:
    """Rasa's libraries warn of one another's age; nothing of it is ours to mend."""
    config.option.disable_warnings = True


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our pipeline, domain, rules and patterns, taught a handful of examples in seconds."""
    folder = tmp_path_factory.mktemp("model")
    lines = ['version: "3.1"', "nlu:"]
    for intent, examples in EXAMPLES.items():
        lines += [f"- intent: {intent}", "  examples: |", *(f"    - {text}" for text in examples)]
    (folder / "nlu.yml").write_text("\n".join(lines))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RASA_CACHE_DIRECTORY", str(folder / "cache"))
        result = train(
            domain="domain.yml",
            config="config.yml",
            training_files=[str(folder / "nlu.yml"), "data/rules.yml"],
            output=str(folder),
            fixed_model_name="small",
        )

    assert result.code == 0
    return Path(result.model)
