"""Two networks read what is on the paper, side by side, while one draws.

The network in use is asked by the main window anyway, and its answers are shown here too. Any other one has a
recognition process of its own, for as long as this window is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.compare.compare_panel import ComparePanel
from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.ui.dialogs.dialog import Dialog
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.theme import Theme, text_font
from handwrite_app.ui.tokens import SIZE_TEXT, SPACE
from handwrite_app.workers.recognition import RecognitionWorker
from trainer.models.weights import stored_weights
from trainer.processes.recognition_messages import Loaded, Reading, ReadRequest, Refused

_COLUMN = 232


class CompareWindow(Dialog):
    """No modal dialog: one draws on the main window's paper. `end` ends its processes."""

    def __init__(
        self,
        canvas: Canvas,
        requester: ReadRequester,
        active_model: Loaded,
        *,
        device: str,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        """requester: the main window's, whose answers are those of `active_model`."""
        super().__init__(parent, name="compareWindow")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)  # the keys stay the paper's
        self._canvas = canvas
        self._in_use = active_model
        self._requester = requester
        self._asking = ReadRequester(canvas, self)
        self._new: tuple[Path, str] | None = None
        self.panels = (ComparePanel("A", theme), ComparePanel("B", theme))
        self._sides = tuple(
            _Side(panel, requester, self._asking, device, self) for panel in self.panels
        )
        self.sentence = QLabel()
        self.sentence.setObjectName("compareSentence")
        self.sentence.setFont(text_font(SIZE_TEXT))
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(2 * SPACE)
        for panel, side in zip(self.panels, self._sides, strict=True):
            panel.setMinimumWidth(_COLUMN)
            row.addWidget(panel, 1)
            panel.chosen.connect(side.choose)
            side.changed.connect(self._say)
            side.wanted.connect(self._on_wanted)
        self.column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        self.column.addLayout(row, 1)
        self.column.addWidget(self.sentence)
        self._asking.readRequested.connect(self._on_read_requested)
        self._retranslate()

    def begin(self, new: Path | None, title: str) -> None:
        """new: a network that is not stored (yet), under this title, beside the one in use; None: two that
        are stored, as they were chosen last."""
        first, second = self._sides
        if new is not None:
            self._new = (new, title)
        self._fill()
        if first.path is None or new is not None:
            first.choose(Path(self._in_use.path))
        if new is not None:
            second.choose(new)
        elif second.path is None:
            second.choose(self._another())
        self._fill()

    def set_active_model(self, loaded: Loaded) -> None:
        """The main window reads with another network from now on."""
        self._in_use = loaded
        for side in self._sides:
            side.follow(loaded)
        self._fill()
        self._asking.ask()

    def replace(self, old: Path, new: Path) -> None:
        """The network in `old` was stored as `new`."""
        self._new = None
        for side in self._sides:
            if side.path == old:
                side.choose(new)
        self._fill()

    def forget(self, folder: Path) -> None:
        """The networks in this folder are about to go: the one in use takes their place."""
        if self._new is not None and self._new[0].parent == folder:
            self._new = None
        for side in self._sides:
            if side.path is not None and side.path.parent == folder:
                side.choose(Path(self._in_use.path))
        self._fill()

    def end(self) -> None:
        """Ends the processes; nothing is read any more."""
        self._asking.end()
        for side in self._sides:
            side.end()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _networks(self) -> Sequence[tuple[Path, str]]:
        found = [(entry.path, entry.name) for entry in stored_weights() if entry.card is not None]
        active_model = Path(self._in_use.path)
        if active_model not in [path for path, _ in found]:
            found.append((active_model, self._in_use.name))
        if self._new is not None:
            found.append(self._new)
        return found

    def _another(self) -> Path:
        """Of those that are not in use the newest, the person's own before what ships, and what reads the
        same labels before what reads others; if there is any."""
        active_model = Path(self._in_use.path)
        others = {
            entry.path: (
                not entry.shipped,
                set(entry.card.labels) == set(self._in_use.labels),
                entry.card.created,
            )
            for entry in stored_weights()
            if entry.card is not None and entry.path != active_model
        }
        return max(others, key=others.__getitem__, default=active_model)

    def _fill(self) -> None:
        networks = self._networks()
        for side in self._sides:
            side.follow(self._in_use)
            if side.path is not None:
                side.panel.set_networks(networks, side.path)

    def _on_read_requested(self, request: ReadRequest) -> None:
        moving = self._canvas.is_drawing()
        for side in self._sides:
            side.ask(request, moving=moving)

    def _on_wanted(self) -> None:
        self._asking.ask()
        # While one draws, the main window asks by itself.
        if any(side.follows for side in self._sides) and not self._canvas.is_drawing():
            self._requester.ask()

    def _say(self) -> None:
        """Whether they agree, when both have read a whole drawing."""
        first, second = (panel.verdict for panel in self.panels)
        if self._canvas.is_empty():
            words = self.tr("Draw on the paper: both read it.")
        elif first is None or second is None:
            words = ""
        elif first == second:
            words = (
                self.tr("Both read {label}.").format(label=first)
                if first
                else self.tr("Neither gives an answer.")
            )
        else:
            words = self.tr("They differ: {first} on the left, {second} on the right.").format(
                first=first or self.tr("no answer"), second=second or self.tr("no answer")
            )
        self.sentence.setText(words)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Compare two networks"))
        for panel in self.panels:
            panel.retranslate()
        self._say()


class _Side(QObject):
    """One of the two: its panel, its network, and who is asked.

    Signals:
        changed(): it shows something else. wanted(): its network is loaded and wants to be asked.
    """

    changed = Signal()
    wanted = Signal()

    def __init__(
        self,
        panel: ComparePanel,
        window: ReadRequester,
        asking: ReadRequester,
        device: str,
        parent: QObject,
    ) -> None:
        """window: the main window's requester, answered by the active model. asking: that of this window."""
        super().__init__(parent)
        self.panel = panel
        self.path: Path | None = None
        self._device = device
        self._in_use: Path | None = None
        self._own: RecognitionWorker | None = None
        self._ready = False
        self._moving = False
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
        self.panel.show_empty()
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
            self.panel.show_empty()
            self.changed.emit()
        if self._own is not None and self._ready:
            self._own.read(request)

    def end(self) -> None:
        self._window.answered.disconnect(self._on_windows_reading)
        self._end_own()

    def _start(self, path: Path) -> None:
        self._ready = False
        self.panel.show_message(self.tr("Loading the network…"))
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
        self.panel.show_reading(reading, drawing=moving)
        self.changed.emit()

    def _on_loaded(self, loaded: Loaded) -> None:
        if self.path is not None and loaded.path == str(self.path):
            self._ready = True
            self.panel.show_empty()
            self.panel.bars.set_labels(loaded.labels)
            self.wanted.emit()

    def _on_refused(self, refused: Refused) -> None:
        if refused.weights == str(self.path):
            self._fail(sentence(refused.message))

    def _fail(self, text: str) -> None:
        self._ready = False
        self.panel.show_message(text)
        self.changed.emit()
