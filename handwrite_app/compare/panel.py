"""Two networks read what is on the paper, side by side in the column beside it, while one draws.

The network in use is asked by the main window anyway, and its answers are shown here too. Any other one has a
recognition process of its own, for as long as the comparison is on show.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.compare.half import Half
from handwrite_app.compare.network_reader import NetworkReader
from handwrite_app.explaining.mode_panel import ModePanel
from handwrite_app.reading.probability_bars import MAX_ROWS, ROW_HEIGHT
from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.ui.theme import Theme, figures_font, scaled, text_font
from handwrite_app.ui.tokens import SIZE_TEXT, SPACE
from trainer.models.weights import stored_weights
from trainer.processes.recognition_messages import Loaded, ReadRequest

_WIDTH_OF_LABELS = 2 * SPACE


class ComparePanel(ModePanel):
    """The panel of the comparison. `end` ends its processes."""

    def __init__(
        self,
        canvas: Canvas,
        requester: ReadRequester,
        active_model: Loaded,
        *,
        device: str,
        theme: Theme,
    ) -> None:
        """requester: the main window's, whose answers are those of `active_model`."""
        super().__init__("comparePanel")
        self._canvas = canvas
        self._in_use = active_model
        self._requester = requester
        self._asking = ReadRequester(canvas, self)
        self._new: tuple[Path, str] | None = None
        self.answer.hide()  # of the panel's head: here are two
        self.halves = (Half("A", theme, self), Half("B", theme, self))
        self._readers = tuple(
            NetworkReader(half, requester, self._asking, device, self) for half in self.halves
        )
        self._middle = _Labels(theme)
        self.sentence = QLabel()
        self.sentence.setObjectName("compareSentence")
        self.sentence.setFont(text_font(SIZE_TEXT))
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE // 2)
        grid.setVerticalSpacing(SPACE)
        for column, half in ((0, self.halves[0]), (2, self.halves[1])):
            grid.setColumnStretch(column, 1)
            grid.addWidget(half.networks, 0, column)
            grid.addWidget(half.answer, 1, column)
            grid.addWidget(half.words, 2, column)
            grid.addWidget(half.stack, 3, column, Qt.AlignmentFlag.AlignTop)
            half.labelsChanged.connect(self._on_labels_changed)
        grid.addWidget(self._middle, 3, 1, Qt.AlignmentFlag.AlignTop)
        for reader in self._readers:
            reader.half.chosen.connect(reader.choose)
            reader.changed.connect(self._say)
            reader.wanted.connect(self._on_wanted)
        self.column.addLayout(grid)
        self.column.addWidget(self.sentence)
        self.column.addStretch(1)
        self._asking.readRequested.connect(self._on_read_requested)
        self._asking.line = requester.line
        requester.readRequested.connect(self._on_window_asks)
        self._on_labels_changed()
        self.retranslate()

    def begin(self, new: Path | None, title: str) -> None:
        """new: a network that is not stored (yet), under this title, beside the one in use; None: two that
        are stored."""
        first, second = self._readers
        if new is not None:
            self._new = (new, title)
        self._fill()
        if first.path is None or new is not None:
            first.choose(Path(self._in_use.path))
        if new is not None:
            second.choose(new)
        elif second.path is None:
            second.choose(self._another())
        self._fill()

    def set_active_model(self, loaded: Loaded) -> None:
        """The main window reads with another network from now on."""
        self._in_use = loaded
        for reader in self._readers:
            reader.follow(loaded)
        self._fill()
        self._asking.ask()

    def replace(self, old: Path, new: Path) -> None:
        """The network in `old` was stored as `new`."""
        self._new = None
        for reader in self._readers:
            if reader.path == old:
                reader.choose(new)
        self._fill()

    def forget(self, folder: Path) -> None:
        """The networks in this folder are about to go: the one in use takes their place."""
        if self._new is not None and self._new[0].parent == folder:
            self._new = None
        for reader in self._readers:
            if reader.path is not None and reader.path.parent == folder:
                reader.choose(Path(self._in_use.path))
        self._fill()

    def end(self) -> None:
        """Ends the processes; nothing is read any more."""
        self._asking.end()
        for reader in self._readers:
            reader.end()

    def retranslate(self) -> None:
        super().retranslate()
        self.title.setText(self.tr("Two networks"))
        for half in self.halves:
            half.retranslate()
        self._say()

    def _networks(self) -> Sequence[tuple[Path, str]]:
        found = [(entry.path, entry.name) for entry in stored_weights() if entry.card is not None]
        active_model = Path(self._in_use.path)
        if active_model not in [path for path, _ in found]:
            found.append((active_model, self._in_use.name))
        if self._new is not None:
            found.append(self._new)
        return found

    def _another(self) -> Path:
        """Of those that are not in use the newest, the person's own before what ships, and what reads the
        same labels before what reads others; if there is any."""
        active_model = Path(self._in_use.path)
        others = {
            entry.path: (
                not entry.shipped,
                set(entry.card.labels) == set(self._in_use.labels),
                entry.card.created,
            )
            for entry in stored_weights()
            if entry.card is not None and entry.path != active_model
        }
        return max(others, key=others.__getitem__, default=active_model)

    def _fill(self) -> None:
        networks = self._networks()
        for reader in self._readers:
            reader.follow(self._in_use)
            if reader.path is not None:
                reader.half.set_networks(networks, reader.path)

    def _on_read_requested(self, request: ReadRequest) -> None:
        moving = self._canvas.is_drawing()
        for reader in self._readers:
            reader.ask(request, moving=moving)

    def _on_window_asks(self, request: ReadRequest) -> None:
        self._asking.line = request.line

    def _on_wanted(self) -> None:
        self._asking.ask()
        # While one draws, the main window asks by itself.
        if any(reader.follows for reader in self._readers) and not self._canvas.is_drawing():
            self._requester.ask()

    def _on_labels_changed(self) -> None:
        """The same labels stand once, in the middle; others beside their bars."""
        first, second = (half.bars for half in self.halves)
        same = first.labels == second.labels and len(first.labels) <= MAX_ROWS
        for bars in (first, second):
            bars.set_labelled(not same)
        self._middle.set_labels(first.labels if same else ())

    def _say(self) -> None:
        """Whether they agree, when both have read a whole drawing."""
        first, second = (half.verdict for half in self.halves)
        if self._canvas.is_empty():
            words = self.tr("Draw on the paper: both read it.")
        elif first is None or second is None:
            words = ""
        elif first == second:
            words = (
                self.tr("Both read {label}.").format(label=first)
                if first
                else self.tr("Neither gives an answer.")
            )
        else:
            words = self.tr("They differ: {first} on the left, {second} on the right.").format(
                first=first or self.tr("no answer"), second=second or self.tr("no answer")
            )
        self.sentence.setText(words)


class _Labels(QWidget):
    """The labels between bars that grow to the left and to the right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._labels: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._fit)

    def set_labels(self, labels: tuple[str, ...]) -> None:
        self._labels = labels
        self._fit()

    def _fit(self) -> None:
        rows = len(self._labels)
        self.setFixedSize(
            scaled(_WIDTH_OF_LABELS) if rows else 0, max(1, scaled(ROW_HEIGHT) * rows)
        )
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setFont(figures_font(SIZE_TEXT))
            painter.setPen(QColor(self._theme.tokens.text))
            height = scaled(ROW_HEIGHT)
            for row, label in enumerate(self._labels):
                place = QRect(0, row * height, self.width(), height)
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, label)
