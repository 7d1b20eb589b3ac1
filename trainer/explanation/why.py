"""Why a drawing is read as it is, the most telling first: examples, edits, parts, maps."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from torch import nn

from trainer.explanation.cutting import around, length_of, piece_of
from trainer.explanation.edits import smallest_edits
from trainer.explanation.examples import Reference, nearest_examples
from trainer.explanation.kept import Kept
from trainer.explanation.maps import maps_of
from trainer.explanation.pipeline import answered
from trainer.explanation.reader import Read, Reader
from trainer.explanation.results import Examples, Explained, NothingDrawn, WithoutPart, WithoutParts
from trainer.picture.preprocess import stages_of_drawing
from trainer.picture.strokes import Drawing

_PIECES = 6  # of a single stroke
_MANY = 12  # strokes
_MOST = 48  # strokes that are left out, one after the other: the first ones
_BATCH = 8


def explain(
    reader: Reader, network: nn.Module, drawing: Drawing, *, kept: Kept, others: Reference
) -> Iterator[Explained | None]:
    """Events as they are found, of many strokes the edits last; None between them, where it can be given up.

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
    # Of many strokes there are many edits, and each takes longer: then the others go first.
    edits = smallest_edits(reader, drawing, read.answer)
    many = len(drawing.strokes) > _MANY
    if not many:
        yield from edits
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
    if many:
        yield from edits


def parts_left_out(reader: Reader, drawing: Drawing, answer: int) -> Iterator[WithoutParts | None]:
    """None where it can be given up, and the parts at last; nothing where there are no strokes."""
    strokes = drawing.strokes
    if len(strokes) > 1:
        places = range(min(_MOST, len(strokes)))
        parts = [(strokes[at],) for at in places]
        rests = [(*strokes[:at], *strokes[at + 1 :]) for at in places]
    elif strokes and length_of(strokes[0]) > 0:
        edges = [step / _PIECES for step in range(_PIECES + 1)]
        pieces = [piece_of(strokes[0], low, high) for low, high in itertools.pairwise(edges)]
        parts = [(piece,) for piece in pieces]
        rests = [around(strokes[0], low, high) for low, high in itertools.pairwise(edges)]
    else:
        return
    reads: list[Read | None] = []
    for start in range(0, len(rests), _BATCH):
        batch = rests[start : start + _BATCH]
        reads += reader.read([Drawing(tuple(rest), drawing.image) for rest in batch])
        yield None
    yield WithoutParts(
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
