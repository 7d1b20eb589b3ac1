"""The gallery's buttons and menus, and the keys that do the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from handwrite_app.gallery.view import GalleryView
from handwrite_app.labelling.label_actions import in_menus, keys_of
from handwrite_app.ui.widgets.menus import align_entries
from trainer.base.labels import NO_LABEL


class GalleryCommands(QObject):
    """Keys that mean something else in a list of choices (a digit looks for an entry there) are the grid's
    alone.

    Signals:
        labelChosen(label): the label for the selected drawings.
    """

    labelChosen = Signal(str)

    def __init__(self, window: QWidget, view: GalleryView) -> None:
        super().__init__(window)
        self._view = view
        self._labels: tuple[str, ...] = ()
        self.label_menu, self._export_menu = QMenu(window), QMenu(window)
        self.put = self._action("Put")
        self.delete = self._action("Delete", QKeySequence.StandardKey.Delete)
        self.undo = self._action("Undo", QKeySequence.StandardKey.Undo)
        self.undo.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.undo.setEnabled(False)
        window.addAction(self.undo)  # the grid is hidden where nothing is left to be shown
        self.export_selected = self._action("ExportSelected")
        self.export_shown = self._action("ExportShown")
        self._export_menu.addActions([self.export_selected, self.export_shown])
        self._context = QMenu(window)
        self._context.addAction(self.put)
        self._context.addMenu(self.label_menu)
        self._context.addSeparator()
        self._context.addAction(self.delete)
        for menu in (self.label_menu, self._export_menu, self._context):
            align_entries(menu)
        view.customContextMenuRequested.connect(self._on_context_menu)

        self.put_button = self._button("Put", self.put.trigger)
        self.label_button = self._button("Label")
        self.delete_button = self._button("Delete", self.delete.trigger)
        self.import_button = self._button("Import")
        self.export_button = self._button("Export")
        self.stop_button = self._button("Stop")
        self.label_button.setMenu(self.label_menu)
        self.export_button.setMenu(self._export_menu)
        self.stop_button.hide()

    def set_labels(self, labels: Sequence[str]) -> None:
        """Each has an entry in the menu and, where it is one letter or digit, a key."""
        self._labels = tuple(labels)
        for action in self.label_menu.actions():
            self._view.removeAction(action)
            action.deleteLater()
        self.label_menu.clear()
        for label in (*labels, NO_LABEL):
            action = self._action(f"Label_{label}")
            action.setText(in_menus(label, self._labels))
            action.setAutoRepeat(False)
            action.setShortcuts(keys_of(label, labels))
            action.triggered.connect(lambda _=False, label=label: self.labelChosen.emit(label))
            self.label_menu.addAction(action)

    def set_selected(self, count: int, shown: int) -> None:
        """How many drawings are selected, and how many there are to be exported."""
        for thing in (self.put, self.put_button):
            thing.setEnabled(count == 1)
        for thing in (self.label_button, self.delete, self.delete_button, self.export_selected):
            thing.setEnabled(count > 0)
        self.export_button.setEnabled(shown > 0)

    def set_busy(self, busy: bool) -> None:
        """Whether a file is being written or read."""
        self.stop_button.setVisible(busy)
        self._export_menu.setEnabled(not busy)
        self.import_button.setEnabled(not busy)

    def retranslate(self) -> None:
        self.put.setText(self.tr("Put on the paper"))
        self.put_button.setText(self.tr("Put on the paper"))
        self.label_menu.setTitle(self.tr("Label as"))
        self.label_button.setText(self.tr("Label as"))
        self.delete.setText(self.tr("Delete"))
        self.delete_button.setText(self.tr("Delete"))
        self.undo.setText(self.tr("Undo"))
        self.import_button.setText(self.tr("Import…"))
        self.export_button.setText(self.tr("Export"))
        self.stop_button.setText(self.tr("Stop"))
        self.export_selected.setText(self.tr("The selected drawings…"))
        self.export_shown.setText(self.tr("All drawings shown…"))
        self.set_labels(self._labels)

    def _action(self, name: str, key: QKeySequence.StandardKey | None = None) -> QAction:
        action = QAction(self)
        action.setObjectName(f"galleryAction{name}")
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        if key is not None:
            action.setShortcut(QKeySequence(key))
        self._view.addAction(action)
        return action

    def _button(self, name: str, slot: Callable[[], object] | None = None) -> QPushButton:
        button = QPushButton()
        button.setObjectName(f"gallery{name}")
        button.setAutoDefault(False)
        if slot is not None:
            button.clicked.connect(lambda: slot())
        return button

    def _on_context_menu(self, place: QPoint) -> None:
        if self._view.selected_count:
            self._context.popup(self._view.viewport().mapToGlobal(place))
