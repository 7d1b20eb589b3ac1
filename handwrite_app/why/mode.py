"""The mode "Why?": why the drawing on the paper is read as it is."""

from __future__ import annotations

from pathlib import Path

from handwrite_app.explaining.mode import Mode
from handwrite_app.why.panel import WhyPanel
from trainer.explanation.results import (
    Answered,
    Edit,
    Edits,
    EvidenceMaps,
    Examples,
    WithoutPart,
    WithoutParts,
)
from trainer.picture.strokes import Drawing
from trainer.processes.explain_messages import ExplainEvent, ExplainRequest, WhyRequest


class WhyMode(Mode):
    def make_panel(self) -> WhyPanel:
        panel = WhyPanel(self._desk.theme)
        panel.editChosen.connect(self._on_edit_chosen)
        panel.partChosen.connect(self._on_part_chosen)
        panel.mapChosen.connect(self._on_map_chosen)
        return panel

    @property
    def view(self) -> WhyPanel:
        panel = self.panel
        assert isinstance(panel, WhyPanel)
        return panel

    def request(self, weights: Path) -> ExplainRequest | None:
        if self._drawing.is_empty:
            self.view.set_message(self.tr("Draw something first."))
            return None
        return WhyRequest(
            weights=weights,
            drawing=self._drawing,
            memory=self._desk.requester.memory,
            mode=self._desk.requester.mode,
            kept=self._desk.kept(),
        )

    def begin(self) -> None:
        self.view.begin()
        self.view.set_message(self.tr("Looking for reasons…"))

    def show_event(self, event: ExplainEvent) -> None:
        if isinstance(event, Answered):
            self.view.show_answered(event)
        elif isinstance(event, Examples):
            self.view.show_examples(event)
        elif isinstance(event, Edits):
            self.view.show_edits(event)
        elif isinstance(event, WithoutParts):
            self.view.show_parts(event)
        elif isinstance(event, EvidenceMaps):
            self.view.show_maps(event)

    def _on_edit_chosen(self, edit: Edit | None) -> None:
        if edit is None:
            self._desk.overlay.clear()
        else:
            self._desk.overlay.show_ghost(rest=edit.rest, removed=edit.removed, added=edit.added)

    def _on_part_chosen(self, part: WithoutPart | None) -> None:
        if part is None:
            self._desk.overlay.clear()
        else:
            self._desk.overlay.show_ghost(rest=part.rest, removed=part.part, added=Drawing())

    def _on_map_chosen(self, values: object) -> None:
        frame = self.view.frame_of_maps
        if values is None or frame[2] <= 0:
            self._desk.overlay.clear()
        else:
            self._desk.overlay.show_map(values, frame)  # type: ignore[arg-type]
