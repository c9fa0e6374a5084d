"""What the model knows, from the project's own domain."""

from ruamel.yaml import YAML

from bot.settings import ROOT


def known_intents() -> frozenset[str]:
    """Every intent of domain.yml that a buyer can mean."""
    domain = YAML(typ="safe").load(ROOT / "domain.yml")
    names = {next(iter(one)) if isinstance(one, dict) else one for one in domain["intents"]}

    return frozenset(names - {"nlu_fallback"})
