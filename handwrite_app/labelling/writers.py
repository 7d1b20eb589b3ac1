"""The writers of the user's drawings, one of whom is active."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtWidgets import QMenu, QWidget

from handwrite_app.ui.actions import fill_choices
from handwrite_app.ui.dialogs.message_boxes import Question, ask, warn
from handwrite_app.ui.dialogs.name_dialog import NameDialog
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.settings import Settings
from handwrite_app.workers.drawings import DrawingsWorker
from trainer.base.errors import HandwriteError

if TYPE_CHECKING:
    from trainer.drawings.store import DrawingStore

#: The writer whom a store begins with (trainer.drawings.schema, which the first paint does not import).
FIRST_WRITER = "Me"


def shown_writer(name: str) -> str:
    """A writer's name as the window shows it: the default writer's is translated."""
    return QCoreApplication.translate("Writers", "Me") if name == FIRST_WRITER else name


class Writers(QObject):
    """Fills the menu of writers, and remembers the active one.

    Signals:
        said(text): one sentence for the status line. chosen(name): this writer is active from now on.
    """

    said = Signal(str)
    chosen = Signal(str)

    def __init__(
        self, window: QWidget, menu: QMenu, store: DrawingsWorker, settings: Settings
    ) -> None:
        super().__init__(window)
        self._window = window
        self._menu = menu
        self._store = store
        self._settings = settings
        self._names: tuple[str, ...] = ()
        self._is_guest = False
        menu.aboutToShow.connect(self._on_menu_opens)
        self._fill()

    @property
    def active(self) -> str:
        """Name of the active writer; "": the first of the store's."""
        return self._settings.writer

    @property
    def is_guest(self) -> bool:
        """Whether a guest writes, until another writer is chosen or the window closes: nothing is kept or
        remembered."""
        return self._is_guest

    @property
    def no_training(self) -> str:
        """Why nothing is trained for the one who writes; "": it may be."""
        return (
            self.tr("A guest writes: choose a writer to train a network.") if self._is_guest else ""
        )

    def be_guest(self) -> None:
        """A guest writes from now on."""
        self._is_guest = True
        self.said.emit(self.tr("Nothing that a guest draws is kept or remembered."))
        self.chosen.emit(self.active)

    @property
    def shown_active(self) -> str:
        """The active writer's name as the window shows it."""
        return self.tr("Guest") if self._is_guest else self.shown(self.active or FIRST_WRITER)

    def shown(self, name: str) -> str:
        """See shown_writer."""
        return shown_writer(name)

    def retranslate(self) -> None:
        self._fill()

    def ask_new(self) -> None:
        """Asks for the name of another writer."""
        self._ask_for_name("addWriter", self.tr("Add a writer"), self.tr("Add"), self.add)

    def add(self, name: str) -> None:
        """Adds a writer and makes it the active one."""
        self._store.ask(
            lambda store: store.add_writer(name).name,
            self._on_chosen,
            self._refused(self.tr("The writer was not added")),
        )

    @Slot()
    def ask_name(self) -> None:
        """Asks for another name of the active writer."""
        writer = self.active or FIRST_WRITER
        self._ask_for_name(
            "renameWriter",
            self.tr("Rename the writer"),
            self.tr("Rename"),
            lambda name: self.rename(writer, name),
            text=self.shown(writer),
        )

    def rename(self, writer: str, name: str) -> None:
        """Gives a writer another name; the drawings stay theirs."""
        self._store.ask(
            lambda store: store.rename_writer(store.writer(writer).id, name).name,
            self._on_chosen,
            self._refused(self.tr("The writer was not renamed")),
        )

    @Slot()
    def ask_to_delete(self) -> None:
        """Asks whether the active writer is to be taken off the list."""
        writer = self.active or FIRST_WRITER
        question = Question(
            title=self.tr("Delete “{writer}”?").format(writer=self.shown(writer)),
            text=self.tr(
                "The writer goes, and deleted drawings of theirs cannot be brought back. One who has "
                "drawings stays: delete those first."
            ),
            do=self.tr("Delete"),
            keep=self.tr("Keep the writer"),
            name="deleteWriter",
        )
        ask(self._window, question, lambda: self.delete(writer))

    def delete(self, writer: str) -> None:
        """Deletes a writer without drawings; the first of those that are left is the active one then."""

        def deleted(store: DrawingStore) -> str:
            store.delete_writer(store.writer(writer).id)
            return store.default_writer.name

        self._store.ask(
            deleted, self._on_deleted, self._refused(self.tr("The writer was not deleted"))
        )

    def _ask_for_name(
        self, name: str, title: str, take: str, done: Callable[[str], object], text: str = ""
    ) -> None:
        dialog = NameDialog(
            self._window,
            name=name,
            title=title,
            label=self.tr("Who is writing? The name stays on this computer."),
            take=take,
            done=done,
            text=text,
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _refused(self, title: str) -> Callable[[HandwriteError], None]:
        """Tells why something was not done."""
        return lambda error: warn(self._window, title, sentence(error))

    def _on_deleted(self, left: str) -> None:
        self._names = ()  # listed again when the menu opens
        self._on_chosen(left)

    def _on_menu_opens(self) -> None:
        self._fill()
        self._store.ask(
            lambda store: [store.default_writer.name, *(one.name for one in store.writers())],
            self._on_listed,
            lambda _: self.said.emit(self.tr("The list of writers cannot be read.")),
        )

    def _on_listed(self, names: Sequence[str]) -> None:
        """names: the default writer's, then all of them."""
        default, *all_names = names
        if self.active not in all_names:
            self._settings.writer = default
        self._names = tuple(all_names)
        self._fill()

    def _fill(self) -> None:
        active = self.active or FIRST_WRITER
        names = self._names or (active,)
        fill_choices(
            self._menu,
            [(name, self.shown(name).replace("&", "&&"), True, "") for name in names],
            "" if self._is_guest else active,
            self._on_chosen,
        )
        guest = self._menu.addAction(self.tr("&Guest"))
        guest.setObjectName("actionGuest")
        guest.setCheckable(True)
        guest.setChecked(self._is_guest)
        guest.setToolTip(self.tr("Nothing that a guest draws is kept or remembered."))
        guest.triggered.connect(lambda: self.be_guest())
        self._menu.addSeparator()
        add = self._menu.addAction(self.tr("&Add a writer…"))
        add.setObjectName("actionAddWriter")
        add.triggered.connect(lambda: self.ask_new())
        for name, words, slot in (
            ("RenameWriter", self.tr("&Rename {writer}…"), self.ask_name),
            ("DeleteWriter", self.tr("&Delete {writer}…"), self.ask_to_delete),
        ):
            shown = self.shown(active).replace("&", "&&")
            action = self._menu.addAction(words.format(writer=shown))
            action.setObjectName(f"action{name}")
            action.setEnabled(not self._is_guest)
            action.triggered.connect(slot)

    def _on_chosen(self, name: str) -> None:
        self._is_guest = False
        self._settings.writer = name
        if name not in self._names:
            self._names = ()  # listed again when the menu opens
        self.said.emit(
            self.tr("Drawings are saved for {writer} from now on.").format(writer=self.shown(name))
        )
        self.chosen.emit(name)
