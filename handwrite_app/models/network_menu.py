"""What can be done with the network that is chosen in the family tree: by menu and by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from handwrite_app.models.exporter import ONNX, WEIGHTS, Exporter
from handwrite_app.ui.dialogs.folders import show_folder
from handwrite_app.ui.dialogs.message_boxes import Question, ask, warn
from handwrite_app.ui.dialogs.name_dialog import NameDialog
from handwrite_app.ui.dialogs.save_dialog import Kind, ask_where
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.widgets.menus import align_entries
from trainer.base.errors import HandwriteError
from trainer.base.paths import models_folder
from trainer.models.lineage import Member, is_same_file
from trainer.models.stored import delete_network, rename_network


class NetworkMenu(QMenu):
    """Opens on the tree. What ships, and what is not among the person's networks, is neither renamed nor
    deleted; what is in use is not deleted. Why not stands in the tooltip.

    Signals:
        renamed(old: Path, new: Path). deleted(Path).
    """

    renamed = Signal(object, object)
    deleted = Signal(object)

    def __init__(self, tree: QWidget, exporter: Exporter) -> None:
        super().__init__(tree)
        self.setObjectName("networkMenu")
        self.setToolTipsVisible(True)
        self._exporter = exporter
        self._path: Path | None = None
        self._name = ""
        self.rename = self._action(tree, self.tr("&Rename…"), "F2", self._on_rename)
        self.reveal = self._action(tree, self.tr("&Show in its folder"), "Ctrl+R", self._on_reveal)
        self.export = self._action(tree, self.tr("&Export…"), "Ctrl+E", self._on_export)
        self.addSeparator()
        self.delete = self._action(tree, self.tr("&Delete…"), "Delete", self._on_delete)
        align_entries(self)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.customContextMenuRequested.connect(self._open_at)

    def choose(self, member: Member | None, in_use: Path | None) -> None:
        """What it is about from now on."""
        weights = member.weights if member is not None else None
        self._path = None if weights is None else weights.path
        self._name = "" if member is None else member.name
        gone = self.tr("Its file is gone.") if weights is None else ""
        reason = gone
        if weights is not None and weights.shipped:
            reason = self.tr("It ships with the app and stays as it is.")
        elif weights is not None and not is_same_file(weights.path.parent, models_folder()):
            reason = self.tr("Its file is not in the models folder.")
        _allow(self.rename, reason)
        is_in_use = (
            self._path is not None and in_use is not None and is_same_file(self._path, in_use)
        )
        if is_in_use and not reason:
            reason = self.tr("It is in use: choose another network first.")
        _allow(self.delete, reason)
        _allow(self.reveal, gone)
        unusable = "" if member is not None and member.is_usable else self.tr("It cannot be used.")
        _allow(self.export, gone or unusable)

    # --- what is chosen ------------------------------------------------------------------------------

    def _on_rename(self) -> None:
        path = self._path
        if path is None:
            return
        dialog = NameDialog(
            self._window,
            name="renameNetwork",
            title=self.tr("Rename a network"),
            label=self.tr("The name of the network, which is also its file's."),
            take=self.tr("Rename"),
            done=lambda name: self._rename(path, name),
            text=self._name,
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _rename(self, path: Path, name: str) -> None:
        try:
            new = rename_network(path, name)
        except HandwriteError as error:
            warn(self._window, self.tr("The network keeps its name"), sentence(error))
            return
        self.renamed.emit(path, new)

    def _on_delete(self) -> None:
        path = self._path
        if path is None:
            return
        question = Question(
            title=self.tr("Delete “{name}”?").format(name=self._name),
            text=self.tr(
                "Its file is deleted, which cannot be undone. Networks that were made from it stay."
            ),
            do=self.tr("Delete"),
            keep=self.tr("Keep it"),
            name="deleteNetwork",
        )
        ask(self._window, question, lambda: self._delete(path))

    def _delete(self, path: Path) -> None:
        try:
            delete_network(path)
        except HandwriteError as error:
            warn(self._window, self.tr("The network was not deleted"), sentence(error))
            return
        self.deleted.emit(path)

    def _on_reveal(self) -> None:
        if self._path is not None:
            show_folder(self._window, self._path.parent)

    def _on_export(self) -> None:
        path = self._path
        if path is None or self._exporter.is_running:
            return
        target = ask_where(
            self._window,
            self.tr("Export the network"),
            Path(f"{self._name}{ONNX}"),
            (Kind(self.tr("ONNX network"), ONNX), Kind(self.tr("Weights"), WEIGHTS)),
        )
        if target is not None:
            self._exporter.start(path, target)

    # --- building ------------------------------------------------------------------------------------

    @property
    def _window(self) -> QWidget:
        parent = self.parentWidget()
        assert parent is not None
        return parent.window()

    def _action(self, tree: QWidget, text: str, keys: str, slot: Callable[[], object]) -> QAction:
        action = self.addAction(text)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: slot())
        tree.addAction(action)
        return action

    def _open_at(self, place: QPoint) -> None:
        parent = self.parentWidget()
        assert parent is not None
        self.popup(parent.mapToGlobal(place))


def _allow(action: QAction, reason: str) -> None:
    """reason: why not; "" enables it."""
    action.setEnabled(not reason)
    action.setToolTip(reason)
