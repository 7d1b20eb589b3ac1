"""A training run whose panel is hidden, in the status line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal

from handwrite_app.reading.verdict import percent
from handwrite_app.ui.widgets.progress_strip import ProgressStrip


class TrainingStrip(ProgressStrip):
    """How far the run is, or what came of it, and a button that shows the panel.

    Signals:
        showRequested().
    """

    showRequested = Signal()

    def __init__(self) -> None:
        super().__init__("training")
        self.setObjectName("trainingStrip")
        self.stop_button.setObjectName("stopTrainingStrip")
        self.bar.setObjectName("trainingStripProgress")
        self.show_button = self.add_button("showTrainingPanel")
        self.show_button.clicked.connect(lambda: self.showRequested.emit())
        self.begin("")

    def begin(self, network: str) -> None:
        """A run of this network begins."""
        self._network = network
        self._fraction = 0.0
        self._stopping = self._paused = False
        self._result: Callable[[], str] | None = None
        self.retranslate()

    def set_fraction(self, fraction: float) -> None:
        """0…1."""
        self._fraction = fraction
        self.retranslate()

    def show_stopping(self) -> None:
        """It was asked to stop."""
        self._stopping = True
        self.retranslate()

    def set_paused(self, paused: bool) -> None:
        """It waits, or goes on again."""
        self._paused = paused
        self.retranslate()

    def show_result(self, say: Callable[[], str]) -> None:
        """The run is over, and this came of it."""
        self._result = say
        self.retranslate()

    def retranslate(self) -> None:
        over = self._result is not None
        self.bar.setValue(round(1000 * self._fraction))
        if self._result is not None:
            words = self._result()
        elif self._stopping:
            words = self.tr("Stopping…")
        elif self._paused:
            words = self.tr("{network}: paused at {percent}").format(
                network=self._network, percent=percent(self._fraction)
            )
        else:
            words = self.tr("Training {network}… {percent}").format(
                network=self._network, percent=percent(self._fraction)
            )
        self.words.setText(words)
        self.setAccessibleName(words)
        self.bar.setVisible(not over)
        self.bar.setAccessibleName(self.tr("Progress of the training"))
        self.stop_button.setVisible(not over)
        self.stop_button.setEnabled(not self._stopping)
        self.stop_button.setText(self.tr("Stop"))
        self.stop_button.setAccessibleName(self.tr("Stop training"))
        self.stop_button.setToolTip(self.tr("Finish now and keep the best weights so far"))
        self.show_button.setText(self.tr("Show"))
        self.show_button.setAccessibleName(self.tr("Show the training panel"))
