"""Deletes runs, and brings them back: for the window of runs, and for the report."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from handwrite_app.ui.dialogs.message_boxes import warn
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.widgets.toast import Toast
from handwrite_app.workers.lookup import LookupWorker
from trainer.base.errors import HandwriteError
from trainer.runs.notes import discard_run, empty_trash, restore_run

_T = TypeVar("_T")
_U = TypeVar("_U")


class _Discarded(NamedTuple):
    """A run that was deleted: its folder, and where that is now."""

    folder: Path
    now: Path


class Deletion(QObject):
    """Each run by itself: one that cannot be moved keeps no other from it, and undo is of those that were.

    What was deleted stays in a folder of its own until `empty` is called.

    Signals:
        changed(): runs have gone or come back, or should have.
    """

    changed = Signal()

    def __init__(self, window: QWidget, worker: LookupWorker, runs: Path, toast: Toast) -> None:
        super().__init__(window)
        self._window, self._worker, self._runs, self._toast = window, worker, runs, toast
        self._discarded: list[_Discarded] = []
        toast.actionChosen.connect(self._on_undo)

    def delete(self, folders: list[Path]) -> None:
        def discard(folder: Path) -> _Discarded:
            return _Discarded(folder, discard_run(folder, self._runs))

        self._worker.ask(
            lambda: _each(folders, discard), lambda done: self._on_deleted(*done), self._on_failed
        )

    def empty(self) -> None:
        """What was deleted can no longer be brought back. The worker is closed before."""
        with contextlib.suppress(HandwriteError, OSError):
            empty_trash(self._runs)

    def _on_deleted(self, moved: list[_Discarded], errors: list[HandwriteError]) -> None:
        if moved:
            self._offer_undo(moved)
        self._end(errors)

    def _on_undo(self) -> None:
        discarded, self._discarded = self._discarded, []
        self._toast.dismiss()

        def restore(one: _Discarded) -> _Discarded:
            restore_run(one.now, self._runs, one.folder.name)
            return one

        self._worker.ask(
            lambda: _each(discarded, restore),
            lambda done: self._on_restored(discarded, *done),
            self._on_failed,
        )

    def _on_restored(
        self,
        wanted: list[_Discarded],
        moved: list[_Discarded],
        errors: list[HandwriteError],
    ) -> None:
        """What did not come back can be tried again."""
        if left := [one for one in wanted if one not in moved]:
            self._offer_undo(left)
        self._end(errors)

    def _on_failed(self, error: HandwriteError) -> None:
        self._end([error])

    def _offer_undo(self, discarded: list[_Discarded]) -> None:
        self._discarded = discarded
        words = (
            self.tr("Deleted {name}.").format(name=discarded[0].folder.name)
            if len(discarded) == 1
            else self.tr("Deleted {count} runs.").format(count=len(discarded))
        )
        self._toast.tell(words, self.tr("Undo"))

    def _end(self, errors: list[HandwriteError]) -> None:
        if errors:
            text = "\n".join(sentence(error) for error in errors)
            warn(self._window, self.tr("That did not work"), text)
        self.changed.emit()


def _each(things: Iterable[_T], move: Callable[[_T], _U]) -> tuple[list[_U], list[HandwriteError]]:
    """What came of each of them, and the errors of the others."""
    moved: list[_U] = []
    errors: list[HandwriteError] = []
    for one in things:
        try:
            moved.append(move(one))
        except HandwriteError as error:
            errors.append(error)
    return moved, errors
