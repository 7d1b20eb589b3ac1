"""Fetching and loading data sets by name, and mixtures of them: training, validation, test splits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import ConfigError, DataError
from trainer.base.events import Downloading, Note
from trainer.base.labels import MOST_LABELS, labels_alone
from trainer.base.messages import Message
from trainer.datasets import own, published
from trainer.datasets.augmentation.redrawing import Redrawing
from trainer.datasets.augmentation.spec import StrokeAugmentation
from trainer.datasets.parts import Redraw, Split, TrainingData, sorted_labels
from trainer.datasets.spec import GENERATED_NAMES, Term, parse_spec
from trainer.datasets.splitting import Indices, Pool, shares

#: Of the same forms, NIST's: a picture of one's training split may be in another's test split.
_NIST = ("mnist", "qmnist", "emnist")


def fetch(spec: str, folder: Path, *, test_only: bool = False) -> Iterator[Downloading | Note]:
    """Downloads what is missing of published data and makes the pictures of one's own, telling how far it is.

    test_only: of published data the test split is enough. Nothing comes where all is there. Raises
    ConfigError for a specification that is none, DataError that says what to do where something cannot be
    had, RunError where it cannot be stored.
    """
    for term in parse_spec(spec):
        if term.path is not None:
            yield from own.prepare(term)
        elif term.name in GENERATED_NAMES:
            from trainer.datasets import generated  # 0.2 s to import, and most runs learn from none

            yield from generated.prepare(term.name)
        else:
            yield from published.fetch(term.name, folder, test_only=test_only)


def load_training(
    spec: str, folder: Path, *, validation: int, limit: int = 0, seed: int = 0
) -> TrainingData:
    """The training and validation splits of data by name, or of a mixture.

    validation: pictures that are held out; of a mixture every source gives its share by
    size, whatever its weight, so that runs with other weights can be compared. How they are chosen is
    said at `published.pool` and in `splitting`; by writers it is only about so many, and of one's own data
    never more than a fifth. limit > 0 keeps so many of the training split: MNIST's and EMNIST's first, of
    what may be sorted by label a choice by the seed, of every source its share.

    Labels are the union of all sources' in one order, whatever theirs is. Raises ConfigError for a
    specification that is none or has one label only, DataError for files that are absent or broken.
    """
    terms = parse_spec(spec)
    pools = [_pool(term, folder) for term in terms]
    labels = sorted_labels({label for pool in pools for label in pool.part.labels})
    if len(labels_alone(labels)) < 2:
        raise ConfigError(
            "data.one-label",
            "{spec} has one label only, {label!r}: there is nothing to tell apart. At least two are wanted; "
            "another source can be added with +.",
            spec=spec,
            label=labels[0],
        )
    if len(labels) > MOST_LABELS:
        raise ConfigError(
            "data.too-many-labels",
            "{spec} has {count:,} labels, more than the {most:,} that a network can have: are these labels?",
            spec=spec,
            count=len(labels),
            most=MOST_LABELS,
        )
    whole = sum(len(pool.part) for pool in pools)
    if validation >= whole and any(pool.most >= 1 for pool in pools):
        raise DataError(
            "data.validation-takes-all",
            "--validation {validation} leaves nothing of {count:,} pictures to train on",
            validation=validation,
            count=whole,
        )
    splits = [pool.split(validation / whole) for pool in pools]
    training = [training for training, _ in splits]
    if limit:
        counts = shares(limit, [len(rows) for rows in training])
        generator = np.random.default_rng(seed)
        training = [
            _limited(pool, rows, count, generator)
            for pool, rows, count in zip(pools, training, counts, strict=True)
        ]
    parts = [pool.part for pool in pools]
    notes = tuple(note for part in parts for note in part.notes) + _kinship(terms)
    return TrainingData(
        training=_joined(parts, training, labels, notes),
        validation=_joined(parts, [rows for _, rows in splits], labels, notes),
        repeats=_repeats(terms, training),
        redraw=_redraw(pools, training),
    )


def load_test(spec: str, folder: Path) -> Split:
    """The test split, by which nothing is chosen; of a mixture those of all its sources.

    Data of one's own have none: a tenth is kept for it, as `splitting` says. Raises as load_training does.
    """
    parts = [_test_part(term, folder) for term in parse_spec(spec)]
    labels = sorted_labels({label for part in parts for label in part.labels})
    notes = tuple(note for part in parts for note in part.notes)
    return _joined(parts, [np.arange(len(part)) for part in parts], labels, notes)


def load_whole(spec: str, folder: Path) -> Split:
    """All drawings of one's own files, no part of them kept apart; of published data their test split.

    Raises as load_training does.
    """
    parts = [
        _test_part(term, folder) if term.path is None else own.whole(term)
        for term in parse_spec(spec)
    ]
    labels = sorted_labels({label for part in parts for label in part.labels})
    notes = tuple(note for part in parts for note in part.notes)
    return _joined(parts, [np.arange(len(part)) for part in parts], labels, notes)


def _pool(term: Term, folder: Path) -> Pool:
    if term.path is not None:
        return own.pool(term)
    if term.name in GENERATED_NAMES:
        from trainer.datasets import generated

        return generated.pool(term.name)
    return published.pool(term.name, folder)


def _test_part(term: Term, folder: Path) -> Split:
    if term.path is not None:
        return own.test_split(term)
    if term.name in GENERATED_NAMES:
        from trainer.datasets import generated

        return generated.test_split(term.name)
    return published.test_split(term.name, folder)


def _limited(pool: Pool, rows: Indices, count: int, generator: np.random.Generator) -> Indices:
    if pool.chances is None:
        return rows[:count]
    return np.sort(generator.choice(rows, count, replace=False))


def _joined(
    parts: list[Split], rows: list[Indices], labels: tuple[str, ...], notes: tuple[Message, ...]
) -> Split:
    """The given pictures of the parts, one after the other, with places in the common labels."""
    if len(parts) == 1 and parts[0].labels == labels and (span := _span(rows[0])) is not None:
        piece = parts[0][span]  # no copy of what is in memory already
        return Split(
            pictures=piece.pictures,
            targets=piece.targets,
            labels=labels,
            writers=piece.writers,
            notes=notes,
        )
    count = sum(len(some) for some in rows)
    pictures = np.empty((count, *parts[0].pictures.shape[1:]), np.uint8)
    targets = np.empty(count, np.int64)
    writers = np.full(count, -1, np.int64)
    sources = np.repeat(np.arange(len(rows)), [len(some) for some in rows])
    start = writer_count = 0
    for part, some in zip(parts, rows, strict=True):
        here = slice(start, start + len(some))
        np.take(part.pictures, some, axis=0, out=pictures[here])
        places = np.array([labels.index(label) for label in part.labels], np.int64)
        targets[here] = places[part.targets[some]]
        if part.writers is not None:
            known = part.writers[some]
            writers[here] = np.where(known < 0, -1, known + writer_count)
            writer_count += int(part.writers.max()) + 1
        start = here.stop
    known_writers = any(part.writers is not None for part in parts)
    return Split(
        pictures=pictures,
        targets=targets,
        labels=labels,
        writers=writers if known_writers else None,
        sources=sources if len(parts) > 1 else None,
        notes=notes,
    )


def _span(rows: Indices) -> slice | None:
    """The slice that has these rows, where they are next to each other."""
    if not len(rows):
        return slice(0, 0)
    first, last = int(rows[0]), int(rows[-1])
    return slice(first, last + 1) if last - first + 1 == len(rows) else None


def _repeats(terms: tuple[Term, ...], training: list[Indices]) -> NDArray[np.float32] | None:
    if all(term.weight == 1 for term in terms):
        return None
    weights = np.array([term.weight for term in terms], np.float32)
    return np.repeat(weights, [len(rows) for rows in training])


def _redraw(pools: list[Pool], training: list[Indices]) -> Redraw | None:
    drawers: list[tuple[int, Redrawing]] = []
    start = 0
    for pool, some in zip(pools, training, strict=True):
        if pool.drawings is not None and pool.rows is not None:
            drawer = Redrawing(pool.drawings, pool.rows[some])
            if len(drawer.places):
                drawers.append((start, drawer))
        start += len(some)
    if not drawers:
        return None

    def redraw(
        generator: np.random.Generator, augmentation: StrokeAugmentation
    ) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        drawn = [(start, *drawer(generator, augmentation)) for start, drawer in drawers]
        return (
            np.concatenate([start + places for start, places, _ in drawn]),
            np.concatenate([pictures for _, _, pictures in drawn]),
        )

    return redraw


def _kinship(terms: tuple[Term, ...]) -> tuple[Message, ...]:
    names = [term.name for term in terms if term.name.partition("-")[0] in _NIST]
    if len(names) < 2:
        return ()
    return (
        Message.of(
            "data.same-forms",
            "{names} come from the same forms: test pictures of one may be training pictures of another, so "
            "accuracies on their own test parts come out too good",
            names=", ".join(names),
        ),
    )
