"""The contents of a report: plain numbers, texts and small PNG files in memory."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from trainer.evaluation.metrics import Evaluation, ReliabilityBin

SHOWN = 50  # images of each kind


@dataclass(frozen=True, kw_only=True)
class ShownPicture:
    """An image of the data and the network's answer. png: a grey PNG of 28 × 28, white ink on black.

    place: its index in the split, or in the file `source`. probability: of the answer; target_probability: of
    the correct label; loss: −ln of the latter. before: the earlier network's answer, where there was one.
    """

    place: int
    source: str
    target: str
    answer: str
    probability: float
    target_probability: float
    loss: float
    png: bytes = field(repr=False)
    before: str | None = None

    @property
    def data_uri(self) -> str:
        return "data:image/png;base64," + base64.b64encode(self.png).decode("ascii")


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """An earlier network (the parent, or the active model) on the same images.

    fixed_count and broken_count: images that only the new network reads correctly, and only the earlier one;
    fixed and broken: at most SHOWN of each, the largest loss of the wrong answer first.
    """

    metrics: Evaluation
    fixed_count: int
    broken_count: int
    fixed: tuple[ShownPicture, ...]
    broken: tuple[ShownPicture, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """about: further facts for the reader, by name. worst: the SHOWN images of the largest loss.

    temperature: of the probabilities, and so of loss and calibration error.
    """

    title: str
    created: str  # ISO 8601, local time with its zone
    about: dict[str, str]
    metrics: Evaluation
    temperature: float
    reliability: tuple[ReliabilityBin, ...]
    worst: tuple[ShownPicture, ...]
    before: Comparison | None = None

    def to_json(self) -> dict[str, Any]:
        """As `evaluate --json`, and more; images are data URIs."""
        return {
            "title": self.title,
            "created": self.created,
            "about": self.about,
            **self.metrics.to_json(),
            "temperature": self.temperature,
            "reliability": [dataclasses.asdict(row) for row in self.reliability],
            "worst": _pictures_to_json(self.worst),
            "before": self.before
            and {
                **self.before.metrics.to_json(),
                "fixed_count": self.before.fixed_count,
                "broken_count": self.before.broken_count,
                "fixed": _pictures_to_json(self.before.fixed),
                "broken": _pictures_to_json(self.before.broken),
            },
        }


def _pictures_to_json(pictures: Sequence[ShownPicture]) -> list[dict[str, Any]]:
    return [
        {
            **{f.name: getattr(p, f.name) for f in dataclasses.fields(p) if f.name != "png"},
            "picture": p.data_uri,
        }
        for p in pictures
    ]
