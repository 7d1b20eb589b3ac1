"""Relabelling and deleting in the gallery, with undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QLocale, QObject, Signal

from handwrite_app.gallery.store_access import Asked
from handwrite_app.labelling.label_actions import in_words
from trainer.base.errors import HandwriteError

if TYPE_CHECKING:
    from trainer.drawings import DrawingStore


class _Done(NamedTuple):
    """How it is taken back, and which drawings it was done to."""

    back: Callable[[DrawingStore], object]
    numbers: list[int]


class GalleryEdits(QObject):
    """Relabels and deletes.

    Signals:
        done(say): it is on the disk, and `undo` takes it back; say() is a sentence that tells it.
        undone(ids): that is on the disk. failed(title, HandwriteError): nothing has changed. canUndo(bool):
        whether there is something that `undo` takes back.
    """

    done = Signal(object)
    undone = Signal(list)
    failed = Signal(str, object)
    canUndo = Signal(bool)

    def __init__(self, store: Asked, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.labels: tuple[str, ...] = ()  # those that the network knows
        self._store = store
        self._done: list[_Done] = []

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    def relabel(self, numbers: Sequence[int], label: str) -> None:
        """Gives the drawings this label."""
        self._store.ask(
            lambda store: store.relabel(numbers, label),
            partial(self._on_relabelled, label),
            partial(self.failed.emit, self.tr("The drawings keep their labels")),
        )

    def delete(self, numbers: Sequence[int]) -> None:
        self._store.ask(
            lambda store: store.delete(numbers),
            self._on_deleted,
            partial(self.failed.emit, self.tr("The drawings were not deleted")),
        )

    def undo(self) -> None:
        """Takes back what was done last; called again, what was done before that."""
        if self._done:
            done = self._done.pop()
            self.canUndo.emit(self.can_undo)
            self._store.ask(
                done.back,
                lambda _: self.undone.emit(done.numbers),
                partial(self._on_not_undone, done),
            )

    def _on_relabelled(self, label: str, before: dict[int, str]) -> None:
        def say() -> str:
            words = self.tr("{count} drawings labelled {label}")
            if len(before) == 1:
                words = self.tr("Drawing labelled {label}")
            return words.format(count=_number(len(before)), label=in_words(label, self.labels))

        self._tell(_Done(lambda store: store.relabel_each(before), list(before)), say)

    def _on_deleted(self, numbers: list[int]) -> None:
        def say() -> str:
            words = self.tr("{count} drawings deleted")
            if len(numbers) == 1:
                words = self.tr("Drawing deleted")
            return words.format(count=_number(len(numbers)))

        self._tell(_Done(lambda store: store.restore(numbers), numbers), say)

    def _tell(self, done: _Done, say: Callable[[], str]) -> None:
        if done.numbers:  # or it was so already, or they are gone
            self._add(done)
            self.done.emit(say)

    def _add(self, done: _Done) -> None:
        self._done.append(done)
        self.canUndo.emit(True)

    def _on_not_undone(self, done: _Done, error: HandwriteError) -> None:
        self._add(done)
        self.failed.emit(self.tr("Nothing was taken back"), error)


def _number(number: int) -> str:
    return QLocale().toString(number)
