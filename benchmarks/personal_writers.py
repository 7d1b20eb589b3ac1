"""Writers of UNIPEN's digits with many drawings: who learns from what, and who chose the settings.

Of `benchmarks.personal`.
"""

from __future__ import annotations

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.real_hands import DIGITS, FOLDS

if TYPE_CHECKING:
    from trainer.picture.strokes import Drawing

MANY = 60  # drawings of a writer
_TUNED = {"syn": 1, "ibm": 1, "apb": 2}  # of these sites all writers, and every second one; …
FIRST_TUNED, _FIRST_OF = 9, ("apb", "app", "apa")  # … and the first ones of these
SOME = 4  # writers of each site, where it is not the main row

Hand = list[tuple["Drawing", str]]


def writers_of(data: Path, folds: Sequence[str], *, many: int = MANY) -> dict[str, dict[str, Hand]]:
    """Fold → writer → drawings with labels, shuffled; of writers with as many as `many`."""
    from trainer.picture.strokes import drawing_from_json

    fold_of = {site: fold for fold in folds for site in FOLDS[fold]}
    found: dict[str, dict[str, Hand]] = {fold: defaultdict(list) for fold in folds}
    for line in gzip.decompress((data / DIGITS).read_bytes()).splitlines():
        document = json.loads(line)
        fold = fold_of.get(document.get("site"))
        if fold is not None:
            drawing, label = drawing_from_json(document)
            assert label is not None
            found[fold][document["writer"]].append((drawing, label))
    for hands in found.values():
        for writer in sorted(hands):
            if len(hands[writer]) < many:
                del hands[writer]
            else:
                random.Random(writer).shuffle(hands[writer])
    return {fold: dict(sorted(hands.items())) for fold, hands in found.items()}


def divided(hand: Hand, per: int) -> tuple[Hand, Hand]:
    """So many drawings of every label to learn from, and all others."""
    learned: Hand = []
    rest: Hand = []
    count: dict[str, int] = defaultdict(int)
    for drawing, label in hand:
        count[label] += 1
        (learned if count[label] <= per else rest).append((drawing, label))
    return learned, rest


def is_tuned_on(fold: str, writer: str, writers: Iterable[str]) -> bool:
    """Whether settings were chosen by this writer's drawings."""
    place = sorted(writers).index(writer)
    first = fold in _FIRST_OF and place < FIRST_TUNED
    return first or (fold in _TUNED and place % _TUNED[fold] == 0)
