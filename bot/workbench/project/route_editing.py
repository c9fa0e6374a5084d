"""An intent in domain.yml and in data/rules.yml: in, out, and under another name."""

from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from bot.workbench.project.files import DOMAIN, RULES, Project
from bot.workbench.project.wrong_edit import WrongEdit
from bot.workbench.project.yaml_places import (
    Splice,
    below,
    compose,
    items_of,
    line_end,
    line_start,
    lines_of,
    newline_of,
    span_of,
    splice,
    text_of,
    value_of,
    without_lines,
)


def add_intent(project: Project, intent: str, action: str) -> Project:
    """An intent at the end of the domain's and of those that the action's rule names."""
    domain = project.texts[DOMAIN]
    listed = value_of(compose(DOMAIN, domain), "intents")
    if not isinstance(listed, SequenceNode) or listed.flow_style or not listed.value:
        raise WrongEdit("broken_file", f"{DOMAIN}: a list of intents, one a line, is expected.")
    line = f"{' ' * listed.start_mark.column}- {intent}"
    place = lines_of(domain, listed)[1]
    project = project.with_text(DOMAIN, splice(domain, [below(domain, place, [line])]))

    return project.with_text(RULES, _with_route(project.texts[RULES], intent, action))


def drop_intent(project: Project, intent: str) -> Project:
    """Without that intent in the domain and in the rules."""
    domain = project.texts[DOMAIN]
    items = items_of(value_of(compose(DOMAIN, domain), "intents"))
    gone = [without_lines(domain, *lines_of(domain, item)) for item in items if _is(item, intent)]
    project = project.with_text(DOMAIN, splice(domain, gone))

    return project.with_text(RULES, _without_route(project.texts[RULES], intent))


def rename_intent(project: Project, old: str, new: str) -> Project:
    """That intent under another name, in its old places."""
    domain, rules = project.texts[DOMAIN], project.texts[RULES]
    items = items_of(value_of(compose(DOMAIN, domain), "intents"))
    named = [_name_of(item) for item in items if _is(item, old)]
    heard = [node for steps in _steps(rules) for node in _heard(steps) if text_of(node) == old]
    project = project.with_text(
        DOMAIN, splice(domain, [(*span_of(domain, node), new) for node in named])
    )

    return project.with_text(RULES, splice(rules, [(*span_of(rules, one), new) for one in heard]))


def _with_route(rules: str, intent: str, action: str) -> str:
    found = [
        steps
        for steps in _steps(rules)
        if len(steps) == 2 and text_of(value_of(steps[1], "action")) == action
    ]
    # One that has a list already, if there is any.
    steps = next((one for one in found if value_of(one[0], "or")), next(iter(found), None))
    if steps is None:
        raise WrongEdit("broken_file", f"{RULES} has no rule with the action {action}.")
    alternatives = value_of(steps[0], "or")
    if isinstance(alternatives, SequenceNode) and not alternatives.flow_style:
        line = f"{' ' * alternatives.start_mark.column}- intent: {intent}"
        return splice(rules, [below(rules, lines_of(rules, alternatives)[1], [line])])

    start, end = lines_of(rules, steps[0])
    alone = rules[start:end]
    indent = alone[: len(alone) - len(alone.lstrip(" "))]
    newline = newline_of(rules)

    return splice(
        rules,
        [
            (start, start, f"{indent}- or:{newline}  "),
            below(rules, end, [f"{indent}  - intent: {intent}"]),
        ],
    )


def _without_route(rules: str, intent: str) -> str:
    changes: list[Splice] = []
    for steps in _steps(rules):
        heard = _heard(steps)
        if intent not in [text_of(node) for node in heard]:
            continue
        others = [node for node in heard if text_of(node) != intent]
        if not others:
            raise WrongEdit(
                "broken_file", f"{RULES}: {intent} is all that one of the rules is about."
            )
        if len(others) > 1:
            changes += [
                without_lines(rules, *_lines(rules, node)) for node in heard if node not in others
            ]
            continue
        # A rule about one intent is written without a list.
        start, end = lines_of(rules, steps[0])
        first = rules[start : line_end(rules, start)]
        indent = first[: len(first) - len(first.lstrip(" "))]
        kept = rules[slice(*_lines(rules, others[0]))].lstrip(" ")
        changes.append((start, end, f"{indent}{kept}"))

    return splice(rules, changes)


def _steps(rules: str) -> list[list[Node]]:
    """The steps of each rule."""
    return [
        items_of(value_of(rule, "steps"))
        for rule in items_of(value_of(compose(RULES, rules), "rules"))
    ]


def _heard(steps: list[Node]) -> list[Node]:
    """The names of the intents that a rule is about."""
    if not steps:
        return []
    named = (value_of(one, "intent") for one in items_of(value_of(steps[0], "or")) or [steps[0]])

    return [node for node in named if node is not None]


def _lines(text: str, node: Node) -> tuple[int, int]:
    start, end = span_of(text, node)

    return line_start(text, start), line_end(text, end)


def _name_of(item: Node) -> Node:
    if isinstance(item, MappingNode) and item.value:
        name: Node = item.value[0][0]
        return name

    return item


def _is(item: Node, intent: str) -> bool:
    return text_of(_name_of(item)) == intent
