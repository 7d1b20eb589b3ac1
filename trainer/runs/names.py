"""The names of a run's folder and of the files in it."""

from __future__ import annotations

import re
from pathlib import Path

STAMP = "%Y-%m-%d_%H%M%S"  # local time when the run began: the beginning of its folder's name

CONFIG = "config.json"
METRICS = "metrics.jsonl"
BEST, LAST_WEIGHTS, CHECKPOINT = (
    "best.safetensors",
    "last.safetensors",
    "checkpoint.safetensors",
)
REPORTS = ("report.html", "report.json")
ANSWERS = "answers.npz"  # trainer.evaluation.answers_file
WALL = "wall.safetensors"  # trainer.runs.wall
LOCK = ".lock"
NOTES = "notes.json"  # trainer.runs.notes

_OWN = frozenset(
    {CONFIG, METRICS, BEST, LAST_WEIGHTS, CHECKPOINT, *REPORTS, ANSWERS, WALL, LOCK, NOTES}
)
#: Weights during the run (trainer.runs.snapshots): the optimizer step, and the epochs done by then.
SNAPSHOT = re.compile(r"snapshot-(\d{8,})-epoch-(\d+(?:\.\d+)?)\.safetensors")
# TensorBoard's event files, and temporary files of a process that was killed (trainer.base.files).
_OWN_PATTERN = re.compile(
    rf"events\.out\.tfevents\..+|{SNAPSHOT.pattern}|\..+\.[0-9a-f]{{8}}\.part"
)


def is_own_file(path: Path) -> bool:
    """Whether the program writes files of this name into a run's folder, and this is a file, not a link."""
    is_own = path.name in _OWN or _OWN_PATTERN.fullmatch(path.name) is not None
    return is_own and path.is_file() and not path.is_symlink()
