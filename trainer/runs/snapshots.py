"""Snapshots of a run: small weights files, by which its learning can be watched afterwards and meanwhile.

The files are named snapshot-STEP-epoch-EPOCH.safetensors and are weights files like any other. A run writes
one before its first step, after steps 1, 2, 4, 8 … of the first epoch, when a network changes fastest, and
after every epoch. Their number and bytes are bounded: of too many, those go that stand closest to their
neighbours.
No torch here: the window lists them.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.runs.names import SNAPSHOT

#: At most so many snapshots, and so many bytes of them, in a run's folder.
MOST = 40
MOST_BYTES = 200_000_000
#: Fewer than these show nothing: a network that is too large for them gets none.
FEWEST = 4


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """step: optimizer steps before it. epoch: epochs done by then, 0.5 in the middle of the first."""

    path: Path
    step: int
    epoch: float


def snapshot_file(folder: Path, step: int, epoch: float) -> Path:
    """Where the snapshot after so many steps goes."""
    done = f"{epoch:.4f}".rstrip("0").rstrip(".")
    return folder / f"snapshot-{step:08}-epoch-{done}.safetensors"


def list_snapshots(folder: Path) -> list[Snapshot]:
    """Those of a run's folder, by step; none where there is no such folder (any more)."""
    found = []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if (match := SNAPSHOT.fullmatch(entry.name)) is not None:
                found.append(
                    Snapshot(path=folder / entry.name, step=int(match[1]), epoch=float(match[2]))
                )
    return sorted(found, key=lambda snapshot: snapshot.step)


def is_early_step(step: int) -> bool:
    """Whether a snapshot is due after this step of the first epoch: 1, 2, 4, 8 …"""
    return step > 0 and step & (step - 1) == 0


def most_snapshots(file_bytes: int) -> int:
    """How many files of this size a run may keep; 0 where the network is too large to be watched."""
    count = min(MOST, MOST_BYTES // max(1, file_bytes))
    return count if count >= FEWEST else 0


def superfluous(steps: Sequence[int], most: int) -> list[int]:
    """The steps, of ascending ones, whose snapshots go so that at most so many stay.

    The first and the last always stay; between them, one after the other, the one that is closest to its
    neighbours in relation to its own step: late in a run a network changes slowly.
    """
    left, gone = list(steps), []
    while len(left) > max(most, 2):
        gaps = [
            (after - before) / (here + 1)
            for before, here, after in zip(left, left[1:], left[2:], strict=False)
        ]
        gone.append(left.pop(1 + gaps.index(min(gaps))))
    return gone


def forget_after(folder: Path, step: int) -> None:
    """Removes the snapshots after this step: a resumed run writes them again."""
    for snapshot in list_snapshots(folder):
        if snapshot.step > step:
            with contextlib.suppress(OSError):
                snapshot.path.unlink()


def nearest(snapshots: Sequence[Snapshot], epoch: float) -> int | None:
    """Index of the snapshot closest to so many epochs, the later of two; None where there is none."""
    if not snapshots:
        return None
    order = range(len(snapshots))
    return max(order, key=lambda i: (-abs(snapshots[i].epoch - epoch), snapshots[i].step))


def thin(folder: Path, most: int) -> None:
    """Removes what is too much. Raises OSError."""
    found = {snapshot.step: snapshot.path for snapshot in list_snapshots(folder)}
    for step in superfluous(list(found), most):
        found[step].unlink(missing_ok=True)
