"""A drawing read again as it was drawn: probabilities over time, and where the answer changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from trainer.explanation.moments import Floats, partial_drawing, place_at, timeline
from trainer.explanation.reader import Read, Reader
from trainer.explanation.results import Change, Replay
from trainer.picture.strokes import Drawing

#: Moments at which a drawing is read.
MOMENTS = 60

_BATCH = 12


def replay(reader: Reader, drawing: Drawing) -> Iterator[Replay | None]:
    """Yields None from time to time, and the replay at last. drawing: a `dense` one; of what is replayed, the
    same drawing has to be shown."""
    seconds, is_timed = timeline(drawing)
    end = max((float(of[-1]) for of in seconds), default=0.0)
    times = np.linspace(0, end, MOMENTS)
    points = np.array([place_at(seconds, at) for at in times])
    reads: list[Read | None] = []
    for start in range(0, len(times), _BATCH):
        batch = [partial_drawing(drawing, *place) for place in points[start : start + _BATCH]]
        reads += reader.read(batch)
        yield None
    empty = np.zeros(len(reader.labels))
    yield Replay(
        labels=reader.labels,
        times=times,
        points=points,
        probabilities=np.stack([empty if read is None else read.probabilities for read in reads]),
        refused=np.array([read is not None and read.refused for read in reads]),
        changes=_changes(reader, times, reads),
        is_timed=is_timed,
    )


def _changes(reader: Reader, times: Floats, reads: Sequence[Read | None]) -> tuple[Change, ...]:
    """A moment in which nothing is read, or all is rejected, is no change of mind."""
    changes: list[Change] = []
    before = ""
    for at, read in zip(times, reads, strict=True):
        label = "" if read is None or read.refused else reader.labels[read.answer]
        if label and label != before:
            changes.append(Change(at=float(at), before=before, after=label))
            before = label
    return tuple(changes)
