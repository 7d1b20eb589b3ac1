"""In the reading's place: the filters of the first layer, and what every layer makes of the drawing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.ui.dialogs.dialog import quiet_click
from handwrite_app.ui.theme import Theme, text_font
from handwrite_app.ui.tokens import SIZE_TEXT, SPACE
from handwrite_app.ui.widgets.picture_grid import PictureGrid, Tile
from trainer.processes.probe_messages import LayerMaps

_COLUMNS = 8
_CELL = 30


class InsidePanel(QFrame):
    """Signals:
    left(): the reading is to stand here again. changed(): another layer or another network is wanted.
    """

    left = Signal()
    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("insidePanel")
        self.setProperty("card", True)
        self._layers: tuple[str, ...] = ()
        self._say_problem: Callable[[], str] = str
        self.title = QLabel()
        self.title.setFont(text_font(SIZE_TEXT, bold=True))
        self.of_run = QCheckBox()
        self.of_run.setObjectName("insideOfRun")
        self.of_run.toggled.connect(self.changed)
        quiet_click(self.of_run)
        self.filter_words, self.map_words = _words(), _words()
        self.filters = PictureGrid(theme, name="filters", cell=_CELL, columns=_COLUMNS)
        self.layer = QComboBox()
        self.layer.setObjectName("insideLayer")
        self.layer.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.layer.currentIndexChanged.connect(self.changed)
        self.maps = PictureGrid(theme, name="featureMaps", cell=_CELL, columns=_COLUMNS)
        self.problem = _words()
        self.back_button = QPushButton()
        self.back_button.setObjectName("insideBack")
        quiet_click(self.back_button)
        self.back_button.clicked.connect(lambda: self.left.emit())
        inner = QWidget()
        grids = QVBoxLayout(inner)
        grids.setContentsMargins(0, 0, 0, 0)
        grids.setSpacing(SPACE)
        for widget in (self.filter_words, self.filters, self.layer, self.map_words, self.maps):
            grids.addWidget(widget)
        grids.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        area.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)  # the card's ground shows
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addWidget(self.title)
        column.addWidget(self.of_run)
        column.addWidget(area, 1)
        column.addWidget(self.problem)
        column.addWidget(self.back_button)
        self._retranslate()

    @property
    def chosen_layer(self) -> str:
        """Its name; "" for the first, before the layers are known."""
        return self.layer.currentData() or ""

    def set_run(self, on: bool) -> None:
        """Whether there is a run that is watched, whose network can be looked into."""
        self.of_run.setVisible(on)
        if not on:
            self.of_run.setChecked(False)

    def set_layers(self, names: Sequence[str]) -> None:
        """The convolutions of the network, in their order."""
        if tuple(names) == self._layers:
            return
        self._layers = tuple(names)
        self.layer.blockSignals(True)
        self.layer.clear()
        for name in names:
            self.layer.addItem("", name)
        self.layer.blockSignals(False)
        self._name_layers()

    def show_maps(self, filters: LayerMaps | None, maps: LayerMaps | None) -> None:
        self._say_problem = str
        self.problem.setText("")
        for grid, some in ((self.filters, filters), (self.maps, maps)):
            grid.set_tiles(
                []
                if some is None
                else [
                    Tile(
                        picture=channel,
                        width=some.width,
                        words=self.tr("channel {number}").format(number=number),
                    )
                    for number, channel in enumerate(some.channels)
                ]
            )

    def show_nothing(self) -> None:
        """The paper is empty: the filters stay."""
        self.maps.set_tiles(())
        self.problem.setText(self.tr("Draw a digit"))

    def show_problem(self, say: Callable[[], str]) -> None:
        self._say_problem = say
        self.problem.setText(say())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _name_layers(self) -> None:
        for place in range(self.layer.count()):
            self.layer.setItemText(
                place,
                self.tr("Layer {number} of {count}").format(
                    number=QLocale().toString(place + 1),
                    count=QLocale().toString(len(self._layers)),
                ),
            )

    def _retranslate(self) -> None:
        self.title.setText(self.tr("Inside the network"))
        self.of_run.setText(self.tr("of the run that is watched"))
        self.filter_words.setText(self.tr("Filters of the first layer: what it looks for"))
        self.map_words.setText(self.tr("Feature maps: where it found it in your drawing"))
        self.layer.setAccessibleName(self.tr("Layer"))
        self.filters.setAccessibleName(self.tr("Filters of the first layer"))
        self.maps.setAccessibleName(self.tr("Feature maps"))
        self.back_button.setText(self.tr("Back to the reading"))
        self.problem.setText(self._say_problem())
        self._name_layers()


def _words() -> QLabel:
    label = QLabel()
    label.setProperty("role", "small")
    label.setWordWrap(True)
    return label
