"""A network's answers to files of drawings, with a stroke memory: what `recognize` and `evaluate` use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from trainer.evaluation.evaluation import ImageAnswer, answer_items, logits_for
from trainer.models.label_modes import labels_in_mode
from trainer.models.recognizer import Recognizer
from trainer.personalize.memory.reading import read_with_memory
from trainer.personalize.memory.stroke_memory import Match, StrokeMemory
from trainer.picture.input_files import Item
from trainer.picture.strokes import Drawing


def labels_with_memory(
    recognizer: Recognizer, memory: StrokeMemory | None, mode: str = ""
) -> tuple[str, ...]:
    """The network's labels, then the writer's own signs; in a mode those that can be answered in it."""
    own = () if memory is None else memory.own_labels(recognizer.labels)
    return labels_in_mode((*recognizer.labels, *own), mode)


def answer_with_memory(
    recognizer: Recognizer,
    items: Iterable[Item],
    memory: StrokeMemory | None,
    mode: str = "",
) -> Iterator[tuple[Item, ImageAnswer | None, Match | None]]:
    """As trainer.evaluation.evaluation.answer_items, and the kept drawing that decided, where one did.

    Positions in an answer are those of ``labels_with_memory``; its logits are such that the network's
    temperature gives its probabilities.
    """
    within = mode if memory is None else ""
    for item, answer in answer_items(recognizer, items, within):
        if memory is None or answer is None or item.picture is None:
            yield item, answer, None
            continue
        found = read_with_memory(
            memory,
            item.drawing or Drawing(),  # of an image the inputs are compared
            item.picture,
            labels=recognizer.labels,
            probabilities=answer.probabilities,
            is_digit=answer.is_digit,
            threshold=recognizer.threshold,
            mode=mode,
        )
        logits = logits_for(found.probabilities, recognizer.card.temperature)
        together = replace(
            answer,
            logits=logits,
            probabilities=found.probabilities.astype(np.float32),
            guess=int(found.probabilities.argmax()),
            is_digit=found.is_known,
            refused=None if found.is_known is None else found.refused,
        )
        yield item, together, found.match
