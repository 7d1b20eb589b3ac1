"""A list of words with which lines of letters are compared."""

from __future__ import annotations

import stat
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import InputError

MOST_BYTES = 10_000_000
LONGEST = 60  # characters of a word


class WordList:
    """Words by their lengths, case ignored."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in dict.fromkeys(word.lower() for word in words):
            if 0 < len(word) <= LONGEST:
                self._by_length[len(word)].append(word)
        self._places: dict[tuple[int, tuple[str, ...]], NDArray[np.int16]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._by_length.values()))

    def best(
        self, logs: NDArray[np.float64], labels: tuple[str, ...]
    ) -> tuple[tuple[int, ...], float] | None:
        """The most probable word with as many characters as there are rows.

        logs: float64 (N, L), log probabilities of `labels`. Returns the place of each letter's label, in the
        more probable case, and the sum of their logs; None where no word of this length can be written.
        """
        places = self._written_with(len(logs), labels)
        if not len(places):
            return None
        columns, to_letter = _letters(labels)
        # Of each letter whatever its case: the better of its columns.
        best = np.full((len(logs), len(columns)), -np.inf)
        choice = np.zeros(best.shape, np.int64)
        for column, letter in enumerate(to_letter):
            better = logs[:, column] > best[:, letter]
            best[better, letter] = logs[better, column]
            choice[better, letter] = column
        rows = np.arange(len(logs))
        scores = best[rows, places].sum(axis=1)
        word = places[int(scores.argmax())]
        return tuple(choice[rows, word].tolist()), float(scores.max())

    def _written_with(self, length: int, labels: tuple[str, ...]) -> NDArray[np.int16]:
        """Letters of each word of this length, (W, length), by their numbers in `_letters`."""
        key = length, labels
        if key not in self._places:
            columns, _ = _letters(labels)
            rows = [
                [columns[c] for c in word]
                for word in self._by_length.get(length, ())
                if all(c in columns for c in word)
            ]
            self._places[key] = np.array(rows, np.int16).reshape(-1, length)
        return self._places[key]


@lru_cache(maxsize=8)
def _letters(labels: tuple[str, ...]) -> tuple[dict[str, int], tuple[int, ...]]:
    """The number of each label whatever its case; and the number for each label."""
    numbers: dict[str, int] = {}
    of_labels = tuple(numbers.setdefault(label.lower(), len(numbers)) for label in labels)
    return numbers, of_labels


def read_words(path: Path) -> WordList:
    """The words of a text file, one a line.

    Raises InputError where it cannot be read, is too large, or holds no words. A file is read again only
    where it has changed.
    """
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):  # a pipe may never end
            raise OSError(f"{path} is no file")
        if state.st_size > MOST_BYTES:
            raise _too_large(path)
        return _read(path, state.st_mtime_ns, state.st_size)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "words.unreadable",
            "{path} cannot be read as a list of words: write one a line, as UTF-8 text",
            path=path,
        ) from error


@lru_cache(maxsize=2)
def _read(path: Path, _time: int, _size: int) -> WordList:
    with path.open("rb") as file:
        text = file.read(MOST_BYTES + 1)  # files of a system say that they hold nothing
    if len(text) > MOST_BYTES:
        raise _too_large(path)
    # Composed, as labels are.
    lines: Sequence[str] = normalize("NFC", text.decode("utf-8-sig")).splitlines()
    words = WordList(word for line in lines if (word := line.strip()))
    if not len(words):
        raise InputError(
            "words.none", "{path} holds no words: write one a line, as UTF-8 text", path=path
        )
    return words


def _too_large(path: Path) -> InputError:
    return InputError(
        "words.too-large",
        "{path} is larger than {most} MB: a list of words has one word a line",
        path=path,
        most=MOST_BYTES // 1_000_000,
    )
