"""What is read on a line or a page: characters with their places. Knows no network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

Box = tuple[float, float, float, float]  # x, y, width, height

#: Characters that are only guessed are counted in the text as this one.
UNREAD = "?"


@dataclass(frozen=True, kw_only=True)
class LineOptions:
    """How a line is read. signs: whether + − × ÷ = and the decimal point are read. words: a file of words,
    one a line, of which a line of letters may be one, case ignored (trainer.segmentation.words)."""

    signs: bool = False
    words: Path | None = None


PLAIN = LineOptions()


@dataclass(frozen=True, kw_only=True)
class Span:
    """Points first … last - 1 of stroke number `stroke` of the drawing."""

    stroke: int
    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class Character:
    """One character of a line.

    label: the most probable, or the one that its neighbours or a list of words settle; of a refused one
    the nearest guess. certain: that this ink is one character, 0…1. probability: of that and of the
    label, as the network says it; where neighbours settled it, of all labels that no picture tells from
    it. box: of its ink, in the units of the drawing or the image's pixels. alternatives: labels in
    descending order of probability, without the first. probabilities: one for each label of the network,
    given that the ink is one character; empty for a sign that is known by its shape. is_digit: what the
    network says to its being any label; None where it cannot tell. refused: whether the network holds it
    for none of its labels. picture: its 784 bytes, as the network saw it. spans: its strokes; empty for a
    character of an image.
    """

    label: str
    probability: float
    box: Box
    alternatives: tuple[tuple[str, float], ...] = ()
    probabilities: tuple[float, ...] = ()
    refused: bool = False
    is_digit: float | None = None
    picture: bytes = b""
    spans: tuple[Span, ...] = ()
    certain: float = 1.0

    def to_json(self) -> dict[str, Any]:
        document: dict[str, Any] = {
            "label": self.label,
            "probability": round(self.probability, 6),
            "box": [round(side, 3) for side in self.box],
            "alternatives": [
                {"label": label, "probability": round(p, 6)} for label, p in self.alternatives
            ],
        }
        return document | ({"refused": True} if self.refused else {})


@dataclass(frozen=True, kw_only=True)
class Line:
    """Characters from left to right.

    text: their labels, UNREAD for refused ones. probability: that all of it is right. answer: what a sum
    that ends in "=" comes to, "" where there is none. divided: that the ink is so divided.
    """

    text: str
    probability: float
    characters: tuple[Character, ...]
    answer: str = ""
    divided: float = 1.0

    @property
    def box(self) -> Box:
        return around([c.box for c in self.characters])

    def to_json(self) -> dict[str, Any]:
        document: dict[str, Any] = {
            "text": self.text,
            "probability": round(self.probability, 6),
            "characters": [c.to_json() for c in self.characters],
        }
        return document | ({"answer": self.answer} if self.answer else {})


def around(boxes: list[Box]) -> Box:
    """The box around boxes; all 0 where there are none."""
    if not boxes:
        return (0.0, 0.0, 0.0, 0.0)
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    right, bottom = max(b[0] + b[2] for b in boxes), max(b[1] + b[3] for b in boxes)
    return (left, top, right - left, bottom - top)
