"""The choice of a preset: what a run is for."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QVBoxLayout, QWidget

from handwrite_app.ui.tokens import SPACE
from trainer.runs.presets import PRESETS, Preset


def _noop(text: str) -> str:
    """Marks a text of this table for translation; `translate` looks it up where it is shown."""
    return text


_GROUPS = {
    "first": "",
    "networks": _noop("Networks of the tutorials"),
    "own": _noop("Your handwriting"),
    "transfer": _noop("Transfer"),
    "experiments": _noop("Experiments"),
}


def translate(text: str) -> str:
    """Titles and glosses of presets; networks' names stay as they are."""
    return QCoreApplication.translate("Presets", text)


class PresetBox(QWidget):
    """Signals:
    chosen(Preset): by a person.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.box = QComboBox()
        self.box.setObjectName("preset")
        self.box.setAccessibleName(self.tr("Preset"))
        self.box.addItem(self.tr("Your own settings"), "")
        group = ""
        for preset in PRESETS.values():
            if preset.group != group:
                group = preset.group
                heading = _GROUPS[group]
                self._add_heading(translate(heading) if heading else "")
            self.box.addItem(translate(preset.title), preset.name)
            gloss = translate(preset.gloss)
            self.box.setItemData(self.box.count() - 1, gloss, Qt.ItemDataRole.ToolTipRole)
        self.box.setMaxVisibleItems(24)
        self.gloss = QLabel()
        self.gloss.setObjectName("presetGloss")
        self.gloss.setProperty("role", "small")
        self.gloss.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addWidget(self.box)
        column.addWidget(self.gloss)
        self.box.activated.connect(self._on_activated)
        self.show_none()

    def show_none(self) -> None:
        """The settings are no preset's, or not any more."""
        self.box.setCurrentIndex(0)
        self.gloss.setText(self.tr("As you set them below; a preset above sets all of them."))

    def _on_activated(self, _index: int) -> None:
        preset: Preset | None = PRESETS.get(self.box.currentData() or "")
        if preset is None:
            self.show_none()
            return
        gloss = translate(preset.gloss)
        self.gloss.setText(gloss[:1].upper() + gloss[1:] + ".")
        self.chosen.emit(preset)

    def _add_heading(self, text: str) -> None:
        self.box.insertSeparator(self.box.count())
        if text:
            self.box.addItem(text)
            item = self.box.model().item(self.box.count() - 1)  # type: ignore[attr-defined]
            item.setEnabled(False)
