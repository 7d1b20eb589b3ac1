"""What the File menu, the clipboard and dropped files do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.ui.folders import show_folder
from handwrite_app.ui.message_boxes import warn
from handwrite_app.ui.save_dialog import Kind, ask_where
from handwrite_app.ui.settings import Settings
from trainer.base.errors import HandwriteError
from trainer.base.logs import log_folder
from trainer.base.paths import models_folder, runs_folder

if TYPE_CHECKING:
    from handwrite_app.labelling.controller import LabellingController
    from trainer.drawings import Entry
    from trainer.picture.strokes import Drawing

_PICTURES = "*.png *.jpg *.jpeg *.bmp *.gif *.tif *.tiff *.webp"


class FileCommands(QObject):
    """Moves drawings between the paper, files and the clipboard.

    Signals:
        said(text): one sentence for the status line. networkChosen(Path): weights to use.
    """

    said = Signal(str)
    networkChosen = Signal(object)

    def __init__(
        self, window: QWidget, canvas: Canvas, correction: LabellingController, settings: Settings
    ) -> None:
        super().__init__(window)
        self._window = window
        self._canvas = canvas
        self._correction = correction
        self._settings = settings

    @Slot(object)
    def open_file(self, path: Path) -> None:
        """Puts a picture or a drawing from a file on the paper, or a network in use."""
        from handwrite_app.canvas.drawing_files import open_drawing
        from trainer.models.weights import SUFFIX

        if path.suffix == SUFFIX:
            self.networkChosen.emit(path)
        else:
            self._put_on_paper(lambda: open_drawing(path), path.name)

    @Slot(object)
    def open_image(self, image: QImage) -> None:
        """Puts an image on the paper."""
        from handwrite_app.canvas.drawing_files import drawing_from_qimage

        self._put_on_paper(lambda: drawing_from_qimage(image), self.tr("the picture"))

    @Slot(object, object)
    def open_kept(self, drawing: Drawing, entry: Entry) -> None:
        """Puts a drawing from the store of the user's drawings on the paper, where it is kept as it was."""
        from handwrite_app.canvas.drawing_files import kept_on_paper

        if self._put_on_paper(
            lambda: self._correction.reopen(kept_on_paper(drawing), entry), self.tr("the drawing")
        ):
            self._window.setWindowState(
                self._window.windowState() & ~Qt.WindowState.WindowMinimized
            )
            self._window.raise_()
            self._window.activateWindow()
            self._canvas.setFocus()

    def _put_on_paper(self, make: Callable[[], Drawing], name: str) -> bool:
        """Whether it is there; if not, a box says why."""
        try:
            drawing = make()
        except HandwriteError as error:
            warn(self._window, self.tr("It could not be opened"), str(error))
            return False
        self._canvas.set_drawing(drawing)
        self.said.emit(self.tr("Opened {name}").format(name=name))
        return True

    def ask_open(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open a picture or a drawing"),
            self._settings.text("open_folder"),
            self.tr("Pictures and drawings")
            + f" ({_PICTURES} *.jsonl *.jsonl.gz);;"
            + self.tr("All files")
            + " (*)",
        )
        if path:
            self._settings.set_text("open_folder", str(Path(path).parent))
            self.open_file(Path(path))

    def ask_save(self) -> None:
        from handwrite_app.canvas.drawing_files import save_drawing

        target = ask_where(
            self._window,
            self.tr("Save the drawing"),
            Path(self._settings.text("save_folder")) / self.tr("drawing.png"),
            (
                Kind(self.tr("PNG picture"), ".png"),
                Kind(self.tr("SVG drawing"), ".svg"),
                Kind(self.tr("Strokes as JSON lines"), ".jsonl"),
            ),
        )
        if target is None:
            return
        try:
            save_drawing(self._canvas.current_drawing(), target)
        except HandwriteError as error:
            warn(self._window, self.tr("The drawing was not saved"), str(error))
            return
        self._settings.set_text("save_folder", str(target.parent))
        self._canvas.document.mark_saved()
        self.said.emit(self.tr("Saved {name}").format(name=target.name))

    def copy(self) -> None:
        from handwrite_app.canvas.drawing_files import mime_for

        if self._canvas.is_empty():
            self.said.emit(self.tr("There is nothing to copy yet."))
            return
        QGuiApplication.clipboard().setMimeData(mime_for(self._canvas.current_drawing()))
        self.said.emit(self.tr("Copied the drawing"))

    def paste(self) -> None:
        from handwrite_app.canvas.drawing_files import drawing_from_mime

        mime = QGuiApplication.clipboard().mimeData()
        if mime.hasUrls() and mime.urls()[0].isLocalFile():
            self.open_file(Path(mime.urls()[0].toLocalFile()))
            return
        try:
            drawing = drawing_from_mime(mime)
        except HandwriteError as error:
            warn(self._window, self.tr("It could not be pasted"), str(error))
            return
        if drawing is None:
            self.said.emit(self.tr("There is no picture to paste."))
        else:
            self._canvas.set_drawing(drawing)

    def ask_network(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Load a network"),
            str(models_folder()),
            self.tr("Networks") + " (*.safetensors)",
        )
        if path:
            self.networkChosen.emit(Path(path))

    def show_runs(self) -> None:
        show_folder(self._window, runs_folder())

    def show_logs(self) -> None:
        show_folder(self._window, log_folder())
