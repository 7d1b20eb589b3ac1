"""Rooms that the main window only has to build, tell of the network, and close."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from handwrite_app.characters.controller import WrittenController
from handwrite_app.lines.controller import LinesController
from handwrite_app.lines.page_controller import PageController
from handwrite_app.ui.closing import close_all
from handwrite_app.window import desk_features, training_features
from handwrite_app.window.explaining import Explaining
from handwrite_app.window.feature import Feature

if TYPE_CHECKING:
    from handwrite_app.window.main_window import MainWindow
    from trainer.processes.recognition_messages import Loaded


_T = TypeVar("_T")


def _pages(window: MainWindow) -> Feature:
    pages = PageController(
        window,
        window.actions_,
        window.recognition,
        window.asking,
        window.theme,
        window.settings,
    )
    window.files.severalDrawings.connect(pages.read)
    return pages


def _lines(window: MainWindow) -> Feature:
    lines = LinesController(
        window,
        window.actions_,
        window.canvas,
        window.asking,
        window.correction,
        window.side,
        window.theme,
        window.settings,
    )
    lines.readsChanged.connect(window.files.read_pages)
    window.files.read_pages(lines.reads)
    return lines


def _written(window: MainWindow) -> Feature:
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
    controller.hintChanged.connect(window.canvas.set_hint)
    controller.said.connect(window.say)
    window.network.kept.connect(controller.refused)
    return controller


#: One builder a feature, in the order in which they are built. Each connects its own actions and signals.
BUILDERS: tuple[Callable[[MainWindow], Feature], ...] = (
    _written,
    Explaining,
    _lines,
    _pages,
    *training_features.BUILDERS,
    *desk_features.BUILDERS,
)


class Features:
    """All features of a window. They are built last, when all that they use is there."""

    def __init__(
        self,
        window: MainWindow,
        builders: tuple[Callable[[MainWindow], Feature], ...] = BUILDERS,
    ) -> None:
        self._all = [build(window) for build in builders]

    def find(self, kind: type[_T]) -> _T:
        """The feature of this class.

        Raises:
            LookupError: the window has none.
        """
        for feature in self._all:
            if isinstance(feature, kind):
                return feature
        raise LookupError(kind.__name__)

    def set_active_model(self, loaded: Loaded) -> None:
        for feature in self._all:
            feature.set_active_model(loaded)

    def retranslate(self) -> None:
        for feature in self._all:
            feature.retranslate()

    def close(self) -> None:
        """Closes the last one first; one that raises keeps no other from being closed."""
        close_all(*(feature.close for feature in reversed(self._all)))
