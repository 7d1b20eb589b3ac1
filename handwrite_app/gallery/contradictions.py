"""A line of My drawings: drawings that contradict each other, which no reading is compared with."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from handwrite_app.ui.widgets.labels_and_buttons import ElidedLabel
from handwrite_app.workers.lookup import LookupWorker
from trainer.base.paths import drawings_file


class ContradictionLine(QWidget):
    """Hidden where there are none. ``look`` finds them, in a thread.

    Signals:
        chosen(list): the ids of all of them are to be selected.
    """

    chosen = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("contradictions")
        self._numbers: list[int] = []
        self._lookup = LookupWorker(self)
        self._text = ElidedLabel()
        self._button = QPushButton()
        self._button.setObjectName("showContradictions")
        self._button.setProperty("quiet", True)
        self._button.setAutoDefault(False)
        self._button.clicked.connect(lambda: self.chosen.emit(self._numbers))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        self.hide()
        self._retranslate()

    def look(self) -> None:
        """Looks for them in the store as it is now; one look waits for the one before."""
        if self._lookup.is_idle:
            self._lookup.ask(
                lambda: contradicting(drawings_file()), self._on_found, lambda _: self._on_found([])
            )

    def close_lookup(self) -> None:
        self._lookup.close()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _on_found(self, numbers: list[int]) -> None:
        self._numbers = numbers
        self._retranslate()
        self.setVisible(bool(numbers))

    def _retranslate(self) -> None:
        words = self.tr(
            "{count} drawings contradict each other: nearly the same, under different labels. Readings are "
            "not compared with them."
        )
        self._text.setText(words.format(count=len(self._numbers)))
        self._button.setText(self.tr("Select them"))


def contradicting(drawings: Path) -> list[int]:
    """The ids of drawings that contradict another one of the same writer. Raises HandwriteError where the
    store cannot be read."""
    from trainer.drawings import open_store
    from trainer.personalize.memory.store import WriterMemory

    if not drawings.exists():
        return []
    found: set[int] = set()
    with open_store(drawings, read_only=True) as store:
        for writer in store.writers():
            of_writer = WriterMemory(writer=writer.name)
            of_writer.refresh(store)
            found.update(number for pair in of_writer.memory.contradictions() for number in pair)
    return sorted(found)
