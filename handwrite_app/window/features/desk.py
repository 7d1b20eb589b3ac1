"""Features of the desk itself: settings, demo mode, and the answer for those who do not look at it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from handwrite_app.access.announcer import Announcer
from handwrite_app.demo.controller import DemoMode
from handwrite_app.help.controller import Help
from handwrite_app.preferences.controller import Preferences
from handwrite_app.preferences.entry import Host
from handwrite_app.preferences.shortcuts import Shortcuts

if TYPE_CHECKING:
    from handwrite_app.window.features.feature import Feature
    from handwrite_app.window.window_parts import WindowParts


def _demo(window: WindowParts) -> Feature:
    return DemoMode(
        window,
        window.actions_,
        window.asking,
        window.recognition,
        window.theme,
        window.settings,
    )


def _announcer(window: WindowParts) -> Feature:
    return Announcer(window.reading, window.asking, window.settings, window)


def _preferences(window: WindowParts) -> Feature:
    host = Host(
        settings=window.settings,
        theme=window.theme,
        canvas=window.canvas,
        set_left_handed=window.set_left_handed,
        memory_is_on=lambda: window.memory.is_on,
        set_memory=window.memory.set_on,
    )
    labels = window.correction.labels
    shortcuts = Shortcuts(window.actions_, window.settings, lambda: (*labels.labels, "-", "n"))
    return Preferences(window, window.actions_, shortcuts, host)


def _help(window: WindowParts) -> Feature:
    return Help(window, window.actions_, window.asking)


BUILDERS: tuple[Callable[[WindowParts], Feature], ...] = (
    _announcer,
    _preferences,
    _demo,
    _help,
)
