"""The mode "Inside": the pipeline of the drawing on the paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import SignalInstance

from handwrite_app.explaining.mode import Mode
from handwrite_app.pipeline.panel import PipelinePanel
from trainer.explanation.results import Pipeline
from trainer.processes.explain_messages import ExplainEvent, ExplainRequest, PipelineRequest

if TYPE_CHECKING:
    from trainer.runs.snapshots import Snapshot


class Watched(Protocol):
    """The run that is watched (handwrite_app.watching.controller)."""

    @property
    def now(self) -> Snapshot | None: ...
    @property
    def changed(self) -> SignalInstance: ...


class PipelineMode(Mode):
    """Of the network in use, or of the one of a run that is watched, as far as it has learned."""

    _watched: Watched | None = None
    _weights: Path | None = None  # of the newest request

    def follow(self, watched: Watched) -> None:
        """Offers to look into this run's networks, too."""
        if self._watched is None:
            self._watched = watched
            watched.changed.connect(self._on_run_changed)

    def make_panel(self) -> PipelinePanel:
        panel = PipelinePanel(self._desk.theme)
        panel.mapChosen.connect(self._on_map_chosen)
        panel.of_run.toggled.connect(self._on_of_run)
        return panel

    @property
    def view(self) -> PipelinePanel:
        panel = self.panel
        assert isinstance(panel, PipelinePanel)
        return panel

    def request(self, weights: Path) -> ExplainRequest | None:
        run = self._run()
        self.view.set_run(run is not None)
        if self._drawing.is_empty:
            self.view.set_message(self.tr("Draw something first."))
            return None
        of_run = run is not None and self.view.of_run.isChecked()
        self._weights = run if of_run and run is not None else weights
        return PipelineRequest(
            weights=self._weights,
            drawing=self._drawing,
            memory=None if of_run else self._desk.requester.memory,
            mode="" if of_run else self._desk.requester.mode,
        )

    def begin(self) -> None:
        self.view.set_fresh(False)
        self.view.forget()
        self.view.set_message(self.tr("Looking inside…"))

    def show_event(self, event: ExplainEvent) -> None:
        if isinstance(event, Pipeline):
            self._frame = event.frame
            self.view.show_pipeline(event, self._drawing)

    def _run(self) -> Path | None:
        """The weights of the moment of the run that is on show."""
        now = self._watched.now if self._watched is not None else None
        return None if now is None else now.path

    def _on_of_run(self, _on: bool) -> None:
        if self.is_open:
            self.restart()

    def _on_run_changed(self) -> None:
        if not self.is_open:
            return
        run = self._run()
        self.view.set_run(run is not None)
        if self.view.of_run.isChecked() and run != self._weights:
            self.restart()

    def _on_map_chosen(self, values: object) -> None:
        if values is None or self._frame[2] <= 0:
            self._desk.overlay.clear()
        else:
            self._desk.overlay.show_map(values, self._frame)  # type: ignore[arg-type]

    _frame: tuple[float, float, float] = (0.0, 0.0, 0.0)
