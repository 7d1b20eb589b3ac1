"""Figures for a network of digits and letters: the same sources as benchmarks.shipped, read within a mode."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainer import datasets
from trainer.base.errors import DataError
from trainer.base.labels import CAPITALS, NO_LABEL, SMALL_LETTERS
from trainer.datasets import Split
from trainer.evaluation.evaluation import label_in_mode, logits_for
from trainer.models.label_modes import labels_in_mode, restrict
from trainer.models.recognizer import Answers, Recognizer
from trainer.runs.recipes import RecipeSource

_DIGITS, _OTHERS = "unipen/digits-dev.jsonl.gz", "unipen/others-dev.jsonl.gz"
_PAPER = "bhmsds/bhmsds.npz"
_RIVALS = 3  # letters that one is most often taken for


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the table: drawings of these labels (() for all), read in this mode."""

    source: RecipeSource
    mode: str
    labels: tuple[str, ...] = ()


def _tablets(about: str, mode: str, labels: tuple[str, ...] = ()) -> Row:
    spec = "strokes-characters:{path}"
    return Row(source=RecipeSource(about=about, spec=spec, file=_OTHERS), mode=mode, labels=labels)


ROWS = (
    _tablets("capitals: UNIPEN, writers kept apart; mode `letters`", "letters", CAPITALS),
    _tablets("small letters: the same; mode `letters`", "letters", SMALL_LETTERS),
    _tablets("letters: the same; mode `balanced`", "balanced"),
    _tablets("letters: the same, case counted; mode `all`", "all"),
    Row(
        source=RecipeSource(
            about="digits on tablets: UNIPEN, writers kept apart; mode `digits`",
            spec="strokes-characters:{path}",
            file=_DIGITS,
        ),
        mode="digits",
    ),
    Row(source=RecipeSource(about="MNIST, test part; mode `digits`", spec="mnist"), mode="digits"),
    Row(
        source=RecipeSource(
            about="digits on paper: BHMSDS; mode `digits`", spec="npz-digits:{path}", file=_PAPER
        ),
        mode="digits",
    ),
    Row(
        source=RecipeSource(
            about="letters drawn by the program; mode `letters`", spec="letter-sketches"
        ),
        mode="letters",
    ),
    Row(
        source=RecipeSource(
            about="signs: UNIPEN, writers kept apart", spec="strokes-symbols:{path}", file=_OTHERS
        ),
        mode="all",
    ),
    Row(
        source=RecipeSource(
            about="scribbles, signs and words drawn by the program", spec="letter-scribbles"
        ),
        mode="all",
    ),
)


def loaded(row: Row, folder: Path) -> Split:
    """The row's drawings that no network has learned from. Raises DataError where they are not there."""
    spec = row.source.located(folder)
    if spec is None:
        raise DataError(f"{row.source.file} is not in {folder}")
    part = datasets.load_test(spec, folder)
    if not row.labels:
        return part
    places = [place for place, label in enumerate(part.labels) if label in row.labels]
    rows = np.flatnonzero(np.isin(part.targets, places))
    return replace(part, pictures=part.pictures[rows], targets=part.targets[rows], writers=None)


def within(recognizer: Recognizer, part: Split, mode: str) -> tuple[Split, Answers]:
    """The part and the answers to it under the labels of the mode. A part of negatives stays as it is."""
    found = recognizer.answers(part.pictures)
    names = labels_in_mode(recognizer.labels, mode)
    shifted = found.logits.astype(np.float64) - found.logits.max(1, keepdims=True)
    raw = np.exp(shifted) / np.exp(shifted).sum(1, keepdims=True)
    restricted = restrict(mode, recognizer.labels, found.probabilities, found.is_digit)
    answers = Answers(
        logits=logits_for(restrict(mode, recognizer.labels, raw).probabilities, 1.0),
        probabilities=restricted.probabilities.astype(np.float32),
        is_digit=None if restricted.is_known is None else restricted.is_known.astype(np.float32),
    )
    if part.labels == (NO_LABEL,):
        return part, answers
    places = np.array([names.index(label_in_mode(label, mode)) for label in part.labels], np.int64)
    return replace(part, targets=places[part.targets], labels=names), answers


def by_letter(recognizer: Recognizer, folder: Path) -> list[str]:
    """A table: how often each letter is read in mode `letters`, and what it is taken for."""
    columns = []
    for row in ROWS[:2]:
        part, found = within(recognizer, loaded(row, folder), "letters")
        guesses = found.probabilities.argmax(1)
        columns.append([_of_letter(part, guesses, place) for place in range(len(part.labels))])
    names = labels_in_mode(recognizer.labels, "letters")
    lines = [
        f"| {letter} | {capital} | {small} |"
        for letter, capital, small in zip(names, *columns, strict=True)
    ]
    return ["| letter | capital | small |", "|---|---|---|", *lines]


def _of_letter(part: Split, guesses: NDArray[np.int64], place: int) -> str:
    read = guesses[part.targets == place]
    if not len(read):
        return ""
    right = float((read == place).mean())
    wrong = Counter(part.labels[one] for one in read.tolist() if one != place)
    rivals: Sequence[str] = [f"{label} {count}" for label, count in wrong.most_common(_RIVALS)]
    return f"{100 * right:.1f} % of {len(read)}" + (f" ({', '.join(rivals)})" if rivals else "")
