"""The row of tools under the paper."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from handwrite_app.canvas.canvas import MAX_PEN_WIDTH, MIN_PEN_WIDTH, Canvas
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.theme import Theme
from handwrite_app.ui.tokens import SPACE, TARGET
from handwrite_app.ui.widgets.labels_and_buttons import IconButton, MenuButton


class ToolRow(QWidget):
    """undo, redo, eraser, width, clear; at the other end the network and the device."""

    def __init__(self, actions: Actions, canvas: Canvas, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("toolRow")
        self._canvas = canvas
        self._actions = actions
        self._buttons = [
            IconButton(icon, "", theme, action=actions[name])
            for icon, name in (("undo", "Undo"), ("redo", "Redo"), ("eraser", "Eraser"))
        ]
        self._clear = IconButton("clear", "", theme, action=actions["Clear"])
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("penWidth")
        self.slider.setRange(round(MIN_PEN_WIDTH), round(MAX_PEN_WIDTH))
        self.slider.setFixedWidth(120)
        self.slider.setMinimumHeight(TARGET)
        self.slider.valueChanged.connect(self._on_slider_moved)
        self._dot = _Dot(canvas, theme)
        self.network = MenuButton("layers", "", theme)
        self.network.setObjectName("networkMenu")
        self.device = MenuButton("chip", "", theme)
        self.device.setObjectName("deviceMenu")
        canvas.penWidthChanged.connect(self._on_pen_width_changed)
        canvas.toolChanged.connect(self._on_tool_changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE // 2)
        for button in self._buttons:
            row.addWidget(button)
        row.addSpacing(SPACE)
        row.addWidget(self.slider)
        row.addWidget(self._dot)
        row.addSpacing(SPACE)
        row.addWidget(self._clear)
        row.addStretch(1)
        row.addWidget(self.network)
        row.addWidget(self.device)
        self._retranslate()
        self._on_pen_width_changed(canvas.pen_width)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        for button, name in zip(
            [*self._buttons, self._clear], ("Undo", "Redo", "Eraser", "Clear"), strict=True
        ):
            button.setAccessibleName(self._actions.plain(name))
        self.slider.setAccessibleName(self.tr("Pen width"))
        self.slider.setToolTip(self.tr("Pen width ([ and ])"))
        self.network.setAccessibleName(self.tr("Network"))
        self.network.setToolTip(self.tr("Reads with"))
        self.device.setAccessibleName(self.tr("Device"))
        self.device.setToolTip(self.tr("Computes on"))

    def _on_slider_moved(self, width: int) -> None:
        self._canvas.set_pen_width(width)

    def _on_pen_width_changed(self, width: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(width))
        self._dot.update()

    def _on_tool_changed(self, name: str) -> None:
        self._actions["Eraser"].setChecked(name == "eraser")


class _Dot(QWidget):
    """The pen's width as a dot, in the size that it has on the paper as far as the row allows."""

    def __init__(self, canvas: Canvas, theme: Theme) -> None:
        super().__init__()
        self._canvas = canvas
        self._theme = theme
        self.setFixedSize(TARGET, TARGET)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        fraction = (self._canvas.pen_width - MIN_PEN_WIDTH) / (MAX_PEN_WIDTH - MIN_PEN_WIDTH)
        diameter = 4 + fraction * (TARGET - 12)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.tokens.text_muted))
        corner = (TARGET - diameter) / 2
        painter.drawEllipse(round(corner), round(corner), round(diameter), round(diameter))
        painter.end()
