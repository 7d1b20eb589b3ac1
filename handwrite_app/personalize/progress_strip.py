"""How far a personalization is, in the status line."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from handwrite_app.reading.verdict import percent
from handwrite_app.ui.widgets.progress_strip import ProgressStrip


class PersonalizationStrip(ProgressStrip):
    """From how many drawings the network learns, and how far it is."""

    def __init__(self) -> None:
        super().__init__("personalization")
        self.begin()

    def begin(self) -> None:
        """A personalization begins; with how many drawings is not known yet."""
        self._count, self._fraction = 0, 0.0
        self._stopping = False
        self.stop_button.setEnabled(True)
        self.retranslate()

    def set_count(self, drawings: int) -> None:
        self._count = drawings
        self.retranslate()

    def set_fraction(self, fraction: float) -> None:
        """0…1."""
        self._fraction = fraction
        self.retranslate()

    def show_stopping(self) -> None:
        """It was asked to stop."""
        self._stopping = True
        self.stop_button.setEnabled(False)
        self.retranslate()

    def retranslate(self) -> None:
        self.bar.setValue(round(1000 * self._fraction))
        if self._stopping:
            words = self.tr("Stopping…")
        elif not self._count:
            words = self.tr("Learning your handwriting…")
        else:
            words = self.tr("Learning from {count} drawings… {percent}").format(
                count=QLocale().toString(self._count), percent=percent(self._fraction)
            )
        self.words.setText(words)
        self.setAccessibleName(words)
        self.bar.setAccessibleName(self.tr("Progress of the learning"))
        self.stop_button.setText(self.tr("Stop"))
        self.stop_button.setAccessibleName(self.tr("Stop learning"))
        self.stop_button.setToolTip(self.tr("Stop learning; the network in use stays"))
