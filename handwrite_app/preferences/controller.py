"""Opens the window of settings and the input inspector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QMainWindow

from handwrite_app.ui.actions import Actions
from handwrite_app.ui.window_placement import put_beside

if TYPE_CHECKING:
    from handwrite_app.preferences.inspector import Inspector
    from handwrite_app.preferences.shortcuts import Shortcuts
    from handwrite_app.preferences.stored import Host
    from handwrite_app.preferences.window import SettingsWindow
    from trainer.processes.recognition_messages import Loaded


class Preferences(QObject):
    """A feature of the window."""

    def __init__(
        self, window: QMainWindow, actions: Actions, shortcuts: Shortcuts, host: Host
    ) -> None:
        super().__init__(window)
        self._window = window
        self._host = host
        self._shortcuts = shortcuts
        self._open: SettingsWindow | None = None
        self._inspector: Inspector | None = None
        host.theme.changed.connect(self._on_changed_elsewhere)
        host.canvas.penWidthChanged.connect(self._on_changed_elsewhere)
        actions.connect(Settings=self.open, Inspector=self.inspect)

    @property
    def window(self) -> SettingsWindow | None:
        """While it is open."""
        return self._open

    @property
    def inspector(self) -> Inspector | None:
        """While it is open."""
        return self._inspector

    def open(self) -> None:
        if self._open is not None:
            self._open.raise_()
            self._open.activateWindow()
            return
        from handwrite_app.preferences.entries import entries
        from handwrite_app.preferences.window import SettingsWindow

        self._open = SettingsWindow(
            entries(self._host), self._shortcuts, self._host.theme, self._window
        )
        self._open.finished.connect(self._on_settings_closed)
        self._open.show()

    def inspect(self) -> None:
        if self._inspector is None:
            from handwrite_app.preferences.inspector import Inspector

            self._inspector = Inspector(self._host.canvas, self._window)
            self._inspector.finished.connect(self._on_inspector_closed)
            put_beside(self._inspector, self._window)
            self._inspector.show()

    def set_active_model(self, loaded: Loaded) -> None:
        """No setting is a network's."""

    def retranslate(self) -> None:
        """The open window in the new language, with the search as it was."""
        if self._open is not None:
            from handwrite_app.preferences.entries import entries

            self._open.fill(entries(self._host))

    def close(self) -> None:
        for dialog in (self._open, self._inspector):
            if dialog is not None:
                dialog.reject()

    def _on_changed_elsewhere(self) -> None:
        if self._open is not None:
            self._open.follow()

    def _on_settings_closed(self) -> None:
        _forget(self._open)
        self._open = None

    def _on_inspector_closed(self) -> None:
        _forget(self._inspector)
        self._inspector = None


def _forget(dialog: QDialog | None) -> None:
    if dialog is not None:
        dialog.deleteLater()
