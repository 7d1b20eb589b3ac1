"""Error rates of lines: whole strings that are right, and characters by edit distance."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trainer.base.errors import DataError
from trainer.models.label_modes import in_mode
from trainer.segmentation.ink.signs import DIVIDE, MINUS, TIMES
from trainer.segmentation.reading import Line
from trainer.segmentation.text import edits

#: What people type for signs of sums.
_TYPED = str.maketrans({"-": MINUS, "*": TIMES, "/": DIVIDE})
_MOST_CONFUSIONS = 20


@dataclass(frozen=True, kw_only=True)
class Confusion:
    """A character that was read as another one, so often. read: "" where it is missing. label: "" where what
    was read is nowhere in the string."""

    label: str
    read: str
    count: int


@dataclass(frozen=True, kw_only=True)
class StringEvaluation:
    """Metrics of lines whose strings are known. Rates are None where nothing counted.

    count: lines that count; right: those whose whole string is right. length_right: with the right number
    of characters. characters: of the true strings; replaced, missing and extra: the fewest edits that
    explain what was read. unanswered: lines in which nothing was read, errors of them because they could
    not be. refused: characters that the network rejects: they count by its nearest guess. unlabelled: lines
    without a string; unknown: those with characters that are not read; neither counts. confusions: the most
    frequent first.
    """

    count: int
    right: int
    length_right: int
    characters: int
    replaced: int
    missing: int
    extra: int
    unanswered: int
    errors: int
    refused: int
    unlabelled: int
    unknown: int
    labels: tuple[str, ...]
    confusions: tuple[Confusion, ...]

    @property
    def string_error_rate(self) -> float | None:
        return 1 - self.right / self.count if self.count else None

    @property
    def character_error_rate(self) -> float | None:
        """Edits for each true character; above 1 where more was read than is written."""
        if not self.characters:
            return None
        return (self.replaced + self.missing + self.extra) / self.characters

    def to_json(self) -> dict[str, Any]:
        return {
            **dataclasses.asdict(self),
            "string_error_rate": self.string_error_rate,
            "character_error_rate": self.character_error_rate,
        }


class StringTally:
    """Counts lines one at a time."""

    def __init__(self, labels: Sequence[str], *, mode: str = "", signs: bool = False) -> None:
        """labels: what a character may be read as, in the mode. signs: "-", "*" and "/" in a true string
        stand for those of sums."""
        self.labels = tuple(labels)
        self._known = frozenset(labels)
        self._mode, self._typed = mode, (_TYPED if signs else {})
        self._sums: Counter[str] = Counter()
        self._confusions: Counter[tuple[str, str]] = Counter()
        #: Characters of lines that do not count, the most frequent first.
        self.unknown: Counter[str] = Counter()

    def string(self, label: str) -> str:
        """A true string as it can be read: without blanks, and in the mode's characters."""
        characters = ("".join(label.split())).translate(self._typed)
        return "".join(in_mode(one, self._mode) or one for one in characters)

    def add(self, label: str | None, line: Sequence[Line], *, error: bool = False) -> bool:
        """Counts a line (or the rows of an image). Returns whether it was right.

        label: its true string, None where none is named. error: it could not be read.
        """
        if label is None or not label.split():
            self._sums["unlabelled"] += 1
            return False
        true = self.string(label)
        if strange := set(true) - self._known:
            self._sums["unknown"] += 1
            self.unknown.update(strange)
            return False
        characters = [one for row in line for one in row.characters]
        read = [one.label for one in characters]
        found = edits(true, read)
        self._sums.update(
            count=1,
            right=int(found.count == 0),
            length_right=int(len(read) == len(true)),
            characters=len(true),
            replaced=len(found.replaced),
            missing=len(found.missing),
            extra=len(found.extra),
            unanswered=int(not read),
            errors=int(error),
            refused=sum(one.refused for one in characters),
        )
        self._confusions.update(found.replaced)
        self._confusions.update((one, "") for one in found.missing)
        self._confusions.update(("", one) for one in found.extra)
        return found.count == 0

    def result(self) -> StringEvaluation:
        """Raises DataError where no line counts."""
        sums = self._sums
        if not sums["count"]:
            raise DataError(
                "evaluation.no-strings",
                "no line has a string that can be read: there is nothing to evaluate. A line's string is its "
                '"label" in a strokes file, as in "label": "2026", or the name of the folder that holds the '
                "image.",
            )
        return StringEvaluation(
            count=sums["count"],
            right=sums["right"],
            length_right=sums["length_right"],
            characters=sums["characters"],
            replaced=sums["replaced"],
            missing=sums["missing"],
            extra=sums["extra"],
            unanswered=sums["unanswered"],
            errors=sums["errors"],
            refused=sums["refused"],
            unlabelled=sums["unlabelled"],
            unknown=sums["unknown"],
            labels=self.labels,
            confusions=tuple(
                Confusion(label=label, read=read, count=count)
                for (label, read), count in self._confusions.most_common(_MOST_CONFUSIONS)
            ),
        )
