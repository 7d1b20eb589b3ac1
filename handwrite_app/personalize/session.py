"""From "Learn my handwriting" to the choice of a network: the personalization, and what came of it.

What only personalizing needs is imported when it begins, after the first paint (docs/performance.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, Signal
from PySide6.QtWidgets import QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.pen_up_queue import PenUpQueue
from handwrite_app.compare.commands import Compare
from handwrite_app.labelling.controller import LabellingController
from handwrite_app.labelling.writers import FIRST_WRITER
from handwrite_app.personalize.pending_job import LearnedDrawings, PendingJob, drawings_of
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.dialogs.message_boxes import Question, announce, ask, warn
from handwrite_app.ui.error_text import sentence, system_reason
from handwrite_app.ui.language import joined
from handwrite_app.ui.theme import Theme
from handwrite_app.workers.job import PersonalizationWorker
from trainer.base.errors import HandwriteError, RunError
from trainer.base.paths import data_folder
from trainer.processes.recognition_messages import Loaded

if TYPE_CHECKING:
    from handwrite_app.personalize.progress_strip import PersonalizationStrip
    from handwrite_app.personalize.result_dialog import PersonalizationDialog
    from trainer.base.temp_folders import Scratch
    from trainer.personalize.events import (
        PersonalizationEvent,
        PersonalizationFinished,
        PersonalizationRefused,
    )
    from trainer.picture.strokes import Drawing


class PersonalizationSession(QObject):
    """Owns the worker that personalizes and what the person sees of it.

    Signals:
        networkKept(Path): use this network from now on. said(text): one sentence for the status line.
        runningChanged(bool): a personalization begins or is over.
    """

    runningChanged = Signal(bool)
    networkKept = Signal(object)
    said = Signal(str)

    def __init__(
        self,
        window: QWidget,
        actions: Actions,
        canvas: Canvas,
        correction: LabellingController,
        theme: Theme,
        *,
        compare: Compare,
        is_training: Callable[[], bool],
        place_strip: Callable[[QWidget], object],
        show_drawings: Callable[[Sequence[int]], object],
        remembers: Callable[[], bool],
    ) -> None:
        """remembers: whether the active writer's drawings are remembered. is_training: whether a
        training run is under way. place_strip: puts the strip where the window wants it, when it is
        first needed. show_drawings: opens the gallery with these selected."""
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._correction = correction
        self._theme = theme
        self._compare = compare
        self._is_training = is_training
        self._place_strip = place_strip
        self._show_drawings = show_drawings
        self._remembers = remembers
        self._strip: PersonalizationStrip | None = None
        self._dialog: PersonalizationDialog | None = None
        self._in_use: Loaded | None = None
        self._writer = ""
        self._passed = False  # whether what is undecided is better than the network in use
        #: (network, writer, drawings) of the personalization under way, and of the last one.
        self._learning: LearnedDrawings | None = None
        self._learned: list[LearnedDrawings] = []
        self._pending: PendingJob | None = None
        self._folder: Scratch | None = None  # of the one under way
        self._undecided: Scratch | None = None  # of the finished one that is to be decided
        self._lifted = PenUpQueue(canvas, self)
        self._worker = PersonalizationWorker(self)
        self._worker.eventHappened.connect(self._on_event)
        self._worker.failed.connect(self._on_failed)
        self._worker.ended.connect(self._on_ended)
        actions.connect(Personalize=self.begin, StopPersonalizing=self.stop)
        correction.writers.chosen.connect(self.refresh)
        self._update()

    @property
    def is_running(self) -> bool:
        return self._pending is not None or self._worker.is_running

    @property
    def strip(self) -> PersonalizationStrip | None:
        """Once something was learned."""
        return self._strip

    @property
    def dialog(self) -> PersonalizationDialog | None:
        """While there is something to be decided, or to be read."""
        return self._dialog

    def set_active_model(self, loaded: Loaded) -> None:
        """The network that the next personalization begins from, or one that descends from it."""
        self._in_use = loaded

    def closing_question(self) -> Question | None:
        """What is asked before the window closes; None where nothing would be lost by that."""
        stays = self.tr("The network in use stays as it is.")
        if self.is_running:
            return Question(
                title=self.tr("A network is learning your handwriting"),
                text=joined([self.tr("What it has learned so far would be lost."), stays]),
                do=self.tr("Stop and close"),
                keep=self.tr("Keep learning"),
                name="endLearning",
            )
        if self._undecided is not None and self._passed:
            return Question(
                title=self.tr("A network has learned your handwriting"),
                text=joined([self.tr("It is not stored yet and would be lost."), stays]),
                do=self.tr("Close without it"),
                keep=self.tr("Decide first"),
                name="endUndecided",
            )
        return None

    def refresh(self) -> None:
        """After a training run began or is over, and after the language changed."""
        self._update()

    def begin(self) -> None:
        """Begins a personalization with what the active writer has drawn."""
        if self._is_training():
            self.said.emit(self._training_goes_on())
        elif self._in_use is None:
            self.said.emit(self.tr("The network is still loading: try again in a moment."))
        elif self._dialog is not None:
            self._dialog.show()
            self._dialog.activateWindow()
            self.said.emit(self.tr("Decide first whether to use the new network."))
        elif self._actions["Personalize"].isEnabled():
            self._ask_store(anyway=False)

    def _ask_store(self, *, anyway: bool) -> None:
        pending = self._pending = PendingJob()
        self._update()
        self._writer = self._correction.writers.active
        # Behind what is on its way into the store.
        self._correction.store.ask(
            partial(pending.make_folder, self._writer),
            partial(self._start, pending, anyway),
            partial(self._on_no_folder, pending),
        )

    def stop(self) -> None:
        """Ends it, without a result."""
        if self._pending is not None:
            self._drop_pending()
            self._say_stopped()
            self._on_ended()
        elif self._strip is not None and self.is_running:
            self._strip.show_stopping()
            self._worker.stop()

    def close(self) -> None:
        """Ends what is under way. A result that was not kept is deleted."""
        self._drop_pending()
        self._worker.close()
        self._lifted.forget()
        if self._dialog is not None:
            self._dialog.blockSignals(True)
            self._dialog.close()
        self._drop(self._folder)
        self._drop(self._undecided)

    def _start(self, pending: PendingJob, anyway: bool, drawings: Path) -> None:
        from trainer.personalize.job import PersonalizationJob

        assert self._in_use is not None
        if pending is not self._pending:  # it was stopped before it began
            return
        self._pending, self._folder = None, pending.folder
        assert self._folder is not None
        if self._is_training():  # since then
            self.said.emit(self._training_goes_on())
            self._on_ended()
            return
        now = (Path(self._in_use.path), self._writer, pending.labels)
        if not anyway and pending.labels and now in self._learned:
            self._on_ended()
            self._ask_again(len(pending.labels))
            return
        self._learning = now
        job = PersonalizationJob(
            network=Path(self._in_use.path),
            drawings=drawings,
            writer=self._writer,
            target=self._folder.path / "personalized.safetensors",
            data_folder=data_folder(),
            with_memory=self._remembers(),
        )
        strip = self._ensure_strip()
        strip.begin()
        strip.show()
        try:
            self._worker.start(job)
            self.runningChanged.emit(True)
        except RunError as error:
            self._on_not_begun(error)

    def _on_no_folder(self, pending: PendingJob, error: HandwriteError) -> None:
        if pending is self._pending:
            self._pending = None
            self._on_not_begun(error)

    def _on_not_begun(self, error: HandwriteError) -> None:
        self._on_failed(error)
        self._on_ended()

    def _ask_again(self, count: int) -> None:
        """Asks before the same network learns from the same drawings, which changes nothing."""
        question = Question(
            title=self.tr("No new drawings"),
            text=self.tr(
                "It has learned from these {count} drawings already. With more drawings it can learn more."
            ).format(count=QLocale().toString(count)),
            do=self.tr("Learn again"),
            keep=self.tr("Cancel"),
            name="learnAgain",
        )
        self._lifted.then(lambda: ask(self._window, question, lambda: self._ask_store(anyway=True)))

    def _on_event(self, event: PersonalizationEvent) -> None:
        from trainer.personalize.events import (
            PersonalizationFinished,
            PersonalizationProgress,
            PersonalizationRefused,
            PersonalizationStarted,
            PersonalizationStopped,
        )

        match event:
            case PersonalizationStarted() if self._strip is not None:
                self._strip.set_count(event.drawings)
            case PersonalizationProgress() if self._strip is not None:
                self._strip.set_fraction(event.fraction)
            case PersonalizationRefused():
                self._lifted.then(lambda: self._explain(event))
            case PersonalizationStopped():
                self._say_stopped()
            case PersonalizationFinished():
                self.said.emit(self.tr("It has learned your handwriting: see what came of it."))
                self._undecided, self._folder = self._folder, None
                self._passed = event.passed
                if self._learning is not None:
                    self._learned = [self._learning]
                self._lifted.then(lambda: self._show(event))

    def _on_failed(self, error: HandwriteError) -> None:
        self.said.emit(self.tr("Learning failed; the network in use stays."))
        title, text = self.tr("It could not learn your handwriting"), sentence(error)
        self._lifted.then(lambda: announce(self._window, title, text, name="personalizationFailed"))

    def _on_ended(self) -> None:
        if self._strip is not None:
            self._strip.hide()
        folder, self._folder = self._folder, None
        self._drop(folder)
        self._update()
        self.runningChanged.emit(False)

    def _say_stopped(self) -> None:
        self.said.emit(self.tr("Learning was stopped; the network in use stays."))

    def _training_goes_on(self) -> str:
        return self.tr("A run is under way. Stop it first, or wait until it is over.")

    def _update(self) -> None:
        """A result that waits for the pen is decided before there is another one, as one in a dialog."""
        reason = self._correction.writers.no_training
        if self._is_training():
            reason = self._training_goes_on()
        elif not reason and self.is_running:
            reason = self.tr("It is learning already.")
        elif not reason and self._undecided is not None and self._dialog is None:
            reason = self.tr("Decide first whether to use the new network.")
        self._actions.allow("Personalize", reason)
        self._actions["StopPersonalizing"].setEnabled(self.is_running)

    def _ensure_strip(self) -> PersonalizationStrip:
        if self._strip is None:
            from handwrite_app.personalize.progress_strip import PersonalizationStrip

            self._strip = PersonalizationStrip()
            self._strip.stopRequested.connect(self.stop)
            self._place_strip(self._strip)
        return self._strip

    def _drop_pending(self) -> None:
        pending, self._pending = self._pending, None
        if pending is not None:
            pending.drop()

    def _drop(self, folder: Scratch | None) -> None:
        if folder is not None:
            self._compare.forget(folder.path)
            folder.close()

    def _explain(self, refused: PersonalizationRefused) -> None:
        from handwrite_app.personalize.refusal_dialog import open_refusal

        self.said.emit("")
        labels = self._in_use.labels if self._in_use else ()
        open_refusal(
            self._window, refused, labels, self._actions, show_drawings=self._show_drawings
        )

    def _show(self, finished: PersonalizationFinished) -> None:
        from handwrite_app.personalize.result_dialog import PersonalizationDialog
        from handwrite_app.ui.window_placement import put_beside
        from trainer.models.lineage import is_same_file
        from trainer.models.weights import name_for_writer, network_name

        base, active_model = network_name(Path(finished.parent)), self._in_use
        is_base = active_model is None or is_same_file(
            Path(active_model.path), Path(finished.parent)
        )
        shown = self._correction.writers.shown(self._writer or FIRST_WRITER)
        dialog = PersonalizationDialog(
            finished,
            base=base,
            writer="" if self._writer in ("", FIRST_WRITER) else shown,
            name=name_for_writer(base, shown),
            active_model="" if active_model is None or is_base else active_model.name,
            labels=active_model.labels if active_model else (),
            theme=self._theme,
            parent=self._window,
        )
        self._dialog = dialog
        self._update()
        new = Path(finished.weights)
        dialog.kept.connect(lambda name: self._keep(new, name))
        dialog.compareRequested.connect(dialog.hide)  # it makes room, and comes back afterwards

        def come_back() -> None:
            if self._dialog is dialog:
                dialog.show()

        dialog.compareRequested.connect(
            lambda: self._compare.open(new, self.tr("The new network"), back=come_back)
        )
        dialog.rejected.connect(lambda: self.said.emit(self.tr("The network in use stays.")))
        dialog.finished.connect(self._on_decided)
        put_beside(dialog, self._window)
        dialog.show()
        wanted = [one.drawing for one in (*finished.fixed, *finished.broken)]
        if wanted:
            self._correction.store.ask(partial(drawings_of, wanted), self._on_drawings)

    def _on_drawings(self, drawings: dict[int, Drawing]) -> None:
        if self._dialog is not None:
            self._dialog.show_drawings(drawings)

    def _keep(self, weights: Path, name: str) -> None:
        from trainer.models.weights import keep_weights

        assert self._dialog is not None
        try:
            path = keep_weights(weights, name)
        except (HandwriteError, OSError) as error:
            # It stays open: another name, or room on the disk, and it can be kept.
            reason = sentence(error) if isinstance(error, HandwriteError) else system_reason(error)
            warn(self._dialog, self.tr("The network was not kept"), reason, name="notKept")
            return
        self._learned += [(path, writer, labels) for _, writer, labels in self._learned[:1]]
        self._compare.rename(weights, path)
        self._dialog.accept()
        self.networkKept.emit(path)

    def _on_decided(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()
        folder, self._undecided = self._undecided, None
        self._drop(folder)
