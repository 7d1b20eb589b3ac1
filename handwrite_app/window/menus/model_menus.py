"""The menus in which one of several things is chosen: network, device, theme, language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from handwrite_app.models.card_text import data_text
from handwrite_app.reading.device_text import device_detail, device_title
from handwrite_app.reading.verdict import exact_percent
from handwrite_app.ui.actions import Actions, fill_choices
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.language import LANGUAGES, install, is_readable
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import MODES, Theme
from handwrite_app.window.tool_row import ToolRow
from trainer.base.messages import Message
from trainer.execution.devices import DeviceState
from trainer.processes.recognition_messages import Loaded

if TYPE_CHECKING:
    from trainer.models.weights import StoredWeights


class Choices(QObject):
    """Fills the menus when they open, so that what they show is what there is.

    Signals:
        networkChosen(Path): a network's weights. deviceChosen(str): "auto", "cuda", "mps" or "cpu".
    """

    networkChosen = Signal(object)
    deviceChosen = Signal(str)

    def __init__(
        self, window: QWidget, actions: Actions, tools: ToolRow, theme: Theme, settings: Settings
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._settings = settings
        self._tools = tools
        self._actions = actions
        self._loaded: Loaded | None = None
        self._network_menus = [actions.menus["network"], QMenu(tools.network)]
        self._device_menus = [actions.menus["device"], QMenu(tools.device)]
        tools.network.setMenu(self._network_menus[1])
        tools.device.setMenu(self._device_menus[1])
        for menu in self._network_menus:
            menu.aboutToShow.connect(self._on_network_menu_opens)
        for menu in self._device_menus:
            menu.aboutToShow.connect(self._on_device_menu_opens)
        actions.menus["theme"].aboutToShow.connect(self._on_theme_menu_opens)
        actions.menus["language"].aboutToShow.connect(self._on_language_menu_opens)
        # An empty submenu does not open: fill them once.
        self._on_device_menu_opens()
        self._on_theme_menu_opens()
        self._placeholder()
        self.show_loaded(None)

    def show_loaded(self, loaded: Loaded | None) -> None:
        """The network and device in use; None while the first is loading."""
        self._loaded = loaded
        self._tools.network.setText(loaded.name if loaded else self.tr("loading…"))
        self._tools.device.setText(loaded.device.upper() if loaded else "–")
        for button in (self._tools.network, self._tools.device):
            button.updateGeometry()  # its words decide its width
        self._tools.device.setEnabled(loaded is not None)
        self._actions.menus["device"].setEnabled(loaded is not None)

    def retranslate(self) -> None:
        """In another language now. The menus are filled again whenever they open."""
        self.show_loaded(self._loaded)

    def _placeholder(self) -> None:
        for menu in (*self._network_menus, self._actions.menus["language"]):
            fill_choices(menu, [("", "…", False, "")], "-", lambda _key: None)

    def _on_network_menu_opens(self) -> None:
        from trainer.models.weights import stored_weights  # not before the first paint

        chosen = self._loaded.path if self._loaded else ""
        entries = list(stored_weights())
        known = {str(entry.path) for entry in entries}
        choices = [
            (str(entry.path), self._title(entry), entry.card is not None, self._gloss(entry))
            for entry in entries
        ]
        if self._loaded and chosen not in known:
            choices.append((chosen, self._loaded.name, True, chosen))
        for menu in self._network_menus:
            fill_choices(menu, choices, chosen, lambda key: self.networkChosen.emit(Path(key)))
        self._network_menus[1].addSeparator()
        self._network_menus[1].addAction(self._actions["LoadWeights"])

    def _title(self, entry: StoredWeights) -> str:
        if entry.card is None:
            return self.tr("{name} (unusable)").format(name=entry.name)
        accuracy = entry.card.metrics.get("validation_accuracy")
        if not isinstance(accuracy, float):
            return entry.name
        figure = self.tr("{percent} right").format(percent=exact_percent(accuracy))
        return f"{entry.name} · {figure}"

    def _gloss(self, entry: StoredWeights) -> str:
        if entry.card is None:
            return sentence(entry.error) if entry.error else ""
        origin = self.tr("ships with the app") if entry.shipped else self.tr("yours")
        data = data_text(entry.card)
        accuracy = self.tr("right: of the pictures that it was validated with")
        return f"{entry.card.architecture} · {data} · {origin}\n{accuracy}"

    def _on_device_menu_opens(self) -> None:
        automatic = DeviceState(
            name="auto", available=True, detail=Message.verbatim(self.tr("the fastest there is"))
        )
        states = [automatic, *(self._loaded.devices if self._loaded else ())]
        chosen = self._loaded.wanted_device if self._loaded else "auto"
        choices = [
            (
                state.name,
                f"{device_title(state.name)}   {device_detail(state)}",
                state.available,
                device_detail(state),
            )
            for state in states
        ]
        for menu in self._device_menus:
            fill_choices(menu, choices, chosen, self.deviceChosen.emit)

    def _on_theme_menu_opens(self) -> None:
        titles = {
            "system": self.tr("Follow the system"),
            "light": self.tr("Light"),
            "dark": self.tr("Dark"),
        }
        choices = [(mode, titles[mode], True, "") for mode in MODES]
        fill_choices(self._actions.menus["theme"], choices, self._theme.mode, self._on_theme_chosen)

    def _on_theme_chosen(self, key: str) -> None:
        mode = next(mode for mode in MODES if mode == key)
        self._theme.set_mode(mode)
        self._settings.theme = mode

    def _on_language_menu_opens(self) -> None:
        choices: list[tuple[str, str, bool, str]] = [("", self.tr("Follow the system"), True, "")]
        for name, title in LANGUAGES.items():
            readable = is_readable(name)
            gloss = "" if readable else self.tr("No font on this system has its letters")
            choices.append((name, title, readable, gloss))
        fill_choices(
            self._actions.menus["language"],
            choices,
            self._settings.language,
            self._on_language_chosen,
        )

    def _on_language_chosen(self, name: str) -> None:
        self._settings.language = name
        install(name)
