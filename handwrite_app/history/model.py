"""The table of runs as Qt's views want it: columns, sorting, filter, and what can be edited."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)

from handwrite_app.history.entries import RunEntry
from handwrite_app.reading.verdict import exact_percent

STAR, NAME, NETWORK, DATA, ACCURACY, LOSS, EPOCHS, TIME, STATE, NOTE = range(10)
_COLUMNS = 10
_SORT = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex
_RIGHT = {ACCURACY, LOSS, EPOCHS, TIME}


class RunTable(QAbstractTableModel):
    """Signals:
    starred(Path, bool), noted(Path, str): a person has changed it.
    """

    starred = Signal(object, bool)
    noted = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[RunEntry] = []

    def put(self, entries: list[RunEntry]) -> None:
        """Keeps rows in place where the runs are the same, so that a selection stays."""
        if [e.run.folder for e in entries] == [e.run.folder for e in self.entries]:
            changed = [i for i, e in enumerate(entries) if e != self.entries[i]]
            self.entries = entries
            for i in changed:
                self.dataChanged.emit(self.index(i, 0), self.index(i, _COLUMNS - 1))
            return
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def retranslate(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, _COLUMNS - 1)
        if self.entries:
            last = self.index(len(self.entries) - 1, _COLUMNS - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else _COLUMNS

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            "★",
            self.tr("Run"),
            self.tr("Network"),
            self.tr("Data"),
            self.tr("Accuracy"),
            self.tr("Loss"),
            self.tr("Epochs"),
            self.tr("Time"),
            self.tr("State"),
            self.tr("Note"),
        )[section]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entries[index.row()]
        column = index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(entry, column)
            case Qt.ItemDataRole.EditRole if column == NOTE:
                return entry.notes.note
            case Qt.ItemDataRole.ToolTipRole:
                return entry.notes.note if column == NOTE else str(entry.run.folder)
            case Qt.ItemDataRole.TextAlignmentRole if column in _RIGHT:
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            case int() if role == _SORT:
                return self._sorted_by(entry, column)
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == NOTE else flags

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() != NOTE:
            return False
        self.noted.emit(self.entries[index.row()].run.folder, str(value).strip())
        return True

    def toggle_star(self, row: int) -> None:
        entry = self.entries[row]
        self.starred.emit(entry.run.folder, not entry.notes.star)

    def row_of(self, folder: Path) -> int:
        """-1 where it is not there."""
        return next((i for i, e in enumerate(self.entries) if e.run.folder == folder), -1)

    def state_text(self, state: str) -> str:
        return {
            "finished": self.tr("finished"),
            "stopped": self.tr("stopped"),
            "running": self.tr("running"),
            "broken off": self.tr("broken off"),
        }[state]

    def _text(self, entry: RunEntry, column: int) -> str:
        run, best = entry.run, entry.run.best
        planned = run.started.epochs if run.started else run.settings.get("epochs", "–")
        match column:
            case 0:
                return "★" if entry.notes.star else "☆"
            case 1:
                return run.name
            case 2:
                return run.network or "–"
            case 3:
                return str(run.settings.get("dataset", "–"))
            case 4:
                return exact_percent(best.validation.accuracy) if best else "–"
            case 5:
                return QLocale().toString(best.validation.loss, "f", 4) if best else "–"
            case 6:
                return f"{run.epochs[-1].epoch if run.epochs else 0}/{planned}"
            case 7:
                minutes, seconds = divmod(round(run.seconds), 60)
                return f"{minutes}:{seconds:02}"
            case 8:
                return self.state_text(run.state)
        return entry.notes.note

    def _sorted_by(self, entry: RunEntry, column: int) -> Any:
        best = entry.run.best
        match column:
            case 0:
                return int(entry.notes.star)
            case 1:
                return entry.run.begun.timestamp()
            case 4:
                return best.validation.accuracy if best else -1.0
            case 5:
                return best.validation.loss if best else float("inf")
            case 6:
                return len(entry.run.epochs)
            case 7:
                return entry.run.seconds
        return self._text(entry, column).casefold()


class RunFilter(QSortFilterProxyModel):
    """Shows the runs in which every word of a text occurs, in any column."""

    def __init__(self, table: RunTable) -> None:
        super().__init__()
        self._words: list[str] = []
        self._table = table
        self.setSourceModel(table)
        self.setSortRole(_SORT)

    def set_text(self, text: str) -> None:
        self._words = text.casefold().split()
        self.invalidate()

    def filterAcceptsRow(self, row: int, _parent: _Index) -> bool:
        if not self._words:
            return True
        entry = self._table.entries[row]
        texts = " ".join(self._table._text(entry, c) for c in range(_COLUMNS)).casefold()
        return all(word in texts for word in self._words)
