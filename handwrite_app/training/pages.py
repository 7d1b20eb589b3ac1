"""Pages of the training panel, of which one is shown, and the row of tabs that chooses it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QTabBar, QToolButton, QWidget


class Pages(QStackedWidget):
    """``tabs`` stands wherever the panel wants it; with one page there is nothing to choose."""

    def __init__(self) -> None:
        super().__init__()
        self._titles: list[Callable[[], str]] = []
        self.tabs = QTabBar()
        self.tabs.setObjectName("trainingTabs")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for button in self.tabs.findChildren(QToolButton):
            button.setAccessibleName(
                ""
            )  # Qt's, for tabs without room; it would stay in one language
        self.tabs.currentChanged.connect(self.setCurrentIndex)

    def add(self, say_title: Callable[[], str], page: QWidget) -> None:
        self._titles.append(say_title)
        self.addWidget(page)
        self.tabs.addTab(say_title())

    def show_page(self, page: QWidget) -> None:
        self.tabs.setCurrentIndex(self.indexOf(page))

    def retranslate(self) -> None:
        for index, say in enumerate(self._titles):
            self.tabs.setTabText(index, say())
