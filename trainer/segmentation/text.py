"""Error rates of texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class TextEdits:
    """The fewest edits that make a text another one (Levenshtein).

    replaced: pairs (true, read) of characters that differ. missing: characters of the true text that the
    other lacks. extra: those that only the other has.
    """

    replaced: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return len(self.replaced) + len(self.missing) + len(self.extra)


def edits(true: Sequence[str], read: Sequence[str]) -> TextEdits:
    """The edits of one alignment; where several need as few, replacements are preferred."""
    table = _distances(true, read)
    i, j = len(true), len(read)
    replaced, missing, extra = [], [], []
    while i or j:
        differs = i > 0 and j > 0 and true[i - 1] != read[j - 1]
        if i and j and table[i][j] == table[i - 1][j - 1] + differs:
            i, j = i - 1, j - 1
            if differs:
                replaced.append((true[i], read[j]))
        elif i and table[i][j] == table[i - 1][j] + 1:
            i -= 1
            missing.append(true[i])
        else:
            j -= 1
            extra.append(read[j])
    return TextEdits(
        replaced=tuple(reversed(replaced)),
        missing=tuple(reversed(missing)),
        extra=tuple(reversed(extra)),
    )


def edit_distance(one: Sequence[str], other: Sequence[str]) -> int:
    """The fewest insertions, deletions and replacements that make the one the other."""
    return _distances(one, other)[-1][-1]


def _distances(one: Sequence[str], other: Sequence[str]) -> list[list[int]]:
    """[i][j]: between the first i of the one and the first j of the other."""
    table = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row, before = [i], table[-1]
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b)))
        table.append(row)
    return table
