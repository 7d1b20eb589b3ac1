"""The field of data in the training dialog: files and folders are chosen, and checked before a run begins."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton

from handwrite_app.training.setup.fields import Field
from handwrite_app.ui.dialogs.name_filters import name_filters
from handwrite_app.ui.error_text import sentence
from trainer.base.errors import HandwriteError
from trainer.datasets.spec import Term, check_path, endings_of_files, kind_of_file, parse_spec
from trainer.runs.presets import is_own_drawings

if TYPE_CHECKING:
    from handwrite_app.training.setup.adviser import Adviser
    from trainer.base.messages import Message
    from trainer.processes.advice_messages import AdviceRefused


class OwnData(QObject):
    """Puts a button beside the field of data, and says below it why a run cannot learn from what is named."""

    def __init__(
        self, field: Field, folder: Path, adviser: Adviser | None, parent: QObject
    ) -> None:
        """folder: where the file dialogs begin. adviser: checks the data; None: they are not checked."""
        super().__init__(parent)
        self._field, self._folder, self._adviser = field, folder, adviser
        self._problem: tuple[str, Message] | None = None  # of these data
        self.button = QPushButton(self.tr("Choose…"))
        self.button.setObjectName("chooseData")
        self.button.setToolTip(self.tr("Learn from pictures or drawings of your own"))
        self.button.setAutoDefault(False)
        self.button.setMenu(self._menu())
        field.put_beside(self.button)
        if adviser is not None:
            adviser.refused.connect(self._on_refused)
            adviser.batchShown.connect(lambda _: self._set_problem("", None))

    @property
    def problem(self) -> str:
        """Why no run can learn from the data that are named now; "" where nothing is known against them."""
        if self._problem is None or self._problem[0] != self._field.take():
            return ""
        return _capital(sentence(self._problem[1]))

    def missing(self) -> str:
        """What of them is not there, by a look at the disk; "" where all is. The person's own drawings are
        written when a run begins."""
        try:
            for term in parse_spec(self._field.take()):
                if term.path is None or not is_own_drawings(term.path):
                    check_path(term)
        except (HandwriteError, OSError) as error:
            return _capital(sentence(error) if isinstance(error, HandwriteError) else str(error))
        return ""

    def look_again(self) -> None:
        """What was missing may be there by now."""
        if self._adviser is not None:
            self._adviser.ask_again("batch")

    def use(self, path: Path, *, joined: bool) -> None:
        """Names this file or folder as the data, or joins it to those that are named."""
        kind = "folder" if path.is_dir() else kind_of_file(path)
        if not kind:
            self._field.say(self._other_file(path), wrong=True)
            return
        term = str(Term(name=kind, path=path.absolute()))
        named = str(self._field.take())
        self._field.put(f"{named}+{term}" if joined and named else term)

    # --- what the person does ------------------------------------------------------------------------

    def _menu(self) -> QMenu:
        menu = QMenu(self.button)
        menu.setObjectName("chooseDataMenu")
        menu.setToolTipsVisible(True)
        labels = self.tr("With one folder in it for each label, as 3/name.png")
        entries = (
            ("useFolder", self.tr("Folder of pictures…"), labels, self._ask_folder, False),
            ("useFile", self.tr("File…"), self._kinds(), self._ask_file, False),
            ("addFolder", self.tr("Add a folder of pictures…"), labels, self._ask_folder, True),
            ("addFile", self.tr("Add a file…"), self._kinds(), self._ask_file, True),
        )
        for name, text, gloss, ask, joined in entries:
            if name == "addFolder":
                menu.addSeparator()
            action = menu.addAction(text)
            action.setObjectName(name)
            action.setToolTip(gloss)
            action.triggered.connect(partial(ask, joined))
        return menu

    def _ask_folder(self, joined: bool, _checked: bool = False) -> None:
        dialog = self._dialog(self.tr("Folder of pictures"), joined)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.open()

    def _ask_file(self, joined: bool, _checked: bool = False) -> None:
        dialog = self._dialog(self.tr("File of pictures or drawings"), joined)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(name_filters(self._kinds(), endings_of_files()))
        dialog.open()

    def _dialog(self, title: str, joined: bool) -> QFileDialog:
        dialog = QFileDialog(self.button.window(), title, str(self._folder))
        dialog.setObjectName("dataFile")
        dialog.fileSelected.connect(lambda name: self._on_selected(Path(name), joined))
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _on_selected(self, path: Path, joined: bool) -> None:
        self._folder = path.parent
        self.use(path, joined=joined)

    def _kinds(self) -> str:
        return self.tr("Drawings, or pictures with labels")

    def _other_file(self, path: Path) -> str:
        words = self.tr("{name} is no file to learn from: {endings} are.")
        return words.format(name=path.name, endings=", ".join(endings_of_files()))

    # --- what is found out ---------------------------------------------------------------------------

    def _on_refused(self, refused: AdviceRefused) -> None:
        if refused.want == "batch" and self._adviser is not None:
            is_here = refused.reason.code != "advice.not-here"  # else they are fetched first
            self._set_problem(self._adviser.data, refused.reason if is_here else None)

    def _set_problem(self, data: str, reason: Message | None) -> None:
        had = bool(self.problem)
        self._problem = None if reason is None else (data, reason)
        if self.problem:
            self._field.say(self.problem, wrong=True)
        elif had:
            self._field.clear()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
