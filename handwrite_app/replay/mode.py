"""The mode "Replay": the drawing on the paper played back on it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from handwrite_app.explaining.mode import Desk, Mode
from handwrite_app.replay.panel import ReplayPanel
from handwrite_app.ui.watched import watch
from trainer.explanation.moments import Floats, dense, partial_drawing, place_at, timeline
from trainer.explanation.results import Replay
from trainer.picture.strokes import Drawing
from trainer.processes.explain_messages import ExplainEvent, ExplainRequest, ReplayRequest

_KEYS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)


class ReplayMode(Mode):
    """While it is open, Space plays wherever the focus is on paper or panel."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._dense = Drawing()
        self._seconds: list[Floats] = []
        watch(desk.canvas, _KEYS, self._on_key)

    def make_panel(self) -> ReplayPanel:
        panel = ReplayPanel(self._desk.theme)
        panel.momentChanged.connect(self._on_moment)
        panel.answer.hide()  # the panel has one of its own, that of the moment
        for widget in (panel, panel.scrubber, panel.play, panel.back):
            watch(widget, _KEYS, self._on_key)
        return panel

    @property
    def view(self) -> ReplayPanel:
        panel = self.panel
        assert isinstance(panel, ReplayPanel)
        return panel

    def request(self, weights: Path) -> ExplainRequest | None:
        if not self._drawing.strokes:
            self.view.set_message(
                self.tr("Draw something first.")
                if self._drawing.is_empty
                else self.tr("A picture has no strokes that could be played back.")
            )
            return None
        self._dense = dense(self._drawing)
        self._seconds, _ = timeline(self._dense)
        return ReplayRequest(
            weights=weights,
            drawing=self._dense,
            memory=self._desk.requester.memory,
            mode=self._desk.requester.mode,
        )

    def begin(self) -> None:
        self.view.begin()
        self.view.set_message(self.tr("Reading it moment by moment…"))

    def show_event(self, event: ExplainEvent) -> None:
        if isinstance(event, Replay):
            self.view.show_replay(event)

    def _on_key(self, event: QEvent) -> bool:
        if (
            self._is_open
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
            and not event.modifiers()
        ):
            event.accept()
            if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
                self.view.toggle()
            return True
        return False

    def abandon(self) -> None:
        if self._is_open:
            self.view.pause()
        super().abandon()

    def end(self) -> None:
        if self._panel is not None:
            self.view.pause()
        super().end()

    def _on_moment(self, seconds: float) -> None:
        if not self._is_open or not self._seconds:
            return
        place = place_at(self._seconds, seconds)
        if place[0] >= len(self._dense.strokes):
            self._desk.overlay.clear()  # the whole drawing is what the paper shows
        else:
            self._desk.overlay.show_instead(partial_drawing(self._dense, *place))
