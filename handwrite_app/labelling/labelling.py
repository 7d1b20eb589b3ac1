"""Correct with one key: what the drawing truly is, and it is kept with that in the user's store.

The keys 0–9 (and letters, where the network knows any), the menu "Keep as" and the row beside the paper do
the same. A toast says what was kept, when it is on the disk and not before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMainWindow, QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.pen_up_queue import PenUpQueue
from handwrite_app.labelling.label_actions import DIGITS, LabelActions, in_words
from handwrite_app.labelling.label_row import LabelRow
from handwrite_app.labelling.saved_drawing import (
    Answer,
    SavedDrawing,
    SavedDrawingJobs,
    Stored,
    said_by,
)
from handwrite_app.labelling.writers import Writers
from handwrite_app.reading.reading_panel import PANEL_WIDTH, PATIENCE_MS
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.message_boxes import warn
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.toast import Toast
from handwrite_app.ui.tokens import SPACE
from handwrite_app.workers.drawings import DrawingsWorker
from trainer.base.errors import HandwriteError
from trainer.picture.strokes import Drawing
from trainer.processes.recognition_messages import Loaded, Reading

if TYPE_CHECKING:
    from trainer.drawings import Entry, Said

#: So many drawings are remembered: one that undo brings back to the paper is relabelled, not kept twice.
_REMEMBERED = 200


class Labelling(QObject):
    """Keeps what is on the paper under the label that the person gives, and takes that back.

    Signals:
        said(text): one sentence for the status line; "": nothing more to say.
        answered(): the newest question was answered, see is_read.
    """

    said = Signal(str)
    answered = Signal()

    def __init__(
        self, window: QMainWindow, actions: Actions, canvas: Canvas, settings: Settings
    ) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._canvas = canvas
        self._store = DrawingsWorker(self)
        self._answer: Answer | None = None
        self._kept: dict[
            int, SavedDrawing
        ] = {}  # by the id of the drawing, which each of them holds
        self._last: SavedDrawing | None = None
        self._told: Stored | None = None  # what the toast says
        self._toast: Toast | None = None
        self._inking = False
        self._paused = False
        self._lifted = PenUpQueue(canvas, self)
        self._keeper = SavedDrawingJobs()
        self.labels = LabelActions(window, actions)
        self.row = LabelRow(self.labels.menu)
        self.writers = Writers(window, actions.menus["writer"], self._store, settings)
        self.set_labels(DIGITS)
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(PATIENCE_MS)
        self._slow.timeout.connect(self._on_slow)
        self._said_slow = False
        self._prepared = False

        self.labels.chosen.connect(self.keep)
        self.row.labelChosen.connect(self.keep)
        self.writers.said.connect(self.said)
        self._store.noted.connect(self._on_noted)
        self._store.changed.connect(self._on_store_changed)
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
        """Made when it is first needed: the first paint does not wait for it."""
        if self._toast is None:
            self._toast = Toast(self._window, width=PANEL_WIDTH - 2 * SPACE, home=self._canvas)
            self._toast.actionChosen.connect(self._actions["UndoKeep"].trigger)
            self._toast.dismissed.connect(self._update)
            QWidget.setTabOrder(self._canvas, self._toast.button)
        return self._toast

    def set_labels(self, labels: tuple[str, ...]) -> None:
        """Those of the network in use."""
        self.labels.set_labels(labels)
        self.row.set_labels(labels)

    def set_reading(self, drawing: Drawing, reading: Reading, network: Loaded | None) -> None:
        """The answer to the newest question, what was asked about, and who was asked."""
        self._answer = Answer(drawing, reading, network)
        self.answered.emit()
        if self._canvas.is_drawing():  # nothing changes, and nothing begins, under the pen
            return
        if reading.probabilities is not None and reading.labels == self.labels.labels:
            self.row.rank(reading.probabilities)
        if not self._prepared:
            self._prepared = True
            self._store.prepare()

    def retranslate(self) -> None:
        self.labels.retranslate()
        self.writers.retranslate()
        if self._told is not None:
            self.toast.set_words(self._words(self._told), self.tr("Undo"))

    def close(self) -> None:
        """What was asked to be kept is kept before this returns."""
        self._slow.stop()
        self._lifted.forget()
        self._store.close()

    # --- keeping -------------------------------------------------------------------------------------

    def keep(self, label: str) -> None:
        """The drawing on the paper is a `label`. One that is kept already gets another label."""
        canvas = self._canvas
        if canvas.is_drawing():
            self.said.emit(self.tr("Lift the pen first, then say what it is."))
            return
        drawing = canvas.current_drawing()
        kept = self._kept.get(id(drawing))
        is_kept = kept is not None and kept.is_stored
        if drawing.is_empty or (not is_kept and self.sees_nothing(drawing)):
            self.said.emit(self.tr("There is nothing to keep yet. Draw, then say what it is."))
            return
        if kept is None:
            kept = self._remember(
                SavedDrawing(
                    drawing=drawing,
                    answer=self._answer_to(drawing),
                    device=canvas.device,
                    writer=self.writers.active,
                    created=dt.datetime.now(dt.UTC),
                )
            )
        elif kept.answer is None:  # it came from the store, or the network had not read it yet
            kept.answer = self._answer_to(drawing)
        kept.waiting += 1
        canvas.begin_anew()
        self._slow.start()
        self._store.ask(
            partial(self._keeper.put, kept, label),
            partial(self._on_stored, kept),
            partial(self._on_not_stored, kept),
        )

    def undo(self) -> None:
        """Deletes what was kept last, or gives its former label back to what had come from the store."""
        kept, self._last = self._last, None
        if kept is None:
            return
        kept.undone = True
        if self._toast is not None:
            self._toast.dismiss()
        if kept.before is not None:
            self._put_back(kept, kept.before)
            return
        self._forget(kept)
        self._store.ask(
            lambda store: store.delete([] if kept.number is None else [kept.number]),
            lambda _: self.said.emit(self.tr("The drawing is not kept any more.")),
            partial(self._on_not_undone, kept),
        )

    def reopen(self, drawing: Drawing, entry: Entry) -> Drawing:
        """What is to be put on the paper for one that is in the store: a label changes that one from now on,
        instead of keeping it twice.

        One that is remembered is the very same drawing again, so that undo and redo of the paper find no
        other one that is kept as something else.
        """
        kept = next(
            (
                one
                for one in self._kept.values()
                if one.number == entry.id and one.created == entry.created
            ),
            None,
        )
        if kept is None:
            kept = SavedDrawing(
                drawing=drawing,
                answer=None,
                device=entry.device,
                writer=entry.writer.name,
                created=entry.created,
                number=entry.id,
            )
        self._show_stored(kept, entry.label)
        self._remember(kept)
        self._update()
        return kept.drawing

    def is_kept(self, drawing: Drawing) -> bool:
        """Whether exactly this drawing is in the store already, or on its way there."""
        kept = self._kept.get(id(drawing))
        return kept is not None and kept.is_stored

    # --- samples: what they are is known before they are drawn (see `sampler`) -----------------------

    def pause(self, paused: bool) -> None:
        """Whether no label can be given: neither by a key, nor by the menu or the row."""
        self._paused = paused
        self.labels.set_enabled(not paused)
        self.row.set_shown(not paused)
        if self._toast is not None:
            self._toast.dismiss()
        self._update()

    def is_read(self, drawing: Drawing) -> bool:
        """Whether the network in use has answered what exactly this drawing is."""
        return self._answer_to(drawing) is not None

    def sees_nothing(self, drawing: Drawing) -> bool:
        """Whether the network in use sees nothing in it (a dot, say): neither could one that learns."""
        answer = self._answer_to(drawing)
        return answer is not None and not answer.reading.probabilities and not answer.reading.error

    def add(
        self,
        label: str,
        writer: str,
        then: Callable[[int, Said | None], object],
        failed: Callable[[], object],
    ) -> None:
        """Keeps what is on the paper as this writer's `label`, without a toast.

        then: called when it is on the disk, with its id and what the network had said of it. failed: called
        where it could not be; why, a box says.
        """
        drawing = self._canvas.current_drawing()
        kept = SavedDrawing(
            drawing=drawing,
            answer=self._answer_to(drawing),
            device=self._canvas.device,
            writer=writer,
            created=dt.datetime.now(dt.UTC),
        )

        def on_stored(_: Stored) -> None:
            self._slow.stop()
            if self._said_slow:
                self._said_slow = False
                self.said.emit("")
            assert kept.number is not None  # it has just been stored
            then(kept.number, said_by(kept.answer))

        def on_not_stored(error: HandwriteError) -> None:
            self._slow.stop()
            self._said_slow = False
            failed()
            self._fail(self.tr("The drawing was not kept"), error)

        self._slow.start()
        self._store.ask(partial(self._keeper.put, kept, label), on_stored, on_not_stored)

    def drop(self, number: int) -> None:
        """Deletes what `add` has kept."""
        self._store.ask(
            lambda store: store.delete([number]),
            failed=lambda error: self._fail(self.tr("The drawing is still kept"), error),
        )

    def _put_back(self, kept: SavedDrawing, label: str) -> None:
        """What is still on its way for `kept` is not told any more; another one stands for the drawing."""
        again = self._remember(replace(kept, undone=False, waiting=0))
        if self._canvas.current_drawing() is kept.drawing:
            self._canvas.begin_anew(False)
        self._update()

        def on_relabelled(found: str | None) -> None:
            again.label = again.before = found
            self._update()
            if found is None:
                self.said.emit(self.tr("The drawing is not kept any more."))
            else:
                words = in_words(found, self.labels.labels)
                self.said.emit(self.tr("Kept as {label} again").format(label=words))

        self._store.ask(
            partial(self._keeper.put_back, kept, again, label),
            on_relabelled,
            partial(self._on_not_undone, kept),
        )

    def _remember(self, kept: SavedDrawing) -> SavedDrawing:
        self._kept.pop(id(kept.drawing), None)  # it is the newest again
        self._kept[id(kept.drawing)] = kept
        for oldest in list(self._kept)[:-_REMEMBERED]:
            del self._kept[oldest]
        return kept

    def _forget(self, kept: SavedDrawing) -> None:
        self._kept.pop(id(kept.drawing), None)
        if self._canvas.current_drawing() is kept.drawing:
            self._canvas.begin_anew(False)
        self._update()

    def _answer_to(self, drawing: Drawing) -> Answer | None:
        """What the network in use said of exactly this drawing, if it has."""
        answer = self._answer
        return answer if answer is not None and answer.drawing is drawing else None

    # --- what became of it ---------------------------------------------------------------------------

    def _on_stored(self, kept: SavedDrawing, stored: Stored) -> None:
        kept.waiting -= 1
        self._slow.stop()
        if kept.undone:
            return
        kept.label = stored.label
        if stored.before is None:  # it is new, or somebody had deleted it
            kept.before = None
        elif kept.before is not None and stored.before != stored.label:
            kept.before = stored.before
        self._last, self._told = kept, stored
        self.toast.tell(self._words(stored), self.tr("Undo"))
        if self._canvas.current_drawing() is kept.drawing:
            self.said.emit(self.tr("The next stroke begins a new drawing."))
        elif self._said_slow:
            self.said.emit("")
        self._said_slow = False
        self._update()

    def _on_not_stored(self, kept: SavedDrawing, error: HandwriteError) -> None:
        kept.waiting -= 1
        self._slow.stop()
        if kept.label is None:
            self._forget(kept)
            self._fail(self.tr("The drawing was not kept"), error)
        else:
            self._fail(self.tr("The drawing is still kept as it was"), error)

    def _on_not_undone(self, kept: SavedDrawing, error: HandwriteError) -> None:
        kept.undone = False
        self._last = self._remember(kept)
        self._update()
        self._fail(self.tr("The drawing is still kept"), error)

    def _on_store_changed(self) -> None:
        """The gallery, or another window, may have relabelled or deleted what was kept here."""
        remembered = list(self._kept.values())
        if remembered:
            self._store.ask(partial(self._keeper.labels, remembered), self._on_labels)

    def _on_labels(self, found: list[tuple[SavedDrawing, str | None]]) -> None:
        for kept, label in found:
            is_newest = self._kept.get(id(kept.drawing)) is kept
            # What is on its way changes the store once more.
            if is_newest and not kept.waiting and label != kept.label:
                self._show_stored(kept, label)
        self._update()

    def _show_stored(self, kept: SavedDrawing, label: str | None) -> None:
        """As what it is kept, by somebody else's doing; None: it was deleted, and can come back."""
        if kept is self._last:  # what undo would do is another thing now than the toast says
            self._last = None
            if self._toast is not None:
                self._toast.dismiss()
        kept.label = kept.before = label

    def _on_slow(self) -> None:
        self._said_slow = True
        self.said.emit(self.tr("Keeping the drawing…"))

    def _fail(self, title: str, error: HandwriteError) -> None:
        self.said.emit(title)
        self._lifted.then(lambda: warn(self._window, title, str(error)))

    def _on_noted(self, text: str) -> None:
        self._lifted.then(lambda: warn(self._window, self.tr("Your drawings"), text))

    def _words(self, stored: Stored) -> str:
        label = in_words(stored.label, self.labels.labels)
        if stored.writer:
            return self.tr("Kept as {label} for {writer}").format(
                label=label, writer=self.writers.shown(stored.writer)
            )
        return self.tr("Kept as {label}").format(label=label)

    # --- the paper -----------------------------------------------------------------------------------

    def _on_drawing_changed(self) -> None:
        if not self._canvas.is_drawing():
            self._inking = False
            self._update()
        elif not self._inking:  # its first point
            self._inking = True
            self._update()
            if self._toast is not None and self._toast.isVisible():
                self._toast.dismiss()
                self.said.emit("")

    def _on_stroke_finished(self) -> None:
        self._inking = False
        self._update()

    def _update(self) -> None:
        """What is kept of what is on the paper, and whether that can be taken back."""
        kept = None if self._inking else self._kept.get(id(self._canvas.current_drawing()))
        self.row.show_kept(None if kept is None else kept.label)
        told = self._toast is not None and not self._toast.isHidden()
        last = self._last
        can_undo = last is not None and (told or last is kept)
        self._actions["UndoKeep"].setEnabled(can_undo and not self._paused)
