"""The Qt application around the window."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import (
    QMessageLogContext,
    QSysInfo,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
    qVersion,
)
from PySide6.QtWidgets import QApplication

from handwrite_app import crash
from handwrite_app.ui import language
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme, choose_style
from handwrite_app.window.main_window import MainWindow
from handwrite_app.workers.recognition_process import RecognitionProcess
from trainer import __version__

_log = logging.getLogger(__name__)
_qt_log = logging.getLogger(f"{__name__}.qt")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.DEBUG,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def run(
    arguments: list[str],
    process: RecognitionProcess | None = None,
    has_started: Callable[[], object] = lambda: None,
) -> int:
    """Shows the window until it is closed; the exit code.

    has_started: called when the window is painted, and all of it is built.
    """
    choose_style()
    before = qInstallMessageHandler(_log_qt_message)
    try:
        return _run(arguments, process, has_started)
    finally:
        qInstallMessageHandler(before)


def _run(
    arguments: list[str], process: RecognitionProcess | None, has_started: Callable[[], object]
) -> int:
    app = QApplication(arguments)
    if unknown := [one for one in app.arguments()[1:] if one.startswith("-") and not _known(one)]:
        print(
            f"error: there is no option {unknown[0]}: see handwrite-app --help",
            file=sys.stderr,
        )
        return 2
    app.setApplicationName("Handwrite")
    app.setDesktopFileName("handwrite")
    settings = Settings()
    language.install(settings.language)
    if folder := settings.text("data_folder"):
        os.environ.setdefault("HANDWRITE_DATA", folder)  # for the trainer's processes
    theme = Theme(settings.theme)
    theme.apply(app)
    window = MainWindow(theme, settings, process=process)
    crash.install(window)
    window.features.completed.connect(lambda: _after_start(window))
    window.features.completed.connect(has_started)
    if "--demo" in app.arguments() or settings.demo_is_running:
        from handwrite_app.demo.controller import DemoMode

        window.feature(DemoMode).start()
    else:
        window.show()
    # What was imported stays: a collection of garbage need not look at it, which would stop the window
    # for tens of milliseconds (docs/performance.md).
    gc.freeze()
    gc.enable()
    window.features.completed.connect(gc.freeze)
    for argument in app.arguments()[1:]:
        if not argument.startswith("-"):
            QTimer.singleShot(0, window, lambda path=Path(argument): window.open_file(path))
    if sys.platform != "win32":
        _quit_on_signals(window)
    return app.exec()


def _known(option: str) -> bool:
    """Whether an option that Qt has left is ours, or macOS's own for programs started from its Finder."""
    return option in ("-v", "--verbose", "--demo") or option.startswith("-psn_")


def _after_start(window: MainWindow) -> None:
    """What the first paint does not wait for."""
    _log.info(
        "Handwrite %s, Python %s, Qt %s, %s",
        __version__,
        sys.version.split()[0],
        qVersion(),
        QSysInfo.prettyProductName(),  # module platform takes a hundred times as long
    )
    # The last sheet may be the rescued drawing.
    window.autosave.opened.connect(lambda: crash.offer_rescued(window))
    window.autosave.start()


def _log_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    _qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s", text)
    if (
        _LEVELS.get(kind) != logging.DEBUG
        and not _qt_log.isEnabledFor(logging.DEBUG)
        and sys.stderr
    ):
        print(text, file=sys.stderr)


def _quit_on_signals(window: MainWindow) -> None:
    """Ctrl+C in the terminal and a session's SIGTERM close the window as its button would."""
    import signal

    from PySide6.QtCore import QSocketNotifier

    # Python runs handlers between its own instructions, and Qt's loop has none while it waits: the
    # interpreter writes a byte to this pipe for each signal, which wakes the loop.
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    notifier = QSocketNotifier(reader, QSocketNotifier.Type.Read, window)

    def on_signal() -> None:
        os.read(reader, 64)
        window.close()

    notifier.activated.connect(on_signal)
