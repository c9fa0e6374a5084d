"""What a folder with a BERT model says of itself, beside its weights."""

import json
from dataclasses import dataclass
from pathlib import Path

from bot.engine.encoders.weights import UnreadableEncoder


@dataclass(frozen=True)
class Shape:
    """What the weights do not say by their own shapes: from the model's config.json."""

    layers: int
    heads: int
    epsilon: float
    pools_first: bool
    """The vector of the first token is the sentence's, instead of the mean of all."""


def read_shape(folder: Path) -> Shape:
    """What config.json says of the model; `UnreadableEncoder` if it is no BERT."""
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        pooling_file = folder / "1_Pooling" / "config.json"
        pooling = json.loads(pooling_file.read_text("utf-8")) if pooling_file.exists() else {}
        if config["model_type"] != "bert" or config.get("hidden_act", "gelu") != "gelu":
            raise UnreadableEncoder(f"{folder} is a {config['model_type']}, and BERT is wanted.")
        return Shape(
            layers=config["num_hidden_layers"],
            heads=config["num_attention_heads"],
            epsilon=config.get("layer_norm_eps", 1e-12),
            pools_first=bool(pooling.get("pooling_mode_cls_token")),
        )
    except (OSError, ValueError, KeyError) as error:
        if isinstance(error, UnreadableEncoder):
            raise
        raise UnreadableEncoder(f"{folder}: config.json cannot be read: {error!r}") from error
