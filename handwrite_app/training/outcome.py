"""What becomes of a run's result: compared with the network in use, kept and used, or left in its folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from handwrite_app.canvas.pen_up_queue import PenUpQueue
from handwrite_app.ui.dialogs.message_boxes import warn
from handwrite_app.ui.error_text import sentence, system_reason
from trainer.base.errors import HandwriteError

if TYPE_CHECKING:
    from handwrite_app.training.panel import TrainingPanel
    from trainer.base.events import RunFinished


class Outcome(QObject):
    """The last run that has a result.

    Signals:
        networkKept(Path): use this network from now on. settled(text): it was decided; the sentence says how.
    """

    networkKept = Signal(object)
    settled = Signal(str)

    def __init__(
        self,
        window: QWidget,
        lifted: PenUpQueue,
        *,
        try_both: Callable[[Path, str], object],
    ) -> None:
        """try_both: has the network in a file, under a title, read the paper beside the one in use."""
        super().__init__(window)
        self._window, self._lifted, self._try_both = window, lifted, try_both
        self._panel: TrainingPanel | None = None
        self._result: RunFinished | None = None
        self._network = self._old_name = ""
        self._is_settled = False

    @property
    def exists(self) -> bool:
        return self._result is not None

    @property
    def is_open(self) -> bool:
        """Whether there is a result, and which network is to be used was not decided."""
        return self._result is not None and not self._is_settled

    @property
    def weights(self) -> Path | None:
        """Of the new network."""
        return Path(self._result.weights) if self._result is not None else None

    def forget(self) -> None:
        self._result = None

    def set_panel(self, panel: TrainingPanel) -> None:
        """Where its bar stands."""
        self._panel = panel
        panel.result.compareRequested.connect(self.compare)
        panel.result.useRequested.connect(self.use_new)
        panel.result.keepOldRequested.connect(self.keep_old)

    def set_result(self, result: RunFinished, *, network: str, old_name: str) -> None:
        """network: that was trained. old_name: of the one in use."""
        from handwrite_app.training.comparison_dialog import is_better

        self._result, self._is_settled = result, False
        self._network, self._old_name = network, old_name
        if self._panel is not None:
            self._panel.show_result(self.say, better=is_better(result))

    def say(self) -> str:
        """The result in a sentence."""
        from handwrite_app.training.comparison_dialog import ready_words

        assert self._result is not None
        return ready_words(self._result, self._network, self._old_name)

    def compare(self) -> None:
        """Opens the comparison of the last run that has a result."""
        from handwrite_app.training.comparison_dialog import ComparisonDialog

        result = self._result
        if result is None:
            return
        dialog = ComparisonDialog(
            result, name=self._new_name(), old_name=self._old_name, parent=self._window
        )
        dialog.kept.connect(lambda chosen: self._keep(result, chosen))
        dialog.keep_old.clicked.connect(self.keep_old)
        dialog.compareRequested.connect(
            dialog.reject
        )  # or one could not draw; the panel still asks
        dialog.compareRequested.connect(
            lambda: self._try_both(Path(result.weights), self.tr("The new network"))
        )
        dialog.finished.connect(dialog.deleteLater)
        self._lifted.then(dialog.open)

    def use_new(self) -> None:
        """Uses the new network from now on, under the name that is proposed."""
        if self._result is not None:
            self._keep(self._result, self._new_name())

    def keep_old(self) -> None:
        """The new network stays in its run's folder."""
        self._settle(lambda: self.tr("The old network stays; the new one is in the runs folder."))

    def _new_name(self) -> str:
        return self.tr("my {network}").format(network=self._network)

    def _settle(self, say: Callable[[], str]) -> None:
        self._is_settled = True
        if self._panel is not None:
            self._panel.result.settle(say)
        self.settled.emit(say())

    def _keep(self, result: RunFinished, name: str) -> None:
        from trainer.models.weights import keep_weights

        try:
            path = keep_weights(Path(result.weights), name)
        except (HandwriteError, OSError) as error:
            reason = sentence(error) if isinstance(error, HandwriteError) else system_reason(error)
            warn(
                self._window,
                self.tr("The network was not kept"),
                f"{reason}\n\n" + self.tr("It is still in {folder}.").format(folder=result.run),
                name="notKept",
            )
            return
        self._settle(lambda: self.tr("The new network is in use: {name}").format(name=path.stem))
        self.networkKept.emit(path)
