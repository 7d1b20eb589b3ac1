"""Owns the sampler's banner, which is made with the first session, and its keys on the paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from handwrite_app.ui.actions import key_name
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme

if TYPE_CHECKING:
    from handwrite_app.sampler.panels import Banner


class BannerOwner(QObject):
    """Signals: what a button of the banner, or a key on the paper, asks for."""

    beginRequested = Signal()
    nextRequested = Signal()
    backRequested = Signal()
    skipRequested = Signal()
    stopRequested = Signal()
    personalizeRequested = Signal()
    closeRequested = Signal()
    escaped = Signal()
    byItselfChanged = Signal(bool)

    def __init__(
        self,
        paper: QWidget,
        writers: QMenu,
        theme: Theme,
        settings: Settings,
        place: Callable[[QWidget], None],
    ) -> None:
        """paper: where the keys count. writers: the menu in which one is chosen. place: puts the banner above
        the paper."""
        super().__init__(paper)
        self._paper = paper
        self._writers = writers
        self._theme = theme
        self._settings = settings
        self._place = place
        self._banner: Banner | None = None
        self._keys: list[QShortcut] = []

    @property
    def banner(self) -> Banner:
        """Made on first use: the first paint does not wait for it."""
        if self._banner is None:
            self._banner = self._make()
        return self._banner

    @property
    def is_made(self) -> bool:
        return self._banner is not None

    @property
    def offers_start(self) -> bool:
        """Whether the choice before a session is shown."""
        return self._banner is not None and not self._banner.start.isHidden()

    def enable_keys(self, enabled: bool) -> None:
        """Whether the keys on the paper mean next and back."""
        for shortcut in self._keys:
            shortcut.setEnabled(enabled)

    def keys(self) -> list[tuple[str, list[str]]]:
        """(what, keys) during a session, for the list of shortcuts."""
        from handwrite_app.sampler.panels import BACK_KEY, NEXT_KEYS, STOP_KEY

        rows = (
            (self.tr("Next sample"), NEXT_KEYS),
            (self.tr("Back to the previous sample"), (BACK_KEY,)),
            (self.tr("Stop writing samples"), (STOP_KEY,)),
        )
        # The keypad's Enter goes without saying.
        return [
            (what, [key_name(QKeySequence(key)) for key in keys if key != Qt.Key.Key_Enter])
            for what, keys in rows
        ]

    def _make(self) -> Banner:
        from handwrite_app.sampler.panels import BACK_KEY, NEXT_KEYS, Banner

        banner = Banner(self._theme, self._writers)
        self._place(banner)
        banner.start.startRequested.connect(self.beginRequested)
        banner.start.closeRequested.connect(self.closeRequested)
        banner.ask.nextRequested.connect(self.nextRequested)
        banner.ask.backRequested.connect(self.backRequested)
        banner.ask.skipRequested.connect(self.skipRequested)
        banner.ask.stopRequested.connect(self.stopRequested)
        banner.ask.by_itself.setChecked(self._settings.samples_by_themselves)
        banner.ask.byItselfChanged.connect(self.byItselfChanged)
        banner.score.personalizeRequested.connect(self.personalizeRequested)
        banner.score.closeRequested.connect(self.closeRequested)
        banner.escaped.connect(self.escaped)
        # Only where the paper has the focus: on a button, Space and Enter press that one.
        for keys, signal in (
            (NEXT_KEYS, self.nextRequested),
            ((BACK_KEY,), self.backRequested),
        ):
            shortcut = QShortcut(self._paper)
            shortcut.setKeys([QKeySequence(key) for key in keys])
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.setEnabled(False)
            shortcut.activated.connect(signal)
            self._keys.append(shortcut)
        return banner
