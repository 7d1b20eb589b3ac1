"""Features around what is read: several characters on the paper as a line, and photographs of pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handwrite_app.window.features.feature import Feature
    from handwrite_app.window.window_parts import WindowParts


def put_in_force(window: WindowParts) -> None:
    """The paper as wide as it was, and files that have to wait for the features below."""
    settings = window.settings
    window.canvas.set_wide(settings.flag("wide_paper"))
    window.files.read_pages(settings.flag("read_numbers", True))

    def read_page(path: Path) -> None:
        from handwrite_app.lines.page_controller import PageController

        window.feature(PageController).read(path)

    window.files.severalDrawings.connect(read_page)


def follow_labels(window: WindowParts) -> None:
    """A character may be something else from now on."""
    from handwrite_app.lines.controller import LinesController

    window.feature(LinesController).follow_labels()


def _lines(window: WindowParts) -> Feature:
    from handwrite_app.lines.controller import LinesController

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
    if not window.canvas.is_empty():
        window.asking.ask()  # it was asked as one character
    return lines


def _pages(window: WindowParts) -> Feature:
    from handwrite_app.lines.page_controller import PageController

    return PageController(
        window,
        window.actions_,
        window.recognition,
        window.asking,
        window.theme,
        window.settings,
    )


#: See handwrite_app.window.features.registry.
BUILDERS: tuple[Callable[[WindowParts], Feature] | str, ...] = (
    "handwrite_app.lines.marks",
    "handwrite_app.lines.number_text",
    "handwrite_app.lines.panel",
    "handwrite_app.lines.switches",
    _lines,
    _pages,
)
