"""Label the current drawing with one key press and store it.

The keys 0–9 (and letters, where the network knows any), the menu "Label as" and the row beside the paper do
the same. A toast confirms the label once it is on the disk, and not before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow, QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.pen_up_queue import PenUpQueue
from handwrite_app.labelling.label_actions import DIGITS, LabelActions, in_words
from handwrite_app.labelling.label_feedback import LabelFeedback
from handwrite_app.labelling.label_palette import open_palette
from handwrite_app.labelling.label_row import LabelRow
from handwrite_app.labelling.saved_drawings import LabelChange, SavedDrawing, SavedDrawings
from handwrite_app.labelling.saving_notice import SavingNotice
from handwrite_app.labelling.store_jobs import StoreJobs, said_by
from handwrite_app.labelling.writers import Writers
from handwrite_app.reading.answers import continues
from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.dialogs.message_boxes import announce
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.widgets.toast import Toast
from handwrite_app.workers.drawings import DrawingsWorker
from trainer.base.errors import HandwriteError
from trainer.picture.strokes import Drawing

if TYPE_CHECKING:
    from trainer.drawings import Entry, Said


class LabellingController(QObject):
    """Connects the paper, keys, row and toast with SavedDrawings and the drawings' thread.

    Signals:
        said(text): one sentence for the status line; "": nothing more to say.
        labelled(label): the drawing on the paper was stored under this label.
        changed(): the drawing on the paper is another one, or in the store under another label or no more.
        remarked(text): a few words about the label of the drawing on the paper, or on how to give one.
        paused(paused): samples are drawn now, or no more.
        partLabelled(Drawing, label): a part of the drawing was stored under this label; "": no more.
    """

    said = Signal(str)
    labelled = Signal(str)
    changed = Signal()
    remarked = Signal(str)
    paused = Signal(bool)
    partLabelled = Signal(object, str)

    def __init__(
        self,
        window: QMainWindow,
        actions: Actions,
        canvas: Canvas,
        requester: ReadRequester,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._canvas = canvas
        self._requester = requester
        self._store = DrawingsWorker(self)
        self._saved = SavedDrawings()
        self._jobs = StoreJobs()
        self._inking = False
        #: Whether the drawing on the paper was read, and has no label. While it is drawn on, and until that
        #: is read, whether it was so before: what is said of it stays meanwhile.
        self._is_read = False
        self._updated_for = Drawing()  # what was on the paper at the last update
        self._paused = False
        self._prepared = False
        #: What a label is given to: a part of the drawing, or None for all of it; empty: not known yet.
        self.part: Callable[[], Drawing | None] = lambda: None
        self._lifted = PenUpQueue(canvas, self)
        self.labels = LabelActions(window, actions)
        self.row = LabelRow(self.labels.menu)
        self.writers = Writers(window, actions.menus["writer"], self._store, settings)
        self._feedback = LabelFeedback(window, actions, canvas, self.writers, settings)
        self._feedback.remarked.connect(self.remarked)
        self._feedback.dismissed.connect(self._update)
        self.set_labels(DIGITS)
        self._saving = SavingNotice(self)
        self._saving.said.connect(self.said)

        self.labels.chosen.connect(self.label)
        self.row.labelChosen.connect(self.label)
        self.row.allWanted.connect(self.ask_label)
        self.writers.said.connect(self.said)
        self._store.noted.connect(self._on_noted)
        self._store.changed.connect(self._on_store_changed)
        requester.answered.connect(self._on_answered)
        canvas.drawingChanged.connect(self._on_drawing_changed)
        canvas.strokeFinished.connect(self._on_stroke_finished)
        actions.connect(UndoKeep=self.undo)
        self._update()

    @property
    def store(self) -> DrawingsWorker:
        """The thread that has the user's drawings."""
        return self._store

    @property
    def toast(self) -> Toast:
        return self._feedback.toast

    def place_toast(self, card: QWidget, covered: Callable[[], int]) -> None:
        """See Toast.set_card."""
        self._feedback.place_toast(card, covered)

    def set_labels(self, labels: tuple[str, ...]) -> None:
        """Sets the labels of the active model."""
        self.labels.set_labels(labels)
        self.row.set_labels(labels)
        self._feedback.labels = labels

    def retranslate(self) -> None:
        self.labels.retranslate()
        self.writers.retranslate()
        self._feedback.retranslate()
        self._update()

    def close(self) -> None:
        """Returns when every label given is on the disk."""
        self._saving.stop()
        self._lifted.forget()
        self._store.close()

    # --- labelling -----------------------------------------------------------------------------------

    def label(self, label: str) -> None:
        """Stores the drawing on the paper under this label, or relabels it where it is stored already."""
        canvas = self._canvas
        if canvas.is_drawing():
            self.said.emit(self.tr("Lift the pen first, then press what it is."))
            return
        if self.writers.is_guest:
            canvas.replace_at_next_stroke()
            self.said.emit(self.tr("Nothing that a guest draws is kept."))
            return
        part = self.part()
        if part is not None and part.is_empty:
            self.said.emit(self.tr("It is still being read: press again in a moment."))
            return
        drawing = canvas.current_drawing() if part is None else part
        saved = self._saved.find(drawing)
        is_stored = saved is not None and saved.is_stored
        if drawing.is_empty or (not is_stored and self._requester.sees_nothing(drawing)):
            self.said.emit(self.tr("There is nothing to save yet. Draw, then press what it is."))
            return
        if saved is None:
            saved = self._record(drawing, self.writers.active)
        elif saved.answer is None:  # opened from the store, or not read in time
            saved.answer = self._requester.answer_to(drawing)
        if part is None:
            canvas.replace_at_next_stroke()
        self._saving.start()
        change = self._saved.begin(saved, label)
        self._store.ask(
            partial(self._jobs.store, change),
            partial(self._on_stored, change),
            partial(self._on_not_stored, change),
        )
        self._update()

    def ask_label(self) -> None:
        """Opens the palette of all labels for the drawing on the paper."""
        open_palette(self._window, self.labels.labels, self._requester.answer, self.label)

    def undo(self) -> None:
        """Takes the newest label back: the drawing gets its label before, or is deleted where it had none."""
        change = self._saved.undo()
        if change is None:
            return
        self._feedback.dismiss()
        if self._canvas.current_drawing() is change.saved.drawing:
            self._canvas.replace_at_next_stroke(False)
        self._store.ask(
            partial(self._jobs.take_back, change),
            partial(self._on_undone, change),
            partial(self._on_not_undone, change),
        )
        self._update()

    def reopen(self, drawing: Drawing, entry: Entry) -> Drawing:
        """The drawing to put on the paper for one that is in the store, so that a label changes that entry
        instead of storing a second one.

        A remembered one is the very same object again: undo and redo of the paper then find one record.
        """
        saved = self._saved.find_number(entry.id, entry.created)
        if saved is None:
            saved = SavedDrawing(
                drawing=drawing,
                answer=None,
                device=entry.device,
                writer=entry.writer.name,
                created=entry.created,
                number=entry.id,
            )
        self._adopted([saved])
        self._saved.adopt(saved, entry.label)
        self._saved.remember(saved)
        self._update()
        return saved.drawing

    def is_stored(self, drawing: Drawing) -> bool:
        """Whether exactly this drawing is in the store already, or on its way there."""
        return self._saved.is_stored(drawing)

    # --- samples: their label is known before they are drawn (see `sampler`) --------------------------

    def pause(self, paused: bool) -> None:
        """Whether no label can be given: neither by a key, nor by the menu or the row."""
        self._paused = paused
        self.labels.set_enabled(not paused)
        self.row.set_shown(not paused)
        self.paused.emit(paused)
        self._feedback.dismiss()
        self._update()

    def add(
        self,
        label: str,
        writer: str,
        then: Callable[[int, Said | None], object],
        failed: Callable[[], object],
    ) -> None:
        """Stores the drawing on the paper as this writer's `label`, without toast and undo.

        then: called when it is on the disk, with its id and the network's answer. failed: called where it
        could not be stored; a box gives the reason.
        """
        saved = self._record(self._canvas.current_drawing(), writer)
        change = LabelChange(saved, label, step=0)

        def on_stored(_: str) -> None:
            self._saving.end()
            assert saved.number is not None  # it has just been stored
            then(saved.number, said_by(saved.answer))

        def on_not_stored(error: HandwriteError) -> None:
            self._saving.forget()
            failed()
            self._fail(self.tr("The drawing was not saved"), error)

        self._saving.start()
        self._store.ask(partial(self._jobs.store, change), on_stored, on_not_stored)

    def drop(self, number: int) -> None:
        """Deletes a sample that `add` has stored."""
        self._store.ask(
            lambda store: store.delete([number]),
            failed=lambda error: self._fail(self.tr("The drawing is still saved"), error),
        )

    def _record(self, drawing: Drawing, writer: str) -> SavedDrawing:
        return SavedDrawing(
            drawing=drawing,
            answer=self._requester.answer_to(drawing),
            device=self._canvas.device,
            writer=writer,
            created=dt.datetime.now(dt.UTC),
        )

    # --- outcomes ------------------------------------------------------------------------------------

    def _on_stored(self, change: LabelChange, writer: str) -> None:
        self._saved.finish(change)
        self._saving.stop()
        if change.undone:
            self._update()
            return
        self._feedback.tell(change, writer)
        if self._canvas.current_drawing() is change.saved.drawing:
            self._saving.forget()
            self.said.emit(self.tr("The next stroke begins a new drawing."))
            self.labelled.emit(change.label)
        else:
            self.partLabelled.emit(change.saved.drawing, change.label)
        self._saving.end()
        self._update()

    def _on_not_stored(self, change: LabelChange, error: HandwriteError) -> None:
        self._saving.stop()
        self._saved.fail(change)
        if change.saved.is_stored:
            self._fail(self.tr("The drawing is still saved as it was"), error)
        else:
            self._keep_at_next_stroke(change.saved)
            self._fail(self.tr("The drawing was not saved"), error)
        self._update()

    def _on_undone(self, change: LabelChange, label: str | None) -> None:
        self._saved.finish_undo(change, label)
        if label is not None:
            words = in_words(label, self.labels.labels)
            self.said.emit(self.tr("Saved as {label} again").format(label=words))
        elif change.stored:  # or it never came there, and a box has told why
            self.said.emit(self.tr("Removed from My drawings."))
        if not change.saved.is_stored:
            self._keep_at_next_stroke(change.saved)
        self.partLabelled.emit(change.saved.drawing, label or "")
        self._update()

    def _on_not_undone(self, change: LabelChange, error: HandwriteError) -> None:
        self._saved.fail_undo(change)
        self._update()
        self._fail(self.tr("The drawing is still saved"), error)

    def _on_store_changed(self) -> None:
        """The gallery, or another window, may have relabelled or deleted drawings that are known here."""
        if remembered := self._saved.all():
            self._store.ask(partial(self._jobs.labels, remembered), self._on_labels)

    def _on_labels(self, found: list[tuple[SavedDrawing, str | None]]) -> None:
        self._adopted(self._saved.adopt_all(found))
        self._update()

    def _adopted(self, changed: list[SavedDrawing]) -> None:
        """The toast offers no undo of a drawing that was changed elsewhere."""
        if (told := self._feedback.told) is not None and told.saved in changed:
            self._feedback.dismiss()

    def _keep_at_next_stroke(self, saved: SavedDrawing) -> None:
        if self._canvas.current_drawing() is saved.drawing:
            self._canvas.replace_at_next_stroke(False)

    def _fail(self, title: str, error: HandwriteError) -> None:
        self.said.emit(title)
        self._lifted.then(lambda: announce(self._window, title, sentence(error), name="warning"))

    def _on_noted(self, text: str) -> None:
        self._lifted.then(
            lambda: announce(self._window, self.tr("My drawings"), text, name="warning")
        )

    # --- the paper -----------------------------------------------------------------------------------

    def _on_answered(self) -> None:
        answer = self._requester.answer
        if answer is None or self._canvas.is_drawing():  # nothing moves under the pen
            return
        reading = answer.reading
        if reading.probabilities is not None and reading.labels == self.labels.labels:
            self.row.rank(reading.probabilities)
        if not self._prepared:
            self._prepared = True
            self._store.prepare()
        self._update()

    def _on_drawing_changed(self) -> None:
        if not self._canvas.is_drawing():
            self._inking = False
            self._update()
        elif not self._inking:  # its first point
            self._inking = True
            self._update()
            if self._feedback.is_shown:
                self._feedback.dismiss()
                self.said.emit("")

    def _on_stroke_finished(self) -> None:
        self._inking = False
        self._update()

    def _update(self) -> None:
        """Shows the label of the drawing on the paper, and whether it can be taken back."""
        drawing = self._canvas.current_drawing()
        saved = None if self._inking else self._saved.find(drawing)
        self.row.show_saved(None if saved is None else saved.label)
        newest = self._saved.newest
        can_undo = newest is not None and (self._feedback.is_shown or newest.saved is saved)
        self._actions["UndoKeep"].setEnabled(can_undo and not self._paused)
        before, self._updated_for = self._updated_for, drawing
        if not continues(before, drawing):
            self._is_read = False
        if saved is not None and saved.label is not None:
            self._is_read = False
        elif not self._inking and (answer := self._requester.answer_to(drawing)) is not None:
            self._is_read = bool(answer.reading.probabilities)
        self._feedback.remark(
            None if saved is None else saved.label, can_correct=self._is_read and not self._paused
        )
        self.changed.emit()
