"""The last resort for unforeseen errors: rescue the drawing, write a report, and show one dialog.

An error in a paint event comes back with every frame, and an error of the handler would call it again. So it
never runs inside itself, shows one dialog at a time, and ignores an error from the same place for a while.
"""

from __future__ import annotations

import datetime as dt
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QSysInfo, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from handwrite_app.ui.dialogs.message_boxes import MessageBox, warn
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.language import joined
from trainer import __version__
from trainer.base import logs
from trainer.base.errors import HandwriteError
from trainer.base.paths import user_folder

if TYPE_CHECKING:
    from handwrite_app.window.main_window import MainWindow

#: The report file is moved to crash-reports.old.txt when it is larger, so both hold about twice this.
REPORTS_BYTES = 500_000
#: One report, in the file and in the dialog, is cut to this.
REPORT_CHARACTERS = 20_000
#: Seconds after the dialog was closed in which the same error is not shown again.
SAME_ERROR_SECONDS = 60.0

_log = logging.getLogger(__name__)

_Place = tuple[str, str, int]


def rescued_file() -> Path:
    """The drawing that was on the paper when an error happened."""
    return user_folder() / "rescued-drawing.jsonl"


def reports_file() -> Path:
    return user_folder() / "crash-reports.txt"


def install(window: MainWindow, *, clock: Callable[[], float] = time.monotonic) -> CrashHandler:
    """Routes uncaught exceptions of slots, event handlers and threads to a handler that the window owns.

    Exceptions that Python cannot raise (in __del__, say) are logged. clock: seconds, for tests.
    """
    handler = CrashHandler(window, clock)
    logs.log_unhandled()
    sys.excepthook = handler.handle
    log_thread_error = threading.excepthook

    def on_thread_error(arguments: threading.ExceptHookArgs) -> None:
        log_thread_error(arguments)
        if isinstance(arguments.exc_value, Exception):
            with suppress(RuntimeError):  # the window is gone
                handler.threadFailed.emit(arguments.exc_value)

    threading.excepthook = on_thread_error
    return handler


