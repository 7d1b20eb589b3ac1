"""The row of tools under the paper."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from handwrite_app.canvas.canvas import MAX_PEN_WIDTH, MIN_PEN_WIDTH, Canvas
from handwrite_app.labelling.writers import Writers
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.theme import Theme, scaled
from handwrite_app.ui.tokens import SPACE, TARGET
from handwrite_app.ui.widgets.labels_and_buttons import IconButton, MenuButton
from handwrite_app.ui.widgets.roving_focus import RovingFocus

#: Between the tools and the choices at the other end there is at least so much, in pixels.
_LEAST_GAP = 2 * SPACE


class ToolRow(QWidget):
    """undo, redo, clear; eraser and width; at the other end who writes, what is written, network and device.

    One stop of the Tab key, with arrows inside.
    """

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
        self.slider.valueChanged.connect(self._on_slider_moved)
        self._dot = _Dot(canvas, theme)
        self.writer = MenuButton("pen", "", theme)
        self.writer.setObjectName("writerMenu")
        self.written = MenuButton("characters", "", theme)
        self.written.setObjectName("writtenMenu")
        self.network = MenuButton("layers", "", theme)
        self.network.setObjectName("networkMenu")
        self.device = MenuButton("chip", "", theme)
        self.device.setObjectName("deviceMenu")
        canvas.penWidthChanged.connect(self._on_pen_width_changed)
        canvas.toolChanged.connect(self._on_tool_changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE // 2)
        undo, redo, eraser = self._buttons
        for button in (undo, redo, self._clear):
            row.addWidget(button)
        row.addSpacing(2 * SPACE)
        for control in (eraser, self.slider, self._dot):
            row.addWidget(control)
        row.addStretch(1)
        row.addWidget(self.writer)
        row.addWidget(self.written)
        row.addWidget(self.network)
        row.addWidget(self.device)
        RovingFocus(
            self,
            (
                *(undo, redo, self._clear, eraser, self.slider),
                *(self.writer, self.written, self.network, self.device),
            ),
        )
        self._writers: Writers | None = None
        theme.changed.connect(self._fit)
        self._fit()
        self._retranslate()
        self._on_pen_width_changed(canvas.pen_width)

    def set_writers(self, writers: Writers) -> None:
        """Whose drawings they are, to be seen and chosen."""
        self._writers = writers
        self.writer.setMenu(self._actions.menus["writer"])
        writers.chosen.connect(self._show_writer)
        self._show_writer()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # the words of a choice are others
            self._make_room()
        return super().event(event)

    def _make_room(self) -> None:
        """Choices that do not fit beside network and device with all their words are left to the menu bar."""
        gap = SPACE // 2
        tools = 4 * (scaled(TARGET) + gap) + self.slider.width() + self._dot.width() + 2 * gap
        room = self.width() - tools - 2 * SPACE - _LEAST_GAP
        room -= self.network.sizeHint().width() + self.device.sizeHint().width() + 2 * gap
        for choice in (self.writer, self.written):
            room -= choice.sizeHint().width() + gap
            if choice.isHidden() is (room >= 0):
                choice.setVisible(room >= 0)

    def _fit(self) -> None:
        self.slider.setFixedWidth(scaled(120))
        self.slider.setMinimumHeight(scaled(TARGET))
        self._dot.setFixedSize(scaled(TARGET), scaled(TARGET))

    def _show_writer(self) -> None:
        if self._writers is not None:
            name = self._writers.shown_active
            self.writer.setText(name.replace("&", "&&"))
            self.writer.updateGeometry()

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
        self.writer.setAccessibleName(self.tr("Writer"))
        self.writer.setToolTip(self.tr("Drawings are saved for"))
        self._show_writer()
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
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        fraction = (self._canvas.pen_width - MIN_PEN_WIDTH) / (MAX_PEN_WIDTH - MIN_PEN_WIDTH)
        side = self.width()
        diameter = 4 + fraction * (side - 12)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.tokens.ink))
        corner = (side - diameter) / 2
        painter.drawEllipse(round(corner), round(corner), round(diameter), round(diameter))
        painter.end()
