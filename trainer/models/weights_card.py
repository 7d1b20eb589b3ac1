"""What a weights file says of itself, and how a foreign one's word is taken: not at all, until checked."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trainer.base.errors import WeightsError
from trainer.base.labels import NO_LABEL
from trainer.picture.preprocess import PREPROCESSING

#: Bounds of a temperature, in a fit and in a file.
TEMPERATURES = (0.05, 20.0)

_FORMAT = 1
# A foreign file may ask its builder for anything; these bounds keep it from asking for a planet.
_ARGUMENT_LIMIT = 1024
_ARGUMENT_LENGTH = 100
_LABELS_LIMIT = 10_000
_NUMBER_LIMIT = 1e6  # of mean and std, and of 1 / std: what float32 arithmetic stays finite with


@dataclass(frozen=True, kw_only=True)
class WeightsCard:
    """What a weights file says of itself.

    architecture and arguments name the builder in trainer.networks; labels[i] is what output i means;
    mean and std normalise the picture's 0…1; logits are divided by temperature before they become
    probabilities (trainer.models.calibration); preprocessing is the version of the picture's recipe;
    threshold is how probable it must be that a drawing has one of the labels for it to be answered, None
    where the network has not learned to refuse (trainer.models.rejection), else it has an output more than
    labels; metrics, data, recipe, parent and created tell where the network comes from: parent is the name
    of the network that it was made from, parent_hash the SHA-256 of that one's file, writer the person whose
    hand it was taught; "" where there is none.
    """

    architecture: str
    labels: tuple[str, ...]
    arguments: dict[str, Any] = field(default_factory=dict)
    mean: float = 0.0
    std: float = 1.0
    temperature: float = 1.0
    preprocessing: str = PREPROCESSING
    threshold: float | None = None
    title: str = ""
    data: str = ""
    recipe: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    parent: str = ""
    parent_hash: str = ""
    writer: str = ""
    created: str = ""

    @property
    def outputs(self) -> tuple[str, ...]:
        """What every output of the network stands for."""
        return self.labels if self.threshold is None else (*self.labels, NO_LABEL)

    @classmethod
    def from_json(cls, document: object) -> WeightsCard:
        """Raises WeightsError where a field is missing or of the wrong kind."""
        if not isinstance(document, Mapping):
            raise WeightsError("its description is not a JSON object")
        if document.get("format") != _FORMAT:
            raise WeightsError(
                f"its description has the format {document.get('format')!r}, this program reads {_FORMAT}"
            )
        known = {f.name for f in dataclasses.fields(cls)}
        values = {key: value for key, value in document.items() if key in known}
        for name, kinds in _KINDS.items():
            if name in values and (
                not isinstance(values[name], kinds) or isinstance(values[name], bool)
            ):
                raise WeightsError(f"its description has an unusable {name!r}")
        values["labels"] = _labels(values.get("labels"))
        if not values.get("architecture"):
            raise WeightsError("its description names no architecture")
        if not abs(values.get("mean", 0.0)) <= _NUMBER_LIMIT:
            raise WeightsError("its description has an unusable 'mean'")
        if not 1 / _NUMBER_LIMIT <= values.get("std", 1.0) <= _NUMBER_LIMIT:
            raise WeightsError("its description has an unusable 'std'")
        if not TEMPERATURES[0] <= values.get("temperature", 1.0) <= TEMPERATURES[1]:
            raise WeightsError("its description has an unusable 'temperature'")
        threshold = values.get("threshold")
        if threshold is not None and not (
            isinstance(threshold, int | float)
            and not isinstance(threshold, bool)
            and 0 <= threshold <= 1
        ):
            raise WeightsError("its description has an unusable 'threshold'")
        for name, value in values.get("arguments", {}).items():
            if not _is_possible_argument(value):
                raise WeightsError(f"its network's argument {name!r} is out of bounds")
        for name, value in values.get("metrics", {}).items():
            # No comparison holds for NaN; an int may be larger than any float.
            if type(value) not in (int, float) or not abs(value) <= sys.float_info.max:
                raise WeightsError(f"its description has an unusable metric {name!r}")
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        return {"format": _FORMAT, **dataclasses.asdict(self), "labels": list(self.labels)}


def _labels(found: object) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(x, str) and x.strip() for x in found):
        raise WeightsError("its description names no labels")
    if not 2 <= len(found) <= _LABELS_LIMIT:
        raise WeightsError(f"its description names {len(found):,} labels")
    if len(set(found)) != len(found):
        raise WeightsError("its description names a label twice")
    if NO_LABEL in found:
        raise WeightsError(f"its description names {NO_LABEL!r} as a label")
    return tuple(found)


def _is_possible_argument(value: object) -> bool:
    """Widths and depths are whole numbers from 1 on, shares are floats, variants have short names."""
    match value:
        case bool():
            return False
        case int():
            return 1 <= value <= _ARGUMENT_LIMIT
        case float():
            return abs(value) <= _ARGUMENT_LIMIT
        case str():
            return len(value) <= _ARGUMENT_LENGTH
        case _:
            return False


_KINDS: dict[str, type | tuple[type, ...]] = {
    "architecture": str,
    "arguments": dict,
    "mean": (int, float),
    "std": (int, float),
    "temperature": (int, float),
    "preprocessing": str,
    "title": str,
    "data": str,
    "recipe": dict,
    "metrics": dict,
    "parent": str,
    "parent_hash": str,
    "writer": str,
    "created": str,
}
