"""How far a training has come, from Rasa's own lines."""

from bot.teaching.training_steps import STEPS, WHOLE, Progress

LINE = "2026-11-26 04:32:24 INFO     rasa.engine.training.hooks  - {} component '{}'.\n"
START, END = "Starting to train", "Finished training"
SAID = (
    LINE.format(START, "EntityExtractor"),
    LINE.format(END, "EntityExtractor"),
    LINE.format(START, "IntentClassifier"),
    LINE.format(END, "IntentClassifier"),
    LINE.format(START, "RulePolicy"),
    LINE.format(END, "RulePolicy"),
)


def test_each_line_is_a_step():
    """
    In the order in which Rasa trains, and each in words.
    """
    progress, words = Progress(0.0), []
    for number, line in enumerate(SAID):
        progress.hear(line, 10.0 * number)
        words.append(progress.words)

    assert list(dict.fromkeys(words)) == [step.words for step in STEPS[1:]]


def test_it_grows_and_never_reaches_the_end_by_itself():
    """
    A step that takes longer than it was measured is nearly done, for ever.
    """
    progress = Progress(0.0)
    shares = [progress.share(float(second)) for second in range(0, 500, 5)]

    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] < STEPS[0].seconds / WHOLE


def test_a_slow_machine_is_reckoned_with():
    """
    Where the first step took three times as long, the next is expected to do so, too.
    """
    quick, slow = Progress(0.0), Progress(0.0)
    first = STEPS[0].seconds
    quick.hear(SAID[0] + SAID[1], first)
    slow.hear(SAID[0] + SAID[1], 3 * first)
    gained = [
        one.share(begun + 10) - one.share(begun)
        for one, begun in ((quick, first), (slow, 3 * first))
    ]

    assert gained[0] > 2 * gained[1] > 0


def test_a_line_in_pieces_is_one_line():
    """
    The log is read while it is written.
    """
    progress = Progress(0.0)
    for letter in SAID[0]:
        progress.hear(letter, 1.0)

    assert progress.words == STEPS[1].words


def test_steps_never_go_back():
    """
    Whatever order a pipeline trains in.
    """
    progress = Progress(0.0)
    progress.hear(SAID[4], 5.0)
    share = progress.share(5.0)
    progress.hear(SAID[0], 6.0)

    assert progress.share(6.0) >= share


def test_components_of_others_are_named():
    """
    A pipeline may be another than ours.
    """
    progress = Progress(0.0)
    progress.hear(LINE.format(START, "DIETClassifier"), 1.0)

    assert progress.words == "Training DIETClassifier"
