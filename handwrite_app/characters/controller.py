"""Chooses what is written: digits, letters or both, and with it the network and its mode."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow, QMenu

from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.ui.actions import Actions, fill_choices
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.widgets.labels_and_buttons import MenuButton
from trainer.base.labels import CAPITALS, CHARACTERS, DIGITS, SMALL_LETTERS

if TYPE_CHECKING:
    from trainer.processes.recognition_messages import Loaded

Written = Literal["digits", "letters", "both"]
CHOICES: tuple[Written, ...] = ("digits", "letters", "both")

#: The mode of a network of all 62 characters for each choice.
_MODES: dict[Written, str] = {"digits": "digits", "letters": "letters", "both": "all"}
_KEY, _DIGITS_NETWORK = "written", "network_of_digits"


def reads_characters(labels: Iterable[str]) -> bool:
    """Whether a network with these labels can be restricted to any of the choices."""
    return set(CHARACTERS) <= set(labels)


def written_by(labels: Iterable[str]) -> Written:
    """What a network with these labels reads, where nothing restricts it."""
    has_digits = bool(set(labels) & set(DIGITS))
    has_letters = bool(set(labels) & {*CAPITALS, *SMALL_LETTERS})
    return "both" if has_digits and has_letters else "letters" if has_letters else "digits"


class WrittenController(QObject):
    """Keeps choice, network and mode in step. The choice is remembered; it follows a network that was chosen
    in another way.

    Signals:
        networkWanted(Path | None): a network is to be loaded; None: the best that ships for digits.
        changed(labels): other labels are answered from now on, by the network in use.
        hintChanged(text): what stands on the empty paper.
        said(text): one sentence for the status line.
    """

    networkWanted = Signal(object)
    changed = Signal(object)
    hintChanged = Signal(str)
    said = Signal(str)

    def __init__(
        self,
        window: QMainWindow,
        actions: Actions,
        button: MenuButton,
        requester: ReadRequester,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._button = button
        self._requester = requester
        self._settings = settings
        self._loaded: Loaded | None = None
        self._wanted: Written | None = None  # a network is being loaded for it
        requester.on_network = self._on_network
        self._menus = [actions.menus["written"], QMenu(button)]
        button.setMenu(self._menus[1])
        for menu in self._menus:
            menu.aboutToShow.connect(self._fill)
        self._fill()
        self.retranslate()

    @property
    def choice(self) -> Written:
        value = self._settings.text(_KEY)
        return next((choice for choice in CHOICES if choice == value), "digits")

    def _on_network(self, loaded: Loaded) -> None:
        """A network is about to read. The choice follows it where it cannot follow the choice."""
        before, self._loaded = self._loaded, loaded
        wanted, self._wanted = self._wanted, None
        if not reads_characters(loaded.labels):
            choice = written_by(loaded.labels)
        elif wanted is not None:
            choice = wanted
        elif before is not None and not reads_characters(before.labels):
            choice = "both"  # chosen among the networks
        else:
            choice = self.choice
        self._apply(choice)

    def choose(self, choice: Written) -> None:
        """Digits, letters or both are written from now on. Where the active model cannot read them, another
        one is loaded."""
        loaded = self._loaded
        if loaded is None or choice == (self._wanted or self.choice):
            return
        if self._wanted is not None and choice == self.choice:  # a changed mind, while it loads
            self._wanted = choice
            self.networkWanted.emit(Path(loaded.path))
            return
        if choice == "digits":
            before = self._settings.text(_DIGITS_NETWORK)
            if reads_characters(loaded.labels) or written_by(loaded.labels) != "digits":
                self._wanted = choice
                self.networkWanted.emit(Path(before) if before and Path(before).is_file() else None)
                return
        elif not reads_characters(loaded.labels):
            from trainer.base.errors import HandwriteError
            from trainer.models.weights import find_weights  # not before the first paint

            try:
                path = find_weights(mode="all")
            except HandwriteError:
                self.said.emit(self.tr("There is no network for letters in this installation."))
                return
            if written_by(loaded.labels) == "digits":
                self._settings.set_text(_DIGITS_NETWORK, loaded.path)
            self._wanted = choice
            self.networkWanted.emit(path)
            return
        self._apply(choice)
        self.changed.emit(self._requester.labels)
        self._requester.ask()

    def refused(self) -> None:
        """The network that was wanted cannot be used: the one in use stays, and so does the choice."""
        self._wanted = None

    def set_active_model(self, loaded: Loaded) -> None:
        """The requester has told of it already, before it asked the network anything."""

    def retranslate(self) -> None:
        self._button.setText(self._title(self.choice))
        self._button.setAccessibleName(self.tr("What is written"))
        self._button.setToolTip(self.tr("What is written"))
        self._button.setMinimumWidth(self._button.sizeHint().width())  # of three words, all of it
        self._button.updateGeometry()
        hints = {
            "digits": self.tr("Draw a digit"),
            "letters": self.tr("Draw a letter"),
            "both": self.tr("Draw a digit or a letter"),
        }
        self.hintChanged.emit(hints[self.choice])

    def close(self) -> None:
        """Nothing is open."""

    def _apply(self, choice: Written) -> None:
        loaded = self._loaded
        assert loaded is not None
        if choice != self.choice:
            self._settings.set_text(_KEY, choice)
        self.retranslate()
        if reads_characters(loaded.labels):
            mode = _MODES[choice]
        else:
            # Letters that were kept are no signs of the writer's own among digits, once letters were chosen.
            mode = "digits" if choice == "digits" and self._settings.text(_KEY) else ""
            if not set(loaded.labels) & set(DIGITS):
                mode = ""
        self._requester.mode = mode

    def _fill(self) -> None:
        choices = [(choice, self._title(choice), True, "") for choice in CHOICES]
        for menu in self._menus:
            fill_choices(menu, choices, self.choice, self._on_chosen)

    def _on_chosen(self, key: str) -> None:
        self.choose(cast(Written, key))

    def _title(self, choice: Written) -> str:
        return {
            "digits": self.tr("Digits"),
            "letters": self.tr("Letters"),
            "both": self.tr("Both"),
        }[choice]
