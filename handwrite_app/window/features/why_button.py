"""The button "Why?" in the corner of the reading, while there is something to explain."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton

from handwrite_app.reading.reading_panel import ReadingPanel
from handwrite_app.reading.verdict import State
from handwrite_app.ui.actions import with_keys
from handwrite_app.ui.tokens import SPACE
from handwrite_app.ui.watched import watch

_ASKABLE = {State.SURE, State.UNSURE, State.NOT_A_DIGIT}


class WhyButton(QPushButton):
    """A child of the panel, beside its layout: it takes no room from the reading."""

    def __init__(self, panel: ReadingPanel, command: QAction) -> None:
        """command: that does the same."""
        super().__init__(panel)
        self.setObjectName("askWhy")
        self.setProperty("quiet", True)
        self.setProperty("compact", True)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._panel = panel
        self._command = command
        command.changed.connect(self._tell)  # other keys, say
        watch(panel, [QEvent.Type.Resize], self._on_moved)
        kinds = (QEvent.Type.Resize, QEvent.Type.ShowToParent, QEvent.Type.HideToParent)
        watch(panel.remark, kinds, self._on_moved)
        self.hide()
        self.retranslate()

    def refresh(self) -> None:
        """Shows itself where the panel shows a reading."""
        asks = self._panel.state in _ASKABLE
        if asks == self.isHidden():
            self.setVisible(asks)
            self._place()

    def retranslate(self) -> None:
        self.setText(self.tr("Why?"))
        self._tell()
        self._place()

    def _tell(self) -> None:
        words = self.tr("Why it is read so, and what would change that")
        self.setToolTip(with_keys(words, self._command.shortcut()))

    def _on_moved(self, _event: QEvent) -> bool:
        self._place()
        return False

    def _place(self) -> None:
        """In line with the remark, which ends before it; in the corner where there is none."""
        self.adjustSize()
        remark, top = self._panel.remark, SPACE // 2
        if not remark.isHidden():
            top = 2 * SPACE + (remark.height() - self.height()) // 2
        self.move(self._panel.width() - self.width() - SPACE // 2, top)
        remark.setContentsMargins(0, 0, 0 if self.isHidden() else self.width(), 0)
        self.raise_()
