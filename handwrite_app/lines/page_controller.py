"""Photographs of pages: read in the recognition process, shown in a dialog."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from handwrite_app.lines.page_dialog import PageDialog, decoded
from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.dialogs.message_boxes import warn
from handwrite_app.ui.dialogs.name_filters import name_filters
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme
from handwrite_app.workers.lookup import LookupWorker
from handwrite_app.workers.recognition import RecognitionWorker
from trainer.picture.images.image_file import image_suffixes
from trainer.processes.recognition_messages import Loaded, PageReading, PageRequest
from trainer.segmentation.reading import PLAIN


class PageController(QObject):
    """One page at a time: a newer one takes the place of the dialog before."""

    def __init__(
        self,
        window: QWidget,
        actions: Actions,
        recognition: RecognitionWorker,
        requester: ReadRequester,
        theme: Theme,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._recognition = recognition
        self._requester = requester
        self._theme = theme
        self._settings = settings
        self._lookup = LookupWorker(self)
        self._number = 0
        self._path = Path()
        self.dialog: PageDialog | None = None
        recognition.pageRead.connect(self._on_page_read)
        actions.connect(ReadPage=self.ask)

    def set_active_model(self, loaded: Loaded) -> None:
        """The next page is read with it."""

    def retranslate(self) -> None:
        """Dialogs keep the language in which they were opened."""

    def close(self) -> None:
        self._lookup.close()
        self._end_dialog()

    def ask(self) -> None:
        """Lets a picture be chosen."""
        path, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Read a page"),
            self._settings.text("open_folder"),
            name_filters(self.tr("Pictures"), image_suffixes()),
        )
        if path:
            self._settings.set_text("open_folder", str(Path(path).parent))
            self.read(Path(path))

    def read(self, path: Path) -> None:
        """Opens the dialog, and has the page read."""
        self._end_dialog()
        self._number += 1
        self._path = path
        self.dialog = PageDialog(path, self._theme, self._window)
        self.dialog.finished.connect(self._end_dialog)
        self.dialog.open()
        self._show(0)
        self._recognition.read_page(
            PageRequest(
                number=self._number,
                path=path,
                mode=self._requester.mode,
                line=self._requester.line or PLAIN,
            )
        )

    def _show(self, page: int) -> None:
        """Has this page of the file decoded and shown."""
        number, path = self._number, self._path
        self._lookup.ask(lambda: decoded(path, page), lambda image: self._on_decoded(number, image))

    def _on_decoded(self, number: int, image: QImage) -> None:
        if number == self._number and self.dialog is not None:
            self.dialog.view.show_image(image)

    def _on_page_read(self, reading: PageReading) -> None:
        if reading.number != self._number or self.dialog is None:
            return
        if reading.error is not None:
            self._end_dialog()
            title = self.tr("Cannot read {name}").format(name=f"“{self._path.name}”")
            warn(self._window, title, sentence(reading.error))
            return
        if reading.page:  # there was nothing to read on those before
            self._show(reading.page)
        self.dialog.show_lines(reading.lines, QSize(reading.width, reading.height))

    def _end_dialog(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            self._recognition.read_page(None)  # what is left of it is not read
            dialog.close()
            dialog.deleteLater()
