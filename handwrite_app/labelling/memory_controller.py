"""The active writer's memory in the window: what is remembered, and which kept drawing decided.

The recognition process compares the drawing on the paper with the kept ones by itself
(trainer.personalize.memory.stroke_memory); the window only says whose they are.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.pen_up_queue import PenUpQueue
from handwrite_app.labelling.controller import LabellingController
from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.reading.reading_panel import ReadingPanel
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.dialogs.name_dialog import NameDialog
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme
from trainer.base.labels import NO_LABEL
from trainer.base.paths import drawings_file
from trainer.models.label_modes import in_mode
from trainer.processes.recognition_messages import MemorySource, Reading

if TYPE_CHECKING:
    from handwrite_app.reading.remembered_card import RememberedCard
    from trainer.drawings import DrawingStore, Entry
    from trainer.picture.strokes import Drawing

#: The writer's own signs that have a button and a bar, those with most drawings.
_MOST_SIGNS = 12


class _Kept(NamedTuple):
    """used: how many of the writer's drawings readings are compared with. signs: own signs, with how many
    drawings there are of each."""

    used: int
    signs: dict[str, int]


class MemoryController(QObject):
    """Tells the requester whose drawings to remember, adds the writer's own signs to the labels, and shows
    the kept drawing that decided a reading.

    Signals:
        said(text): one sentence for the status line.
    """

    said = Signal(str)

    def __init__(
        self,
        window: QMainWindow,
        actions: Actions,
        canvas: Canvas,
        requester: ReadRequester,
        labelling: LabellingController,
        panel: ReadingPanel,
        theme: Theme,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._canvas = canvas
        self._requester = requester
        self._labelling = labelling
        self._panel = panel
        self._theme = theme
        self._settings = settings
        self._labels: tuple[str, ...] = ()
        self._shown: int | None = None  # id of the kept drawing that the panel shows
        self._card: RememberedCard | None = None
        self._is_paused = False
        self._lifted = PenUpQueue(canvas, self)  # buttons do not move under the pen
        actions.connect(UseMemory=self._on_toggled, OwnSign=self.ask_sign)
        labelling.writers.chosen.connect(self._on_writer_chosen)
        labelling.labelled.connect(self._on_labelled)
        labelling.paused.connect(self._on_paused)
        labelling.store.changed.connect(self._look)
        requester.answered.connect(self._on_answered)
        self._apply()

    def set_labels(self, labels: tuple[str, ...]) -> None:
        """The labels of the active model; the writer's own signs come after them."""
        self._labels = labels
        self._labelling.set_labels(labels)
        if drawings_file().exists():  # a store is not made before there is anything to keep
            self._look()

    def close(self) -> None:
        self._lifted.forget()

    @property
    def is_on(self) -> bool:
        """Whether the active writer's drawings are remembered."""
        if self._labelling.writers.is_guest:
            return False
        return self._settings.writer not in self._settings.writers_without_memory

    # --- whose drawings ------------------------------------------------------------------------------

    def _apply(self) -> None:
        is_guest = self._labelling.writers.is_guest
        reason = self.tr("A guest writes: nothing is kept.") if is_guest else ""
        for name in ("UseMemory", "OwnSign", "Sampler"):
            self._actions.allow(name, reason)
        self._actions["UseMemory"].setChecked(self.is_on)
        source = MemorySource(drawings=drawings_file(), writer=self._settings.writer)
        self._requester.memory = source if self.is_on and not self._is_paused else None

    def _on_writer_chosen(self) -> None:
        self._apply()
        self._look()
        self._read_again()

    def _on_paused(self, paused: bool) -> None:
        """Samples are read by the network alone: they measure it."""
        self._is_paused = paused
        self._apply()

    def set_on(self, on: bool) -> None:
        """Whether the active writer's drawings are remembered."""
        if on != self.is_on and not self._labelling.writers.is_guest:
            self._on_toggled(on)

    def _on_toggled(self, on: bool) -> None:
        without = set(self._settings.writers_without_memory) - {self._settings.writer}
        if not on:
            without.add(self._settings.writer)
        self._settings.writers_without_memory = sorted(without)
        self._apply()
        self._read_again()
        self.said.emit(
            self.tr("Your drawings are used for reading from now on.")
            if on
            else self.tr("Readings come from the network alone now.")
        )

    def _read_again(self) -> None:
        if not self._canvas.is_drawing() and not self._canvas.current_drawing().is_empty:
            self._requester.ask()

    # --- what is kept --------------------------------------------------------------------------------

    def _look(self) -> None:
        if self._labelling.writers.is_guest:
            self._on_kept(_Kept(used=0, signs={}))
            return
        self._labelling.store.ask(
            partial(_kept, self._settings.writer, self._labels, self._requester.mode),
            self._on_kept,
            lambda _: None,
        )

    def _on_kept(self, kept: _Kept) -> None:
        if self._labels:
            labels = (*self._labels, *kept.signs)
            self._lifted.then(lambda: self._labelling.set_labels(labels))

    def _on_labelled(self, label: str) -> None:
        if self.is_on:
            self._labelling.store.ask(
                partial(_kept, self._settings.writer, self._labels, self._requester.mode),
                partial(self._tell_kept, label),
                lambda _: None,
            )

    def _tell_kept(self, label: str, kept: _Kept) -> None:
        from trainer.personalize.memory.stroke_memory import OWN_LABEL_DRAWINGS

        missing = OWN_LABEL_DRAWINGS - kept.signs.get(label, OWN_LABEL_DRAWINGS)
        if missing > 1:
            words = self.tr("Remembered. Draw “{label}” {count} more times, and it is read.")
        elif missing == 1:
            words = self.tr("Remembered. Draw “{label}” once more, and it is read.")
        elif kept.used == 1:
            words = self.tr("Remembered. One of your drawings is used.")
        else:
            words = self.tr("Remembered. {used} of your drawings are used.")
        self.said.emit(words.format(label=label, count=missing, used=kept.used))

    # --- signs of one's own --------------------------------------------------------------------------

    def ask_sign(self) -> None:
        """Asks for the name of the sign on the paper, and keeps the drawing as that."""
        drawing = self._canvas.current_drawing()
        if drawing.is_empty or self._canvas.is_drawing():
            self.said.emit(self.tr("Draw your sign first, then give it a name."))
            return
        dialog = NameDialog(
            self._window,
            name="ownSign",
            title=self.tr("A sign of your own"),
            label=self.tr(
                "What is it? A short name, such as “heart”. After three drawings it is read."
            ),
            take=self.tr("Keep"),
            done=self._on_sign_named,
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_sign_named(self, name: str) -> None:
        if name := " ".join(name.split()):
            self._labelling.label(name)

    # --- the drawing that decided --------------------------------------------------------------------

    def _on_answered(self, reading: Reading) -> None:
        remembered = reading.remembered
        number = None if remembered is None else remembered.drawing
        if number == self._shown:
            return
        self._shown = number
        if number is None:
            self._show(None)
            return
        self._labelling.store.ask(
            lambda store: store.get(number), partial(self._on_found, number), lambda _: None
        )

    def _on_found(self, number: int, found: tuple[Entry, Drawing]) -> None:
        if number != self._shown:  # another answer has come meanwhile
            return
        from handwrite_app.reading.remembered_card import RememberedCard

        entry, drawing = found
        card = RememberedCard(drawing, entry.label, entry.created, self._theme)
        card.forgetRequested.connect(partial(self._remove, number, True))
        card.restoreRequested.connect(partial(self._remove, number, False))
        self._show(card)

    def _remove(self, number: int, removed: bool) -> None:
        def job(store: DrawingStore) -> list[int]:
            return store.delete([number]) if removed else store.restore([number])

        self._labelling.store.ask(
            job,
            lambda _: self._on_removed(removed),
            lambda _: self.said.emit(self.tr("The drawing is still kept.")),
        )

    def _on_removed(self, removed: bool) -> None:
        if self._card is not None:
            self._card.show_removed(removed)

    def _show(self, card: RememberedCard | None) -> None:
        self._card = card
        self._panel.set_reason(card)


def _kept(writer: str, labels: tuple[str, ...], mode: str, store: DrawingStore) -> _Kept:
    from trainer.drawings import Filter
    from trainer.personalize.memory.store import MOST_OF_A_LABEL

    whose = next((one for one in store.writers() if one.name == writer), store.default_writer)
    counts = store.counts().labels(Filter(writer=whose.id))
    # A kept "a" is the letter A where case is ignored, and no sign of the writer's own.
    own = {
        label: n
        for label, n in counts.items()
        if label != NO_LABEL and in_mode(label, mode) == label and label not in labels
    }
    first = sorted(own, key=lambda label: -own[label])[:_MOST_SIGNS]
    return _Kept(
        used=sum(min(count, MOST_OF_A_LABEL) for count in counts.values()),
        signs={label: own[label] for label in sorted(first)},
    )
