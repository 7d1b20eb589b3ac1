"""The modes of the right column that explain the drawing, or write one: built when they are first opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject

from handwrite_app.window.features.why_button import WhyButton

if TYPE_CHECKING:
    from handwrite_app.explaining.mode import Desk, Mode
    from handwrite_app.explaining.mode_panel import ModePanel
    from handwrite_app.handwriting.mode import HandwritingMode
    from handwrite_app.pipeline.mode import PipelineMode
    from handwrite_app.replay.mode import ReplayMode
    from handwrite_app.why.mode import WhyMode
    from handwrite_app.window.window_parts import WindowParts
    from handwrite_app.workers.explain import ExplainWorker
    from trainer.processes.recognition_messages import Loaded

M = TypeVar("M", bound="Mode")


class Explaining(QObject):
    """Owns the modes, the process that explains, and what is drawn over the paper; one mode at a time."""

    def __init__(self, window: WindowParts) -> None:
        super().__init__(window)
        self._window = window
        self._loaded: Loaded | None = None
        self._desk: Desk | None = None
        self._modes: dict[type[Mode], Mode] = {}
        self._is_closed = False
        window.actions_.connect(
            Why=lambda: self.why.toggle(),
            Inside=lambda: self.inside.toggle(),
            Replay=lambda: self.replay.toggle(),
            WriteInHand=lambda: self.handwriting.toggle(),
        )
        window.side.modeChanged.connect(self._on_mode_changed)
        self.button = WhyButton(window.reading, window.actions_["Why"])
        self.button.clicked.connect(lambda: self.why.enter())
        window.reading.stateChanged.connect(self.button.refresh)

    @property
    def why(self) -> WhyMode:
        from handwrite_app.why.mode import WhyMode

        return self._mode(WhyMode)

    @property
    def inside(self) -> PipelineMode:
        from handwrite_app.pipeline.mode import PipelineMode
        from handwrite_app.watching.controller import Watching

        found = self._mode(PipelineMode)
        found.follow(self._window.feature(Watching))
        return found

    @property
    def replay(self) -> ReplayMode:
        from handwrite_app.replay.mode import ReplayMode

        return self._mode(ReplayMode)

    @property
    def handwriting(self) -> HandwritingMode:
        from handwrite_app.handwriting.mode import HandwritingMode

        return self._mode(HandwritingMode)

    @property
    def worker(self) -> ExplainWorker:
        return self.desk.worker

    @property
    def desk(self) -> Desk:
        if self._desk is None:
            from handwrite_app.explaining.mode import Desk
            from handwrite_app.explaining.paper_overlay import PaperOverlay
            from handwrite_app.workers.explain import ExplainWorker

            window = self._window
            self._desk = Desk(
                canvas=window.canvas,
                requester=window.asking,
                worker=ExplainWorker(self),
                overlay=PaperOverlay(window.canvas, window.theme),
                theme=window.theme,
                settings=window.settings,
                writers=window.correction.writers,
                show_mode=self._show,
                window=window,
            )
        return self._desk

    def set_active_model(self, loaded: Loaded) -> None:
        self._loaded = loaded
        for mode in self._modes.values():
            mode.set_active_model(loaded)

    def retranslate(self) -> None:
        self.button.retranslate()
        for mode in self._modes.values():
            mode.retranslate()

    def close(self) -> None:
        self._is_closed = True
        for mode in self._modes.values():
            mode.end()
        if self._desk is not None:
            self._desk.worker.close()

    def _mode(self, kind: type[M]) -> M:
        found = self._modes.get(kind)
        if found is None:
            found = self._modes[kind] = kind(self.desk)
            if self._loaded is not None:
                found.set_active_model(self._loaded)
        assert isinstance(found, kind)
        return found

    def _show(self, panel: ModePanel | None) -> None:
        self._window.side.show_mode(panel)
        if panel is None:
            self._window.canvas.setFocus()
            if not self._window.canvas.is_drawing():
                self._window.asking.ask()  # what several characters are has a panel of its own

    def _on_mode_changed(self) -> None:
        """Another panel is on show, this room's or another one's: the mode before is over."""
        if self._is_closed:
            return
        shown = self._window.side.mode
        for mode in self._modes.values():
            if mode.is_open and mode.panel is not shown:
                mode.abandon()
