"""Who reads for one half of the comparison: the window's own process, or one more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from handwrite_app.compare.half import Half
from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.ui.error_text import sentence
from handwrite_app.workers.recognition import RecognitionWorker
from trainer.base.errors import ConfigError
from trainer.models.label_modes import labels_in_mode
from trainer.processes.recognition_messages import Loaded, Reading, ReadRequest, Refused


class NetworkReader(QObject):
    """One of the two: its half of the panel, its network, and who is asked.

    Signals:
        changed(): it shows something else. wanted(): its network is loaded and wants to be asked.
    """

    changed = Signal()
    wanted = Signal()

    def __init__(
        self,
        half: Half,
        window: ReadRequester,
        asking: ReadRequester,
        device: str,
        parent: QObject,
    ) -> None:
        """window: the main window's requester, answered by the active model. asking: the comparison's."""
        super().__init__(parent)
        self.half = half
        self.path: Path | None = None
        self._device = device
        self._in_use: Path | None = None
        self._own: RecognitionWorker | None = None
        self._ready = False
        self._moving = False
        self._labels: tuple[str, ...] = ()
        self._window = window
        self._asking = asking
        window.answered.connect(self._on_windows_reading)

    @property
    def follows(self) -> bool:
        """Whether it shows what the main window is told."""
        return self.path is not None and self.path == self._in_use

    def follow(self, active_model: Loaded) -> None:
        """The network in use, which may be this one, or have been until now."""
        self._in_use = Path(active_model.path)
        if self.follows:
            self._end_own()
        elif self.path is not None and self._own is None:
            self._start(self.path)

    def choose(self, path: Path) -> None:
        """This network reads here from now on."""
        if path == self.path:
            return
        self.path = path
        self._ready = False
        self.half.show_empty()
        if self.follows:
            self._end_own()
            self.wanted.emit()
        elif self._own is not None:
            self._own.load(path, self._device)
        else:
            self._start(path)
        self.changed.emit()

    def ask(self, request: ReadRequest, *, moving: bool) -> None:
        """Requests a reading, where the main window does not."""
        self._moving = moving
        if request.drawing.is_empty and (self._ready or self.follows):
            self.half.show_empty()
            self.changed.emit()
        if self._own is not None and self._ready:
            self._own.read(replace(request, mode=self._mode()))

    def _mode(self) -> str:
        """The window's, so that both are asked the same; "" where this network has none of its labels."""
        try:
            labels_in_mode(self._labels, self._window.mode)
        except ConfigError:
            return ""
        return self._window.mode

    def end(self) -> None:
        self._window.answered.disconnect(self._on_windows_reading)
        self._end_own()

    def _start(self, path: Path) -> None:
        self._ready = False
        self.half.show_message(self.tr("Loading the network…"))
        self._own = own = RecognitionWorker(parent=self)
        own.loaded.connect(self._on_loaded)
        own.refused.connect(self._on_refused)
        own.readingReady.connect(self._on_reading)
        own.restarted.connect(self.wanted)
        own.failed.connect(self._fail)
        own.start(path, self._device)

    def _end_own(self) -> None:
        own, self._own = self._own, None
        if own is not None:
            own.close()
            own.deleteLater()

    def _on_windows_reading(self, reading: Reading) -> None:
        if self.follows:
            moving = self._moving and not self._window.is_newest(reading.number)
            self._show(reading, moving)

    def _on_reading(self, reading: Reading) -> None:
        if self._own is None or not self._ready or self._asking.is_superseded(reading.number):
            return
        self._show(reading, self._moving and not self._asking.is_newest(reading.number))

    def _show(self, reading: Reading, moving: bool) -> None:
        self.half.show_reading(reading, drawing=moving)
        self.changed.emit()

    def _on_loaded(self, loaded: Loaded) -> None:
        if self.path is not None and loaded.path == str(self.path):
            self._ready, self._labels = True, loaded.labels
            self.half.show_empty()
            self.half.set_labels(labels_in_mode(loaded.labels, self._mode()))
            self.wanted.emit()

    def _on_refused(self, refused: Refused) -> None:
        if refused.weights == str(self.path):
            self._fail(sentence(refused.message))

    def _fail(self, text: str) -> None:
        self._ready = False
        self.half.show_message(text)
        self.changed.emit()
