"""The page of curves: loss and accuracy side by side or below each other, or one at a time where there is
little room."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QPushButton, QWidget

from handwrite_app.training.plots.curves import Curves, follow_pointer
from handwrite_app.training.plots.series import Look
from handwrite_app.ui.dialogs.dialog import quiet_click
from handwrite_app.ui.theme import Theme, figures_font, text_font
from handwrite_app.ui.tokens import SIZE_SMALL, SPACE

#: Below this height, or this width, two plots side by side show less than one.
_LEAST_HEIGHT, _LEAST_WIDTH = 220, 520
#: From this height on there is room for one above the other.
_STACK_HEIGHT = 320


class Plots(QWidget):
    """Loss and accuracy of one run, with one look and one pointer."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.look = Look()
        self.loss = Curves(theme, "lossPlot", legend=True, logs=True)
        self.accuracy = Curves(theme, "accuracyPlot", scale=100)
        self._second = False  # whether the accuracy is the one that is shown alone
        self._row = row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        row.addWidget(self.loss, 1)
        row.addWidget(self.accuracy, 1)
        self.switch = QPushButton(self)
        self.switch.setObjectName("switchPlot")
        self.switch.setProperty("compact", True)
        self.switch.setFont(text_font(SIZE_SMALL))
        quiet_click(self.switch)
        self.switch.clicked.connect(self._on_switch)
        self.switch.hide()
        self.values = QLabel(self)
        self.values.setObjectName("plotValues")
        self.values.setProperty("chip", True)
        self.values.setFont(figures_font(SIZE_SMALL))
        self.values.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.values.hide()
        follow_pointer([self.loss, self.accuracy], self._say_values)
        self.setMinimumHeight(96)
        theme.changed.connect(self._dress)
        self._retranslate()
        self._dress()

    @property
    def both(self) -> tuple[Curves, Curves]:
        return self.loss, self.accuracy

    def begin(self) -> None:
        for curves in self.both:
            curves.begin()

    def set_look(self, look: Look) -> None:
        self.look = look
        for curves in self.both:
            curves.set_look(look)

    def reset_zoom(self) -> None:
        for curves in self.both:
            curves.reset_zoom()

    def image(self) -> QPixmap:
        """What is shown, without the pointer."""
        for curves in self.both:
            curves.show_crosshair(math.nan)
        self.values.hide()
        shown = self.switch.isVisible()
        self.switch.hide()
        try:
            return self.grab()
        finally:
            self.switch.setVisible(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _arrange(self) -> None:
        narrow = self.width() < _LEAST_WIDTH
        stacked = narrow and self.height() >= _STACK_HEIGHT
        alone = not stacked and (narrow or self.height() < _LEAST_HEIGHT)
        direction = QBoxLayout.Direction
        self._row.setDirection(direction.TopToBottom if stacked else direction.LeftToRight)
        self.loss.setVisible(not (alone and self._second))
        self.accuracy.setVisible(not alone or self._second)
        self.switch.setVisible(alone)
        self.switch.adjustSize()
        self.switch.move(self.width() - self.switch.width() - SPACE // 2, 0)
        self.switch.raise_()

    def _on_switch(self) -> None:
        self._second = not self._second
        self._retranslate()

    def _say_values(self, epoch: float) -> None:
        values = [curves.values_at(epoch) for curves in self.both]
        loss, accuracy = values
        if not math.isfinite(epoch) or loss is None or accuracy is None:
            self.values.hide()
            return
        number = QLocale().toString
        words = self.tr("epoch {epoch} · loss {loss}, {accuracy} %").format(
            epoch=number(loss[0], "f", 2),
            loss=number(loss[1], "g", 3),
            accuracy=number(accuracy[1], "f", 2),
        )
        if math.isfinite(loss[2]):
            words += "\n" + self.tr("validation: loss {loss}, {accuracy} %").format(
                loss=number(loss[2], "g", 3), accuracy=number(accuracy[2], "f", 2)
            )
        self.values.setText(words)
        self.values.adjustSize()
        self.values.move(self.width() - self.values.width() - SPACE, 3 * SPACE)
        self.values.raise_()
        self.values.show()

    def _dress(self) -> None:
        for curves in self.both:
            curves.dress(self._theme.tokens)

    def _retranslate(self) -> None:
        self.loss.retranslate(self.tr("loss over epochs"))
        self.accuracy.retranslate(self.tr("accuracy over epochs, %"))
        self.switch.setText(self.tr("Show loss") if self._second else self.tr("Show accuracy"))
        self._arrange()
