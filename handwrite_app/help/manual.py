"""The window of the manual: chapters left, the chosen one right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QTextBrowser, QWidget

from handwrite_app.help.chapters import Subject, chapters
from handwrite_app.ui.dialogs.dialog import Dialog, Role
from handwrite_app.ui.theme import scaled
from handwrite_app.ui.tokens import SPACE


class ManualWindow(Dialog):
    """Not modal: one reads and draws. The formulas are those of the drawing on the paper when a chapter is
    opened."""

    def __init__(self, subject: Callable[[], Subject], parent: QWidget) -> None:
        super().__init__(parent, name="manual", size=QSize(820, 620))
        self._subject = subject
        self.list = QListWidget()
        self.list.setObjectName("chapters")
        self.list.setFixedWidth(scaled(216))
        self.list.setWordWrap(True)
        self.list.setSpacing(SPACE // 4)
        self.text = QTextBrowser()
        self.text.setObjectName("chapter")
        self.text.document().setDocumentMargin(2 * SPACE)
        for chapter in chapters(subject()):
            self.list.addItem(chapter.title)
        row = QHBoxLayout()
        row.setSpacing(2 * SPACE)
        row.addWidget(self.list)
        row.addWidget(self.text, 1)
        self.column.addLayout(row, 1)
        self._close = self.add_button(
            "", self.reject, name="closeManual", role=Role.RejectRole, default=True
        )
        self.list.currentRowChanged.connect(self.show_chapter)
        self.list.setCurrentRow(0)
        self.list.setFocus()
        self.retranslate()

    def retranslate(self) -> None:
        """All texts in the window's language now."""
        self.setWindowTitle(self.tr("Manual"))
        self.list.setAccessibleName(self.tr("Chapters"))
        self.text.setAccessibleName(self.tr("Manual"))
        self._close.setText(self.tr("Close"))
        for index, chapter in enumerate(chapters(self._subject())):
            self.list.item(index).setText(chapter.title)
        self.refresh()

    def show_chapter(self, index: int) -> None:
        """Opens it, computed on what is on the paper now."""
        chapter = chapters(self._subject())[index]
        self.text.setHtml(f"<h2>{chapter.title}</h2>{chapter.html}")

    def refresh(self) -> None:
        """Another drawing has been read."""
        place = self.text.verticalScrollBar().value()
        self.show_chapter(self.list.currentRow())
        self.text.verticalScrollBar().setValue(place)
