"""Why a drawing is read as it is, the most telling first: examples, edits, parts, maps."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from torch import nn

from trainer.explanation.cutting import length_of, piece_of
from trainer.explanation.edits import smallest_edits
from trainer.explanation.examples import Reference, nearest_examples
from trainer.explanation.kept import Kept
from trainer.explanation.maps import maps_of
from trainer.explanation.pipeline import answered
from trainer.explanation.reader import Reader
from trainer.explanation.results import Examples, Explained, NothingDrawn, Parts, WithoutPart
from trainer.picture.preprocess import stages_of_drawing
from trainer.picture.strokes import Drawing, Stroke

_PIECES = 6  # of a single stroke


def explain(
    reader: Reader, network: nn.Module, drawing: Drawing, *, kept: Kept, others: Reference
) -> Iterator[Explained | None]:
    """Events as they are found; None between them, where it can be given up.

    network: the reader's, on the CPU and fused. Maps are made where the answer is one of its labels.
    """
    stages = stages_of_drawing(drawing)
    (read,) = reader.read([drawing])
    if stages is None or read is None:
        yield NothingDrawn()
        return
    said = answered(reader, read)
    yield said
    yield Examples(
        answer=nearest_examples(drawing, stages.picture, said.label, kept, others),
        runner_up=nearest_examples(drawing, stages.picture, said.runner_up, kept, others),
    )
    yield from smallest_edits(reader, drawing, read.answer)
    yield from parts_left_out(reader, drawing, read.answer)
    if said.label in reader.recognizer.labels:
        card = reader.recognizer.card
        yield from maps_of(
            network,
            stages.picture,
            reader.recognizer.labels.index(said.label),
            mean=card.mean,
            std=card.std,
            frame=stages.frame,
        )


def parts_left_out(reader: Reader, drawing: Drawing, answer: int) -> Iterator[Parts]:
    """Nothing is yielded where there are no strokes."""
    strokes = drawing.strokes
    if len(strokes) > 1:
        parts = [(stroke,) for stroke in strokes]
        rests = [(*strokes[:at], *strokes[at + 1 :]) for at in range(len(strokes))]
    elif strokes and length_of(strokes[0]) > 0:
        edges = [step / _PIECES for step in range(_PIECES + 1)]
        pieces = [piece_of(strokes[0], low, high) for low, high in itertools.pairwise(edges)]
        parts = [(piece,) for piece in pieces]
        rests = [_around(strokes[0], low, high) for low, high in itertools.pairwise(edges)]
    else:
        return
    reads = reader.read([Drawing(tuple(rest), drawing.image) for rest in rests])
    yield Parts(
        parts=tuple(
            WithoutPart(
                part=Drawing(part),
                rest=Drawing(tuple(rest), drawing.image),
                probability=0.0 if read is None else float(read.probabilities[answer]),
                label="" if read is None or read.refused else reader.labels[read.answer],
            )
            for part, rest, read in zip(parts, rests, reads, strict=True)
        ),
        whole_strokes=len(strokes) > 1,
    )


def _around(stroke: Stroke, low: float, high: float) -> tuple[Stroke, ...]:
    """What is left of a stroke without the piece between two fractions of its length."""
    before = (piece_of(stroke, 0.0, low),) if low > 0 else ()
    after = (piece_of(stroke, high, 1.0),) if high < 1 else ()
    return (*before, *after)
