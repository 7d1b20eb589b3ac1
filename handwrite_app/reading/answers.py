"""Answers about drawings, and when an answer about an earlier drawing still holds. Knows no Qt."""

from __future__ import annotations

from typing import NamedTuple

from trainer.picture.strokes import Drawing, Stroke
from trainer.processes.recognition_messages import Loaded, Reading


class Answer(NamedTuple):
    """What a network answered about exactly this drawing."""

    drawing: Drawing
    reading: Reading
    network: Loaded | None


def continues(before: Drawing, now: Drawing) -> bool:
    """Whether `now` is `before` with more ink: all of its strokes in their order, of which the last may have
    grown, over the same opened picture. Ink on an empty paper is another drawing."""
    if before.is_empty:
        return now.is_empty
    if now.image is not before.image or len(now.strokes) < len(before.strokes):
        return False
    if not before.strokes:
        return True
    *whole, last = before.strokes
    *same, grown = now.strokes[: len(before.strokes)]
    return all(one is other for one, other in zip(whole, same, strict=True)) and _grew(last, grown)


def _grew(before: Stroke, now: Stroke) -> bool:
    if before is now:
        return True
    count = len(before.points)
    return len(now.points) >= count and bool((before.points == now.points[:count]).all())
