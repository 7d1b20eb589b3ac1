"""The store's values: entries, filters, pages, counts; frozen dataclasses."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from trainer.base.errors import InputError
from trainer.base.labels import NO_LABEL
from trainer.base.paths import file_hash

#: Input devices; "" where unknown.
DEVICES = ("mouse", "pen", "touch", "")

_LONGEST_NAME = 100  # characters of a writer's name, and of a label
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A network's answer to a drawing.

    label: its answer, or the nearest label where it rejected the drawing (trainer.models.rejection); None
    where there is none. probability: 0…1, None where unknown.
    """

    label: str | None = None
    probability: float | None = None
    refused: bool = False

    def is_right(self, label: str) -> bool | None:
        """Whether the answer is correct for this true label; None where there is no answer."""
        if self.refused:
            return label == NO_LABEL
        return None if self.label is None else self.label == label


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsId:
    """Identifies a network: its name, and a hash of its file."""

    name: str
    hash: str = ""

    @classmethod
    def of(cls, path: Path) -> WeightsId:
        """The id of a weights file. Raises OSError where it cannot be read."""
        return cls(name=path.stem, hash=file_hash(path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One drawing of the store, without its strokes.

    label: its true label, as the person gave it. said: None where no network read it. device: one of DEVICES.
    created: when it was drawn, UTC.
    """

    id: int
    writer: Writer
    label: str
    said: Said | None
    weights: WeightsId | None
    device: str
    created: dt.datetime

    @property
    def right(self) -> bool | None:
        """Whether the network's answer is correct; None where there is none."""
        return None if self.said is None else self.said.is_right(self.label)

    def to_json(self) -> dict[str, Any]:
        """The entry as in lists and exported files, without the strokes; unknown values are null."""
        said = self.said or Said()
        return {
            "label": self.label,
            "writer": self.writer.name,
            "said": said.label,
            "probability": said.probability,
            "refused": said.refused,
            "weights": None
            if self.weights is None
            else {"name": self.weights.name, "hash": self.weights.hash},
            "device": self.device,
            "created": self.created.isoformat(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A selection of drawings; None: any.

    writer: a writer's id. right: whether the network was right (neither where no network read the drawing).
    """

    writer: int | None = None
    label: str | None = None
    right: bool | None = None


EVERYTHING = Filter()

Clock = Callable[[], dt.datetime]


class Cursor(NamedTuple):
    """The position in a list after which the next page begins."""

    created: int  # microseconds since 1970, UTC
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """Some entries, newest first, and the cursor of the next page: None after the last."""

    entries: tuple[Entry, ...]
    next: Cursor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Identical drawings with different labels."""

    ids: tuple[int, ...]
    labels: tuple[str, ...]


class Counts:
    """Numbers of drawings by writer, label and whether the network was right."""

    def __init__(self, tallies: Iterable[tuple[int, str, bool | None, int]]) -> None:
        """tallies: (writer's id, label, right, count)."""
        self._tallies = tuple(tallies)

    def of(self, wanted: Filter = EVERYTHING) -> int:
        return sum(count for *_, count in self._chosen(wanted))

    def labels(self, wanted: Filter = EVERYTHING) -> dict[str, int]:
        """Label → count, sorted by label."""
        found: dict[str, int] = {}
        for _, label, _, count in self._chosen(wanted):
            found[label] = found.get(label, 0) + count
        return dict(sorted(found.items()))

    def writers(self, wanted: Filter = EVERYTHING) -> dict[int, int]:
        """Writer's id → count; writers without drawings are left out."""
        found: dict[int, int] = {}
        for writer, _, _, count in self._chosen(wanted):
            found[writer] = found.get(writer, 0) + count
        return found

    def _chosen(self, wanted: Filter) -> list[tuple[int, str, bool | None, int]]:
        return [
            (writer, label, right, count)
            for writer, label, right, count in self._tallies
            if wanted.writer in (None, writer)
            and wanted.label in (None, label)
            and (wanted.right is None or wanted.right is right)
        ]


def checked_label(text: str) -> str:
    """Raises InputError where it cannot be a label."""
    return _checked(
        text,
        lambda shown: InputError(
            "drawings.bad-label",
            "{text!r} cannot be a label: 1 to {most} visible characters",
            text=shown,
            most=_LONGEST_NAME,
        ),
    )


def checked_name(text: str) -> str:
    """A writer's name in its stored form. Raises InputError where it cannot be one."""
    return _checked(
        text,
        lambda shown: InputError(
            "drawings.bad-name",
            "{text!r} cannot be a writer's name: 1 to {most} visible characters",
            text=shown,
            most=_LONGEST_NAME,
        ),
    )


def name_key(name: str) -> str:
    """A key that is equal for names that look the same: case and compatibility forms are folded."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def checked_device(device: str) -> str:
    """Raises InputError for a device that is not known."""
    if device not in DEVICES:
        raise InputError(
            "drawings.unknown-device",
            "{device!r} is not an input device: there are {known}",
            device=device,
            known=", ".join(DEVICES[:-1]),
        )
    return device


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def to_micros(moment: dt.datetime) -> int:
    """Microseconds since 1970; a moment without a zone is taken for UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> dt.datetime:
    return _EPOCH + micros * _MICROSECOND


def _checked(text: str, refusal: Callable[[str], InputError]) -> str:
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if not text or len(text) > _LONGEST_NAME or not text.isprintable():
        raise refusal(text[:40])
    return text
