"""Networks of which there is nothing but the header: what a tree of them is read from."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.trainer.weights_files import put_together
from trainer.base.paths import file_hash, models_folder
from trainer.models.weights_card import WeightsCard

CARD = WeightsCard(architecture="lenet5", labels=tuple("0123456789"))

#: What personalization measures.
PERSONALIZED = {
    "hand_count": 30,
    "hand_right_before": 0.9,
    "hand_right": 0.96,
    "reference_before": 0.99,
    "reference": 0.985,
}


def network(name: str, folder: Path | None = None, **card: Any) -> Path:
    """A stored network, in the user's folder unless another is named."""
    path = (folder or models_folder()) / f"{name}.safetensors"
    path.parent.mkdir(parents=True, exist_ok=True)
    document = json.dumps(replace(CARD, **card).to_json())
    path.write_bytes(put_together({"__metadata__": {"handwrite": document}}, b""))
    return path


def personalized(name: str, parent: Path, writer: str = "Ada", **card: Any) -> Path:
    """A child that is personalized to a writer."""
    card = {
        "parent": parent.stem,
        "parent_hash": file_hash(parent),
        "metrics": PERSONALIZED,
        **card,
    }
    return network(name, writer=writer, **card)
