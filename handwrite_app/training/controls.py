"""The buttons with which a run is paused, stepped, stopped and cancelled."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from handwrite_app.ui.dialogs.dialog import quiet_click
from handwrite_app.ui.tokens import SPACE

State = Literal["idle", "running", "pausing", "paused", "stopping", "cancelling"]


class Controls(QWidget):
    """Signals:
    pauseRequested(), continueRequested(), stepRequested(), stopRequested(), cancelRequested().
    """

    pauseRequested = Signal()
    continueRequested = Signal()
    stepRequested = Signal()
    stopRequested = Signal()
    cancelRequested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.state: State = "idle"
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACE)
        self.pause = self._button("pauseTraining")
        self.pause.clicked.connect(self._on_pause)
        self.step = self._button("stepTraining")
        self.step.clicked.connect(lambda: self.stepRequested.emit())
        self.stop = self._button("stopTraining")
        self.stop.clicked.connect(lambda: self.stopRequested.emit())
        self.cancel = self._button("discardTraining")
        self.cancel.clicked.connect(lambda: self.cancelRequested.emit())
        self.set_state("idle")

    def set_state(self, state: State) -> None:
        self.state = state
        self.retranslate()

    def retranslate(self) -> None:
        state = self.state
        alive = state in ("running", "pausing", "paused")
        self.setVisible(state != "idle")
        self.pause.setText(
            {"paused": self.tr("Continue"), "pausing": self.tr("Pausing…")}.get(
                state, self.tr("Pause")
            )
        )
        self.pause.setToolTip(
            self.tr("Go on training")
            if state == "paused"
            else self.tr("Wait after the batch that it is at; nothing is lost")
        )
        self.pause.setEnabled(state in ("running", "paused"))
        self.step.setText(self.tr("Step"))
        self.step.setToolTip(self.tr("Learn from one batch, then pause"))
        self.step.setEnabled(alive)
        self.stop.setText(self.tr("Stopping…") if state == "stopping" else self.tr("Stop"))
        self.stop.setToolTip(self.tr("Finish now and keep the best weights so far"))
        self.stop.setEnabled(alive)
        self.cancel.setText(self.tr("Cancelling…") if state == "cancelling" else self.tr("Cancel…"))
        self.cancel.setToolTip(self.tr("End the run and delete what it has learned"))
        self.cancel.setEnabled(alive or state == "stopping")

    def _on_pause(self) -> None:
        (self.continueRequested if self.state == "paused" else self.pauseRequested).emit()

    def _button(self, name: str) -> QPushButton:
        button = QPushButton()
        button.setObjectName(name)
        quiet_click(button)
        self._row.addWidget(button)
        return button
