"""Train ▸ Runs…: all training runs, and what can be done with them.

Imports pyqtgraph: the window imports this module when runs are looked at and not before.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTabWidget,
    QTreeView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.history.entries import RunCurves, RunEntry, RunReader
from handwrite_app.history.model import NAME, NOTE, STAR, RunFilter, RunTable
from handwrite_app.history.overlay import MOST, Overlay
from handwrite_app.training.deletion import Deletion
from handwrite_app.training.setup.fields import translated
from handwrite_app.ui.dialogs.message_boxes import warn
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.icons import app_icon
from handwrite_app.ui.theme import Theme
from handwrite_app.ui.tokens import SPACE
from handwrite_app.ui.widgets.toast import Toast
from handwrite_app.ui.window_placement import place_first
from handwrite_app.workers.lookup import LookupWorker
from trainer.base.errors import HandwriteError
from trainer.runs.config import settings
from trainer.runs.notes import write_notes
from trainer.runs.records import Run, differing_settings

#: So often it is looked whether runs have changed, in milliseconds.
_LOOK_MS = 1000
_TOAST = 460  # width in device-independent pixels


class RunsWindow(QWidget):
    """A window of its own. Folders are read and changed in a thread.

    Signals:
        resumeRequested(Path): the run in this folder is to go on. againRequested(Path): a new one with its
        settings. reportRequested(Path): its report. listed(): the table is what is on the disk.
    """

    resumeRequested = Signal(object)
    againRequested = Signal(object)
    reportRequested = Signal(object)
    listed = Signal()

    def __init__(self, theme: Theme, worker: LookupWorker, runs: Path) -> None:
        super().__init__()
        self.setObjectName("runsWindow")
        self.setWindowIcon(app_icon())
        self._worker, self._runs = worker, runs
        self._reader = RunReader(runs)
        self._curves: dict[Path, tuple[Run, RunCurves]] = {}
        self._compared: list[tuple[Path, dict[str, Any]]] | None = None  # whose settings are shown
        self._looking = False
        self.table = RunTable()
        self.filter = RunFilter(self.table)
        self.view = QTreeView()
        self.view.setObjectName("runsTable")
        self.view.setModel(self.filter)
        self.view.setRootIsDecorated(False)
        self.view.setUniformRowHeights(True)
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(NAME, Qt.SortOrder.DescendingOrder)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.view.header().setSectionResizeMode(NOTE, QHeaderView.ResizeMode.Stretch)
        self.search = QLineEdit()
        self.search.setObjectName("runsFilter")
        self.search.setClearButtonEnabled(True)
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self.overlay = Overlay(theme)
        self.legend = QLabel()
        self.legend.setObjectName("runsLegend")
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.legend.setWordWrap(True)
        self.differences = QTreeWidget()
        self.differences.setObjectName("runsDifferences")
        self.differences.setRootIsDecorated(False)
        self.tabs = QTabWidget()
        self.star = self._button("starRun")
        self.again = self._button("runAgain")
        self.resume = self._button("resumeOldRun")
        self.report = self._button("openReport")
        self.delete = self._button("deleteRun")
        self._lay_out()
        self.toast = Toast(self, width=_TOAST, home=self.view)
        self.deletion = Deletion(self, worker, runs, self.toast)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self.refresh)
        self._connect()
        self.retranslate()
        self._on_selection()
        place_first(self, QSize(1160, 720), QSize(720, 480))

    # --- what is shown -------------------------------------------------------------------------------

    def open(self) -> None:
        """Shows it, or brings it to the front."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def selected(self) -> list[RunEntry]:
        """In the order of the table."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        sources = (self.filter.mapToSource(self.filter.index(row, 0)).row() for row in rows)
        return [self.table.entries[row] for row in sources]

    def select(self, *folders: Path) -> None:
        """Only these runs."""
        model = self.view.selectionModel()
        model.clearSelection()
        flags = QItemSelectionModel.SelectionFlag
        for folder in folders:
            row = self.table.row_of(folder)
            if row >= 0:
                index = self.filter.mapFromSource(self.table.index(row, 0))
                model.select(index, flags.Select | flags.Rows)

    @property
    def is_editing(self) -> bool:
        """Whether a note is being typed."""
        return self.view.state() == QAbstractItemView.State.EditingState

    def refresh(self) -> None:
        """Reads what has changed on the disk."""
        if not self._looking:
            self._looking = True
            self._worker.ask(self._reader.entries, self._on_entries, self._on_failed)

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Training runs"))
        self.view.setAccessibleName(self.tr("Training runs"))
        self.search.setPlaceholderText(self.tr("Filter: name, network, state, note…"))
        self.search.setAccessibleName(self.tr("Filter"))
        self.table.retranslate()
        self.tabs.setTabText(0, self.tr("Curves"))
        self.tabs.setTabText(1, self.tr("Settings that differ"))
        self.again.setText(self.tr("Run again…"))
        self.again.setToolTip(self.tr("Opens the training dialog with the settings of this run"))
        self.resume.setText(self.tr("Resume"))
        self.resume.setToolTip(self.tr("Goes on with a run that was stopped or broken off"))
        self.report.setText(self.tr("Report"))
        self.delete.setText(self.tr("Delete"))
        self._say_count()
        self._compared = None  # settings have names in this language
        self._on_selection()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._look.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._look.stop()

    # --- what the person does ------------------------------------------------------------------------

    def _on_star(self) -> None:
        for entry in self.selected():
            self._write(entry, star=not entry.notes.star)

    def _on_clicked(self, index: object) -> None:
        source = self.filter.mapToSource(index)  # type: ignore[arg-type]
        if source.column() == STAR:
            self.table.toggle_star(source.row())

    def _on_again(self) -> None:
        self.againRequested.emit(self.selected()[0].run.folder)

    def _on_resume(self) -> None:
        self.resumeRequested.emit(self.selected()[0].run.folder)

    def _on_report(self) -> None:
        self.reportRequested.emit(self.selected()[0].run.folder)

    def _on_delete(self) -> None:
        folders = [entry.run.folder for entry in self.selected() if entry.run.state != "running"]
        if not folders:
            return

        self.deletion.delete(folders)

    def _write(self, entry: RunEntry, **changed: object) -> None:
        notes = dataclasses.replace(entry.notes, **changed)  # type: ignore[arg-type]
        self._worker.ask(
            lambda: write_notes(entry.run.folder, notes),
            lambda _: self.refresh(),
            self._on_failed,
        )

    def _entry(self, folder: Path) -> RunEntry:
        return self.table.entries[self.table.row_of(folder)]

    # --- what comes of it ----------------------------------------------------------------------------

    def _on_entries(self, entries: list[RunEntry]) -> None:
        self._looking = False
        if self.is_editing:  # a note that is being typed stays; the next look is in a second
            return
        chosen = [entry.run.folder for entry in self.selected()]
        before = [entry.run.folder for entry in self.table.entries]
        self.table.put(entries)
        if before != [entry.run.folder for entry in entries]:
            self.select(*chosen)
        self._say_count()
        self._on_selection()
        self.listed.emit()

    def _on_failed(self, error: HandwriteError) -> None:
        self._looking = False
        warn(self, self.tr("That did not work"), sentence(error))
        self.refresh()

    def _say_count(self) -> None:
        count = self.filter.rowCount()
        self.count.setText(
            self.tr("No runs yet")
            if not self.table.entries
            else self.tr("{count} of {all} runs").format(count=count, all=len(self.table.entries))
        )

    def _on_selection(self) -> None:
        chosen = self.selected()
        one = chosen[0] if len(chosen) == 1 else None
        starred = bool(chosen) and all(entry.notes.star for entry in chosen)
        self.star.setText(self.tr("Take the star away") if starred else self.tr("Star"))
        self.star.setEnabled(bool(chosen))
        self.again.setEnabled(one is not None and bool(one.run.settings))
        self.resume.setEnabled(one is not None and one.can_resume)
        self.report.setEnabled(one is not None and (one.run.folder / "report.html").is_file())
        self.delete.setEnabled(any(entry.run.state != "running" for entry in chosen))
        self._show_differences(chosen)
        self._show_curves(chosen[:MOST])

    def _show_curves(self, chosen: list[RunEntry]) -> None:
        """Read once, and of a run that goes on again and again, to its last line."""
        folders = [entry.run.folder for entry in chosen]
        missing = [entry.run for entry in chosen if not self._has_curves(entry.run)]

        def read() -> dict[Path, tuple[Run, RunCurves]]:
            return {run.folder: (run, self._reader.curves(run.folder)) for run in missing}

        def then(found: dict[Path, tuple[Run, RunCurves]]) -> None:
            self._curves |= found
            if folders == [entry.run.folder for entry in self.selected()[:MOST]]:
                self._put_curves(folders)

        if missing:
            self._worker.ask(read, then, self._on_failed)
        else:
            self._put_curves(folders)

    def _has_curves(self, run: Run) -> bool:
        known = self._curves.get(run.folder)
        return known is not None and known[0] == run and run.state != "running"

    def _put_curves(self, folders: list[Path]) -> None:
        runs = [self._curves[folder][1] for folder in folders]
        shown = runs != self.overlay.runs
        if shown:
            self.overlay.show_runs(runs)
        self.legend.setText(
            self.overlay.legend() if runs else self.tr("Select runs to see their curves.")
        )

    def _show_differences(self, chosen: list[RunEntry]) -> None:
        compared = [(entry.run.folder, entry.run.settings) for entry in chosen]
        if compared == self._compared:  # a run that goes on is looked at every second
            return
        self._compared = compared
        self.differences.clear()
        self.differences.setColumnCount(1 + len(chosen))
        self.differences.setHeaderLabels([self.tr("Setting"), *(e.name for e in chosen)])
        known = settings()
        runs = [entry.run for entry in chosen]
        rows = differing_settings(runs) if len(runs) > 1 else {}
        if len(runs) == 1:
            rows = {name: (value,) for name, (value, _) in runs[0].changed_settings().items()}
        for name, values in rows.items():
            label = translated(known[name].label) if name in known else name
            texts = ["–" if value is None else str(value) for value in values]
            self.differences.addTopLevelItem(QTreeWidgetItem([label, *texts]))
        for column in range(self.differences.columnCount()):
            self.differences.resizeColumnToContents(column)

    # --- building ------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.search.textChanged.connect(self.filter.set_text)
        self.search.textChanged.connect(lambda _: self._say_count())
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._on_selection())
        self.view.clicked.connect(self._on_clicked)
        self.table.starred.connect(lambda folder, on: self._write(self._entry(folder), star=on))
        self.table.noted.connect(lambda folder, text: self._write(self._entry(folder), note=text))
        slots: tuple[tuple[QPushButton, Callable[[], None]], ...] = (
            (self.star, self._on_star),
            (self.again, self._on_again),
            (self.resume, self._on_resume),
            (self.report, self._on_report),
            (self.delete, self._on_delete),
        )
        for button, slot in slots:
            button.clicked.connect(lambda _=False, slot=slot: slot())
        self.deletion.changed.connect(self.refresh)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        QShortcut(QKeySequence(Qt.Key.Key_Delete), self.view, self._on_delete)

    def _button(self, name: str) -> QPushButton:
        button = QPushButton()
        button.setObjectName(name)
        return button

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(2 * SPACE)
        top.addWidget(self.search, 1)
        top.addWidget(self.count)
        curves = QWidget()
        column = QVBoxLayout(curves)
        column.setContentsMargins(0, SPACE, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addWidget(self.legend)
        column.addWidget(self.overlay, 1)
        self.tabs.addTab(curves, "")
        self.tabs.addTab(self.differences, "")
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.view)
        splitter.addWidget(self.tabs)
        splitter.setSizes([3, 4])
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        for button in (self.again, self.resume, self.report, self.star):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.delete)
        page = QVBoxLayout(self)
        page.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        page.setSpacing(SPACE)
        page.addLayout(top)
        page.addWidget(splitter, 1)
        page.addLayout(buttons)
