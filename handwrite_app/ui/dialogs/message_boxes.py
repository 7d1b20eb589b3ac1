"""Message boxes that do not stop the event loop: ink, answers and training go on behind them.

``warn`` answers what a person just did. ``announce`` is for what happens by itself: it takes no keys that are
meant for the paper. ``ask`` is a question with verbs on its buttons, of which Enter and Escape press the safe
one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QMessageBox, QPushButton, QWidget

from handwrite_app.ui.dialogs.dialog import dress, press_highlighted
from handwrite_app.ui.dialogs.holding import hold
from handwrite_app.ui.icons import icon as themed_icon
from handwrite_app.ui.theme import current_tokens, scaled
from handwrite_app.ui.tokens import SPACE

#: More of a text than this goes under "Show Details", or a box would be higher than the screen.
_MOST_CHARACTERS, _MOST_LINES = 700, 10

#: The picture of a box of each kind, and the token it is drawn in.
_PICTURES = {
    QMessageBox.Icon.Information: ("info", "accent"),
    QMessageBox.Icon.Question: ("question", "accent"),
    QMessageBox.Icon.Warning: ("warning", "amber"),
    QMessageBox.Icon.Critical: ("warning", "red"),
}
_PICTURE_SIZE = 36
_LEAST_WIDTH = 400  # of the text: Qt makes a box as narrow as its headline


#: Qt's name for the label below the headline.
_TEXT = "qt_msgbox_informativelabel"


class Question(NamedTuple):
    """What ``ask`` shows. do, keep: the words of the two buttons, verbs. name: the objectName."""

    title: str
    text: str
    do: str
    keep: str
    name: str


class MessageBox(QMessageBox):
    """A box in which Enter presses the button that has the focus, else the default.

    Its title stands in it as a headline, too: not every desktop shows the title of such a window.
    """

    def __init__(
        self,
        icon: QMessageBox.Icon,
        title: str,
        text: str,
        *,
        name: str,
        parent: QWidget | None,
    ) -> None:
        super().__init__(icon, title, title, QMessageBox.StandardButton.NoButton, parent)
        self.setObjectName(name)
        self._kind = icon
        self._draw_icon()
        shown = _shortened(text)
        self.setInformativeText(shown)
        self.setTextFormat(Qt.TextFormat.PlainText)
        for label in self.findChildren(QLabel, _TEXT):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setMinimumWidth(scaled(_LEAST_WIDTH))
        if shown != text:
            self.setDetailedText(text)
        self.finished.connect(self.deleteLater)

    def text(self) -> str:
        """What stands below the headline."""
        return self.informativeText()

    def add(
        self,
        text: str,
        role: QMessageBox.ButtonRole,
        *,
        name: str,
        clicked: Callable[[], object] | None = None,
        default: bool = False,
        escape: bool = False,
    ) -> QPushButton:
        """A button. default: Enter presses it, and it has the colour. escape: Escape presses it."""
        button = self.addButton(text, role)
        button.setObjectName(name)
        if clicked is not None:
            button.clicked.connect(lambda: clicked())
        if default:
            dress(button, "primary", True)
            self.setDefaultButton(button)
        if escape:
            self.setEscapeButton(button)
        return button

    def add_staying(
        self, text: str, *, name: str, clicked: Callable[[QPushButton], object]
    ) -> QPushButton:
        """A button that does not close the box. clicked: called with it."""
        button = self.add(text, QMessageBox.ButtonRole.ActionRole, name=name)
        button.clicked.disconnect()  # what closes the box
        button.clicked.connect(lambda: clicked(button))
        return button

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_kind"):
            self._draw_icon()

    def _draw_icon(self) -> None:
        """In the theme's line and colour, instead of the style's own."""
        if self._kind in _PICTURES:
            name, colour = _PICTURES[self._kind]
            size = scaled(_PICTURE_SIZE)
            picture = themed_icon(name, current_tokens(), size=size, colour=colour)
            self.setIconPixmap(picture.pixmap(size, size))

    def setVisible(self, visible: bool) -> None:
        if not (visible and hold(self)):
            super().setVisible(visible)

    def showEvent(self, event: QShowEvent) -> None:
        self._make_room()
        super().showEvent(event)
        default = self.defaultButton()
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
            button.setDefault(button is default)

    def _make_room(self) -> None:
        """Margins as in every other dialog; Qt rebuilds the layout with every button and text."""
        grid = self.layout()
        if isinstance(grid, QGridLayout):
            edge = 3 * SPACE
            grid.setContentsMargins(edge, edge, edge, 2 * SPACE)
            grid.setHorizontalSpacing(SPACE)
            grid.setVerticalSpacing(2 * SPACE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not press_highlighted(self, event):
            super().keyPressEvent(event)


def warn(parent: QWidget, title: str, text: str, *, name: str = "warning") -> None:
    """Says what happened, what was kept and what to do, in plain text. name: its objectName."""
    _closable(QMessageBox.Icon.Warning, title, text, name, parent).open()


def announce(parent: QWidget, title: str, text: str, *, name: str) -> None:
    """The same for news that answer no command: not modal, and the focus stays where it is."""
    box = _closable(QMessageBox.Icon.Warning, title, text, name, parent)
    box.setModal(False)
    box.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    box.show()


def ask(parent: QWidget, question: Question, done: Callable[[], object]) -> MessageBox:
    """Asks whether to do something that cannot be undone. done: called where it is to be done; where it is
    not, nothing is. Returns the box, to be rejected where there is nothing to ask any more."""
    box = _question_box(parent, question, done)
    box.open()
    return box


def may(parent: QWidget, question: Question) -> bool:
    """The same where a caller has to wait for the answer, behind a file dialog that it waited for too."""
    answers: list[bool] = []
    _question_box(parent, question, lambda: answers.append(True)).exec()
    return bool(answers)


def _question_box(parent: QWidget, question: Question, done: Callable[[], object]) -> MessageBox:
    title, text, do, keep, name = question
    box = MessageBox(QMessageBox.Icon.Question, title, text, name=name, parent=parent)
    box.add(do, QMessageBox.ButtonRole.AcceptRole, name=f"{name}Do", clicked=done)
    box.add(keep, QMessageBox.ButtonRole.RejectRole, name=f"{name}Keep", default=True, escape=True)
    return box


def _closable(
    icon: QMessageBox.Icon,
    title: str,
    text: str,
    name: str,
    parent: QWidget,
) -> MessageBox:
    box = MessageBox(icon, title, text, name=name, parent=parent)
    close = QCoreApplication.translate("MessageBoxes", "Close")
    box.add(close, QMessageBox.ButtonRole.RejectRole, name="close", default=True, escape=True)
    return box


def _shortened(text: str) -> str:
    lines = text.splitlines()
    short = "\n".join(lines[:_MOST_LINES])
    if len(short) > _MOST_CHARACTERS:
        short = short[:_MOST_CHARACTERS].rsplit(" ", 1)[0]
    return text if short == text or len(short) >= len(text) else f"{short} …"
