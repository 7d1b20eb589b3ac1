"""What the snapshots of a run say of some pictures, as far as they were asked. Without Qt.

Pictures are the wall's and the pinned ones alike, 784 bytes each. Whoever fills the record asks `wanted` what
to read next, and hands the answers in with `put`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from trainer.runs.snapshots import Snapshot, list_snapshots

#: Pins at most: as many lines as can be told apart.
MOST_PINS = 8


class SnapshotAnswer(NamedTuple):
    """One snapshot's answer to one picture: its label and the probability of each label."""

    answer: str
    probabilities: tuple[float, ...]
    refused: bool


@dataclass(frozen=True, kw_only=True)
class Pin:
    """A picture that is watched. label: what it shows, "" where that is not known; number: of its colour."""

    picture: bytes
    label: str
    number: int


class Wanted(NamedTuple):
    """Pictures that a snapshot has not been asked about."""

    snapshot: Snapshot
    pictures: tuple[bytes, ...]


class Record:
    """The snapshots of one run folder, the pictures, and the answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.labels: tuple[str, ...] = ()
        self.snapshots: list[Snapshot] = []
        self.has_wall = False  # whether the wall is known, be it an empty one
        self.wall: tuple[bytes, ...] = ()
        self.targets: tuple[str, ...] = ()
        self._said: dict[tuple[int, bytes], SnapshotAnswer] = {}
        self._unreadable: set[int] = set()

    def look(self) -> bool:
        """Looks for new snapshots in the folder; whether there are others than before. A folder that is gone
        changes nothing: what was read of it stays."""
        found = list_snapshots(self.folder)
        found = [one for one in found if one.step not in self._unreadable]
        if not found or found == self.snapshots:
            return False
        self.snapshots = found
        return True

    def set_wall(self, pictures: Sequence[bytes], targets: Sequence[str]) -> None:
        self.wall, self.targets = tuple(pictures), tuple(targets)
        self.has_wall = True

    def wanted(self, pins: Sequence[Pin], first: Snapshot | None) -> Wanted | None:
        """What to read next: of the snapshot on show, then the newest, then the others from the newest on."""
        pictures = dict.fromkeys((*(pin.picture for pin in pins), *self.wall))
        order = [*([first] if first is not None else []), *reversed(self.snapshots)]
        for snapshot in order:
            if snapshot.step in self._unreadable:
                continue
            missing = tuple(p for p in pictures if (snapshot.step, p) not in self._said)
            if missing:
                return Wanted(snapshot, missing)
        return None

    def put(
        self,
        wanted: Wanted,
        labels: tuple[str, ...],
        rows: Sequence[tuple[float, ...]],
        refused: Sequence[bool],
    ) -> None:
        """The answers to what was wanted."""
        self.labels = labels
        for picture, row, no in zip(wanted.pictures, rows, refused, strict=True):
            answer = labels[max(range(len(row)), key=row.__getitem__)]
            self._said[wanted.snapshot.step, picture] = SnapshotAnswer(answer, row, no)

    def give_up(self, snapshot: Snapshot) -> None:
        """This one cannot be read: it is damaged, or gone."""
        self._unreadable.add(snapshot.step)
        self.snapshots = [one for one in self.snapshots if one.step != snapshot.step]

    def said(self, snapshot: Snapshot, picture: bytes) -> SnapshotAnswer | None:
        """None where it was not asked yet."""
        return self._said.get((snapshot.step, picture))

    def right(self, snapshot: Snapshot) -> int | None:
        """How many pictures of the wall a snapshot reads; None where it has not been asked about all."""
        answers = [self.said(snapshot, picture) for picture in self.wall]
        if not answers or any(one is None for one in answers):
            return None
        return sum(
            one is not None and one.answer == target
            for one, target in zip(answers, self.targets, strict=True)
        )

    def curve(self, pin: Pin) -> list[tuple[float, float]]:
        """(epochs, probability) of a pin's label by every snapshot that was asked."""
        if pin.label not in self.labels:
            return []
        index = self.labels.index(pin.label)
        return [
            (one.epoch, said.probabilities[index])
            for one in self.snapshots
            if (said := self.said(one, pin.picture)) is not None
        ]
