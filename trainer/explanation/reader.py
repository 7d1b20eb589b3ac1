"""Many drawings read at once, by a network and a memory, as the window reads one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.models.label_modes import labels_in_mode, restrict
from trainer.models.recognizer import Recognizer
from trainer.personalize.memory.reading import read_with_memory
from trainer.personalize.memory.stroke_memory import StrokeMemory
from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.strokes import Drawing

_BATCH = 64


@dataclass(frozen=True, kw_only=True, eq=False)
class Read:
    """probabilities: float64 (K,) of the reader's labels, adding up to 1. answer: place of the largest."""

    probabilities: NDArray[np.float64]
    refused: bool

    @property
    def answer(self) -> int:
        return int(self.probabilities.argmax())


class Reader:
    """labels: the network's within the mode, then the writer's own signs. mode: of
    trainer.models.label_modes, "" for every label. Raises ConfigError where the network reads none of it."""

    def __init__(
        self, recognizer: Recognizer, memory: StrokeMemory | None = None, *, mode: str = ""
    ) -> None:
        self.recognizer = recognizer
        self._memory = memory if memory is not None and len(memory) else None
        self._mode = mode
        own = () if self._memory is None else self._memory.own_labels(recognizer.labels)
        self.labels: tuple[str, ...] = labels_in_mode((*recognizer.labels, *own), mode)

    def read(self, drawings: Sequence[Drawing]) -> list[Read | None]:
        """None for a drawing that shows (nearly) nothing. Raises RunError as the recognizer does."""
        pictures = [picture_from_drawing(drawing) for drawing in drawings]
        there = [place for place, picture in enumerate(pictures) if picture is not None]
        found: list[Read | None] = [None] * len(drawings)
        for start in range(0, len(there), _BATCH):
            places = there[start : start + _BATCH]
            batch = np.stack([pictures[place] for place in places])  # type: ignore[misc]
            answers = self.recognizer.answers(batch)
            for row, place in enumerate(places):
                is_digit = None if answers.is_digit is None else answers.is_digit[row : row + 1]
                found[place] = self._read(
                    drawings[place], batch[row], answers.probabilities[row], is_digit
                )
        return found

    def _read(
        self,
        drawing: Drawing,
        picture: NDArray[np.uint8],
        probabilities: NDArray[np.float32],
        is_digit: NDArray[np.float32] | None,
    ) -> Read:
        network = self.recognizer
        if self._memory is None:
            alone = restrict(self._mode, network.labels, probabilities[None], is_digit)
            refused = alone.is_known is not None and alone.is_known[0] < network.threshold
            return Read(probabilities=alone.probabilities[0], refused=bool(refused))
        both = read_with_memory(
            self._memory,
            drawing,
            picture,
            labels=network.labels,
            probabilities=probabilities,
            is_digit=None if is_digit is None else float(is_digit[0]),
            threshold=network.threshold,
            mode=self._mode,
        )
        return Read(probabilities=both.probabilities, refused=both.refused)
