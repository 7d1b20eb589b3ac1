"""A written character read by the network alone: a memory of the writer's drawings would be too kind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trainer.base.labels import CAPITALS, DIGITS
from trainer.handwriting.writing import Reads
from trainer.models.label_modes import in_mode, restrict
from trainer.models.recognizer import Recognizer
from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.strokes import Drawing


def reads_with(recognizer: Recognizer) -> Reads:
    """The probability of a label in each drawing, among the digits for a digit and among the letters for a
    letter, of either case; 0 where another one is more probable, where the drawing is rejected, and where
    there is nothing to read."""
    labels = recognizer.labels

    def read(drawings: Sequence[Drawing], label: str) -> NDArray[np.float64] | None:
        mode = "digits" if label in DIGITS else "letters" if label.upper() in CAPITALS else ""
        wanted = in_mode(label, mode)
        if wanted is None or wanted not in {in_mode(one, mode) for one in labels}:
            return None
        found = np.zeros(len(drawings))
        pictures = [picture_from_drawing(drawing) for drawing in drawings]
        there = [place for place, picture in enumerate(pictures) if picture is not None]
        if not there:
            return found
        answers = recognizer.answers([p for p in pictures if p is not None])
        inside = restrict(mode, labels, answers.probabilities, answers.is_digit)
        column = inside.labels.index(wanted)
        for row, place in enumerate(there):
            probabilities = inside.probabilities[row]
            rejected = inside.is_known is not None and inside.is_known[row] < recognizer.threshold
            if not rejected and int(probabilities.argmax()) == column:
                found[place] = float(probabilities[column])
        return found

    return read
