"""Features of the desk itself: settings, demo mode, and the answer for those who do not look at it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from handwrite_app.preferences.stored import Host
from handwrite_app.ui.settings import LEFT_HANDED

if TYPE_CHECKING:
    from handwrite_app.window.features.feature import Feature
    from handwrite_app.window.window_parts import WindowParts


def host(window: WindowParts) -> Host:
    """What the settings are of."""
    return Host(
        settings=window.settings,
        theme=window.theme,
        canvas=window.canvas,
        set_left_handed=window.set_left_handed,
        memory_is_on=lambda: window.memory.is_on,
        set_memory=window.memory.set_on,
    )


def _demo(window: WindowParts) -> Feature:
    from handwrite_app.demo.controller import DemoMode

    return DemoMode(
        window,
        window.actions_,
        window.asking,
        window.canvas,
        window.recognition,
        window.theme,
        window.settings,
    )


def _announcer(window: WindowParts) -> Feature:
    from handwrite_app.access.announcer import Announcer
    from handwrite_app.lines.controller import LinesController

    return Announcer(
        window.reading,
        window.asking,
        lambda: window.feature(LinesController).words,
        window.settings,
        window,
    )


def _preferences(window: WindowParts) -> Feature:
    from handwrite_app.preferences.controller import Preferences

    def set_left_handed(on: bool) -> None:
        window.settings.set_flag(LEFT_HANDED, on)
        window.set_left_handed(on)

    window.actions_.connect(ReadingLeft=set_left_handed)
    return Preferences(window, window.actions_, window.shortcuts, host(window))


def _help(window: WindowParts) -> Feature:
    from handwrite_app.help.controller import Help

    return Help(window, window.actions_, window.asking)


#: One builder a feature; see handwrite_app.window.features.registry.
BUILDERS: tuple[Callable[[WindowParts], Feature], ...] = (
    _announcer,
    _preferences,
    _demo,
    _help,
)
