"""What a person does with runs: a note, a star, and deleting them with a way back."""

from __future__ import annotations

import errno
import itertools
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from trainer.base.errors import InputError, RunError
from trainer.base.files import atomic_write
from trainer.runs.names import NOTES
from trainer.runs.records import check_deletable, delete_own_files

_MOST = 2000  # characters of a note
_TRASH = ".deleted"


@dataclass(frozen=True, kw_only=True)
class Notes:
    note: str = ""
    star: bool = False


def read_notes(folder: Path) -> Notes:
    """Of the run in this folder; none where nothing usable was written."""
    try:
        document = json.loads((folder / NOTES).read_bytes())
    except (OSError, ValueError, RecursionError):
        return Notes()
    if not isinstance(document, dict):
        return Notes()
    note, star = document.get("note", ""), document.get("star", False)
    return Notes(note=note if isinstance(note, str) else "", star=star is True)


def write_notes(folder: Path, notes: Notes) -> None:
    """Raises InputError for a note that is too long or cannot be stored, RunError where it cannot be
    written."""
    if len(notes.note) > _MOST:
        raise InputError(
            "runs.long-note",
            "the note has {count:,} characters: {most:,} are possible",
            count=len(notes.note),
            most=_MOST,
        )
    try:
        notes.note.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            "runs.unwritable-note",
            "the note has a character that no file can hold, at place {place}: leave it out",
            place=error.start + 1,
        ) from error
    with atomic_write(folder / NOTES) as temporary:
        temporary.write_text(json.dumps(asdict(notes), ensure_ascii=False) + "\n", encoding="utf-8")


def discard_run(folder: Path, runs: Path) -> Path:
    """Moves a run out of the list, so that it can be brought back; where to, under a name that is free there.

    Raises InputError where the run may not be deleted (trainer.runs.records.check_deletable), RunError where
    it cannot be moved.
    """
    check_deletable(folder, runs)
    trash = runs / _TRASH
    names = (f"{folder.name} ({n})" if n > 1 else folder.name for n in itertools.count(1))
    return _moved(folder, next(trash / name for name in names if not (trash / name).exists()))


def restore_run(discarded: Path, runs: Path, name: str = "") -> Path:
    """Puts a run back into the list. name: that it had there; "": the one it has now. Raises RunError where
    that cannot be done."""
    return _moved(discarded, runs / (name or discarded.name))


def empty_trash(runs: Path) -> None:
    """Deletes what was discarded, but for files that the program did not write: their runs come back."""
    trash = runs / _TRASH
    try:
        folders = [Path(one.path) for one in os.scandir(trash) if one.is_dir(follow_symlinks=False)]
    except OSError:
        return
    for folder in folders:
        try:
            if delete_own_files(folder):
                restore_run(folder, runs)
        except RunError:
            continue  # the next time
    try:
        trash.rmdir()
    except OSError:
        return


def _moved(folder: Path, target: Path) -> Path:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
        folder.rename(target)
    except OSError as error:
        raise RunError(
            "runs.not-moved",
            "{path} could not be moved ({reason}): nothing was changed",
            path=str(folder),
            reason=error.strerror or str(error),
        ) from error
    return target
