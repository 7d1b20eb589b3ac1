"""The active network: loaded, exchanged, refused, and what the person has to know of that."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from handwrite_app.canvas.pen_up_queue import PenUpQueue
from handwrite_app.reading.device_fallback import on_another_device
from handwrite_app.reading.reading_controller import ReadingController
from handwrite_app.ui.dialogs.message_boxes import announce
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.widgets.status_line import StatusLine
from handwrite_app.workers.recognition import RecognitionWorker
from trainer.processes.recognition_messages import Loaded, Refused


class ActiveNetwork(QObject):
    """Asks the recognition for a network and a device, and remembers what was chosen.

    Signals:
        loaded(Loaded): this network reads from now on. kept(): the one in use stays, another was refused.
    """

    loaded = Signal(object)
    kept = Signal()

    def __init__(
        self,
        window: QWidget,
        recognition: RecognitionWorker,
        answers: ReadingController,
        status: StatusLine,
        settings: Settings,
        lifted: PenUpQueue,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._recognition = recognition
        self._answers = answers
        self._status = status
        self._settings = settings
        self._lifted = lifted
        self._loaded: Loaded | None = None
        self._missing: Path | None = None  # remembered, but not there
        self._no_device = ""  # why the one that was remembered is not used
        recognition.loaded.connect(self._on_loaded)
        recognition.refused.connect(self._on_refused)
        recognition.restarted.connect(self._on_restarted)
        recognition.failed.connect(self._on_failed)

    @property
    def current(self) -> Loaded | None:
        """None while the first is loading."""
        return self._loaded

    def start(self) -> None:
        """With the network and the device that were used last."""
        weights = self._settings.weights
        self._missing = self._settings.missing_weights
        self._recognition.start(weights, self._settings.device)

    @Slot(object)
    def use(self, path: Path | None) -> None:
        """Loads these weights (None: the best that ship); the ones in use stay until that worked."""
        self._answers.expect_answers()
        self._missing = None
        loading = self.tr("Loading {name}…").format(name=path.stem) if path else ""
        self._status.say(loading or self.tr("Loading the network…"), stays=True)
        self._recognition.load(path, self._settings.device)

    @Slot(str)
    def use_device(self, name: str) -> None:
        """Computes on this device from now on, if it can."""
        self._answers.expect_answers()
        self._recognition.load(Path(self._loaded.path) if self._loaded else None, name)

    def restart(self) -> None:
        """Ends the process that reads, and starts another."""
        self._answers.expect_answers()
        self._status.say(self.tr("Restarting recognition…"), stays=True)
        self._recognition.restart()

    def say_state(self) -> None:
        """What the status line says as long as there is no news."""
        if self._answers.failure:
            self._status.set_state(self._answers.failure)
        elif self._loaded is None:
            self._status.set_state(self.tr("Loading the network. You can draw already."))
        else:
            self._status.set_state(
                self.tr("Reading with {name} on {device}").format(
                    name=self._loaded.name, device=self._loaded.device.upper()
                )
            )

    @Slot(object)
    def _on_loaded(self, loaded: Loaded) -> None:
        before, self._loaded = self._loaded, loaded
        is_new = before is None or before.path != loaded.path
        missing, self._missing = self._missing, None
        # One that stands in for a missing network is not remembered in its place.
        is_kept = (
            not is_new or missing is not None or self._settings.keep_weights(Path(loaded.path))
        )
        self._settings.device = "auto" if self._no_device else loaded.wanted_device
        self._answers.set_active_model(loaded)
        self.say_state()
        self.loaded.emit(loaded)
        if before is not None and not is_kept:  # somebody chose it
            words = self.tr(
                "{name} reads from now on, but the choice could not be stored for the next start. Is the "
                "disk full?"
            )
            self._status.say(words.format(name=loaded.name))
        if missing is not None:
            words = self.tr(
                "{name} is missing ({folder}): {active} reads until it is back or another network is chosen."
            )
            words = words.format(name=missing.stem, folder=missing.parent, active=loaded.name)
            self._status.say(words, stays=True)
        if self._no_device:
            self._warn(self.tr("This device cannot be used"), self._no_device)
            self._no_device = ""

    @Slot(object)
    def _on_refused(self, refused: Refused) -> None:
        self.kept.emit()
        if self._loaded is None:
            # Nothing is in use yet. If no device can use what was remembered, what ships can be used.
            if (again := on_another_device(refused)) is not None:
                self._no_device = self._no_device or sentence(refused.message)
                self._recognition.load(again.weights, again.device)
                return
            self._no_device = ""
            if refused.weights is not None:
                self._settings.keep_weights(None)
                self._recognition.load(None, "auto")
            else:
                self._on_failed(sentence(refused.message))
        else:
            words = self.tr("The network in use stays: {name}")
            self._status.say(words.format(name=self._loaded.name))
        self._warn(self.tr("This network cannot be used"), sentence(refused.message))

    def _warn(self, title: str, text: str) -> None:
        self._lifted.then(lambda: announce(self._window, title, text, name="warning"))

    @Slot(str)
    def _on_restarted(self, text: str) -> None:
        self._status.say(text)
        self._answers.show_restarting()

    @Slot(str)
    def _on_failed(self, text: str) -> None:
        self._answers.fail(text)
        self.say_state()
