"""The window "Break it". A copy is damaged, in another process: the network in use is never touched."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from handwrite_app.breaking.controls import DamageControls
from handwrite_app.reading.probability_bars import ProbabilityBars
from handwrite_app.reading.reading_panel import NOTHING
from handwrite_app.reading.verdict import State, percent, verdict_of
from handwrite_app.ui.dialogs.dialog import Dialog, Role, WheelGuard
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.theme import Theme, figures_font, scaled, text_font
from handwrite_app.ui.tokens import SIZE_SMALL, SIZE_TEXT, SPACE
from handwrite_app.ui.widgets.picture_grid import PictureGrid, Tile
from handwrite_app.workers.probe import ProbeWorker
from trainer.base.paths import data_folder
from trainer.models.weights import stored_weights
from trainer.probing.damage import NONE
from trainer.processes.probe_messages import (
    ProbeAnswer,
    Probed,
    ProbeFailed,
    ProbeRequest,
    WallFound,
    WallRequest,
)
from trainer.processes.recognition_messages import Loaded

#: Milliseconds between a change and the question what it does: a slider is dragged through many values.
_SOON = 30
_CELL, _COLUMNS = 28, 12
_ANSWER = 64


class BreakWindow(Dialog):
    """Signals:
    answered(): everything on show belongs to the controls as they stand.
    """

    answered = Signal()

    def __init__(self, active: Loaded, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, name="breakWindow", size=QSize(896, 600))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)  # the keys stay the paper's
        self._active = active
        self._paper: bytes | None = None
        self._wall: tuple[bytes, ...] = ()
        self._targets: tuple[str, ...] = ()
        self._is_wall_known = False
        self._whole: Probed | None = None  # the undamaged network's answers to the wall
        self._say_problem: Callable[[], str] = str
        self._say_wall_problem: Callable[[], str] = str  # stays until another network is chosen
        self._others: dict[str, str] = {}  # networks that were asked for, by their paths
        self._probe = ProbeWorker(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask)
        self.networks = QComboBox()
        self.networks.setObjectName("breakNetwork")
        self.networks.activated.connect(self._on_network_chosen)
        WheelGuard(self).guard(self.networks)
        self.controls = DamageControls(theme)
        self.controls.changed.connect(self._ask_soon)
        self.controls.layerChosen.connect(self._ask_soon)
        self.answer = QLabel(NOTHING)
        self.answer.setObjectName("breakAnswer")
        self.answer.setFont(text_font(_ANSWER))
        self.answer.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words = QLabel()
        self.words.setObjectName("breakWords")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setWordWrap(True)
        self.bars = ProbabilityBars(theme)
        self.bars.set_row_height(scaled(16))
        self.wall = PictureGrid(theme, name="breakWall", cell=_CELL, columns=_COLUMNS)
        self.score = QLabel()
        self.score.setObjectName("breakScore")
        self.score.setFont(figures_font(SIZE_TEXT, bold=True))
        self.problem = QLabel()
        self.problem.setObjectName("breakProblem")
        self.problem.setFont(text_font(SIZE_SMALL))
        self.problem.setProperty("role", "muted")
        self.problem.setWordWrap(True)
        self._lay_out()
        self.add_button("", self.controls.reset, name="breakReset", role=Role.ResetRole)
        self.add_button("", self.reject, name="breakClose", role=Role.RejectRole, default=True)
        self._retranslate()
        self._fill()
        self._begin()

    @property
    def path(self) -> Path:
        """The network that is damaged."""
        return Path(self.networks.currentData())

    @property
    def probe(self) -> ProbeWorker:
        return self._probe

    def choose(self, path: Path, name: str) -> None:
        """Damages this network from now on."""
        self._others[str(path)] = name
        self._fill()
        self.networks.setCurrentIndex(self.networks.findData(str(path)))
        self._begin()

    def set_active_model(self, loaded: Loaded) -> None:
        """The main window reads with another network from now on; this window keeps its own."""
        self._active = loaded
        self._fill()

    def read(self, picture: bytes | None) -> None:
        """What is on the paper now, 784 bytes; None where there is nothing."""
        if picture != self._paper:
            self._paper = picture
            self._ask_soon()

    def end(self) -> None:
        """Ends the process; nothing is read any more."""
        self._timer.stop()
        self._probe.close()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self._ask_soon()

    # --- asking --------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Another network: its wall, and what it says undamaged."""
        path, self._whole = self.path, None
        self._wall, self._targets = (), ()
        self._is_wall_known = False
        self._say_wall_problem = str
        self._say(str)
        self.answer.setText(NOTHING)
        self.words.setText(self.tr("Loading the network…"))
        self.controls.reset()
        self._probe.ask(
            "wall",
            WallRequest(number=0, weights=path, data_folder=data_folder()),
            self._on_wall,
        )

    def _on_wall(self, answer: ProbeAnswer) -> None:
        self._is_wall_known = True
        if isinstance(answer, WallFound):
            self._wall, self._targets = answer.pictures, answer.targets
        else:
            self._wall, self._targets = (), ()
            if isinstance(answer, ProbeFailed):
                self._say_wall_problem = lambda: sentence(answer.message)
                self._show_problem()
        self._ask_soon()

    def _ask_soon(self) -> None:
        self._timer.start(_SOON)

    def _ask(self) -> None:
        if not self._is_wall_known:
            return
        damage = self.controls.damage
        paper = () if self._paper is None else (self._paper,)
        if self._whole is None or len(self._whole.probabilities) != len(self._wall):
            self._probe.ask(
                "whole",
                ProbeRequest(number=0, weights=self.path, pictures=self._wall, damage=NONE),
                self._on_whole,
            )
        self._probe.ask(
            "break",
            ProbeRequest(
                number=0,
                weights=self.path,
                pictures=(*paper, *self._wall),
                maps_of=self._paper or (self._wall[0] if self._wall else None),
                layer=self.controls.chosen_layer or "-",
                damage=damage,
            ),
            partial(self._on_answer, wall=self._wall, with_paper=bool(paper)),
        )

    def _on_whole(self, answer: ProbeAnswer) -> None:
        if isinstance(answer, Probed) and len(answer.probabilities) == len(self._wall):
            self._whole = answer
            known = bool(self.controls.chosen_layer)
            self.controls.set_layers(answer.layers)
            if not known:
                self._ask_soon()

    def _on_answer(self, answer: ProbeAnswer, wall: tuple[bytes, ...], with_paper: bool) -> None:
        """wall: that of the question."""
        if isinstance(answer, ProbeFailed):
            self.words.setText("")
            self._say(lambda: sentence(answer.message))
            return
        if not isinstance(answer, Probed) or wall is not self._wall:
            return  # another network was chosen meanwhile
        self._say(str)
        rows = list(zip(answer.probabilities, answer.refused, strict=True))
        if with_paper:
            self._show_paper(answer, *rows.pop(0))
        else:
            self.answer.setText(NOTHING)
            self.words.setText(self.tr("Draw on the paper: it is read here as well."))
            self.bars.set_probabilities(None, state=State.EMPTY)
        answers = [answer.labels[_best(row)] for row, _ in rows]
        self.wall.set_tiles(
            [
                self._tile(picture, target, read, max(row))
                for picture, target, read, (row, _) in zip(
                    self._wall, self._targets, answers, rows, strict=True
                )
            ]
        )
        self._show_score(answers)
        self.controls.show_channels(answer.maps[0] if answer.maps else None)
        if not self._timer.isActive():
            self.answered.emit()

    def _show_paper(self, answer: Probed, row: tuple[float, ...], refused: bool) -> None:
        verdict = verdict_of(answer.labels, row, drawing=False, not_a_digit=refused)
        self.answer.setText(NOTHING if verdict.headline else verdict.answer)
        self.words.setText(verdict.headline or verdict.words)
        self.bars.set_labels(answer.labels)
        self.bars.set_probabilities(row, state=verdict.state)

    def _show_score(self, answers: list[str]) -> None:
        right = sum(a == b for a, b in zip(answers, self._targets, strict=True))
        count = len(answers)
        if not count:
            self.score.setText("")
            return
        words = self.tr("{right} of {count} right").format(right=right, count=count)
        if self._whole is not None and len(self._whole.probabilities) == count:
            before = sum(
                self._whole.labels[_best(row)] == target
                for row, target in zip(self._whole.probabilities, self._targets, strict=True)
            )
            words += " · " + self.tr("{right} undamaged").format(right=before)
        self.score.setText(words)

    def _tile(self, picture: bytes, target: str, read: str, probability: float) -> Tile:
        words = self.tr("{label}, read as {answer} ({percent})").format(
            label=target, answer=read, percent=percent(probability)
        )
        right = read == target
        return Tile(picture=picture, badge="" if right else read, faded=right, words=words)

    # --- the rest ------------------------------------------------------------------------------------

    def _say(self, say: Callable[[], str]) -> None:
        self._say_problem = say
        self._show_problem()

    def _show_problem(self) -> None:
        self.problem.setText(
            self._say_problem()
            or self._say_wall_problem()
            or self.tr("A copy is damaged. The network in use and its file stay as they are.")
        )

    def _on_network_chosen(self) -> None:
        self._begin()

    def _fill(self) -> None:
        """The network in use first, then all that are stored; the chosen one stays chosen."""
        chosen = self.networks.currentData()
        self.networks.clear()
        self.networks.addItem(
            self.tr("{name} (in use)").format(name=self._active.name), self._active.path
        )
        for entry in stored_weights():
            if entry.card is not None and self.networks.findData(str(entry.path)) < 0:
                self.networks.addItem(entry.name, str(entry.path))
        for other, name in self._others.items():
            if self.networks.findData(other) < 0:
                self.networks.addItem(name, other)
        self.networks.setCurrentIndex(max(0, self.networks.findData(chosen)))

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(SPACE)
        left.addWidget(self.networks)
        left.addWidget(self.controls, 1)
        left.addWidget(self.problem)
        card = QFrame()
        card.setProperty("card", True)
        right = QVBoxLayout(card)
        right.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, 2 * SPACE)
        right.setSpacing(SPACE)
        right.addWidget(self.answer)
        right.addWidget(self.words)
        right.addWidget(self.bars)
        right.addSpacing(SPACE)
        right.addWidget(self.score)
        right.addWidget(self.wall)
        right.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(3 * SPACE)
        row.addLayout(left, 1)
        row.addWidget(card)
        self.column.addLayout(row, 1)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Break it"))
        self.networks.setAccessibleName(self.tr("Network that is damaged"))
        self.networks.setToolTip(self.tr("Network that is damaged"))
        self.wall.setAccessibleName(self.tr("Wall of pictures"))
        for name, text in (("breakReset", self.tr("As it was")), ("breakClose", self.tr("Close"))):
            for button in self.buttons.buttons():
                if button.objectName() == name:
                    button.setText(text)
        if self.networks.count():
            self._fill()
        self._show_problem()


def _best(row: tuple[float, ...]) -> int:
    return max(range(len(row)), key=row.__getitem__)
