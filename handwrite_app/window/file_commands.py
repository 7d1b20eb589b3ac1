"""What the File menu, the clipboard and dropped files do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QMimeData, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.drop import DRAWING_SUFFIXES
from handwrite_app.canvas.files.opened import Opened
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.dialogs.folders import show_folder
from handwrite_app.ui.dialogs.message_boxes import warn
from handwrite_app.ui.dialogs.name_filters import name_filters
from handwrite_app.ui.dialogs.save_dialog import Kind, ask_where
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.settings import Settings
from handwrite_app.window.drawing_opener import DrawingOpener
from trainer.base.errors import HandwriteError
from trainer.base.logs import log_folder
from trainer.base.paths import models_folder, runs_folder

if TYPE_CHECKING:
    from handwrite_app.canvas.files.drawing_files import Pasted
    from handwrite_app.labelling.controller import LabellingController
    from trainer.drawings import Entry
    from trainer.picture.strokes import Drawing


class FileCommands(QObject):
    """Moves drawings between the paper, files and the clipboard.

    Signals:
        said(text): one sentence for the status line; "": nothing more to say. networkChosen(Path): weights
        to use. severalDrawings(Path): a picture has to be read as a page. opening(name): a file takes longer
        than a moment to decode; "": none does any more.
    """

    said = Signal(str)
    severalDrawings = Signal(object)
    opening = Signal(str)
    networkChosen = Signal(object)

    def __init__(
        self,
        window: QWidget,
        actions: Actions,
        canvas: Canvas,
        correction: LabellingController,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._canvas = canvas
        self._correction = correction
        self._settings = settings
        self._path: Path | None = None  # of what is being opened, where it is a file
        self._reads_pages = False
        self._has_ink: bool | None = None  # that the actions follow
        self._several = 1  # so many files were dropped or pasted together
        self._opener = DrawingOpener(canvas, self)
        self._opener.slow.connect(self._on_slow)
        self._opener.opened.connect(self._on_opened)
        self._opener.failed.connect(self._on_not_opened)
        self._opener.absent.connect(self._on_absent)
        self._opener.ended.connect(lambda: self.opening.emit(""))
        canvas.fileOver.connect(self._opener.prepare)
        canvas.drawingChanged.connect(self._update_actions)
        self._update_actions()

    def _update_actions(self) -> None:
        """An empty sheet can be neither saved, copied nor cleared."""
        has_ink = not self._canvas.is_empty()
        if has_ink == self._has_ink:  # as at nearly every point of a stroke
            return
        self._has_ink = has_ink
        for name in ("Save", "Copy", "Clear"):
            self._actions[name].setEnabled(has_ink)

    def read_pages(self, wanted: bool) -> None:
        """Whether a picture of several drawings is a page (severalDrawings), and not refused."""
        self._reads_pages = wanted

    def close(self) -> None:
        """Nothing is opened any more."""
        self._opener.close()

    @Slot(object)
    def open_files(self, paths: Sequence[Path]) -> None:
        """Opens the first of several files that were dropped or pasted together."""
        self._several = len(paths)
        self._open(paths[0])

    @Slot(object)
    def open_file(self, path: Path) -> None:
        """Puts a picture or a drawing from a file on the paper, or loads a network."""
        self._several = 1
        self._open(path)

    @Slot(object)
    def open_image(self, image: QImage) -> None:
        """Puts an image on the paper."""
        from handwrite_app.canvas.files.drawing_files import Pasted

        self._open_pasted(Pasted(image=image), self.tr("the picture"))

    @Slot(object, object)
    def open_saved(self, drawing: Drawing, entry: Entry) -> None:
        """Puts a drawing from the user's store on the paper; a label then changes that entry."""
        from handwrite_app.canvas.files.drawing_files import kept_on_paper

        self._opener.cancel()
        self._canvas.set_drawing(self._correction.reopen(kept_on_paper(drawing), entry))
        self.said.emit(self.tr("Opened {name}").format(name=self.tr("the drawing")))
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.raise_()
        self._window.activateWindow()
        self._canvas.setFocus()

    def _open(self, path: Path) -> None:
        from handwrite_app.canvas.files.drawing_files import open_file
        from trainer.models.weights import SUFFIX

        if path.suffix.lower() == SUFFIX:
            self._opener.cancel()
            self.networkChosen.emit(path)
        else:
            self._path = path
            self._opener.open(lambda: open_file(path), path.name)

    def _open_pasted(self, pasted: Pasted, name: str) -> None:
        self._several = 1
        self._path = None

        def decode() -> Opened | None:
            drawing = pasted.drawing()
            return None if drawing is None else Opened(drawing)

        self._opener.open(decode, name)

    def _on_slow(self, name: str) -> None:
        self.said.emit(self.tr("Opening {name}…").format(name=name))
        self.opening.emit(name)

    def _on_opened(self, opened: Opened, name: str) -> None:
        self._canvas.set_drawing(opened.drawing)
        if self._several > 1:
            words = self.tr("Opened {name}, the first of {count} files. Drop them one at a time.")
        elif opened.is_first:
            words = self.tr(
                "Opened the first drawing of {name}. To import all: My drawings, Import."
            )
        else:
            words = self.tr("Opened {name}")
        self.said.emit(words.format(name=name, count=QLocale().toString(self._several)))

    def _on_not_opened(self, error: HandwriteError, name: str) -> None:
        self.said.emit("")
        if error.code == "image.several-drawings" and self._path and self._reads_pages:
            self.severalDrawings.emit(self._path)
            return
        warn(self._window, self.tr("Cannot open {name}").format(name=f"“{name}”"), sentence(error))

    def _on_absent(self) -> None:
        self.said.emit(self.tr("There is no picture to paste."))

    def ask_open(self) -> None:
        self._opener.prepare()
        path, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open a picture or a drawing"),
            self._settings.text("open_folder"),
            name_filters(self.tr("Pictures and drawings"), DRAWING_SUFFIXES),
        )
        if path:
            self._settings.set_text("open_folder", str(Path(path).parent))
            self.open_file(Path(path))

    def ask_save(self) -> None:
        from handwrite_app.canvas.files.drawing_files import save_drawing

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
            warn(self._window, self.tr("The drawing was not saved"), sentence(error))
            return
        self._settings.set_text("save_folder", str(target.parent))
        self.said.emit(self.tr("Saved {name}").format(name=target.name))

    def copy(self) -> None:
        from handwrite_app.canvas.files.drawing_files import mime_for

        QGuiApplication.clipboard().setMimeData(mime_for(self._canvas.current_drawing()))
        self.said.emit(self.tr("Copied the drawing"))

    def paste(self) -> None:
        from handwrite_app.canvas.files.drawing_files import Pasted

        mime: QMimeData | None = QGuiApplication.clipboard().mimeData()
        if mime is None:  # where the clipboard is empty, on some platforms
            self._on_absent()
            return
        files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        if files:
            self.open_files(files)
            return
        pasted = Pasted.of(mime)
        if pasted == Pasted():
            self._on_absent()
        else:
            self._open_pasted(pasted, self.tr("the picture"))

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
