"""Why: examples first, then what would change the answer, then strokes, then maps."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.explaining.image_view import ImageView
from handwrite_app.explaining.mode_panel import INNER, ModePanel, heading, rule, small
from handwrite_app.ui.theme import Theme
from handwrite_app.ui.tokens import SPACE
from handwrite_app.ui.widgets.layouts import empty
from trainer.explanation.results import (
    Answered,
    Edit,
    Edits,
    EvidenceMaps,
    Example,
    Examples,
    WithoutPart,
    WithoutParts,
)

_EXAMPLE = 58
_MAP = 112

#: Correlation with the map of random weights from which on a map says little.
ALIKE = 0.6


class WhyPanel(ModePanel):
    """Sections appear as they are found.

    Signals:
        editChosen(Edit or None), partChosen(WithoutPart or None), mapChosen(uint8 (28, 28) or None): to be
            shown on the paper, or not any more.
    """

    editChosen = Signal(object)
    partChosen = Signal(object)
    mapChosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__("whyPanel")
        self._theme = theme
        self._answered: Answered | None = None
        self._maps: EvidenceMaps | None = None
        self.examples: list[ImageView] = []
        self.edits: list[QPushButton] = []
        self.parts: list[QPushButton] = []
        self._sections = tuple(QWidget() for _ in range(4))
        for section in self._sections:
            column = QVBoxLayout(section)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(SPACE // 2)
            self.column.addWidget(section)
        self.column.addStretch(1)
        self.random = QCheckBox()
        self.random.setObjectName("randomWeights")
        self.maps = (ImageView(theme, _MAP, can_open=True), ImageView(theme, _MAP, can_open=True))
        self._map_names = (small(), small())
        self._maps_title = heading()
        self._maps_text = small()
        self._alike = small()
        self._build_maps()
        self.begin()

    def begin(self) -> None:
        """Nothing is known yet."""
        self.examples, self.edits, self.parts = [], [], []
        self._maps = self._answered = None
        self.random.setChecked(False)
        for section in self._sections:
            section.hide()
        self.set_fresh(False)

    def show_answered(self, answered: Answered) -> None:
        self._answered = answered
        self.set_message("")
        self.set_fresh(True)

    def show_examples(self, found: Examples) -> None:
        answered = self._answered
        assert answered is not None
        column = self._fresh(0)
        title = heading()
        title.setText(self.tr("Looks like these: {label}").format(label=answered.label))
        column.addWidget(title)
        column.addLayout(self._example_row(found.answer))
        if found.runner_up and answered.runner_up != answered.label:
            beside = small()
            beside.setText(
                self.tr("Next best, {label}, would look like these:").format(
                    label=answered.runner_up
                )
            )
            column.addWidget(beside)
            column.addLayout(self._example_row(found.runner_up))

    def show_edits(self, found: Edits) -> None:
        column = self._fresh(1)
        column.addWidget(rule())
        title = heading()
        title.setText(self.tr("What would change its mind"))
        column.addWidget(title)
        if not found.edits:
            text = small()
            text.setText(
                self.tr("None of {count} small changes gives another answer.").format(
                    count=found.tried
                )
            )
            column.addWidget(text)
        for edit in found.edits:
            button = self._choice(self._edit_text(edit))
            button.toggled.connect(
                lambda on, button=button, edit=edit: self._on_toggled(
                    button, on, lambda: self.editChosen.emit(edit if on else None)
                )
            )
            self.edits.append(button)
            column.addWidget(button)
        if self.edits:
            self.edits[0].setChecked(True)

    def show_parts(self, found: WithoutParts) -> None:
        answered = self._answered
        assert answered is not None
        column = self._fresh(2)
        column.addWidget(rule())
        title = heading()
        title.setText(
            self.tr("Without each stroke")
            if found.whole_strokes
            else self.tr("Without each piece of the stroke")
        )
        column.addWidget(title)
        for number, part in enumerate(found.parts, 1):
            button = self._choice(self._part_text(number, part, found.whole_strokes, answered))
            button.toggled.connect(
                lambda on, button=button, part=part: self._on_toggled(
                    button, on, lambda: self.partChosen.emit(part if on else None)
                )
            )
            self.parts.append(button)
            column.addWidget(button)

    def show_maps(self, found: EvidenceMaps) -> None:
        self._maps = found
        self._sections[3].show()
        self._show_maps()

    @property
    def frame_of_maps(self) -> tuple[float, float, float]:
        return (0.0, 0.0, 0.0) if self._maps is None else self._maps.frame

    def retranslate(self) -> None:
        super().retranslate()
        self.title.setText(self.tr("Why?"))
        self._maps_title.setText(self.tr("Where it looks"))
        self._maps_text.setText(
            self.tr(
                "Bright where the answer depends on the ink. Click a map to lay it on the paper."
            )
        )
        self.random.setText(self.tr("Random weights"))
        self.random.setToolTip(
            self.tr(
                "The same maps of a network that has learned nothing. Where they look alike, the map says "
                "little about what was learned."
            )
        )
        names = (self.tr("Occlusion"), "Grad-CAM")
        for view, label, name in zip(self.maps, self._map_names, names, strict=True):
            label.setText(name)
            view.setAccessibleName(name)
        self.maps[0].setToolTip(
            self.tr("How much surer it is with the ink at this place than without it")
        )
        self.maps[1].setToolTip(
            self.tr("Which places of the last layer's maps speak for the answer")
        )

    # --- pieces --------------------------------------------------------------------------------------

    def _fresh(self, place: int) -> QVBoxLayout:
        section = self._sections[place]
        column = section.layout()
        assert isinstance(column, QVBoxLayout)
        empty(column)
        section.show()
        return column

    def _example_row(self, examples: tuple[Example, ...]) -> QGridLayout:
        row = QGridLayout()
        row.setHorizontalSpacing((INNER - 4 * _EXAMPLE) // 3)
        row.setVerticalSpacing(2)
        origins = {
            "own": self.tr("yours"),
            "mnist": "MNIST",
            "synthetic": self.tr("made up"),
        }
        glosses = {
            "own": self.tr("One of your saved drawings"),
            "mnist": self.tr("One of MNIST's training pictures"),
            "synthetic": self.tr("Drawn by the program; with MNIST at hand, digits are MNIST's"),
        }
        for place, example in enumerate(examples):
            view = ImageView(self._theme, _EXAMPLE)
            view.set_image(example.picture)
            view.setToolTip(glosses[example.origin])
            view.setAccessibleName(f"{example.label}, {origins[example.origin]}")
            self.examples.append(view)
            caption = QLabel(origins[example.origin])
            caption.setProperty("role", "small")
            caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
            row.addWidget(view, 0, place)
            row.addWidget(caption, 1, place)
        row.setColumnStretch(4, 1)
        return row

    def _edit_text(self, edit: Edit) -> str:
        texts = {
            "stroke left out": self.tr("Without this stroke: {label}, {percent} %"),
            "tail cut": self.tr("With this end cut off: {label}, {percent} %"),
            "gap opened": self.tr("With a gap here: {label}, {percent} %"),
            "gap closed": self.tr("With this gap closed: {label}, {percent} %"),
            "bar added": self.tr("With this line added: {label}, {percent} %"),
        }
        return texts[edit.kind].format(label=edit.label, percent=_percent(edit.probability))

    def _part_text(self, number: int, part: WithoutPart, whole: bool, answered: Answered) -> str:
        percent = _percent(part.probability)
        if part.label and part.label != answered.label:
            text = (
                self.tr("Stroke {number}: it would read {label}")
                if whole
                else self.tr("Piece {number}: it would read {label}")
            )
            return text.format(number=number, label=part.label)
        text = (
            self.tr("Stroke {number}: still {label}, {percent} %")
            if whole
            else self.tr("Piece {number}: still {label}, {percent} %")
        )
        if not part.label:
            text = (
                self.tr("Stroke {number}: no digit any more")
                if whole
                else self.tr("Piece {number}: no digit any more")
            )
        return text.format(number=number, label=answered.label, percent=percent)

    def _choice(self, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setCheckable(True)
        button.setAutoDefault(False)
        button.setProperty("choice", True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(self.tr("Show it on the paper"))
        return button

    def _on_toggled(self, button: QPushButton, on: bool, tell: object) -> None:
        """At most one thing is shown on the paper."""
        if on:
            for other in (*self.edits, *self.parts):
                if other is not button and other.isChecked():
                    other.blockSignals(True)
                    other.setChecked(False)
                    other.blockSignals(False)
            for view in self.maps:
                view.set_chosen(False)
        tell()  # type: ignore[operator]

    def _build_maps(self) -> None:
        column = self._sections[3].layout()
        assert isinstance(column, QVBoxLayout)
        row = QHBoxLayout()
        row.setSpacing(INNER - 2 * _MAP - SPACE)
        for place, (view, name) in enumerate(zip(self.maps, self._map_names, strict=True)):
            box = QVBoxLayout()
            box.setSpacing(2)
            box.addWidget(view)
            box.addWidget(name)
            row.addLayout(box)
            view.clicked.connect(lambda place=place: self._on_map_clicked(place))
        row.addStretch(1)
        column.addWidget(rule())
        for widget in (self._maps_title, self._maps_text):
            column.addWidget(widget)
        column.addLayout(row)
        column.addWidget(self.random)
        column.addWidget(self._alike)
        self.random.toggled.connect(self._show_maps)

    def _show_maps(self) -> None:
        maps = self._maps
        if maps is None:
            return
        pair = (
            (maps.random_occlusion, maps.random_grad_cam)
            if self.random.isChecked()
            else (maps.occlusion, maps.grad_cam)
        )
        for place, (view, image) in enumerate(zip(self.maps, pair, strict=True)):
            view.set_image(image)
            if view.is_chosen:
                self.mapChosen.emit(pair[place])
        alike = [
            name
            for name, value in (
                (self.tr("Occlusion"), maps.occlusion_alike),
                ("Grad-CAM", maps.grad_cam_alike),
            )
            if value >= ALIKE
        ]
        self._alike.setText(
            self.tr("Trust it little: {names} looks alike with random weights.").format(
                names=self.tr(" and ").join(alike)
            )
            if alike
            else self.tr("With random weights both look different: they show what was learned.")
        )

    def _on_map_clicked(self, place: int) -> None:
        view = self.maps[place]
        chosen = not view.is_chosen
        for other in self.maps:
            other.set_chosen(False)
        for button in (*self.edits, *self.parts):
            button.blockSignals(True)
            button.setChecked(False)
            button.blockSignals(False)
        view.set_chosen(chosen)
        self.mapChosen.emit(view.image if chosen else None)


def _percent(probability: float) -> int:
    return int(100 * probability)
