"""Opens the manual, and gives it what is on the paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.window_placement import put_beside
from trainer.processes.recognition_messages import Loaded

if TYPE_CHECKING:
    from handwrite_app.help.chapters import Subject
    from handwrite_app.help.manual import ManualWindow


class Help(QObject):
    """A feature of the window."""

    def __init__(self, window: QWidget, actions: Actions, requester: ReadRequester) -> None:
        super().__init__(window)
        self._window = window
        self._requester = requester
        self._manual: ManualWindow | None = None
        actions.connect(Manual=self.open)
        requester.answered.connect(self._on_answered)

    @property
    def manual(self) -> ManualWindow | None:
        """While it is open."""
        return self._manual

    def open(self) -> None:
        if self._manual is not None:
            self._manual.raise_()
            self._manual.activateWindow()
            return
        from handwrite_app.help.manual import ManualWindow

        self._manual = ManualWindow(self._subject, self._window)
        self._manual.finished.connect(self._on_finished)
        put_beside(self._manual, self._window)
        self._manual.show()

    def set_active_model(self, loaded: Loaded) -> None:
        """The next answer is its own."""

    def retranslate(self) -> None:
        if self._manual is not None:
            self._manual.retranslate()

    def close(self) -> None:
        if self._manual is not None:
            self._manual.reject()

    def _on_finished(self) -> None:
        if self._manual is not None:
            self._manual.deleteLater()
        self._manual = None

    def _on_answered(self) -> None:
        if self._manual is not None and not self._requester.is_moving:
            self._manual.refresh()

    def _subject(self) -> Subject:
        """What is on the paper, where it was read; else a sample."""
        from handwrite_app.help.chapters import Subject
        from handwrite_app.help.formulas import pixels
        from trainer.picture.preprocess import picture_from_drawing
        from trainer.picture.strokes import Drawing, Stroke

        answer = self._requester.answer
        reading = None if answer is None else answer.reading
        if reading is not None and reading.picture is not None and reading.probabilities:
            return Subject(pixels(reading.picture), reading.labels, reading.probabilities, True)
        seven = Stroke.make([(80, 70), (190, 70), (130, 215)], width=22)
        picture = picture_from_drawing(Drawing((seven,)))
        assert picture is not None  # it has ink
        probabilities = tuple(0.964 if i == 7 else 0.004 for i in range(10))
        return Subject(picture / 255.0, tuple("0123456789"), probabilities, False)
