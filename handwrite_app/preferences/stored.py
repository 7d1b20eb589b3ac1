"""Settings of an earlier start, in force before the window is painted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.input.pen_settings import PenSettings
from handwrite_app.ui.settings import LEFT_HANDED, Settings
from handwrite_app.ui.theme import Theme

REDUCED_MOTION = "access/reduced_motion"
CONTRAST = "access/contrast"


@dataclass(frozen=True, kw_only=True)
class Host:
    """What the settings are of. set_left_handed, set_memory: see the window."""

    settings: Settings
    theme: Theme
    canvas: Canvas
    set_left_handed: Callable[[bool], object]
    memory_is_on: Callable[[], bool]
    set_memory: Callable[[bool], object]


def apply_stored(host: Host) -> None:
    """What was chosen at an earlier start."""
    settings = host.settings
    host.canvas.pen_settings = PenSettings(
        firmness=settings.whole("pen/firmness", 0, -100, 100),
        fixed_width=settings.flag("pen/fixed_width"),
        pen_only=settings.flag("pen/pen_only"),
        rejects_palm=settings.flag("pen/rejects_palm", True),
    )
    host.set_left_handed(settings.flag(LEFT_HANDED))
    if settings.flag(REDUCED_MOTION):
        host.theme.reduced_motion = True
    host.theme.set_contrast(settings.text(CONTRAST) == "more")
