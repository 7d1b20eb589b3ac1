"""All features of the main window: what is seen at once is built with it, the others after the first paint.

Whatever could need one of the others before that builds them first: a command, a network, a panel of a run, a
file with several drawings, `WindowParts.feature`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from handwrite_app.characters.controller import WrittenController
from handwrite_app.preferences.shortcuts import Shortcuts
from handwrite_app.preferences.stored import apply_stored
from handwrite_app.ui.closing import close_all
from handwrite_app.window.features import desk, reading, training_room
from handwrite_app.window.features.explaining import Explaining
from handwrite_app.window.features.feature import Feature
from handwrite_app.workers.base import join, started_thread

if TYPE_CHECKING:
    from threading import Thread

    from handwrite_app.window.window_parts import WindowParts
    from trainer.processes.recognition_messages import Loaded

_T = TypeVar("_T")
Builder = Callable[["WindowParts"], Feature]
ModuleName = str


def _written(window: WindowParts) -> Feature:
    controller = WrittenController(
        window,
        window.actions_,
        window.tools.written,
        window.asking,
        window.settings,
    )
    controller.networkWanted.connect(window.use_network)
    controller.changed.connect(window.memory.set_labels)
    controller.changed.connect(window.sampler.set_labels)
    controller.changed.connect(lambda _labels: reading.follow_labels(window))
    controller.hintChanged.connect(window.canvas.set_hint)
    controller.said.connect(window.say)
    window.network.kept.connect(controller.refused)
    return controller


#: One builder a feature, in the order in which they are built. Each connects its own actions and signals.
AT_ONCE: tuple[Builder, ...] = (_written, Explaining)
#: Their modules are imported by the builders, and not before; those that take long to import are steps of
#: their own, in a thread beside the event loop.
AFTER_THE_FIRST_PAINT: tuple[Builder | ModuleName, ...] = (
    "numpy",  # see trainer.base.lazy
    *reading.BUILDERS,
    *training_room.BUILDERS,
    *desk.BUILDERS,
    # What the first answer needs: the line in which it comes, and the network's card.
    "msgspec",
    "trainer.picture.preprocess",
    "trainer.models.data_sources",
    "trainer.models.weights_card",
    "trainer.models.weights",
)


def put_in_force(window: WindowParts) -> None:
    """What of the settings is seen in the first paint, or holds for the first key or stroke."""
    labels = window.correction.labels
    window.shortcuts = Shortcuts(
        window.actions_, window.settings, lambda: (*labels.labels, "-", "n")
    )
    apply_stored(desk.host(window))
    reading.put_in_force(window)


class Features(QObject):
    """All features of a window. They are built last, when all that they use is there.

    Signals:
        completed(): the last one was built.
    """

    completed = Signal()
    _imported = Signal(str)

    def __init__(
        self,
        window: WindowParts,
        at_once: Sequence[Builder] = AT_ONCE,
        later: Sequence[Builder | ModuleName] = AFTER_THE_FIRST_PAINT,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._all: list[Feature] = [build(window) for build in at_once]
        self._waiting = list(reversed(later))
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_timer)
        self._importing: Thread | None = None
        self._imported.connect(self._on_imported)
        window.canvas.installEventFilter(self)

    @property
    def is_complete(self) -> bool:
        return not self._waiting

    @property
    def built(self) -> Sequence[Feature]:
        """Those that are there, in the order in which they were built."""
        return self._all

    def complete(self) -> None:
        """Builds all that are not there yet."""
        while self._waiting:
            self._build_next()

    def find(self, kind: type[_T]) -> _T:
        """The feature of this class; it is built where it is not there yet.

        Raises:
            LookupError: the window has none.
        """
        for feature in self._all:
            if isinstance(feature, kind):
                return feature
        while self._waiting:
            if isinstance(built := self._build_next(), kind):
                return built
        raise LookupError(kind.__name__)

    def set_active_model(self, loaded: Loaded) -> None:
        self.complete()  # answers follow
        for feature in self._all:
            feature.set_active_model(loaded)

    def retranslate(self) -> None:
        for feature in self._all:
            feature.retranslate()

    def close(self) -> None:
        """Closes the last one first; one that raises keeps no other from being closed. What is not built yet
        never is."""
        self._waiting.clear()
        self._timer.stop()
        if self._importing is not None:
            join(self._importing)
        self._window.canvas.removeEventFilter(self)
        close_all(*(feature.close for feature in reversed(self._all)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._window.canvas.removeEventFilter(self)
            self._go_on()
        return False

    def _go_on(self) -> None:
        if self._waiting:  # else all were needed before
            self._timer.start(0)  # one at a time: ink comes between them

    def _on_timer(self) -> None:
        step = self._waiting[-1]
        if isinstance(step, ModuleName):
            self._timer.stop()
            try:
                self._importing = started_thread(partial(self._import, step), "import")
            except RuntimeError:  # no more threads: then the window waits
                self._on_imported(step)
        else:
            self._build_next()

    def _import(self, module: ModuleName) -> None:
        with suppress(Exception):  # raised again by the step itself, in the window's thread
            import_module(module)
        self._imported.emit(module)

    def _on_imported(self, module: ModuleName) -> None:
        try:
            if self._waiting and self._waiting[-1] == module:  # else it was wanted meanwhile
                self._build_next()
        finally:
            self._go_on()

    def _build_next(self) -> Feature | None:
        """Takes the next step; the feature that it built, if it built one."""
        built = None
        if self._waiting:
            step = self._waiting.pop()
            if isinstance(step, ModuleName):
                import_module(step)
            else:
                built = step(self._window)
                self._all.append(built)
            if not self._waiting:
                self._timer.stop()
                self.completed.emit()
        return built
