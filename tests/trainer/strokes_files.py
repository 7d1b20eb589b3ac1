"""Files of strokes for tests of data: digits as people write them, each a little differently."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.drawings import STYLES

Line = dict[str, Any]


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
