"""The score at the end of a session: how many samples were read correctly, and which were not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from handwrite_app.canvas.ink.thumbnails import thumbnail
from handwrite_app.labelling.label_actions import in_words
from handwrite_app.sampler.widgets import Head, column_of, push_button, title_label
from handwrite_app.ui.sample_rounds import Sample, Score
from handwrite_app.ui.theme import Theme
from handwrite_app.ui.tokens import SIZE_TITLE, SPACE
from handwrite_app.ui.widgets.labels_and_buttons import ElidedLabel
from trainer.base.labels import NO_LABEL

_THUMBNAIL = 48


class ScorePanel(QWidget):
    """How many samples were read correctly, and which were not.

    Signals:
        personalizeRequested(), closeRequested(): by a button.
    """

    personalizeRequested = Signal()
    closeRequested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._labels: tuple[str, ...] = ()
        self._score: Score | None = None
        self.title = title_label(SIZE_TITLE)
        self.title.setObjectName("sampleScore")
        self.words = ElidedLabel()
        self.words.setObjectName("sampleMisread")
        self.words.setProperty("role", "muted")
        self.misread = QListWidget()
        self.misread.setObjectName("misread")
        self.misread.setViewMode(QListWidget.ViewMode.IconMode)
        self.misread.setFlow(QListWidget.Flow.LeftToRight)
        self.misread.setWrapping(False)
        self.misread.setMovement(QListWidget.Movement.Static)
        self.misread.setIconSize(QSize(_THUMBNAIL, _THUMBNAIL))
        self.misread.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.misread.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.misread.setFixedHeight(_THUMBNAIL + 4 * SPACE)
        self.personalize = push_button("samplePersonalize", self.personalizeRequested, primary=True)
        self._close = push_button("sampleClose", self.closeRequested)
        self._head = Head(self.title, (self._close, self.personalize))
        column = column_of(self)
        column.setSpacing(SPACE // 2)
        for widget in (self._head, self.words, self.misread):
            column.addWidget(widget)
        theme.changed.connect(self.retranslate)
        self.retranslate()

    def show_score(self, score: Score, labels: Sequence[str]) -> None:
        """labels: those that were asked for."""
        self._score, self._labels = score, tuple(labels)
        self.retranslate()

    def retranslate(self) -> None:
        self.personalize.setText(self.tr("Learn my handwriting"))
        self._close.setText(self.tr("Close"))
        self.misread.setAccessibleName(self.tr("Misread drawings"))
        score = self._score
        if score is None:
            return
        numbers = {
            name: QLocale().toString(value)
            for name, value in (
                ("right", score.right),
                ("read", score.read),
                ("written", score.written),
                ("unread", score.written - score.read),
            )
        }
        if score.read:
            self.title.setText(self.tr("{right} of {read} right").format(**numbers))
        else:
            self.title.setText(self.tr("{written} saved, none was read").format(**numbers))
        self.setToolTip(
            "\n".join(
                self.tr("{label}: {right} of {read}").format(
                    label=label,
                    right=QLocale().toString(right),
                    read=QLocale().toString(read),
                )
                for label, (right, read) in score.by_label.items()
            )
        )
        if not score.read:
            words = self.tr("No network was loaded to read them")
        elif score.written > score.read:
            words = self.tr("{unread} not read, but saved").format(**numbers)
        elif score.misread:
            words = self.tr("Misread: what was asked for, and what was read")
        else:
            words = self.tr("Nothing was misread")
        self.words.setText(words)
        self._head.arrange()
        self._fill(score.misread)

    def _fill(self, misread: Sequence[Sample]) -> None:
        self.misread.setVisible(bool(misread))
        self.misread.clear()
        ink, ratio = QColor(self._theme.tokens.ink), self.devicePixelRatioF()
        for sample in misread:
            said = NO_LABEL if sample.refused or sample.said is None else sample.said
            words = {"asked": sample.asked, "said": in_words(said, self._labels)}
            item = QListWidgetItem(self.tr("{asked} → {said}").format(**words))
            picture = thumbnail(sample.drawing, round(_THUMBNAIL * ratio), ink)
            picture.setDevicePixelRatio(ratio)
            item.setIcon(QIcon(QPixmap.fromImage(picture)))
            item.setToolTip(self.tr("Asked for {asked}, read {said}").format(**words))
            self.misread.addItem(item)
