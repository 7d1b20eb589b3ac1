"""Drawing with the network of another moment: its answers stand in the reading's place while one draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, Signal

from handwrite_app.explaining.side import Side
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.theme import Theme

if TYPE_CHECKING:
    from handwrite_app.watching.then_panel import ThenPanel
    from handwrite_app.workers.probe import ProbeWorker
    from trainer.processes.probe_messages import ProbeAnswer
    from trainer.runs.snapshots import Snapshot


class Then(QObject):
    """Signals:
    left(): by the panel's button, or as something else stands in the column.
    """

    left = Signal()

    def __init__(
        self, side: Side, theme: Theme, probe: Callable[[], ProbeWorker], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._side, self._theme, self._probe = side, theme, probe
        self._panel: ThenPanel | None = None
        self._last: tuple[Snapshot, bytes | None] | None = None  # what was asked
        self._was_on = False
        side.modeChanged.connect(self._on_mode_changed)

    @property
    def panel(self) -> ThenPanel | None:
        """Once it was wanted."""
        return self._panel

    @property
    def is_on(self) -> bool:
        return self._panel is not None and self._side.mode is self._panel

    def set_on(self, on: bool) -> None:
        if on and self._panel is None:
            from handwrite_app.watching.then_panel import ThenPanel

            self._panel = ThenPanel(self._theme)
            self._panel.closeRequested.connect(self.left)
        if on:
            self._last = None
            self._side.show_mode(self._panel)
        elif self.is_on:
            self._side.show_mode(None)

    def read(self, snapshot: Snapshot | None, picture: bytes | None, label: str) -> None:
        """Has this snapshot read the paper, if it is on. label: what the network in use reads."""
        panel = self._panel
        if panel is None or not self.is_on or snapshot is None:
            return
        panel.show_in_use(label)
        if self._last == (snapshot, picture):
            return
        self._last = snapshot, picture
        panel.begin(lambda: self._title_of(snapshot))
        if picture is None:
            panel.show_nothing()
            return
        from trainer.processes.probe_messages import ProbeRequest

        self._probe().ask(
            "then",
            ProbeRequest(number=0, weights=snapshot.path, pictures=(picture,)),
            lambda answer: self._on_answer(panel, answer),
        )

    def _on_mode_changed(self) -> None:
        """Another panel, or the reading, may have taken the column."""
        was_on, self._was_on = self._was_on, self.is_on
        if was_on and not self.is_on:
            self.left.emit()

    def _on_answer(self, panel: ThenPanel, answer: ProbeAnswer) -> None:
        from trainer.processes.probe_messages import Probed, ProbeFailed

        if isinstance(answer, Probed):
            panel.show_answer(answer)
        elif isinstance(answer, ProbeFailed):
            panel.show_problem(lambda: sentence(answer.message))

    def _title_of(self, snapshot: Snapshot) -> str:
        if snapshot.step == 0:
            return self.tr("Drawing with the network before it learned anything")
        return self.tr("Drawing with the network of epoch {epoch}").format(
            epoch=QLocale().toString(
                snapshot.epoch, "f", 0 if snapshot.epoch == int(snapshot.epoch) else 2
            )
        )
