"""The dialog for a file to save: completes the name, and asks before an existing file is replaced."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from handwrite_app.ui.dialogs.message_boxes import Question, may


class Kind(NamedTuple):
    """A file type. words: its name in the dialog. ending: with its dot, as ".jsonl.gz"."""

    words: str
    ending: str


def ask_where(window: QWidget, title: str, start: Path, kinds: Sequence[Kind]) -> Path | None:
    """The file to write or replace; None where the dialog was cancelled. The first kind is proposed."""
    patterns = [f"{kind.words} (*{kind.ending})" for kind in kinds]
    proposed = patterns[0]
    while True:
        typed, pattern = QFileDialog.getSaveFileName(
            window, title, str(start), ";;".join(patterns), proposed
        )
        if not typed:
            return None
        if pattern not in patterns:  # this system's dialog does not report it
            pattern = proposed
        kind = kinds[patterns.index(pattern)]
        path = completed(Path(typed), kind, kinds, was_chosen=pattern != proposed)
        # The dialog has asked about the name that was typed, but not about the completed one.
        if path == Path(typed) or not path.exists() or _may_replace(window, title, path):
            return path
        start, proposed = path, pattern


def completed(path: Path, kind: Kind, kinds: Sequence[Kind], *, was_chosen: bool) -> Path:
    """The path with the ending of its kind. An ending of another kind that was typed counts, unless the kind
    was chosen from the dialog's list: then the ending is the one that the dialog had proposed."""
    name = path.name.lower()
    if name.endswith(kind.ending):
        return path
    endings = sorted((other.ending for other in kinds), key=len, reverse=True)
    found = next((ending for ending in endings if name.endswith(ending)), "")
    if found and not was_chosen:
        return path
    return path.with_name(path.name[: len(path.name) - len(found)] + kind.ending)


def _may_replace(window: QWidget, title: str, path: Path) -> bool:
    translate = QCoreApplication.translate
    question = Question(
        title=title,
        text=translate("Saving", "{name} already exists. Replace it?").format(name=path.name),
        do=translate("Saving", "Replace"),
        keep=translate("Saving", "Cancel"),
        name="replaceFile",
    )
    return may(window, question)
