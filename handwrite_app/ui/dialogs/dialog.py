"""The frame of every dialog: content that scrolls, a row of buttons that stays in sight, and the keys.

One button is the default: the coloured one. Enter presses the button that has the focus, else the default;
Escape rejects, which in every dialog changes nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QPushButton,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.ui.dialogs.holding import hold
from handwrite_app.ui.theme import scaled
from handwrite_app.ui.tokens import SPACE

Role = QDialogButtonBox.ButtonRole

#: What a window manager's frame takes, in pixels: across and down.
_FRAME = QSize(2 * SPACE, 6 * SPACE)
_LEAST_BODY = 12 * SPACE


class Dialog(QDialog):
    """A dialog whose content goes into ``column`` and whose buttons are made by ``add_button``."""

    def __init__(
        self, parent: QWidget | None, *, name: str, width: int = 480, size: QSize | None = None
    ) -> None:
        """name: the objectName. width: the least one, in pixels. size: where the content has no size of its
        own, as a list; smaller where the screen is."""
        super().__init__(parent)
        self.setObjectName(name)
        self._least_width = scaled(width)
        self._size = None if size is None else QSize(scaled(size.width()), scaled(size.height()))
        self._body = QWidget()
        self._body.setObjectName("dialogBody")
        self.column = QVBoxLayout(self._body)
        self.column.setContentsMargins(3 * SPACE, 3 * SPACE, 3 * SPACE, SPACE)
        self.column.setSpacing(2 * SPACE)
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("dialogScroll")
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._body)
        self._bar = 0  # what a scroll bar has taken of the right margin
        self._scroll.verticalScrollBar().rangeChanged.connect(self._on_scroll_range)
        self.buttons = QDialogButtonBox(self)
        self.buttons.setContentsMargins(3 * SPACE, SPACE, 3 * SPACE, 2 * SPACE)
        self._outer = outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._scroll, 1)
        outer.addWidget(self.buttons)

    def set_head(self, widget: QWidget) -> None:
        """What stays in sight above the content, of a dialog that is made with a size."""
        head = QVBoxLayout()
        head.setContentsMargins(3 * SPACE, 3 * SPACE, 3 * SPACE, 0)
        head.addWidget(widget)
        self._outer.insertLayout(0, head)
        margins = self.column.contentsMargins()
        margins.setTop(2 * SPACE)
        self.column.setContentsMargins(margins)

    def add_button(
        self,
        text: str,
        clicked: Callable[[], object],
        *,
        name: str,
        role: Role = Role.ActionRole,
        default: bool = False,
    ) -> QPushButton:
        """A button of the row. The platform orders them by their roles."""
        # With its parent from the start: Qt registers a default button with the dialog it is in.
        button = QPushButton(text, self.buttons)
        button.setObjectName(name)
        button.setProperty("primary", default)  # before the box asks for its size, which dresses it
        self.buttons.addButton(button, role)
        button.setAutoDefault(False)
        if default:
            button.setDefault(True)
        button.clicked.connect(lambda: clicked())
        return button

    def wanted_size(self) -> QSize:
        """With all of its content in sight, where the screen has the room."""
        room = room_for(self)
        row = self.buttons.sizeHint() if self.buttons.buttons() else QSize(0, 0)
        if self._size is not None:
            size = self._size
        else:
            inner = self._body.sizeHint().expandedTo(self._body.minimumSizeHint())
            width = max(self._least_width, inner.width() + self._bar, row.width())
            height = self.column.totalHeightForWidth(width - self._bar)
            if height < 0:
                height = inner.height()
            size = QSize(width, height + row.height())
        return size.boundedTo(room.size())

    def fit(self) -> None:
        """Takes the size that its content wants now, and stays on the screen."""
        self.column.activate()
        room = room_for(self)
        row = self.buttons.minimumSizeHint().height() if self.buttons.buttons() else 0
        least = QSize(min(self._least_width, room.width()), _LEAST_BODY + row)
        self.setMinimumSize(least)
        self.buttons.setVisible(bool(self.buttons.buttons()))
        self.resize(self.wanted_size())
        if self.isVisible():
            frame = self.frameGeometry()
            edge = self.screen().availableGeometry()
            self.move(
                max(edge.left(), min(frame.left(), edge.right() - frame.width())),
                max(edge.top(), min(frame.top(), edge.bottom() - frame.height())),
            )

    def show_in_view(self, widget: QWidget) -> None:
        """Scrolls to it where it is out of sight."""
        self._scroll.ensureWidgetVisible(widget, 0, 3 * SPACE)

    def _on_scroll_range(self, _least: int, most: int) -> None:
        """A scroll bar stands in the margin: the content ends where the buttons do, with one and without."""
        bar = self._scroll.verticalScrollBar().sizeHint().width() if most else 0
        if bar != self._bar:
            margins = self.column.contentsMargins()
            margins.setRight(margins.right() + self._bar - bar)
            self._bar = bar
            self.column.setContentsMargins(margins)

    def setVisible(self, visible: bool) -> None:
        if not (visible and hold(self)):
            super().setVisible(visible)

    def showEvent(self, event: QShowEvent) -> None:
        if not event.spontaneous():
            self.fit()
            self._order_tabs()
            self._focus_default()
        super().showEvent(event)

    def _order_tabs(self) -> None:
        """Tab goes through all buttons, as they stand."""
        # The box hands its focus to the default button, and Tab would jump there from the button before it.
        self.buttons.setFocusProxy(None)  # type: ignore[arg-type]
        layout = self.layout()
        assert layout is not None
        layout.activate()
        buttons = self.buttons.findChildren(QPushButton)
        buttons.sort(key=lambda button: button.mapTo(self, QPoint(0, 0)).x())
        for button, after in itertools.pairwise(buttons):
            QWidget.setTabOrder(button, after)

    def _focus_default(self) -> None:
        """Unless an input has the focus: Qt gives it to the first button, and two would be highlighted."""
        focus = self.focusWidget()
        if focus is not None and not isinstance(focus, QPushButton):
            return
        for button in self.buttons.findChildren(QPushButton):
            if button.isDefault() and button.isEnabled():
                button.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not press_highlighted(self, event):
            super().keyPressEvent(event)


def highlighted(dialog: QDialog) -> QPushButton | None:
    """The button that Enter presses: the one with the focus, else the default."""
    focus = dialog.focusWidget()
    if isinstance(focus, QPushButton) and focus.isVisible():
        return focus
    buttons = dialog.findChildren(QPushButton)
    return next((one for one in buttons if one.isDefault() and one.isVisible()), None)


def press_highlighted(dialog: QDialog, event: QKeyEvent) -> bool:
    """Has Enter press the highlighted button; whether this key was Enter."""
    plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or plain:
        return False
    event.accept()
    button = highlighted(dialog)
    if button is not None and not event.isAutoRepeat():
        button.click()
    return True


def room_for(widget: QWidget) -> QRect:
    """What a window may cover of its screen, without its frame."""
    parent = widget.parentWidget()
    screen = (parent.window() if parent is not None else widget).screen()
    return screen.availableGeometry().adjusted(0, _FRAME.height(), -_FRAME.width(), 0)


class WheelGuard(QObject):
    """The wheel scrolls past a field that has no focus, instead of changing it."""

    def guard(self, field: QWidget) -> None:
        if isinstance(field, QAbstractSpinBox | QComboBox | QSlider):
            if field.focusPolicy() == Qt.FocusPolicy.WheelFocus:
                field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel gives no focus either
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Wheel or not isinstance(watched, QWidget):
            return False
        if watched.hasFocus():
            return False
        event.ignore()  # goes on to what scrolls
        return True


def dress(widget: QWidget, name: str, value: bool) -> None:
    """Sets a property that the style sheet looks at, and has it look again where it did already."""
    if bool(widget.property(name)) is not value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def quiet_click(button: QAbstractButton) -> None:
    """A click leaves the focus where it is, on the paper; the Tab key still reaches the button."""
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
