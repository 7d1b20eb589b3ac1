"""Rooms that the main window only has to build, tell of the network, and close."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from handwrite_app.characters.controller import WrittenController
from handwrite_app.lines.controller import LinesController
from handwrite_app.lines.page_controller import PageController
from handwrite_app.ui.closing import close_all
from handwrite_app.window.features import desk, training_room
from handwrite_app.window.features.explaining import Explaining
from handwrite_app.window.features.feature import Feature

if TYPE_CHECKING:
    from handwrite_app.window.window_parts import WindowParts
    from trainer.processes.recognition_messages import Loaded


_T = TypeVar("_T")


def _pages(window: WindowParts) -> Feature:
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


def _lines(window: WindowParts) -> Feature:
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
    lines.switches.said.connect(window.say)
    window.files.read_pages(lines.reads)
    return lines


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
    controller.changed.connect(lambda _labels: window.feature(LinesController).follow_labels())
    controller.hintChanged.connect(window.canvas.set_hint)
    controller.said.connect(window.say)
    window.network.kept.connect(controller.refused)
    return controller


#: One builder a feature, in the order in which they are built. Each connects its own actions and signals.
BUILDERS: tuple[Callable[[WindowParts], Feature], ...] = (
    _written,
    Explaining,
    _lines,
    _pages,
    *training_room.BUILDERS,
    *desk.BUILDERS,
)


class Features:
    """All features of a window. They are built last, when all that they use is there."""

    def __init__(
        self,
        window: WindowParts,
        builders: tuple[Callable[[WindowParts], Feature], ...] = BUILDERS,
    ) -> None:
        self._all: list[Feature] = []
        for build in builders:
            self._all.append(build(window))

    @property
    def all(self) -> list[Feature]:
        """In the order in which they were built."""
        return self._all

    def set_active_model(self, loaded: Loaded) -> None:
        for feature in self._all:
            feature.set_active_model(loaded)

    def retranslate(self) -> None:
        for feature in self._all:
            feature.retranslate()

    def close(self) -> None:
        """Closes the last one first; one that raises keeps no other from being closed."""
        close_all(*(feature.close for feature in reversed(self._all)))
