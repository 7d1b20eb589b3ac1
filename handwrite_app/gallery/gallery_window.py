"""My drawings: all that was kept, to look at, relabel, delete, and carry from one computer to another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.pen_up_queue import PenUpQueue
from handwrite_app.gallery.commands import GalleryCommands
from handwrite_app.gallery.contradictions import ContradictionLine
from handwrite_app.gallery.edits import GalleryEdits
from handwrite_app.gallery.filters import GalleryFilters
from handwrite_app.gallery.import_export import GalleryFiles
from handwrite_app.gallery.listing import GalleryListing, count_words, listed
from handwrite_app.gallery.model import Cells
from handwrite_app.gallery.notice import Notice
from handwrite_app.gallery.store_access import WindowStore
from handwrite_app.gallery.view import GalleryView
from handwrite_app.reading.reading_panel import PATIENCE_MS
from handwrite_app.ui.dialogs import dialog
from handwrite_app.ui.dialogs.message_boxes import warn
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.icons import app_icon
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme
from handwrite_app.ui.tokens import SPACE
from handwrite_app.ui.widgets.labels_and_buttons import ElidedLabel
from handwrite_app.ui.widgets.toast import Toast
from handwrite_app.workers.drawings import DrawingsWorker
from trainer.base.errors import HandwriteError

if TYPE_CHECKING:
    from trainer.drawings import Counts, Entry, Filter, Imported
    from trainer.picture.strokes import Drawing

#: So often it is looked whether another window has changed the store, in milliseconds.
_LOOK_MS = 1500
_GEOMETRY = "gallery_geometry"
_TOAST = 420  # width in device-independent pixels


class Gallery(QWidget):
    """A window of its own. What it does to the drawings is done in their thread, and told when it is done.

    Signals:
        chosen(Drawing, Entry): this one is to be put on the paper.
        listed(): the list is the store's.
    """

    chosen = Signal(object, object)
    listed = Signal()

    def __init__(
        self,
        store: DrawingsWorker,
        canvas: Canvas,
        theme: Theme,
        settings: Settings,
        *,
        labels: Callable[[], Sequence[str]],
    ) -> None:
        """canvas: a stroke on it is not interrupted by a box of this window. labels: those that
        the network in use knows; asked for whenever the window comes to the front."""
        super().__init__()
        self.setObjectName("gallery")
        self.setWindowIcon(app_icon())
        self._store = WindowStore(store)
        self._settings = settings
        self._labels_of_network = labels
        self._labels: tuple[str, ...] = ()
        self._counts: Counts | None = None
        self._shown_filter: Filter | None = None
        self._listing = self._again = False
        self._follow = False  # what is next is selected when the selected ones have left the list
        self._to_select: list[int] = []
        self._say_done: Callable[[], str] = lambda: ""  # what the toast tells
        self._lifted = PenUpQueue(canvas, self)

        self.cells = Cells(self._store, self)
        self.view = GalleryView(self.cells, theme)
        self.filters = GalleryFilters()
        self.commands = GalleryCommands(self, self.view)
        self.edits = GalleryEdits(self._store, self)
        self.files = GalleryFiles(self, self._lifted, settings)
        self.notice = Notice()
        self.contradictions = ContradictionLine()
        self._stage = QWidget()
        self.toast = Toast(self._stage, width=_TOAST, home=self.view)
        self.status = ElidedLabel()
        self.status.setObjectName("galleryStatus")
        self._lay_out()
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._look_now)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._on_slow)
        self._connect()
        store.changed.connect(self._on_changed)
        self._retranslate()

    def open(self, numbers: Sequence[int] = ()) -> None:
        """Shows it, or brings it to the front. numbers: these are selected then, whatever was filtered."""
        if numbers:
            self._to_select = list(numbers)
            self.filters.clear()
            self.refresh()
        if self.isMinimized():
            self.showNormal()
        elif self.isVisible():
            self.raise_()
        else:
            self.show()
        self.activateWindow()

    def end(self) -> None:
        """For good. What was begun with a file is finished before this returns."""
        self.close()
        self._store.close()
        self.files.close()
        self.contradictions.close_lookup()
        self._lifted.forget()
        self.deleteLater()

    def refresh(self) -> None:
        """Reads the list from the store again; the selection stays."""
        if self._listing:
            self._again = True
            return
        self._listing = True
        if self._shown_filter is None:
            self._patience.start()
        self._store.ask(partial(listed, self.filters.wanted), self._on_listed, self._on_unlisted)

    # --- building ------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        commands = self.commands
        top, bottom = QHBoxLayout(), QHBoxLayout()
        for row in (top, bottom):
            row.setSpacing(SPACE)
        top.addWidget(self.filters)
        top.addStretch(1)
        top.addWidget(commands.import_button)
        top.addWidget(commands.export_button)
        bottom.addWidget(self.status, 1)
        bottom.addWidget(commands.stop_button)
        bottom.addWidget(commands.put_button)
        bottom.addWidget(commands.label_button)
        bottom.addWidget(commands.delete_button)
        self._pages = QStackedLayout(self._stage)
        self._pages.addWidget(self.view)
        self._pages.addWidget(self.notice)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE + SPACE // 2)
        column.addLayout(top)
        column.addWidget(self.contradictions)
        column.addWidget(self._stage, 1)
        column.addLayout(bottom)
        self.resize(QSize(960, 680).boundedTo(dialog.room_for(self).size()))
        self.setMinimumSize(640, 400)
        geometry = self._settings.bytes_of(_GEOMETRY)
        if geometry is not None:
            self.restoreGeometry(geometry)

    def _connect(self) -> None:
        commands, edits, files = self.commands, self.edits, self.files
        self.cells.failed.connect(self._on_unlisted)
        self.view.selectedChanged.connect(self._update)
        self.view.opened.connect(self._open_on_paper)
        self.filters.chosen.connect(self._on_filter_chosen)
        self.notice.pressed.connect(self._on_notice_pressed)
        self.contradictions.chosen.connect(self.open)
        self.listed.connect(self.contradictions.look)
        self.toast.actionChosen.connect(self._on_undo)
        edits.done.connect(self._on_done)
        edits.undone.connect(self._on_undone)
        edits.failed.connect(self._fail)
        edits.canUndo.connect(commands.undo.setEnabled)
        files.said.connect(self.status.setText)
        files.busyChanged.connect(commands.set_busy)
        files.imported.connect(self._on_imported)
        commands.labelChosen.connect(self._on_label_chosen)
        commands.put.triggered.connect(self._on_put)
        commands.delete.triggered.connect(self._on_delete)
        commands.undo.triggered.connect(self._on_undo)
        commands.import_button.clicked.connect(files.ask_import)
        commands.stop_button.clicked.connect(files.stop)
        commands.export_selected.triggered.connect(lambda: files.ask_export(self.view.selected()))
        commands.export_shown.triggered.connect(
            lambda: files.ask_export(self.view.list.ids.tolist())
        )

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("My drawings"))
        self.view.setAccessibleName(self.tr("My drawings"))
        self.commands.retranslate()
        self.view.set_labels(self._labels)
        self.toast.set_words(self._say_done(), self.tr("Undo"))
        self._update()

    def _learn_labels(self) -> None:
        """The network in use may be another one than last time."""
        labels = tuple(self._labels_of_network())
        if labels != self._labels:
            self._labels = self.filters.labels = self.edits.labels = labels
            self.view.set_labels(labels)
            self.commands.set_labels(labels)

    # --- the list ------------------------------------------------------------------------------------

    def _on_listed(self, listing: GalleryListing) -> None:
        self._listing = False
        self._patience.stop()
        if self._again:  # another change meanwhile, or another filter
            self._again = False
            self.refresh()
            if listing.wanted != self.filters.wanted:
                return
        had_selection = self.view.selected_count > 0
        if listing.wanted == self._shown_filter:
            self.view.show_changed(listing.ids)
            self.cells.expire()
        else:
            self.view.show_other(listing.ids)
            self._shown_filter = listing.wanted
        self.cells.retry()
        self._counts = listing.counts
        self.filters.show_counts(listing.counts, listing.writers)
        if listing.wanted != self.filters.wanted:  # the writer who was chosen is gone
            self.refresh()
            return
        if self._to_select:
            self.view.select(self._to_select)
        elif self._follow and had_selection and not self.view.selected_count:
            self.view.select_current()
        self._follow, self._to_select = False, []
        self._update()
        self.listed.emit()

    def _on_unlisted(self, error: HandwriteError) -> None:
        """The list, or what is in it, cannot be read."""
        self._listing = self._again = False
        self._patience.stop()
        self._counts = self._shown_filter = None
        self.view.show_other(np.empty(0, np.int64))
        self.status.setText("")
        self.notice.show_failure(sentence(error))
        self._show(self.notice)

    def _on_changed(self) -> None:
        if self.isVisible():
            self.refresh()

    def _look_now(self) -> None:
        """Any job has the store tell whether it has changed; one that failed waits for the person."""
        if not self.notice.is_failure:
            self._store.ask(lambda _: None, failed=self._on_unlisted)

    def _on_filter_chosen(self) -> None:
        self.toast.dismiss()
        self.refresh()

    def _on_slow(self) -> None:
        self.notice.show_loading()
        self._show(self.notice)

    def _on_notice_pressed(self) -> None:
        if self.notice.is_failure:
            self.refresh()
        elif self.filters.is_open:
            self.files.ask_import()
        else:
            self.filters.clear()

    def _update(self) -> None:
        """Counts, and what can be done with what is selected."""
        selected, shown = self.view.selected_count, len(self.view.list.ids)
        self.commands.set_selected(selected, shown)
        if self._counts is None:
            return
        if not self.files.is_running:
            self.status.setText(count_words(selected, shown, self._counts.of()))
        if not shown:
            self.notice.show_empty(filtered=not self.filters.is_open)
        self._show(self.view if shown else self.notice)

    def _show(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        self.toast.raise_()

    # --- what is done to the drawings ----------------------------------------------------------------

    def _on_label_chosen(self, label: str) -> None:
        if numbers := self.view.selected():
            self._follow = True
            self.edits.relabel(numbers, label)

    def _on_delete(self) -> None:
        if numbers := self.view.selected():
            self._follow = True
            self.edits.delete(numbers)

    def _on_undo(self) -> None:
        self.toast.dismiss()
        self.edits.undo()

    def _on_done(self, say: Callable[[], str]) -> None:
        self._say_done = say
        self.toast.tell(say(), self.tr("Undo"))

    def _on_undone(self, numbers: list[int]) -> None:
        self._to_select = numbers
        self.refresh()

    def _fail(self, title: str, error: HandwriteError) -> None:
        self._follow = False
        self._lifted.then(lambda: warn(self, title, sentence(error)))

    def _on_put(self) -> None:
        if len(selected := self.view.selected()) == 1:
            self._open_on_paper(selected[0])

    def _open_on_paper(self, number: int) -> None:
        def then(found: tuple[Entry, Drawing]) -> None:
            entry, drawing = found
            self.chosen.emit(drawing, entry)

        self._store.ask(
            lambda store: store.get(number),
            then,
            partial(self._fail, self.tr("The drawing cannot be put on the paper")),
        )

    def _on_imported(self, imported: Imported) -> None:
        self._look_now()
        self._lifted.then(lambda: self._report(imported))

    def _report(self, imported: Imported) -> None:
        from handwrite_app.gallery.import_report import ImportReport

        report = ImportReport(imported, self)
        report.finished.connect(report.deleteLater)
        report.open()

    # --- the window ----------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.view.setFocus()
        self._learn_labels()
        self.refresh()
        self._look.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._look.stop()
        self._patience.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._settings.set_bytes(_GEOMETRY, self.saveGeometry())
        self.toast.dismiss()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._learn_labels()
