"""Follows a run by the snapshots in its folder: in a page of the training panel, and while one draws.

Reading costs training little: a process of its own, niced, at most one reading a second while a run goes on,
and none while the page is hidden.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from handwrite_app.explaining.side import Side
from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.theme import Theme
from handwrite_app.watching.pins import Pins
from handwrite_app.watching.record import Pin, Record, Wanted
from handwrite_app.watching.then import Then
from trainer.base.paths import data_folder
from trainer.processes.recognition_messages import Loaded, Reading

if TYPE_CHECKING:
    from handwrite_app.training.panel import TrainingPanel
    from handwrite_app.training.session import TrainingSession
    from handwrite_app.watching.page import WatchPage
    from handwrite_app.workers.probe import ProbeWorker
    from trainer.base.events import Event
    from trainer.processes.probe_messages import ProbeAnswer
    from trainer.runs.snapshots import Snapshot

#: Milliseconds between two readings of snapshots while a run goes on.
READ_MS = 1000


class Watching(QObject):
    """Signals:
    changed(): the page shows something else. The mode "Inside" follows it. said(text): one sentence for the
    status line.
    """

    changed = Signal()
    said = Signal(str)

    def __init__(
        self,
        window: QWidget,
        actions: Actions,
        requester: ReadRequester,
        training: TrainingSession,
        side: Side,
        theme: Theme,
    ) -> None:
        """requester: the main window's, whose answers bring the paper's picture. side: its column."""
        super().__init__(window)
        self._training = training
        self._theme = theme
        self._page: WatchPage | None = None
        self._probe: ProbeWorker | None = None
        self._record: Record | None = None
        self._pins = Pins(self)
        self._pins.changed.connect(self._wake)
        self._pins.failed.connect(lambda error: self.said.emit(sentence(error)))
        self._chosen: Snapshot | None = None  # None: the newest that was read
        self._asked: Wanted | None = None
        self._wall_asked: Record | None = (
            None  # asked once more, the answer under way would be dropped
        )
        self._paper: bytes | None = None
        self._paper_label = ""
        self._then = Then(side, theme, self._ensure_probe, self)
        self._then.left.connect(lambda: self.draw_with(False))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        actions.connect(Watch=self.open)
        training.panelMade.connect(self._on_panel_made)
        training.eventHappened.connect(self._on_event)
        training.runningChanged.connect(self._wake)
        requester.answered.connect(self._on_answered)

    @property
    def page(self) -> WatchPage | None:
        """Once the training panel is there."""
        return self._page

    @property
    def record(self) -> Record | None:
        """Of the run that is watched."""
        return self._record

    @property
    def pins(self) -> tuple[Pin, ...]:
        return self._pins.all

    @property
    def now(self) -> Snapshot | None:
        """The snapshot on show: the chosen one, else the newest that has read the pictures."""
        record = self._record
        if record is None or not record.snapshots:
            return None
        if self._chosen is not None:
            return self._chosen
        pictures = (*record.wall[:1], *(pin.picture for pin in self.pins[:1]))
        for snapshot in reversed(record.snapshots):
            if all(record.said(snapshot, picture) is not None for picture in pictures):
                return snapshot
        return record.snapshots[-1]

    @property
    def probe(self) -> ProbeWorker | None:
        """Once something was read."""
        return self._probe

    @property
    def then(self) -> Then:
        """Drawing with the network of another moment."""
        return self._then

    def open(self) -> None:
        """Shows the page in the training panel."""
        self._training.show_panel(True)
        panel = self._training.panel
        if panel is not None and self._page is not None:
            panel.pages.show_page(self._page)

    def watch(self, folder: Path) -> None:
        """Watches the run in this folder from now on, of this process or another."""
        if self._record is not None and self._record.folder == folder:
            return
        self._record = Record(folder)
        self._chosen = self._asked = self._wall_asked = None
        if self._probe is not None:
            self._probe.forget("read")
            self._probe.forget("wall")
        if self._page is not None:
            self._page.show_newest(True)
            self._page.show_problem(str)
        self._wake()

    def pin_paper(self) -> None:
        """Pins what is on the paper."""
        if self._paper is not None:
            self.pin(self._paper, self._paper_label)

    def pin(self, picture: bytes, label: str) -> None:
        """Watches this picture from now on (Pins.add)."""
        self._pins.add(picture, label)

    def choose(self, place: int | None) -> None:
        """Shows the snapshot of this place in the list; None: the newest, whichever that is."""
        record = self._record
        self._chosen = None
        if record is not None and place is not None and place < len(record.snapshots):
            self._chosen = record.snapshots[place]
        if self._page is not None:
            self._page.show_newest(place is None)
        self._wake()

    def draw_with(self, on: bool) -> None:
        """Has the snapshot on show read the paper, in the reading's place."""
        self._then.set_on(on)
        self._tell_then()
        if self._page is not None and self._page.draw_button.isChecked() is not on:
            self._page.draw_button.setChecked(on)

    # --- as a feature of the window ------------------------------------------------------------------

    def set_active_model(self, loaded: Loaded) -> None:
        """The run's networks are read, not this one."""

    def retranslate(self) -> None:
        if self._page is not None:
            self._page.retranslate()
            self._show()

    def close(self) -> None:
        self._timer.stop()
        self._pins.close()
        if self._probe is not None:
            self._probe.close()

    # --- what happens --------------------------------------------------------------------------------

    def _on_panel_made(self, panel: TrainingPanel) -> None:
        from handwrite_app.watching.page import WatchPage

        self._page = page = WatchPage(self._theme)
        page.shown.connect(self._on_shown)
        page.pinRequested.connect(self.pin_paper)
        page.unpinned.connect(self._pins.remove)
        page.wallChosen.connect(self._on_wall_chosen)
        page.snapshotChosen.connect(self.choose)
        page.drawRequested.connect(self.draw_with)
        page.set_pinnable(self._paper is not None)
        panel.add_page(lambda: self.tr("Watch"), page)

    def _on_shown(self) -> None:
        self._pins.load()
        self._wake()

    def _on_event(self, event: Event) -> None:
        from trainer.base.events import EpochFinished, RunFinished, RunStarted

        if isinstance(event, RunStarted):
            self.watch(Path(event.run))
        elif isinstance(event, EpochFinished | RunFinished):
            self._wake()

    def _on_answered(self, reading: Reading) -> None:
        """The window's network has read the paper."""
        probabilities = reading.probabilities
        self._paper = reading.picture if probabilities else None
        self._paper_label = ""
        if probabilities and not reading.refused:
            best = max(range(len(probabilities)), key=probabilities.__getitem__)
            self._paper_label = reading.labels[best]
        if self._page is not None:
            self._page.set_pinnable(self._paper is not None)
        self._tell_then()

    def _on_wall_chosen(self, place: int) -> None:
        record = self._record
        if record is not None and place < len(record.wall):
            self.pin(record.wall[place], record.targets[place])

    # --- reading snapshots ---------------------------------------------------------------------------

    def _wake(self) -> None:
        """Looks what there is to read, soon."""
        self._show()
        self._tell_then()
        if not self._timer.isActive() and self._asked is None:
            self._timer.start(0)

    def _look(self) -> None:
        record, page = self._record, self._page
        if record is None or page is None or not page.isVisible():
            return
        if record.look():
            self._show()
        if self._asked is None:
            self._ask(record)
        if self._training.is_running:
            self._timer.start(READ_MS)

    def _ask(self, record: Record) -> None:
        from trainer.processes.probe_messages import ProbeRequest, WallRequest

        if not record.snapshots:
            return
        if not record.has_wall:
            if self._wall_asked is record:
                return
            self._wall_asked = record
            self._ensure_probe().ask(
                "wall",
                WallRequest(number=0, weights=record.snapshots[0].path, data_folder=data_folder()),
                lambda answer: self._on_wall(record, answer),
            )
            return
        wanted = record.wanted(self.pins, self._chosen)
        if wanted is None:
            return
        self._asked = wanted
        self._ensure_probe().ask(
            "read",
            ProbeRequest(number=0, weights=wanted.snapshot.path, pictures=wanted.pictures),
            lambda answer: self._on_read(record, wanted, answer),
        )

    def _on_wall(self, record: Record, answer: ProbeAnswer) -> None:
        from trainer.processes.probe_messages import ProbeFailed, WallFound

        self._wall_asked = None
        if isinstance(answer, WallFound):
            record.set_wall(answer.pictures, answer.targets)
        else:  # one can still pin drawings
            record.set_wall((), ())
            if isinstance(answer, ProbeFailed):
                self._say_problem(lambda: sentence(answer.message))
        self._go_on()

    def _on_read(self, record: Record, wanted: Wanted, answer: ProbeAnswer) -> None:
        from trainer.processes.probe_messages import Probed, ProbeFailed

        if self._record is not record:
            return
        self._asked = None
        if isinstance(answer, Probed):
            record.put(wanted, answer.labels, answer.probabilities, answer.refused)
        elif isinstance(answer, ProbeFailed):
            # It was thinned out meanwhile, or is damaged, or the folder is gone: the others are read.
            record.give_up(wanted.snapshot)
            if self._chosen == wanted.snapshot:
                self._chosen = None
            folder = record.folder
            if not folder.is_dir():
                self._say_problem(
                    lambda: self.tr("{folder} is gone: what was read of it stays.").format(
                        folder=folder.name
                    )
                )
            elif wanted.snapshot.path.exists():
                self._say_problem(lambda: sentence(answer.message))
        self._go_on()

    def _go_on(self) -> None:
        """At once, or by the timer, at most once a second, while a run goes on."""
        self._show()
        self._tell_then()
        if not self._training.is_running:
            self._timer.start(0)

    def _say_problem(self, say: Callable[[], str]) -> None:
        if self._page is not None:
            self._page.show_problem(say)

    def _show(self) -> None:
        if self._page is not None and self._page.isVisible():
            self._page.show_record(self._record or Record(Path()), self.pins, self.now)
            self.changed.emit()

    def _tell_then(self) -> None:
        self._then.read(self.now, self._paper, self._paper_label)

    def _ensure_probe(self) -> ProbeWorker:
        if self._probe is None:
            from handwrite_app.workers.probe import ProbeWorker

            self._probe = ProbeWorker(self)
        return self._probe
