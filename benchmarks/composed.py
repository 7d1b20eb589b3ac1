"""Numbers and strings composed from single drawings: gaps wide, close, touching, overlapping, joined.

Characters of one string are by one writer. They keep the size that they have beside the writer's other
characters, half of it: single drawings vary more than those of a line.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainer.datasets.splitting import TEST_SHARE, hash_of
from trainer.picture.strokes import Drawing, Stroke, drawing_from_json

#: Gap between the boxes of neighbouring characters, in their height. The last of each is a line's usual one.
KINDS: Mapping[str, tuple[float, float]] = {
    "wide": (0.25, 0.6),
    "close": (0.05, 0.15),
    "touching": (-0.02, 0.02),
    "overlapping": (-0.15, -0.05),
    "joined": (0.0, 0.2),  # written in one stroke where the next one begins
}

_HEIGHT = 100.0
_JOINED = 0.6  # of neighbours are joined where the pen need not go far
_LONGEST_JOIN = 1.2  # heights


@dataclass(frozen=True, kw_only=True, eq=False)
class Composed:
    """text: what is written. owners: of each stroke, from which point on it belongs to which character:
    several of them where it was joined to the next one's beginning."""

    text: str
    drawing: Drawing
    owners: tuple[tuple[tuple[int, int], ...], ...]

    def owner(self, stroke: int, point: int) -> int:
        """The number of the character that a point belongs to."""
        return next(char for first, char in reversed(self.owners[stroke]) if point >= first)


def writers_of(
    path: Path, *, share: Callable[[float], bool], labels: Callable[[str], bool]
) -> dict[str, list[tuple[str, Drawing]]]:
    """Drawings by writer. share: of the writer's number in 0…1 (trainer.datasets.splitting)."""
    found: dict[str, list[tuple[str, Drawing]]] = defaultdict(list)
    with gzip.open(path, "rt") as lines:
        for line in lines:
            document = json.loads(line)
            writer = document["writer"]
            if share(hash_of(writer.encode()) / 2.0**64) and labels(document["label"]):
                drawing, label = drawing_from_json(document)
                if label is not None and drawing.strokes:
                    found[writer].append((label, drawing))
    return dict(found)


def is_letter(label: str) -> bool:
    return len(label) == 1 and label.isascii() and label.isalpha()


def is_test(number: float) -> bool:
    return number < TEST_SHARE


def compose(
    writers: Mapping[str, Sequence[tuple[str, Drawing]]],
    kind: str,
    count: int,
    *,
    length: int | tuple[int, int] = 4,
    seed: int = 0,
) -> Iterator[Composed]:
    """`count` strings; writers weigh as much as they have drawings."""
    random = np.random.default_rng(seed)
    names = sorted(writers)
    weights = np.array([len(writers[name]) for name in names], float)
    heights = {name: _usual_height([d for _, d in writers[name]]) for name in names}
    for _ in range(count):
        name = names[int(random.choice(len(names), p=weights / weights.sum()))]
        own = writers[name]
        many = length if isinstance(length, int) else int(random.integers(length[0], length[1] + 1))
        chosen = [own[int(i)] for i in random.integers(len(own), size=many)]
        yield composed(chosen, kind, random, usual=heights[name])


def composed(
    chosen: Sequence[tuple[str, Drawing]],
    kind: str,
    random: np.random.Generator,
    *,
    usual: float,
) -> Composed:
    strokes: list[NDArray[np.float64]] = []
    owners: list[list[tuple[int, int]]] = []
    pen = 0.0
    for number, (_, drawing) in enumerate(chosen):
        points = np.concatenate([s.points for s in drawing.strokes]).astype(np.float64)
        low, high = points.min(axis=0), points.max(axis=0)
        own = max(float(high[1] - low[1]), 0.25 * usual)
        scale = _HEIGHT / np.sqrt(own * usual) * float(random.uniform(0.93, 1.07))
        bottom = float(random.normal(0, 0.03)) * _HEIGHT
        gap = float(random.uniform(*KINDS[kind])) * _HEIGHT if number else 0.0
        moved = [
            (s.points.astype(np.float64) - (low[0], high[1])) * scale + (pen + gap, bottom)
            for s in drawing.strokes
        ]
        if kind == "joined" and number and random.random() < _JOINED:
            last, first = strokes[-1], moved[0]
            if np.hypot(*(first[0] - last[-1])) < _LONGEST_JOIN * _HEIGHT:
                between = np.linspace(last[-1], first[0], 8)[1:-1]
                strokes[-1] = np.concatenate([last, between, first])
                owners[-1].append((len(last) + len(between) // 2, number))
                moved = moved[1:]
        for part in moved:
            strokes.append(part)
            owners.append([(0, number)])
        pen = max(float(s[:, 0].max()) for s in strokes)
    return Composed(
        text="".join(label for label, _ in chosen),
        drawing=Drawing(tuple(Stroke.make(s) for s in strokes)),
        owners=tuple(map(tuple, owners)),
    )


def _usual_height(drawings: Sequence[Drawing]) -> float:
    heights = []
    for drawing in drawings:
        y = np.concatenate([s.points[:, 1] for s in drawing.strokes])
        heights.append(float(np.ptp(y)))
    return max(float(np.median(heights)), 1.0)
