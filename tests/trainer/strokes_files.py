"""Files of strokes for tests of data: digits as people write them, each a little differently."""

from __future__ import annotations

import gzip
import itertools
import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.drawings import STYLES
from trainer.datasets.own import _strokes
from trainer.datasets.pictures import DrawingSet, collected
from trainer.picture.strokes import Drawing
from trainer.synthetic.scribbles import KINDS, scribbles

Line = dict[str, Any]

#: Drawings that are no digit: a tangle, a zigzag, a spiral and so on.
REFUSED = tuple(
    drawing
    for kind, drawing in zip(itertools.cycle(KINDS), scribbles(4 * len(KINDS), seed=2))
    if kind in ("tangle", "zigzag", "wave", "spiral", "lines", "hatching")
)


def lines(count: int, *, writers: Sequence[str | None] = (None,), seed: int = 0) -> list[Line]:
    """Digits in turn, by the writers in turn; no two are alike."""
    chance = random.Random(seed)
    made = []
    for i in range(count):
        label = str(i % 10)
        strokes = chance.choice(STYLES[label])
        line: Line = {
            "label": label,
            "strokes": [
                [[x + chance.randint(-6, 6), y + chance.randint(-6, 6)] for x, y in stroke]
                for stroke in strokes
            ],
        }
        writer = writers[i % len(writers)]
        made.append(line if writer is None else {**line, "writer": writer})
    return made


def write(path: Path, some: Iterable[Line | str]) -> Path:
    """The lines, or texts as they are, in a file; packed where its name ends in .gz."""
    texts = (line if isinstance(line, str) else json.dumps(line) for line in some)
    content = "".join(f"{text}\n" for text in texts).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def line_of(drawing: Drawing, **rest: Any) -> Line:
    """A drawing as a line of such a file."""
    return {"strokes": [stroke.points.tolist() for stroke in drawing.strokes], **rest}


def drawings_of(path: Path, some: Iterable[Any]) -> DrawingSet:
    """What a data set makes of a file with these lines."""
    made = collected(_strokes(write(path, some)), "x")
    while True:
        try:
            next(made)
        except StopIteration as end:
            drawings: DrawingSet = end.value
            return drawings
