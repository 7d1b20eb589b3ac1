"""Lines of writing, with every character compared with a writer's kept drawings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trainer.models.label_modes import labels_in_mode
from trainer.personalize.memory.reading import MemoryReading, read_with_memory
from trainer.picture.strokes import Drawing
from trainer.segmentation.ink.pieces import strokes_of
from trainer.segmentation.line import in_context, with_characters
from trainer.segmentation.reading import PLAIN, Character, Line, LineOptions

if TYPE_CHECKING:
    from trainer.models.recognizer import Recognizer
    from trainer.personalize.memory.stroke_memory import StrokeMemory

_ALTERNATIVES = 3
_LEAST = 0.005


def line_with_memory(
    line: Line,
    drawing: Drawing,
    memory: StrokeMemory,
    network: Recognizer,
    options: LineOptions | None,
    *,
    mode: str = "",
) -> Line:
    """The line with labels and probabilities of network and memory together. Signs stay.

    Raises RunError as `Recognizer.answers` does, and InputError where the list of words cannot be read.
    """
    read = [one for one in line.characters if one.probabilities and one.spans]
    if not len(memory) or not read:
        return line
    pictures = np.stack([np.frombuffer(one.picture, np.uint8).reshape(28, 28) for one in read])
    alone = _answers(read, pictures, network, mode)
    known = {id(one): i for i, one in enumerate(read)}
    options = options or PLAIN
    labels: tuple[str, ...] = ()
    characters, decided = [], []
    for one in line.characters:
        decided.append(False)
        if id(one) not in known:
            characters.append(one)
            continue
        i = known[id(one)]
        found = read_with_memory(
            memory,
            Drawing(strokes_of(drawing.strokes, one.spans)),
            pictures[i],
            labels=network.labels,
            probabilities=alone[i][0],
            is_digit=alone[i][1],
            threshold=network.threshold,
            mode=mode,
        )
        characters.append(_with(one, found))
        labels = found.labels
        decided[-1] = found.match is not None
    settled = in_context(characters, labels, options)
    # A kept drawing says more than the neighbours.
    chosen = [own if d else s for own, s, d in zip(characters, settled, decided, strict=True)]
    return with_characters(line, chosen, options)


def _answers(
    read: Sequence[Character], pictures: NDArray[np.uint8], network: Recognizer, mode: str
) -> list[tuple[NDArray[np.floating], float | None]]:
    """Of each character the network's own probabilities, of all its labels, and that it shows any."""
    if labels_in_mode(network.labels, mode) == network.labels:
        return [(np.array(one.probabilities), one.is_digit) for one in read]
    answers = network.answers(pictures)
    return [
        (p, None if answers.is_digit is None else float(answers.is_digit[i]))
        for i, p in enumerate(answers.probabilities)
    ]


def _with(one: Character, found: MemoryReading) -> Character:
    certain, p = one.certain, found.probabilities
    order = np.argsort(-p, kind="stable")
    return replace(
        one,
        label=found.label,
        probability=certain * float(p[order[0]]),
        probabilities=tuple(p.tolist()),
        refused=found.refused,
        alternatives=tuple(
            (found.labels[i], certain * float(p[i]))
            for i in order[1 : 1 + _ALTERNATIVES]
            if p[i] >= _LEAST
        ),
    )