class CrashHandler(QObject):
    """Handles one uncaught exception at a time, in the window's thread.

    Signals:
        threadFailed(Exception): emitted from the thread that it ended; handled in the window's.
    """

    threadFailed = Signal(object)

    def __init__(self, window: MainWindow, clock: Callable[[], float]) -> None:
        super().__init__(window)
        self._window = window
        self._clock = clock
        self._handling = False
        self._has_rescued = False
        self._box: MessageBox | None = None
        self._reports: list[str] = []  # of the open box, whole
        self._shown: dict[_Place, float] = {}
        self.threadFailed.connect(self._on_thread_failed, Qt.ConnectionType.QueuedConnection)

    def handle(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """For sys.excepthook. Raises nothing."""
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.quit()
            return
        if self._handling:
            return
        self._handling = True
        try:
            place = _place(error, trace)
            if not self._is_repeated(place):
                self._handle(error, trace)
        finally:
            self._handling = False

    def _on_thread_failed(self, error: Exception) -> None:
        self.handle(type(error), error, error.__traceback__)

    def _is_repeated(self, place: _Place) -> bool:
        """Whether this error was shown already: in the open dialog, or in one closed a moment ago."""
        now = self._clock()
        last = self._shown.get(place)
        if self._box is not None:
            self._shown[place] = now
            return last is not None
        if last is not None and now - last < SAME_ERROR_SECONDS:
            return True
        self._shown[place] = now
        return False

    def _handle(self, error: BaseException, trace: TracebackType | None) -> None:
        report = ""
        rescued = written = None
        # Each step on its own: where one fails (no memory, a full disk), the next may still work.
        with suppress(Exception):
            report = _cut("".join(traceback.format_exception(type(error), error, trace)))
            _log.critical("unforeseen error\n%s", report)
            if sys.stderr is not None:  # it is None in a Windows program without a console
                sys.stderr.write(report)
        with suppress(Exception):
            rescued = self._rescue()
        with suppress(Exception):
            written = self._write_report(report)
        self._reports.append(report)
        with suppress(Exception):
            details = _cut(sentence(error)) if isinstance(error, HandwriteError) else report
            self._show(details, rescued, written)

    def _rescue(self) -> Path | None:
        """The file of the drawing; None where the paper is empty, or a guest's. Raises RunError."""
        from trainer.picture.strokes_files import write_strokes_file

        drawing = self._window.canvas.current_drawing()
        if not drawing.strokes or self._window.correction.writers.is_guest:
            return None
        path = rescued_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not self._has_rescued:  # of an earlier start, and not decided yet
            path.replace(path.with_name("rescued-drawing.old.jsonl"))
        write_strokes_file(path, [(drawing, None)])
        self._has_rescued = True
        return path

    def _write_report(self, report: str) -> Path:
        """Raises OSError."""
        import platform

        path = reports_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > REPORTS_BYTES:
            path.replace(path.with_name("crash-reports.old.txt"))
        head = (
            f"{dt.datetime.now():%Y-%m-%d %H:%M:%S} Handwrite {__version__} {platform.platform()}\n"
        )
        with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{head}{report}\n")
        return path

    def _show(self, details: str, rescued: Path | None, written: Path | None) -> None:
        if self._box is not None:
            self._box.setDetailedText(_cut(f"{self._box.detailedText()}\n{details}"))
            return
        del self._reports[:-1]
        lines = [tr("Something went wrong that should not have. The app goes on if it can.")]
        if rescued:
            lines.append(tr("Your drawing is in {path}.").format(path=rescued))
        if written:
            lines.append(tr("What happened is written in {path}.").format(path=written))
        box = MessageBox(
            QMessageBox.Icon.Critical,
            tr("An unexpected error"),
            "\n\n".join(lines),
            name="crash",
            # Above a dialog that blocks the window, or nobody could close either.
            parent=QApplication.activeModalWidget() or self._window,
        )
        box.add_staying(tr("Copy report"), name="copyReport", clicked=self._on_copy)
        box.add(
            tr("Close"), QMessageBox.ButtonRole.RejectRole, name="close", default=True, escape=True
        )
        box.setDetailedText(details)
        box.finished.connect(self._on_closed)
        box.destroyed.connect(self._on_closed)  # with the dialog that it lay above
        self._box = box
        box.open()

    def _on_copy(self, button: QPushButton) -> None:
        """What happened, where, and with which versions, for a mail to whoever can mend it. The home folder's
        name is a person's."""
        from handwrite_app.window.menus.about import versions

        loaded = self._window.loaded
        network = (
            "–" if loaded is None else f"{loaded.name} ({loaded.architecture}) · {loaded.device}"
        )
        report = "\n".join(
            (versions(), f"{QSysInfo.prettyProductName()} · {network}", *self._reports)
        )
        QGuiApplication.clipboard().setText(report.replace(str(Path.home()), "~"))
        button.setText(tr("Copied"))

    def _on_closed(self) -> None:
        if self._box is not None:
            self._box = None
            now = self._clock()
            self._shown = dict.fromkeys(self._shown, now)


def offer_rescued(window: MainWindow) -> None:
    """Offers the drawing that an earlier start has rescued, where there is one and it is not on the paper
    already. The paper stays usable."""
    path = rescued_file()
    if not path.is_file():
        return
    if _is_on_paper(window, path):  # the autosave had it, too
        path.unlink(missing_ok=True)
        return
    box = MessageBox(
        QMessageBox.Icon.Question,
        tr("A drawing was rescued"),
        joined(
            [
                tr("It was on the paper when something went wrong."),
                tr("Open it on the paper, or discard it."),
            ]
        ),
        name="rescued",
        parent=window,
    )
    roles = QMessageBox.ButtonRole
    box.add(
        tr("Open"),
        roles.AcceptRole,
        name="openRescued",
        clicked=lambda: _open_rescued(window, path),
        default=True,
    )
    box.add(
        tr("Discard"),
        roles.DestructiveRole,
        name="discardRescued",
        clicked=lambda: path.unlink(missing_ok=True),
    )
    box.add(tr("Not now"), roles.RejectRole, name="laterRescued", escape=True)
    box.setModal(False)
    box.show()


def _is_on_paper(window: MainWindow, path: Path) -> bool:
    from handwrite_app.canvas.files.drawing_files import open_drawing

    with suppress(HandwriteError):
        rescued, paper = open_drawing(path), window.canvas.current_drawing()
        return len(rescued.strokes) == len(paper.strokes) and all(
            one.points.shape == other.points.shape
            and bool(abs(one.points - other.points).max(initial=0.0) < 0.5)
            for one, other in zip(rescued.strokes, paper.strokes, strict=True)
        )
    return False


def _open_rescued(window: MainWindow, path: Path) -> None:
    from handwrite_app.canvas.files.drawing_files import open_drawing

    try:
        drawing = open_drawing(path)
    except HandwriteError as error:
        warn(window, tr("Cannot open the rescued drawing"), sentence(error))
        return
    window.canvas.set_drawing(drawing)
    window.canvas.setFocus()
    path.unlink(missing_ok=True)


def tr(text: str) -> str:
    return QCoreApplication.translate("Crash", text)


def _place(error: BaseException, trace: TracebackType | None) -> _Place:
    """The kind of an error and the line that raised it."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__, "", 0
    return type(error).__name__, trace.tb_frame.f_code.co_filename, trace.tb_lineno


def _cut(text: str) -> str:
    """Both ends of a long text: where an error came from, and what it says."""
    if len(text) <= REPORT_CHARACTERS:
        return text
    half = REPORT_CHARACTERS // 2
    return f"{text[:half]}\n…\n{text[-half:]}"
