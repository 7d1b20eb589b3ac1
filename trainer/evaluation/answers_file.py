"""Every answer behind a report, in a file beside it: answers.npz.

A report counts; by this file a cell of its confusion matrix opens the pictures that were counted in it.
Arrays of plain numbers, and one text of JSON as bytes; nothing in it is unpickled. Needs no torch: the window
reads it.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import RunError
from trainer.base.files import atomic_write
from trainer.evaluation.metrics import log_probabilities

_FORMAT = 1


@dataclass(frozen=True, kw_only=True, eq=False)
class StoredAnswers:
    """A network's answers to N pictures, K labels.

    pictures: uint8 (N, 28, 28). targets: int64 (N,), positions among the labels, −1 for a picture that shows
    none of them. logits: float32 (N, K); temperature: of their probabilities. is_digit: float32 (N,), the
    probability that a picture shows any label; None for a network that rejects nothing. threshold: below it
    a picture is rejected. before, before_temperature: an earlier network's logits for the same pictures.
    """

    labels: tuple[str, ...]
    pictures: NDArray[np.uint8]
    targets: NDArray[np.int64]
    logits: NDArray[np.float32]
    temperature: float = 1.0
    is_digit: NDArray[np.float32] | None = None
    threshold: float = 0.0
    before: NDArray[np.float32] | None = None
    before_temperature: float = 1.0

    def __len__(self) -> int:
        return len(self.targets)

    @cached_property
    def answers(self) -> NDArray[np.int64]:
        """int64 (N,): position of the most probable label."""
        best: NDArray[np.int64] = self.logits.argmax(1).astype(np.int64)
        return best

    @cached_property
    def probabilities(self) -> NDArray[np.float64]:
        """float64 (N, K)."""
        return np.exp(log_probabilities(self.logits, self.temperature))

    @cached_property
    def labelled(self) -> NDArray[np.bool_]:
        """bool (N,): whether a picture shows one of the labels."""
        return self.targets >= 0

    def cell(self, target: int, answer: int) -> NDArray[np.int64]:
        """Indices of the pictures of one label that were read as another, the surest answers first."""
        found = np.flatnonzero((self.targets == target) & (self.answers == answer))
        order: NDArray[np.int64] = found[
            np.argsort(-self.probabilities[found, answer], kind="stable")
        ]
        return order


def write_answers(path: Path, answers: StoredAnswers) -> None:
    """Raises RunError where it cannot be written."""
    facts = {
        "format": _FORMAT,
        "labels": answers.labels,
        "temperature": answers.temperature,
        "threshold": answers.threshold,
        "before_temperature": answers.before_temperature,
    }
    optional: dict[str, Any] = {"is_digit": answers.is_digit, "before": answers.before}
    with atomic_write(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(
            file,
            facts=np.frombuffer(json.dumps(facts).encode(), np.uint8),
            pictures=answers.pictures,
            targets=answers.targets,
            logits=answers.logits,
            **{name: values for name, values in optional.items() if values is not None},
        )


def read_answers(path: Path) -> StoredAnswers:
    """Raises RunError where there is no such file, or it is damaged."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            facts = json.loads(file["facts"].tobytes())
            found = StoredAnswers(
                labels=tuple(map(str, facts["labels"])),
                pictures=file["pictures"],
                targets=file["targets"],
                logits=file["logits"],
                temperature=float(facts["temperature"]),
                is_digit=file["is_digit"] if "is_digit" in file.files else None,
                threshold=float(facts["threshold"]),
                before=file["before"] if "before" in file.files else None,
                before_temperature=float(facts["before_temperature"]),
            )
        _check(found)
    except FileNotFoundError as error:
        raise RunError(
            "answers.none",
            "{folder} holds no single answers: it was written by an earlier version, or its run goes on",
            folder=str(path.parent),
        ) from error
    except (
        *(OSError, ValueError, KeyError, TypeError, EOFError, AttributeError, IndexError),
        *(zipfile.BadZipFile, zlib.error, RecursionError, NotImplementedError),
    ) as error:
        raise RunError(
            "answers.damaged",
            "{path} cannot be read: it is damaged ({reason})",
            path=str(path),
            reason=str(error),
        ) from error
    return found


def _check(found: StoredAnswers) -> None:
    """Raises ValueError where the arrays do not fit each other."""
    count, labels = len(found.targets), len(found.labels)
    shapes: list[tuple[NDArray[Any] | None, tuple[int, ...], str]] = [
        (found.pictures, (count, 28, 28), "u"),
        (found.targets, (count,), "i"),
        (found.logits, (count, labels), "f"),
        (found.is_digit, (count,), "f"),
        (found.before, (count, labels), "f"),
    ]
    for values, shape, kind in shapes:
        if values is not None and (values.shape != shape or values.dtype.kind != kind):
            raise ValueError("its arrays do not fit")
    if count and not (found.targets.min() >= -1 and found.targets.max() < labels):
        raise ValueError("its labels do not fit")
    if not np.isfinite(found.logits).all() or found.temperature <= 0:
        raise ValueError("its numbers are not finite")
