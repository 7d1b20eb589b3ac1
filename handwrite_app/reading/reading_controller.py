"""Decides what the reading panel shows: a reading, or why there is none."""

from __future__ import annotations

from PySide6.QtCore import QObject

from handwrite_app.reading.ink_groups import has_two_groups
from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.reading.reading_panel import ReadingPanel
from handwrite_app.reading.remarks import remarks
from handwrite_app.reading.verdict import alike_notes
from handwrite_app.ui.error_text import sentence
from trainer.processes.recognition_messages import Loaded, Reading, ReadRequest

#: Modes that hold some labels to be the same.
_MERGING = ("letters", "balanced")


class ReadingController(QObject):
    """Connects the requester's answers and the state of recognition with the panel.

    Ink on the paper is never called nothing: while its answer is awaited the panel says what it waits for.
    """

    def __init__(self, panel: ReadingPanel, requester: ReadRequester, parent: QObject) -> None:
        super().__init__(parent)
        self._panel = panel
        self._requester = requester
        self._network: Loaded | None = None
        self._failure = ""
        self._opening = ""
        self._is_restarting = False
        requester.readRequested.connect(self._on_read_requested)
        requester.answered.connect(self._on_answered)

    @property
    def failure(self) -> str:
        """Why nothing is read any more; "" where something is."""
        return self._failure

    def set_active_model(self, network: Loaded) -> None:
        """This network reads from now on, and reads what is on the paper."""
        self._network = network
        self._failure = ""
        self._is_restarting = False
        self._requester.set_active_model(network)
        self._panel.bars.set_labels(self._requester.labels)
        self._requester.ask()

    def fail(self, text: str) -> None:
        """There will be no more answers."""
        self._failure = text
        self._panel.show_failed(text)

    def expect_answers(self) -> None:
        """Recognition that had failed starts again."""
        if self._failure:
            self._failure = ""
            self._show_waiting()

    def show_restarting(self) -> None:
        """The recognition process ended, and another one takes its place."""
        self._is_restarting = True
        self._requester.ask()

    def show_opening(self, name: str) -> None:
        """A file of this name is being decoded; "": none is any more."""
        before, self._opening = self._opening, name
        if name:
            self._panel.show_waiting(self._waits_for())
        elif before:
            self._requester.ask()  # what was shown before is shown again

    def retranslate(self) -> None:
        if self._panel.is_waiting:
            self._panel.show_waiting(self._waits_for())

    def _on_read_requested(self, request: ReadRequest) -> None:
        if self._failure:
            self._panel.show_failed(self._failure)
        elif self._opening:
            self._panel.show_waiting(self._waits_for())
        elif request.drawing.is_empty and self._network is not None:
            self._panel.show_empty()
        else:
            self._show_waiting()

    def _show_waiting(self) -> None:
        """Says what is waited for, where nothing that is shown counts any more."""
        if self._network is None or self._requester.is_waiting:
            self._panel.show_waiting(self._waits_for())

    def _waits_for(self) -> str:
        if self._opening:
            return self.tr("Opening {name}…").format(name=self._opening)
        if self._network is None:
            return self.tr("Loading the network…")
        if self._is_restarting:
            return self.tr("Starting again…")
        return self.tr("Reading…")

    def _on_answered(self, reading: Reading) -> None:
        if self._network is None or self._requester.drawing.is_empty:
            return
        self._is_restarting = False
        if reading.error is not None:
            self._panel.show_failed(sentence(reading.error))
            return
        is_newest = self._requester.is_newest(reading.number)
        if reading.probabilities is None:
            self._panel.show_too_little(reading.picture)
            return
        is_moving = self._requester.is_moving and not is_newest
        several = reading.refused and not is_moving and has_two_groups(self._requester.drawing)
        self._panel.show_reading(
            reading,  # type: ignore[arg-type]
            drawing=is_moving,
            not_a_digit=reading.refused,
            several=several,
            notes=() if is_moving else self._notes(reading),
        )

    def _notes(self, reading: Reading) -> tuple[str, ...]:
        """Characters that no picture tells apart, and what is unusual about the drawing."""
        # Where the mode adds them up, the bars do not tell them apart.
        alike = alike_notes(reading.alike) if reading.mode in _MERGING else ()
        if reading.line is not None:  # what is unusual for one character is not for several
            return alike
        return (*alike, *remarks(self._requester.drawing))
