"""The window: paper, reading, tool row, menus, and the wires between them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QCloseEvent, QColor, QDesktopServices, QGuiApplication, QImage
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMessageBox,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.actions import Actions
from handwrite_app.canvas import Canvas
from handwrite_app.choices import Choices
from handwrite_app.icons import app_icon
from handwrite_app.reading_panel import ReadingPanel
from handwrite_app.settings import Settings
from handwrite_app.theme import SPACE, Theme
from handwrite_app.tool_row import ToolRow
from handwrite_app.training_session import TrainingSession
from handwrite_app.workers import Recognition
from trainer.errors import HandwriteError
from trainer.messages import Loaded, Reading, Refused
from trainer.paths import models_folder, runs_folder

if TYPE_CHECKING:
    from handwrite_app.recognition import RecognitionProcess
    from trainer.events import RunFinished
    from trainer.strokes import Drawing

_PICTURES = "*.png *.jpg *.jpeg *.bmp *.gif *.tif *.tiff *.webp"


class MainWindow(QMainWindow):
    """The one window.

    process: a recognition process that is already starting, if there is one.
    """

    def __init__(
        self,
        theme: Theme,
        settings: Settings,
        *,
        process: RecognitionProcess | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowIcon(app_icon())
        self._theme = theme
        self._settings = settings
        self._closing = False
        self._loaded: Loaded | None = None
        self._failure = ""  # why nothing is read any more

        self.actions_ = Actions(self, theme)
        self.canvas = Canvas()
        self.reading = ReadingPanel(theme)
        self.tools = ToolRow(self.actions_, self.canvas, theme)
        self.status = QLabel()
        self.status.setObjectName("status")
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.status.setContentsMargins(2 * SPACE, 0, 2 * SPACE, 0)
        self.statusBar().addWidget(self.status, 1)
        self.statusBar().setSizeGripEnabled(False)
        self._lay_out()

        self.recognition = Recognition(process, self)
        self.training = TrainingSession(self, theme, settings, place_panel=self._place_training)
        self.choices = Choices(self, self.actions_, self.tools, theme, settings)
        self._connect()
        self._dress()
        self._retranslate()
        self._restore()
        self._on_history_changed(False, False)
        self.recognition.start(settings.weights, settings.device)

    # --- for tests and automation --------------------------------------------------------------------

    @property
    def loaded(self) -> Loaded | None:
        """The network in use; None while the first is loading."""
        return self._loaded

    def say(self, text: str) -> None:
        """One sentence in the status line."""
        self.status.setText(text)
        self.status.setAccessibleName(text)

    # --- building ------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        desk = QWidget()
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.tools)
        self._split.addWidget(left)
        row = QHBoxLayout(desk)
        row.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, 0)
        row.setSpacing(2 * SPACE)
        row.addWidget(self._split, 1)
        row.addWidget(self.reading)
        self.setCentralWidget(desk)
        self.canvas.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.resize(1120, 720)
        self.setMinimumSize(800, 600)
        self.canvas.setFocus()

    def _place_training(self, panel: QWidget) -> None:
        panel.hide()
        self._split.addWidget(panel)
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 1)
        state = self._settings.bytes_of("training_split")
        if state is None or not self._split.restoreState(state):
            height = self._split.height()
            self._split.setSizes([height * 2 // 3, height // 3])
        panel.installEventFilter(self)

    def _connect(self) -> None:
        self.canvas.drawingChanged.connect(self._on_drawing_changed)
        self.canvas.strokeFinished.connect(self._on_stroke_finished)
        self.canvas.historyChanged.connect(self._on_history_changed)
        self.canvas.fileDropped.connect(self.open_file)
        self.canvas.imageDropped.connect(self.open_image)
        self.recognition.loaded.connect(self._on_loaded)
        self.recognition.refused.connect(self._on_refused)
        self.recognition.readingReady.connect(self._on_reading)
        self.recognition.restarted.connect(self._on_restarted)
        self.recognition.failed.connect(self._on_recognition_failed)
        self.training.runningChanged.connect(self._on_training_running)
        self.training.finished.connect(self._on_training_finished)
        self.training.networkKept.connect(self.use_network)
        self.training.said.connect(self.say)
        self.choices.networkChosen.connect(self.use_network)
        self.choices.deviceChosen.connect(self.use_device)
        self._theme.changed.connect(self._on_theme_changed)
        self.actions_.connect(
            Open=self._on_open,
            Save=self._on_save,
            Quit=self.close,
            Undo=self.canvas.undo,
            Redo=self.canvas.redo,
            Copy=self._on_copy,
            Paste=self._on_paste,
            Clear=self.canvas.clear,
            Eraser=self._on_eraser,
            Thinner=self.canvas.narrow,
            Thicker=self.canvas.widen,
            FullScreen=self._on_full_screen,
            ShowTraining=self.training.show_panel,
            LoadWeights=self._on_load_weights,
            Train=self.training.ask,
            StopTraining=self.training.stop,
            OpenRuns=self._on_open_runs,
            Shortcuts=self._on_shortcuts,
            About=self._on_about,
        )
        self.actions_["StopTraining"].setEnabled(False)
        # Ink is painted first; what it says is asked when the events that are waiting have been handled.
        self._ask_timer = QTimer(self)
        self._ask_timer.setSingleShot(True)
        self._ask_timer.setInterval(0)
        self._ask_timer.timeout.connect(self._ask)
        self._pen_down = False
        self._asked = self.canvas.current_drawing()
        self._result: RunFinished | None = None

    def _dress(self) -> None:
        tokens = self._theme.tokens
        self.canvas.set_colors(
            QColor(tokens.paper),
            QColor(tokens.ink),
            QColor(tokens.text_muted),
            QColor(tokens.outline),
        )

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Handwrite"))
        self.setAccessibleName(self.tr("Handwrite"))
        self.actions_.retranslate()
        self.choices.retranslate()
        self.canvas.set_hint(self.tr("Draw a digit"))
        self._say_state()

    def _say_state(self) -> None:
        """What the status line says as long as there is no news."""
        if self._failure:
            self.say(self._failure)
        elif self._loaded is None:
            self.reading.show_loading(self.tr("Loading the network…"))
            self.say(self.tr("Loading the network. You can draw already."))
        else:
            self.say(
                self.tr("Reading with {name} on {device}").format(
                    name=self._loaded.name, device=self._loaded.device.upper()
                )
            )

    def _restore(self) -> None:
        geometry = self._settings.bytes_of("geometry")
        if geometry is not None:
            self.restoreGeometry(geometry)
        width = self._settings.pen_width
        if width is not None:
            self.canvas.set_pen_width(width)

    # --- reading -------------------------------------------------------------------------------------

    @Slot()
    def _on_drawing_changed(self) -> None:
        self._pen_down = True
        if not self._ask_timer.isActive():
            self._ask_timer.start()

    @Slot()
    def _on_stroke_finished(self) -> None:
        self._pen_down = False
        self._ask()
        if self._result is not None:
            result, self._result = self._result, None
            self.training.compare(result)

    def _ask(self) -> None:
        self._ask_timer.stop()
        drawing = self.canvas.current_drawing()
        if drawing.is_empty:
            self._asked = drawing
            self.recognition.read(drawing, replaced=True)
            self.reading.show_empty()
            if self._failure:
                self.reading.show_failed(self._failure)
            elif self._loaded is None:
                self.reading.show_loading(self.tr("Loading the network…"))
            return
        # Fewer strokes than a moment ago, or another picture: an answer to what was there before would
        # be a lie. While a stroke grows, one that is a few points old is welcome.
        asked, self._asked = self._asked, drawing
        replaced = len(drawing.strokes) < len(asked.strokes) or drawing.image is not asked.image
        self.recognition.read(drawing, replaced=replaced)

    @Slot(object)
    def _on_reading(self, reading: Reading) -> None:
        if reading.error is not None:
            if self._loaded is not None:
                self.reading.show_failed(reading.error)
        elif reading.probabilities is None:
            self.reading.show_empty()
        else:
            moving = self._pen_down and reading.number < self.recognition.newest
            self.reading.show_reading(reading, drawing=moving)  # type: ignore[arg-type]

    # --- the network ---------------------------------------------------------------------------------

    @Slot(object)
    def use_network(self, path: Path | None) -> None:
        """Loads these weights (None: the best that ship); the ones in use stay until that worked."""
        loading = self.tr("Loading {name}…").format(name=path.stem) if path else ""
        self.say(loading or self.tr("Loading the network…"))
        self.recognition.load(path, self._settings.device)

    @Slot(str)
    def use_device(self, name: str) -> None:
        """Computes on this device from now on, if it can."""
        self.recognition.load(Path(self._loaded.path) if self._loaded else None, name)

    @Slot(object)
    def _on_loaded(self, loaded: Loaded) -> None:
        self._loaded = loaded
        self._failure = ""
        path = Path(loaded.path)
        self._settings.weights = path
        self._settings.device = loaded.wanted_device
        self.training.set_in_use(loaded)
        self.choices.show_loaded(loaded)
        self._say_state()
        if self.canvas.is_empty():
            self.reading.bars.set_labels(loaded.labels)
            self.reading.show_empty()
        else:
            self._ask()

    @Slot(object)
    def _on_refused(self, refused: Refused) -> None:
        self.choices.show_loaded(self._loaded)
        if self._loaded is None:
            # Nothing is in use yet: what was remembered cannot be used, what ships can.
            if refused.weights is not None or refused.device != "auto":
                self._settings.weights = None
                self._settings.device = "auto"
                self.recognition.load(None, "auto")
            else:
                self._on_recognition_failed(refused.message)
        else:
            self.say(self.tr("The network in use stays: {name}").format(name=self._loaded.name))
        self._warn(self.tr("This network cannot be used"), refused.message)

    @Slot()
    def _on_restarted(self) -> None:
        self.say(self.tr("The recognition process had ended and was started again."))
        self._ask()

    @Slot(str)
    def _on_recognition_failed(self, text: str) -> None:
        self._failure = text
        self.reading.show_failed(text)
        self.say(text)

    # --- training ------------------------------------------------------------------------------------

    @Slot(bool)
    def _on_training_running(self, running: bool) -> None:
        self.actions_["Train"].setEnabled(not running)
        self.actions_["StopTraining"].setEnabled(running)

    @Slot(object)
    def _on_training_finished(self, result: RunFinished) -> None:
        # A dialog that opens under a moving pen would cut its stroke short.
        if self.canvas.is_drawing():
            self._result = result
        else:
            self.training.compare(result)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Keeps the menu's tick in step with the training panel."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide) and watched is self.training.panel:
            self.actions_["ShowTraining"].setChecked(event.type() == QEvent.Type.Show)
        return False

    # --- files ---------------------------------------------------------------------------------------

    @Slot(object)
    def open_file(self, path: Path) -> None:
        """Puts a picture or a drawing from a file on the paper, or a network in use."""
        from handwrite_app.drawing_files import open_drawing
        from trainer.weights import SUFFIX

        if path.suffix == SUFFIX:
            self.use_network(path)
        else:
            self._put_on_paper(lambda: open_drawing(path), path.name)

    @Slot(object)
    def open_image(self, image: QImage) -> None:
        """Puts an image on the paper."""
        from handwrite_app.drawing_files import drawing_from_qimage

        self._put_on_paper(lambda: drawing_from_qimage(image), self.tr("the picture"))

    def _put_on_paper(self, make: Callable[[], Drawing], name: str) -> None:
        try:
            drawing = make()
        except HandwriteError as error:
            self._warn(self.tr("It could not be opened"), str(error))
            return
        self.canvas.set_drawing(drawing)
        self.say(self.tr("Opened {name}").format(name=name))

    def _on_open(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self,
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

    def _on_save(self) -> None:
        from handwrite_app.drawing_files import save_drawing

        start = str(Path(self._settings.text("save_folder")) / self.tr("drawing.png"))
        path, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Save the drawing"),
            start,
            self.tr("PNG picture (*.png);;SVG drawing (*.svg);;Strokes as JSON lines (*.jsonl)"),
        )
        if not path:
            return
        target = Path(path) if Path(path).suffix else Path(path + ".png")
        try:
            save_drawing(self.canvas.current_drawing(), target)
        except HandwriteError as error:
            self._warn(self.tr("The drawing was not saved"), str(error))
            return
        self._settings.set_text("save_folder", str(target.parent))
        self.canvas.document.mark_saved()
        self.say(self.tr("Saved {name}").format(name=target.name))

    def _on_copy(self) -> None:
        from handwrite_app.drawing_files import mime_for

        if self.canvas.is_empty():
            self.say(self.tr("There is nothing to copy yet."))
            return
        QGuiApplication.clipboard().setMimeData(mime_for(self.canvas.current_drawing()))
        self.say(self.tr("Copied the drawing"))

    def _on_paste(self) -> None:
        from handwrite_app.drawing_files import drawing_from_mime

        mime = QGuiApplication.clipboard().mimeData()
        if mime.hasUrls() and mime.urls()[0].isLocalFile():
            self.open_file(Path(mime.urls()[0].toLocalFile()))
            return
        try:
            drawing = drawing_from_mime(mime)
        except HandwriteError as error:
            self._warn(self.tr("It could not be pasted"), str(error))
            return
        if drawing is None:
            self.say(self.tr("There is no picture to paste."))
        else:
            self.canvas.set_drawing(drawing)

    def _on_load_weights(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Load a network"),
            str(models_folder()),
            self.tr("Networks") + " (*.safetensors)",
        )
        if path:
            self.use_network(Path(path))

    def _on_open_runs(self) -> None:
        folder = runs_folder()
        folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    # --- the rest ------------------------------------------------------------------------------------

    def _on_eraser(self, on: bool) -> None:
        self.canvas.set_tool("eraser" if on else "pen")

    def _on_full_screen(self, on: bool) -> None:
        if on:
            self.showFullScreen()
        else:
            self.showNormal()

    @Slot(bool, bool)
    def _on_history_changed(self, can_undo: bool, can_redo: bool) -> None:
        self.actions_["Undo"].setEnabled(can_undo)
        self.actions_["Redo"].setEnabled(can_redo)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._dress()

    def _on_shortcuts(self) -> None:
        rows = "".join(
            f"<tr><td style='padding:3px 24px 3px 0'>{what}</td><td><b>{keys}</b></td></tr>"
            for what, keys in [
                *self.actions_.shortcuts(),
                (self.tr("Erase while drawing"), self.tr("right mouse button, pen's eraser")),
            ]
        )
        self._tell(self.tr("Keyboard shortcuts"), f"<table>{rows}</table>")

    def _on_about(self) -> None:
        from handwrite_app import about

        self._tell(self.tr("About Handwrite"), about.text())

    def _tell(self, title: str, text: str) -> None:
        box = QMessageBox(QMessageBox.Icon.NoIcon, title, text, QMessageBox.StandardButton.Ok, self)
        box.setTextFormat(Qt.TextFormat.RichText)
        box.finished.connect(box.deleteLater)
        box.open()

    def _warn(self, title: str, text: str) -> None:
        box = QMessageBox(
            QMessageBox.Icon.Warning, title, text, QMessageBox.StandardButton.Ok, self
        )
        box.setObjectName("warning")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.finished.connect(box.deleteLater)
        box.open()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.WindowStateChange:
            with QSignalBlocker(self.actions_["FullScreen"]):
                self.actions_["FullScreen"].setChecked(self.isFullScreen())

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._closing and not self.training.confirm_end():
            event.ignore()
            return
        self._closing = True
        self._settings.set_bytes("geometry", self.saveGeometry())
        if self.training.panel is not None:
            self._settings.set_bytes("training_split", self._split.saveState())
        self._settings.pen_width = self.canvas.pen_width
        self._settings.theme = self._theme.mode
        self._settings.sync()
        self.hide()  # what follows may take a moment that nobody should have to watch
        self.training.close()
        self.recognition.close()
        super().closeEvent(event)
