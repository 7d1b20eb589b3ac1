"""The card in the header of a weights file, validated field by field, as the file may be anybody's."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from trainer.base.errors import WeightsError
from trainer.base.labels import NO_LABEL
from trainer.models.data_sources import WRITER, DataSource, parsed, prose, with_writer
from trainer.picture.preprocess import PREPROCESSING

#: Bounds of a temperature, in a fit and in a file.
TEMPERATURES = (0.05, 20.0)

_FORMAT = 1
# A foreign file may ask its builder for anything; these bounds keep it from asking for a planet.
_ARGUMENT_LIMIT = 1024
_ARGUMENT_LENGTH = 100
_LABELS_LIMIT = 10_000
_SOURCES_LIMIT = 1000
_NUMBER_LIMIT = 1e6  # of mean and std, and of 1 / std: what float32 arithmetic stays finite with


@dataclass(frozen=True, kw_only=True)
class WeightsCard:
    """The description of a network in its weights file.

    architecture and arguments name the builder in trainer.networks; labels[i] is the label of output i;
    mean and std normalise the image's 0…1; logits are divided by temperature before they become
    probabilities (trainer.models.calibration); preprocessing is the version of the input's preprocessing;
    threshold is the least probability of having any of the labels at which a drawing is answered, None for a
    network that rejects nothing (trainer.models.rejection), else it has one output more than labels.

    sources and training_images are the data that it was trained on; data says the same in a sentence, for
    earlier versions, and alone where the sentence could not be taken apart: each is made of the other.
    parent is the name of the network that it was made from, parent_hash the SHA-256 of its file, writer the
    name of the writer that it is personalized to. program is the version that trained it, licence that of
    the weights, created an ISO 8601 time. "" where there is none, or it is unknown.
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
    sources: tuple[DataSource, ...] = ()
    training_images: int = 0
    recipe: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    parent: str = ""
    parent_hash: str = ""
    writer: str = ""
    created: str = ""
    program: str = ""
    licence: str = ""

    def __post_init__(self) -> None:
        if self.sources and not self.data:
            object.__setattr__(self, "data", prose(self.sources, self.training_images))
        elif self.data and not self.sources:
            sources, images = parsed(self.data)
            object.__setattr__(self, "sources", sources)
            object.__setattr__(self, "training_images", images)

    @property
    def writer_drawings(self) -> int | None:
        """How many drawings of its writer it was fine-tuned on; None where its card does not tell."""
        last = self.sources[-1] if self.sources else None
        return last.count if last is not None and last.kind == WRITER else None

    @property
    def outputs(self) -> tuple[str, ...]:
        """The label of every output of the network."""
        return self.labels if self.threshold is None else (*self.labels, NO_LABEL)

    def personalized_to(self, writer: str, drawings: int) -> WeightsCard:
        """The card after fine-tuning on so many drawings of a writer, "" for an unnamed one."""
        sources = (*self.sources, DataSource(name=writer, kind=WRITER, count=drawings))
        if self.data and not self.sources:  # a sentence that nothing is known of
            data = with_writer(self.data, writer, drawings)
            return dataclasses.replace(self, writer=writer, data=data, sources=())
        return dataclasses.replace(self, writer=writer, data="", sources=sources)

    @classmethod
    def from_json(cls, document: object) -> WeightsCard:
        """Raises WeightsError where a field is missing or of the wrong kind."""
        if not isinstance(document, Mapping):
            raise WeightsError("card.no-object", "its description is not a JSON object")
        if document.get("format") != _FORMAT:
            raise WeightsError(
                "card.format",
                "its description has the format {found}, this program reads {wanted}",
                found=repr(document.get("format")),
                wanted=_FORMAT,
            )
        known = {f.name for f in dataclasses.fields(cls)}
        values = {key: value for key, value in document.items() if key in known}
        for name, kinds in _KINDS.items():
            if name in values and (
                not isinstance(values[name], kinds) or isinstance(values[name], bool)
            ):
                raise _unusable(name)
        values["labels"] = _labels(values.get("labels"))
        values["sources"] = _sources(values.get("sources", []))
        if not values.get("architecture"):
            raise WeightsError("card.no-architecture", "its description names no architecture")
        if not abs(values.get("mean", 0.0)) <= _NUMBER_LIMIT:
            raise _unusable("mean")
        if not 1 / _NUMBER_LIMIT <= values.get("std", 1.0) <= _NUMBER_LIMIT:
            raise _unusable("std")
        if not TEMPERATURES[0] <= values.get("temperature", 1.0) <= TEMPERATURES[1]:
            raise _unusable("temperature")
        threshold = values.get("threshold")
        if threshold is not None and not (
            isinstance(threshold, int | float)
            and not isinstance(threshold, bool)
            and 0 <= threshold <= 1
        ):
            raise _unusable("threshold")
        for name, value in values.get("arguments", {}).items():
            if not _is_possible_argument(value):
                raise WeightsError(
                    "card.argument",
                    "its network's argument '{name}' is out of bounds",
                    name=name,
                )
        for name, value in values.get("metrics", {}).items():
            # No comparison holds for NaN; an int may be larger than any float.
            if type(value) not in (int, float) or not abs(value) <= sys.float_info.max:
                raise WeightsError(
                    "card.metric",
                    "its description has an unusable metric '{name}'",
                    name=name,
                )
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        """As JSON returns it: lists, no tuples. Fields of later versions only where they hold something."""
        document = {
            **dataclasses.asdict(self),
            "labels": list(self.labels),
            "sources": [dataclasses.asdict(source) for source in self.sources],
        }
        for name in ("sources", "training_images", "program", "licence"):
            if not document[name]:
                del document[name]
        return {"format": _FORMAT, **document}


def _unusable(name: str) -> WeightsError:
    return WeightsError("card.field", "its description has an unusable '{name}'", name=name)


def _sources(found: object) -> tuple[DataSource, ...]:
    try:
        sources = msgspec.convert(found, tuple[DataSource, ...])
    except (msgspec.ValidationError, RecursionError, OverflowError) as error:
        raise _unusable("sources") from error
    if len(sources) > _SOURCES_LIMIT:
        raise _unusable("sources")
    return sources


def _labels(found: object) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(x, str) and x.strip() for x in found):
        raise WeightsError("card.no-labels", "its description names no labels")
    if not 2 <= len(found) <= _LABELS_LIMIT:
        raise WeightsError(
            "card.label-count", "its description names {count:,} labels", count=len(found)
        )
    if len(set(found)) != len(found):
        raise WeightsError("card.label-twice", "its description names a label twice")
    if NO_LABEL in found:
        raise WeightsError(
            "card.reserved-label",
            "its description names '{label}' as a label",
            label=NO_LABEL,
        )
    return tuple(found)


def _is_possible_argument(value: object) -> bool:
    """Widths and depths are whole numbers from 1 on, rates are floats, variants have short names."""
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
    "training_images": int,
    "recipe": dict,
    "metrics": dict,
    "parent": str,
    "parent_hash": str,
    "writer": str,
    "created": str,
    "program": str,
    "licence": str,
}
