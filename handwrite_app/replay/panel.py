"""The replay's controls: chart, scrubber, play, and where the answer changed."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QToolButton, QVBoxLayout

from handwrite_app.explaining.mode_panel import ModePanel, heading, small
from handwrite_app.reading.verdict import percent
from handwrite_app.replay.chart import ReplayChart
from handwrite_app.ui.icons import bind_icon
from handwrite_app.ui.theme import Theme, figures_font
from handwrite_app.ui.tokens import SIZE_ANSWER, SIZE_TEXT, SPACE, TARGET
from handwrite_app.ui.widgets.layouts import empty
from trainer.explanation.results import Replay

_STEPS = 1000  # of the scrubber
_TICK_MS = 33


class ReplayPanel(ModePanel):
    """Plays at the pen's speed. With reduced motion, playing goes from change to change instead.

    Signals:
        momentChanged(seconds): this moment is on show.
    """

    momentChanged = Signal(float)

    def __init__(self, theme: Theme) -> None:
        super().__init__("replayPanel")
        self._theme = theme
        self._replay: Replay | None = None
        self.digit = QLabel()
        self.digit.setObjectName("replayAnswer")
        self.digit.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.digit.setTextFormat(Qt.TextFormat.PlainText)
        self.digit.setFont(figures_font(SIZE_ANSWER))
        self.digit.setFixedHeight(SIZE_ANSWER + SPACE)
        self.words = QLabel()
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setFont(figures_font(SIZE_TEXT))
        self.chart = ReplayChart(theme)
        self.scrubber = QSlider(Qt.Orientation.Horizontal)
        self.scrubber.setObjectName("scrubber")
        self.scrubber.setRange(0, _STEPS)
        self.scrubber.setSingleStep(_STEPS // 50)
        self.scrubber.setPageStep(_STEPS // 10)
        self.play = QToolButton()
        self.play.setObjectName("replayPlay")
        self.play.setCheckable(True)
        self.play.setFixedSize(QSize(TARGET, TARGET))
        bind_icon(self.play, "play", theme)
        self._changes_title = heading()
        self._changes = QVBoxLayout()
        self._changes.setSpacing(2)
        self.changes: list[QPushButton] = []
        self._note = small()
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self.play)
        row.addWidget(self.scrubber, 1)
        for widget in (self.digit, self.words, self.chart):
            self.column.addWidget(widget)
        self.column.addLayout(row)
        self.column.addWidget(self._changes_title)
        self.column.addLayout(self._changes)
        self.column.addWidget(self._note)
        self.column.addStretch(1)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self.scrubber.valueChanged.connect(self._on_moved)
        self.scrubber.sliderPressed.connect(self.pause)
        self.chart.sought.connect(self._on_sought)
        self.play.toggled.connect(self._on_play)
        self.set_fresh(False)

    @property
    def is_playing(self) -> bool:
        return self._timer.isActive()

    def begin(self) -> None:
        self.pause()
        self._replay = None
        self.set_fresh(False)

    def show_replay(self, replay: Replay) -> None:
        self._replay = replay
        self.chart.set_replay(replay)
        self._fill_changes(replay)
        self._note.setText(
            ""
            if replay.is_timed
            else self.tr("This drawing has no times: it is played at an even speed.")
        )
        self.set_message("")
        self.set_fresh(True)
        self.scrubber.setValue(_STEPS)
        self._on_moved(_STEPS)

    def toggle(self) -> None:
        """Play, or pause; what Space does."""
        if self._replay is not None:
            self.play.setChecked(not self.play.isChecked())

    def pause(self) -> None:
        self.play.setChecked(False)
        self._timer.stop()

    def retranslate(self) -> None:
        super().retranslate()
        self.title.setText(self.tr("Replay"))
        self.play.setToolTip(self.tr("Play or pause (Space)"))
        self.play.setAccessibleName(self.tr("Play or pause"))
        self.scrubber.setAccessibleName(self.tr("Time"))
        self.chart.setAccessibleName(self.tr("Probabilities over time"))
        self._changes_title.setText(self.tr("Where it changed its mind"))
        if self._replay is not None:
            self.show_replay(self._replay)

    def _fill_changes(self, replay: Replay) -> None:
        empty(self._changes)
        self.changes = []
        nothing = self.tr("nothing")
        for change in replay.changes:
            text = self.tr("{seconds} s: {before} → {after}").format(
                seconds=f"{change.at:.1f}", before=change.before or nothing, after=change.after
            )
            button = QPushButton(text)
            button.setProperty("line", True)
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, at=change.at: self._seek(at))
            self.changes.append(button)
            self._changes.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._changes_title.setVisible(bool(self.changes))

    def _seek(self, seconds: float) -> None:
        self.pause()
        self._set_seconds(seconds)

    def _set_seconds(self, seconds: float) -> None:
        if self._replay is not None:
            end = float(self._replay.times[-1]) or 1.0
            self.scrubber.setValue(round(_STEPS * min(seconds / end, 1.0)))

    @property
    def seconds(self) -> float:
        """The moment on show."""
        if self._replay is None:
            return 0.0
        return self.scrubber.value() / _STEPS * float(self._replay.times[-1])

    def _on_sought(self, fraction: float) -> None:
        self.pause()
        self.scrubber.setValue(round(_STEPS * fraction))

    def _on_moved(self, value: int) -> None:
        replay = self._replay
        if replay is None:
            return
        self.chart.set_moment(value / _STEPS)
        seconds = self.seconds
        at = int(np.searchsorted(replay.times, seconds + 1e-9, side="right")) - 1
        probabilities = replay.probabilities[max(0, at)]
        best = int(probabilities.argmax())
        if not probabilities[best] > 0:
            self.digit.setText("–")
            self.words.setText(self.tr("nothing to read yet"))
        elif replay.refused[max(0, at)]:
            self.digit.setText("–")
            self.words.setText(self.tr("not a digit"))
        else:
            self.digit.setText(replay.labels[best])
            self.words.setText(percent(float(probabilities[best])))
        self.momentChanged.emit(seconds)

    def _on_play(self, on: bool) -> None:
        if not on:
            self._timer.stop()
            return
        replay = self._replay
        if replay is None:
            self.play.setChecked(False)
            return
        if self.scrubber.value() >= _STEPS:
            self.scrubber.setValue(0)
        if self._theme.reduced_motion:
            later = [c.at for c in replay.changes if c.at > self.seconds + 1e-3]
            self._set_seconds(later[0] if later else float(replay.times[-1]))
            self.play.setChecked(False)
        else:
            self._timer.start()

    def _on_tick(self) -> None:
        replay = self._replay
        if replay is None or self.scrubber.value() >= _STEPS:
            self.pause()
            return
        end = float(replay.times[-1]) or 1.0
        self.scrubber.setValue(
            self.scrubber.value() + max(1, round(_STEPS * _TICK_MS / 1000 / end))
        )
