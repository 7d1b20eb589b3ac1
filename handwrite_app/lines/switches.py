"""The switches in the View menu that say how several characters are read, and what they remember."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLocale, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from handwrite_app.ui.actions import Actions
from handwrite_app.ui.dialogs.message_boxes import warn
from handwrite_app.ui.dialogs.name_filters import name_filters
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.settings import Settings
from handwrite_app.workers.lookup import LookupWorker
from trainer.base.errors import HandwriteError
from trainer.base.labels import CAPITALS, DIGITS, SMALL_LETTERS
from trainer.segmentation.reading import LineOptions

_NUMBERS, _WORDS_FILE, _WORDS_ON = "read_numbers", "word_list", "read_with_word_list"
#: The switch for sums, by whether letters are read beside the digits; and its state until it is changed.
_SUMS = {False: ("read_sums", False), True: ("read_sums_beside_letters", True)}


class LineSwitches(QObject):
    """Read numbers, Read sums, and the list of words. Each follows what is written: sums need digits, words
    need letters. Where digits alone are written, signs are read only when they are asked for.

    Signals:
        changed(): lines are read with other options.
        said(text): one sentence for the status line.
    """

    changed = Signal()
    said = Signal(str)

    def __init__(self, window: QWidget, actions: Actions, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._actions, self._settings = window, actions, settings
        self._lookup = LookupWorker(self)
        self._labels: tuple[str, ...] = DIGITS
        actions["ReadNumbers"].setChecked(settings.flag(_NUMBERS, True))
        actions.connect(
            ReadNumbers=self._on_numbers, ReadSums=self._on_sums, WordList=self._on_word_list
        )
        self._follow()

    @property
    def reads(self) -> bool:
        """Whether several characters are read together."""
        return self._actions["ReadNumbers"].isChecked()

    @property
    def options(self) -> LineOptions:
        """How they are read."""
        return LineOptions(
            signs=self._has_digits and self._actions["ReadSums"].isChecked(), words=self.words
        )

    @property
    def words(self) -> Path | None:
        """The list that lines of letters are compared with; None: none."""
        path = self._settings.text(_WORDS_FILE)
        wanted = path and self._has_letters and self._settings.flag(_WORDS_ON)
        return Path(path) if wanted else None

    def set_labels(self, labels: tuple[str, ...]) -> None:
        """What a character may be from now on."""
        before = self.options
        self._labels = labels or DIGITS
        self._follow()
        if self.words is not None and not self.words.is_file():
            self.said.emit(
                self.tr(
                    "The word list {name} is not there any more: words are read without it."
                ).format(name=self.words.name)
            )
            self._settings.set_flag(_WORDS_ON, False)
            self._follow()
        if self.options != before:
            self.changed.emit()

    def retranslate(self) -> None:
        self._follow()

    def close(self) -> None:
        self._lookup.close()

    @property
    def _has_digits(self) -> bool:
        return bool(set(self._labels) & set(DIGITS))

    @property
    def _has_letters(self) -> bool:
        return bool(set(self._labels) & {*CAPITALS, *SMALL_LETTERS})

    def _follow(self) -> None:
        key, default = _SUMS[self._has_letters]
        wanted = self._settings.flag(key, default)
        self._actions["ReadSums"].setChecked(self._has_digits and wanted)
        self._actions["WordList"].setChecked(self.words is not None)
        unread = (
            ""
            if self.reads
            else self.tr("Several characters are not read together: see Read numbers.")
        )
        self._actions.allow(
            "ReadSums",
            unread or ("" if self._has_digits else self.tr("Letters alone are written.")),
        )
        self._actions.allow(
            "WordList",
            unread
            or (
                ""
                if self._has_letters
                else self.tr("Digits alone are written: choose letters in Model, What is written.")
            ),
        )
        if self.words is not None and not unread:
            self._actions["WordList"].setToolTip(str(self.words))

    def _on_numbers(self, on: bool) -> None:
        self._settings.set_flag(_NUMBERS, on)
        self._follow()
        self.changed.emit()

    def _on_sums(self, on: bool) -> None:
        self._settings.set_flag(_SUMS[self._has_letters][0], on)
        self.changed.emit()

    def _on_word_list(self, on: bool) -> None:
        if on:
            self._choose_words()
            self._follow()  # until it is read
            return
        self._settings.set_flag(_WORDS_ON, False)
        self.said.emit(self.tr("Words are read without a list."))
        self._follow()
        self.changed.emit()

    def _choose_words(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Choose a word list"),
            self._settings.text(_WORDS_FILE),
            name_filters(self.tr("Text, one word a line"), (".txt", ".dic", ".lst")),
        )
        if name:
            self._lookup.ask(
                lambda: _count_words(Path(name)),
                lambda count: self._use_words(name, count),
                self._on_words_refused,
            )

    def _on_words_refused(self, error: HandwriteError) -> None:
        title = self.tr("This list of words cannot be used")
        warn(self._window, title, sentence(error), name="wordListRefused")

    def _use_words(self, name: str, count: int) -> None:
        self._settings.set_text(_WORDS_FILE, name)
        self._settings.set_flag(_WORDS_ON, True)
        self.said.emit(
            self.tr("Words are compared with {name}: {count} words.").format(
                name=Path(name).name, count=QLocale().toString(count)
            )
        )
        self._follow()
        self.changed.emit()


def _count_words(path: Path) -> int:
    from trainer.segmentation.words import read_words  # not before the first paint

    return len(read_words(path))
