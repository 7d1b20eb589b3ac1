"""The mode "Inside": the pipeline of the drawing on the paper."""

from __future__ import annotations

from pathlib import Path

from handwrite_app.explaining.mode import Mode
from handwrite_app.pipeline.panel import PipelinePanel
from trainer.explanation.results import Pipeline
from trainer.processes.explain_messages import ExplainEvent, ExplainRequest, PipelineRequest


class PipelineMode(Mode):
    def make_panel(self) -> PipelinePanel:
        panel = PipelinePanel(self._desk.theme)
        panel.mapChosen.connect(self._on_map_chosen)
        return panel

    @property
    def view(self) -> PipelinePanel:
        panel = self.panel
        assert isinstance(panel, PipelinePanel)
        return panel

    def request(self, weights: Path) -> ExplainRequest | None:
        if self._drawing.is_empty:
            self.view.set_message(self.tr("Draw something first."))
            return None
        return PipelineRequest(
            weights=weights,
            drawing=self._drawing,
            memory=self._desk.requester.memory,
            mode=self._desk.requester.mode,
        )

    def begin(self) -> None:
        self.view.set_fresh(False)
        self.view.forget()
        self.view.set_message(self.tr("Looking inside…"))

    def show_event(self, event: ExplainEvent) -> None:
        if isinstance(event, Pipeline):
            self._frame = event.frame
            self.view.show_pipeline(event, self._drawing)

    def _on_map_chosen(self, values: object) -> None:
        if values is None or self._frame[2] <= 0:
            self._desk.overlay.clear()
        else:
            self._desk.overlay.show_map(values, self._frame)  # type: ignore[arg-type]

    _frame: tuple[float, float, float] = (0.0, 0.0, 0.0)
