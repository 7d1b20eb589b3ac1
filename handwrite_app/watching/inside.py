"""The command "Look inside": filters and feature maps of the current drawing, live while one draws."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, SignalInstance

from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.theme import Theme
from handwrite_app.watching.then import Side
from trainer.processes.recognition_messages import Loaded, Reading

if TYPE_CHECKING:
    from handwrite_app.watching.inside_panel import InsidePanel
    from handwrite_app.workers.probe import ProbeWorker
    from trainer.processes.probe_messages import Answer
    from trainer.runs.snapshots import Snapshot

#: 784 bytes without ink: the filters are shown before anything is drawn.
_EMPTY = bytes(28 * 28)


class Watched(Protocol):
    """The run that is watched (handwrite_app.watching.controller)."""

    @property
    def now(self) -> Snapshot | None: ...
    @property
    def changed(self) -> SignalInstance: ...


class Inside(QObject):
    """Owns the panel in the column beside the paper, and its process while the panel is on show."""

    def __init__(
        self,
        watching: Watched,
        actions: Actions,
        requester: ReadRequester,
        side: Side,
        theme: Theme,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._watching, self._side, self._theme = watching, side, theme
        self._active: Loaded | None = None
        self._panel: InsidePanel | None = None
        self._probe: ProbeWorker | None = None
        self._paper: bytes | None = None
        self._action = actions["LookInside"]
        self._action.setEnabled(False)  # until there is a network
        actions.connect(LookInside=self.show)
        requester.answered.connect(self._on_answered)
        watching.changed.connect(self._on_watching_changed)
        side.modeChanged.connect(self._on_mode_changed)

    @property
    def panel(self) -> InsidePanel | None:
        """Once it was wanted."""
        return self._panel

    @property
    def is_on(self) -> bool:
        return self._panel is not None and self._side.mode is self._panel

    def show(self, on: bool) -> None:
        """Shows the panel in the reading's place, or the reading again."""
        if on and self._panel is None:
            from handwrite_app.watching.inside_panel import InsidePanel

            self._panel = InsidePanel(self._theme)
            self._panel.left.connect(lambda: self.show(False))
            self._panel.changed.connect(self._ask)
        if on:
            self._side.show_mode(self._panel)
            self._ask()
        elif self.is_on:
            self._side.show_mode(None)

    def set_active_model(self, loaded: Loaded) -> None:
        self._active = loaded
        self._action.setEnabled(True)
        self._ask()

    def close(self) -> None:
        """Ends the process; it is started again when the panel is shown."""
        if self._probe is not None:
            self._probe.close()
            self._probe = None

    # --- what happens --------------------------------------------------------------------------------

    def _on_answered(self, reading: Reading) -> None:
        self._paper = reading.picture if reading.probabilities else None
        self._ask()

    def _on_watching_changed(self) -> None:
        if self.is_on and self._panel is not None:
            self._panel.set_run(self._watching.now is not None)
            if self._panel.of_run.isChecked():
                self._ask()

    def _on_mode_changed(self) -> None:
        self._action.setChecked(self.is_on)
        if not self.is_on:
            self.close()

    def _ask(self) -> None:
        panel = self._panel
        if panel is None or not self.is_on or self._active is None:
            return
        from trainer.processes.probe_messages import ProbeRequest

        now = self._watching.now
        panel.set_run(now is not None)
        weights = Path(self._active.path)
        if panel.of_run.isChecked() and now is not None:
            weights = now.path
        if self._probe is None:
            from handwrite_app.workers.probe import ProbeWorker

            self._probe = ProbeWorker(self)
        is_empty = self._paper is None
        self._probe.ask(
            "inside",
            ProbeRequest(
                number=0,
                weights=weights,
                maps_of=self._paper or _EMPTY,
                layer=panel.chosen_layer,
            ),
            lambda answer: self._on_answer(panel, answer, is_empty),
        )

    def _on_answer(self, panel: InsidePanel, answer: Answer, is_empty: bool) -> None:
        from trainer.processes.probe_messages import Probed, ProbeFailed

        if isinstance(answer, Probed):
            chosen = panel.chosen_layer
            panel.set_layers([one.name for one in answer.layers if one.kind == "Conv2d"])
            if chosen != panel.chosen_layer and answer.maps[:1] != answer.maps:
                self._ask()  # of another network: only the layer that is on show
            panel.show_maps(answer.filters, answer.maps[0] if answer.maps else None)
            if is_empty:
                panel.show_nothing()
        elif isinstance(answer, ProbeFailed):
            panel.show_problem(lambda: sentence(answer.message))
