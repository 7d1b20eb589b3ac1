"""What can be done to the network: sliders, choices, and a grid of channels that a click switches off."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.ui.dialogs.dialog import WheelGuard
from handwrite_app.ui.theme import Theme, figures_font
from handwrite_app.ui.tokens import SIZE_SMALL, SPACE
from handwrite_app.ui.widgets.picture_grid import PictureGrid, Tile
from trainer.probing.damage import BITS, MOST_NOISE, MOST_SHIFT, MOST_TURN, Channel, Damage
from trainer.probing.layer import DamageableLayer
from trainer.processes.probe_messages import ChannelImages

_PERCENT = 100
_CELL, _COLUMNS = 34, 8


class DamageControls(QWidget):
    """Signals:
    changed(): the damage is another one. layerChosen(): the channels of another layer are wanted.
    """

    changed = Signal()
    layerChosen = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("breakControls")
        self._off_layers: set[str] = set()
        self._off_channels: set[tuple[str, int]] = set()
        self._layers: tuple[DamageableLayer, ...] = ()
        self._labels: list[QLabel] = []
        self._guard = WheelGuard(self)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(2 * SPACE)
        self._grid.setVerticalSpacing(SPACE)
        self._grid.setColumnStretch(1, 1)
        self.noise = self._slider("breakNoise", 0, round(_PERCENT * MOST_NOISE))
        self.bits = QComboBox()
        self.bits.setObjectName("breakBits")
        for bits in BITS:
            self.bits.addItem("", bits)
        self.bits.currentIndexChanged.connect(self.changed)
        self._guard.guard(self.bits)
        self._row(self.bits)
        self.turn = self._slider("breakTurn", -round(MOST_TURN), round(MOST_TURN))
        self.right = self._slider("breakRight", -MOST_SHIFT, MOST_SHIFT)
        self.down = self._slider("breakDown", -MOST_SHIFT, MOST_SHIFT)
        self.layer = QComboBox()
        self.layer.setObjectName("breakLayer")
        self.layer.currentIndexChanged.connect(self._on_layer_chosen)
        self._guard.guard(self.layer)
        self._row(self.layer)
        self.layer_off = QCheckBox()
        self.layer_off.setObjectName("breakLayerOff")
        self.layer_off.toggled.connect(self._on_layer_off)
        self.hint = QLabel()
        self.hint.setProperty("role", "small")
        self.hint.setWordWrap(True)
        self.channels = PictureGrid(theme, name="breakChannels", cell=_CELL, columns=_COLUMNS)
        self.channels.chosen.connect(self._on_channel_chosen)
        off = QHBoxLayout()
        off.addWidget(self.layer_off)
        off.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addLayout(self._grid)
        column.addLayout(off)
        column.addWidget(self.hint)
        column.addWidget(self.channels)
        column.addStretch(1)
        self._allow_layers()
        self._retranslate()

    @property
    def damage(self) -> Damage:
        """What the controls say."""
        return Damage(
            noise=self.noise.value() / _PERCENT,
            bits=self.bits.currentData(),
            layers=tuple(sorted(self._off_layers)),
            channels=tuple(
                Channel(layer=layer, number=number) for layer, number in sorted(self._off_channels)
            ),
            turn=self.turn.value(),
            right=self.right.value(),
            down=self.down.value(),
        )

    @property
    def chosen_layer(self) -> str:
        """Its name; "" where there is none."""
        return self.layer.currentData() or ""

    def reset(self) -> None:
        """The network as it is."""
        self.blockSignals(True)
        for slider in (self.noise, self.turn, self.right, self.down):
            slider.setValue(0)
        self.bits.setCurrentIndex(0)
        self._off_layers.clear()
        self._off_channels.clear()
        self.layer_off.setChecked(False)
        self.blockSignals(False)
        self.changed.emit()

    def set_layers(self, layers: Sequence[DamageableLayer]) -> None:
        """Of another network: nothing of it is switched off."""
        if tuple(layers) == self._layers:
            return
        self._layers = tuple(layers)
        self._off_layers.clear()
        self._off_channels.clear()
        self.layer.blockSignals(True)
        self.layer.clear()
        for place, layer in enumerate(layers, start=1):
            self.layer.addItem("", layer.name)
            self.layer.setItemData(
                place - 1, f"{layer.name}: {layer.kind}", Qt.ItemDataRole.ToolTipRole
            )
        self.layer.blockSignals(False)
        self._allow_layers()
        self._retranslate()
        self._on_layer_chosen()

    def _allow_layers(self) -> None:
        for widget in (self.layer, self.layer_off):
            widget.setEnabled(bool(self._layers))
        self.hint.setVisible(bool(self._layers))

    def show_channels(self, maps: ChannelImages | None) -> None:
        """What the chosen layer makes of the paper's drawing; None for a layer that has no maps."""
        layer = next((one for one in self._layers if one.name == self.chosen_layer), None)
        if maps is None or layer is None:
            self.channels.set_tiles(())
            return
        self.channels.set_tiles([self._tile(maps, number) for number in range(len(maps.channels))])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _tile(self, maps: ChannelImages, number: int) -> Tile:
        off = (maps.layer, number) in self._off_channels
        words = (
            self.tr("channel {number} is off: click to switch it on")
            if off
            else self.tr("channel {number}: click to switch it off")
        )
        return Tile(
            picture=maps.channels[number],
            width=maps.width,
            badge="✕" if off else "",
            words=words.format(number=number),
        )

    def _slider(self, name: str, least: int, most: int) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setObjectName(name)
        slider.setRange(least, most)
        slider.setValue(0)
        slider.valueChanged.connect(self._on_slider)
        self._guard.guard(slider)
        self._row(slider)
        return slider

    def _row(self, field: QWidget) -> None:
        label, row = QLabel(self), self._grid.rowCount()
        label.setBuddy(field)
        value = QLabel(self)
        value.setFont(figures_font(SIZE_SMALL))
        value.setMinimumWidth(6 * SPACE)
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(label, row, 0)
        if isinstance(field, QSlider):
            self._grid.addWidget(field, row, 1)
            self._grid.addWidget(value, row, 2)
        else:
            self._grid.addWidget(field, row, 1, 1, 2)
            value.hide()
        self._labels += [label, value]

    def _on_slider(self) -> None:
        self._show_values()
        self.changed.emit()

    def _on_layer_chosen(self) -> None:
        self.layer_off.blockSignals(True)
        self.layer_off.setChecked(self.chosen_layer in self._off_layers)
        self.layer_off.blockSignals(False)
        self.layerChosen.emit()

    def _on_layer_off(self, off: bool) -> None:
        if off:
            self._off_layers.add(self.chosen_layer)
        else:
            self._off_layers.discard(self.chosen_layer)
        self.changed.emit()

    def _on_channel_chosen(self, number: int) -> None:
        self._off_channels ^= {(self.chosen_layer, number)}
        self.changed.emit()

    def _show_values(self) -> None:
        locale = QLocale()
        values = self._labels[1::2]
        values[0].setText(self.tr("{number} %").format(number=locale.toString(self.noise.value())))
        values[2].setText(f"{locale.toString(self.turn.value())}°")
        for label, slider in ((values[3], self.right), (values[4], self.down)):
            label.setText(self.tr("{number} px").format(number=locale.toString(slider.value())))

    def _retranslate(self) -> None:
        fields = (self.noise, self.bits, self.turn, self.right, self.down, self.layer)
        rows = (
            (self.tr("Noise on the weights"), self.tr("Of the spread of each layer's weights")),
            (self.tr("Bits of a weight"), self.tr("So few values are left for each weight")),
            (self.tr("Turn the input"), self.tr("Counter-clockwise")),
            (self.tr("Shift to the right"), ""),
            (self.tr("Shift down"), ""),
            (self.tr("Layer"), self.tr("Layers with weights, from the input to the answer")),
        )
        for label, field, (name, gloss) in zip(self._labels[::2], fields, rows, strict=True):
            label.setText(name)
            label.setToolTip(gloss)
            field.setToolTip(gloss)
            field.setAccessibleName(name)
        for index, bits in enumerate(BITS):
            self.bits.setItemText(
                index,
                self.tr("32: as they are")
                if bits == 32
                else self.tr("1: only the sign")
                if bits == 1
                else QLocale().toString(bits),
            )
        for index, layer in enumerate(self._layers):
            words = (
                self.tr("{number}: convolution, {channels} channels")
                if layer.kind == "Conv2d"
                else self.tr("{number}: fully connected, {channels} outputs")
            )
            self.layer.setItemText(index, words.format(number=index + 1, channels=layer.channels))
        self.layer_off.setText(self.tr("Switch the whole layer off"))
        self.hint.setText(self.tr("What it makes of your drawing; a click switches a channel off:"))
        self.channels.setAccessibleName(self.tr("Channels of the layer"))
        self._show_values()
