"""The window: paper, reading, tool row, menus, and the wires between them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Slot
from PySide6.QtGui import QCloseEvent, QColor, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.pen_up_queue import PenUpQueue
from handwrite_app.compare.commands import Compare
from handwrite_app.labelling.controller import LabellingController
from handwrite_app.labelling.memory_controller import MemoryController
from handwrite_app.models.lineage import Lineage
from handwrite_app.personalize.session import PersonalizationSession
from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.reading.reading_controller import ReadingController
from handwrite_app.reading.reading_panel import ReadingPanel
from handwrite_app.sampler.session import Sampler
from handwrite_app.training.session import TrainingSession
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.closing import close_all
from handwrite_app.ui.dialogs.message_boxes import ask
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.icons import app_icon
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme, scale_for
from handwrite_app.ui.tokens import SPACE
from handwrite_app.ui.widgets.status_line import StatusLine
from handwrite_app.ui.window_placement import FullScreen, place_first, restore
from handwrite_app.window.active_network import ActiveNetwork
from handwrite_app.window.canvas_area import Sheet
from handwrite_app.window.features.registry import Features, put_in_force
from handwrite_app.window.file_commands import FileCommands
from handwrite_app.window.menus.drawings_menu import MyDrawings
from handwrite_app.window.menus.model_menus import Choices
from handwrite_app.window.sheet_autosave import SheetAutosave
from handwrite_app.window.side_column import SideColumn
from handwrite_app.window.tool_row import ToolRow
from handwrite_app.window.training_area import TrainingArea
from handwrite_app.window.window_parts import WindowParts
from handwrite_app.workers.recognition import RecognitionWorker
from trainer.base.errors import HandwriteError
from trainer.picture.strokes import Drawing
from trainer.processes.recognition_messages import Loaded

if TYPE_CHECKING:
    from handwrite_app.training.panel import TrainingPanel
    from handwrite_app.workers.recognition_process import RecognitionProcess


class MainWindow(WindowParts):
    """The one window.

    process: a recognition process that is already starting, if there is one.
    """

    features: Features

    def __init__(
        self,
        theme: Theme,
        settings: Settings,
        *,
        process: RecognitionProcess | None = None,
    ) -> None:
        super().__init__(theme, settings)
        self.setObjectName("mainWindow")
        self.setWindowIcon(app_icon())
        self._closing = False

        self.actions_ = Actions(self, theme)
        self.canvas = Canvas()
        self.reading = ReadingPanel(theme)
        self.tools = ToolRow(self.actions_, self.canvas, theme)
        self.asking = ReadRequester(self.canvas, self)
        self._answers = ReadingController(self.reading, self.asking, self)
        self.correction = LabellingController(
            self, self.actions_, self.canvas, self.asking, settings
        )
        self.memory = MemoryController(
            self,
            self.actions_,
            self.canvas,
            self.asking,
            self.correction,
            self.reading,
            theme,
            settings,
        )
        self.tools.set_writers(self.correction.writers)
        self.correction.place_toast(self.reading, self.reading.content_height)
        self.status = StatusLine()
        self.statusBar().addWidget(self.status, 1)
        self.statusBar().setSizeGripEnabled(False)
        self._lay_out()

        self.recognition = RecognitionWorker(process, self)
        self._lifted = PenUpQueue(self.canvas, self)
        self.network = ActiveNetwork(
            self, self.recognition, self._answers, self.status, settings, self._lifted
        )
        self.training = TrainingSession(
            self,
            self.canvas,
            theme,
            settings,
            place_panel=self._place_training,
            try_both=lambda path, title: self.compare.open(path, title),
            move_panel=self.training_area.move_to,
            forbids=lambda: self.correction.writers.no_training,
        )
        self.files = FileCommands(self, self.actions_, self.canvas, self.correction, settings)
        self.choices = Choices(self, self.actions_, self.tools, theme, settings)
        self.sampler = Sampler(
            self,
            self.actions_,
            self.canvas,
            self.correction,
            self.asking,
            theme,
            settings,
            place_banner=lambda banner: self._column.insertWidget(0, banner),
        )
        self.lineage = Lineage(self, self.actions_, self.canvas, theme)
        self.drawings = MyDrawings(self, self.canvas, self.correction, theme, settings)
        self.compare = Compare(
            self,
            self.actions_,
            self.canvas,
            self.asking,
            self.side,
            settings,
            theme,
        )
        self.personalization = PersonalizationSession(
            self,
            self.actions_,
            self.canvas,
            self.correction,
            theme,
            compare=self.compare,
            is_training=lambda: self.training.is_running,
            place_strip=lambda strip: self.statusBar().insertWidget(0, strip),
            show_drawings=self.drawings.open,
            remembers=lambda: self.memory.is_on,
        )
        self.autosave = SheetAutosave(self.canvas, self._sheet, self)
        self.training_area.follow(
            self.training, is_learning=lambda: self.personalization.is_running
        )
        self.features = Features(self)
        put_in_force(self)
        self._connect()
        self._dress()
        self._retranslate()
        self._restore()
        self._on_history_changed(False, False)
        self.network.start()

    # --- for tests and automation --------------------------------------------------------------------

    @property
    def loaded(self) -> Loaded | None:
        """The network in use; None while the first is loading."""
        return self.network.current

    # --- building ------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        desk = QWidget()
        left = QWidget()
        self._column = column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        self._paper = Sheet(self.canvas, self.correction.row)
        column.addWidget(self._paper, 1)
        column.addWidget(self.tools)
        self.training_area = TrainingArea(self, left, self.actions_, self._settings)
        self._desk = row = QHBoxLayout(desk)
        row.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, 0)
        row.setSpacing(2 * SPACE)
        row.addWidget(self.training_area.splitter, 1)
        self.side = SideColumn(self.reading)
        self.side.follow_escape(self.canvas)
        row.addWidget(self.side)
        self.setCentralWidget(self.training_area.around(desk))
        self.canvas.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        place_first(self, QSize(1120, 720), QSize(800, 600))
        self.canvas.setFocus()

    def _place_training(self, panel: TrainingPanel, strip: QWidget) -> None:
        self.features.complete()  # features add pages to it
        self.training_area.place_panel(panel, strip)

    def _connect(self) -> None:
        self.asking.readRequested.connect(self.recognition.read)
        self.canvas.historyChanged.connect(self._on_history_changed)
        self.canvas.filesDropped.connect(self.files.open_files)
        self.canvas.imageDropped.connect(self.files.open_image)
        self.network.loaded.connect(self._on_loaded)
        self.network.kept.connect(lambda: self.choices.show_loaded(self.loaded))
        self.recognition.readingReady.connect(self.asking.receive)
        self.training.runningChanged.connect(self.personalization.refresh)
        self.personalization.runningChanged.connect(self.training_area.refresh)
        self.correction.writers.chosen.connect(self.training_area.refresh)
        self.training.networkKept.connect(self.use_network)
        self.training.said.connect(self.say)
        self.personalization.networkKept.connect(self.use_network)
        self.personalization.said.connect(self._on_correction_said)
        self.choices.networkChosen.connect(self.use_network)
        self.lineage.networkChosen.connect(self.use_network)
        self.lineage.said.connect(self.say)
        self.files.networkChosen.connect(self.use_network)
        self.files.said.connect(self._on_correction_said)
        self.files.opening.connect(self._answers.show_opening)
        self.reading.startOverRequested.connect(self.canvas.clear)
        self.correction.changed.connect(self.autosave.schedule)
        self.correction.remarked.connect(self.reading.set_remark)
        self.autosave.restored.connect(
            lambda: self.say(self.tr("Your last sheet is on the paper again."))
        )
        self.autosave.failed.connect(self._on_sheet_not_saved)
        self.choices.deviceChosen.connect(self.network.use_device)
        self.correction.said.connect(self._on_correction_said)
        self.memory.said.connect(self.say)
        self.drawings.chosen.connect(self.files.open_saved)
        self.sampler.said.connect(self._on_correction_said)
        self._theme.changed.connect(self._dress)
        self.actions_.connect(
            Open=self.files.ask_open,
            Save=self.files.ask_save,
            Quit=self.close,
            Undo=self.canvas.undo,
            Redo=self.canvas.redo,
            Copy=self.files.copy,
            Paste=self.files.paste,
            Clear=self.canvas.clear,
            Eraser=lambda on: self.canvas.set_tool("eraser" if on else "pen"),
            Thinner=self.canvas.narrow,
            Thicker=self.canvas.widen,
            ShowTraining=self.training.show_panel,
            LoadWeights=self.files.ask_network,
            Gallery=self.drawings.open,
            Lineage=self.lineage.ask,
            Rollback=self.lineage.roll_back,
            RestartRecognition=self.network.restart,
            Train=self.training.ask,
            StopTraining=self.training.stop,
            TrainingResult=self.training.compare,
            OpenRuns=self.files.show_runs,
            OpenLogs=self.files.show_logs,
            Shortcuts=self._on_shortcuts,
            About=self._on_about,
        )
        FullScreen(self, self.actions_["FullScreen"])
        self.actions_.when_lifted = self._lifted.then
        self.actions_.before_command = self.features.complete

    def _dress(self) -> None:
        tokens = self._theme.tokens
        names = (tokens.paper, tokens.ink, tokens.text_muted, tokens.outline, tokens.accent)
        self.canvas.set_colors(*map(QColor, names))
        self.side.fit(self.size())

    def _retranslate(self) -> None:
        self.training_area.refresh()
        self.setAccessibleName(self.tr("Handwrite"))
        self.actions_.retranslate()
        self.choices.retranslate()
        self.lineage.refresh()
        self.personalization.refresh()
        self.correction.retranslate()
        self._answers.retranslate()
        self.network.say_state()
        self.features.retranslate()

    def _restore(self) -> None:
        restore(self, self._settings.bytes_of("geometry"))
        width = self._settings.pen_width
        if width is not None:
            self.canvas.set_pen_width(width)

    # --- the network ---------------------------------------------------------------------------------

    @Slot(object)
    def _on_loaded(self, loaded: Loaded) -> None:
        self.training.set_active_model(loaded)
        self.choices.show_loaded(loaded)
        self.memory.set_labels(self.asking.labels)
        self.lineage.set_active_model(loaded)
        self.personalization.set_active_model(loaded)
        self.compare.set_active_model(loaded)
        self.sampler.set_labels(self.asking.labels)
        self.features.set_active_model(loaded)

    @Slot(str)
    def _on_correction_said(self, text: str) -> None:
        if text:
            self.say(text)
        else:
            self.status.end_news()

    # --- the sheet ------------------------------------------------------------------------------------

    def _sheet(self) -> Drawing:
        """What would be lost with the window: the drawing on the paper, where it is in no store."""
        drawing = self.sampler.aside if self.sampler.is_running else self.canvas.current_drawing()
        is_gone = self.correction.writers.is_guest or self.correction.is_stored(drawing)
        return Drawing() if is_gone else drawing

    def _on_sheet_not_saved(self, error: HandwriteError) -> None:
        self.say(self.tr("The sheet is not saved: {reason}").format(reason=sentence(error)))

    def open_file(self, path: Path) -> None:
        """Puts a picture or a drawing from a file on the paper, or a network in use."""
        self.files.open_file(path)

    # --- the rest ------------------------------------------------------------------------------------

    @Slot(bool, bool)
    def _on_history_changed(self, can_undo: bool, can_redo: bool) -> None:
        self.actions_["Undo"].setEnabled(can_undo)
        self.actions_["Redo"].setEnabled(can_redo)

    def _on_shortcuts(self) -> None:
        from handwrite_app.window.menus.help_dialogs import open_shortcuts

        open_shortcuts(self, self.actions_, self.correction.labels.keys(), self.sampler.keys())

    def _on_about(self) -> None:
        from handwrite_app.window.menus.help_dialogs import open_about

        open_about(self)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._theme.set_scale(scale_for(self.size()))
        self.side.fit(self.size())

    def closeEvent(self, event: QCloseEvent) -> None:
        # Hidden behind a demo it is closed from outside: nobody would see a question.
        if not self._closing and self.isVisible() and self._asks_before_closing():
            event.ignore()
            return
        self._closing = True
        close_all(
            self._store_settings,
            lambda: self.canvas.blockSignals(True),  # a stroke cut short now opens nothing any more
            self.hide,  # closing workers may take a moment, in which the window would not react
            self._lifted.forget,
            self.features.close,
            self.memory.close,
            self.autosave.close,
            self.files.close,
            self.sampler.close,
            self.compare.close,
            self.personalization.close,
            self.training.close,
            self.drawings.close,
            self.lineage.close,
            self.correction.close,
            self.recognition.close,
        )
        super().closeEvent(event)

    def _store_settings(self) -> None:
        self._settings.set_bytes("geometry", self.saveGeometry())
        self.training_area.save()
        self._settings.pen_width = self.canvas.pen_width
        self._settings.theme = self._theme.mode
        self._settings.sync()

    def _asks_before_closing(self) -> bool:
        """Whether something would be lost by closing, and the person is asked about it."""
        question = self.training.closing_question() or self.personalization.closing_question()
        if question is None:
            return False
        if self.findChild(QDialog, question.name) is None:
            ask(self, question, self.close_at_once)
        return True

    def close_at_once(self) -> None:
        """Closes without asking; what goes on is ended."""
        self._closing = True
        self.close()
