"""What Rasa's training leaves out for us, and that nothing else is changed by it."""

import copy
import subprocess
import sys

from rasa.shared.nlu.training_data.message import Message

from bot.engine.training_runs import copy_deeply_enough


def test_a_copied_example_takes_other_properties_by_itself() -> None:
    """
    A component that sets something on the copy does not set it on the original.
    """
    original = Message({"text": "hi", "intent": "greet"})

    (copied,) = copy_deeply_enough([original])
    copied.set("tokens", ["hi"], add_to_output=True)
    copied.add_features(None)

    assert copied.get("text") == "hi"
    assert original.get("tokens") is None
    assert "tokens" not in original.output_properties


def test_other_contents_are_copied_as_ever() -> None:
    """
    Patterns and lookup tables are small.
    """
    tables = [{"name": "city", "elements": ["Riga"]}]

    copied = copy_deeply_enough(tables)
    copied[0]["elements"].append("Oslo")

    assert tables == [{"name": "city", "elements": ["Riga"]}]


def test_python_s_own_copy_is_left_alone() -> None:
    """
    Only the name in Rasa's module leads elsewhere.
    """
    assert copy.deepcopy is not copy_deeply_enough


def test_tensorflow_stays_out_of_our_pipeline_and_in_one_that_needs_it(tmp_path) -> None:
    """
    Half of the start and half of the memory; DIET still gets the real one.
    """
    ours, diet = tmp_path / "ours.yml", tmp_path / "diet.yml"
    ours.write_text("pipeline:\n- name: WhitespaceTokenizer\n")
    diet.write_text("pipeline:\n- name: WhitespaceTokenizer\n- name: DIETClassifier\n")
    program = (
        "import sys; from pathlib import Path;"
        "from bot.engine.without_tensorflow import leave_out_tensorflow;"
        "leave_out_tensorflow(Path(sys.argv[1]));"
        "import rasa.engine.recipes.default_components;"
        "print('tensorflow.python.framework.ops' in sys.modules"
        " and hasattr(sys.modules['tensorflow'], '__file__'))"
    )

    def has_tensorflow(config: object) -> str:
        ran = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", program, str(config)],
            capture_output=True,
            text=True,
            check=True,
        )
        return ran.stdout.splitlines()[-1]

    assert has_tensorflow(ours) == "False"
    assert has_tensorflow(diet) == "True"
