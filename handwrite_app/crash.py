"""When something unforeseen happens: the drawing is saved, the person told, and a report written."""

from __future__ import annotations

import datetime as dt
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from trainer import __version__
from trainer.base.errors import HandwriteError
from trainer.base.paths import user_folder

if TYPE_CHECKING:
    from trainer.picture.strokes import Drawing


def install(drawing: Callable[[], Drawing]) -> None:
    """From now on an exception that nobody caught is handled here; the app goes on if it can.

    drawing: what is on the paper, asked for when it happens.
    """

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.quit()
            return
        report = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(report)
        saved = _save(drawing)
        written = _write(report)
        if QApplication.instance() is not None:
            _tell(str(error) if isinstance(error, HandwriteError) else report, saved, written)

    sys.excepthook = hook


def _save(drawing: Callable[[], Drawing]) -> Path | None:
    from trainer.picture.strokes import write_strokes_file

    path = user_folder() / "rescued-drawing.jsonl"
    try:
        rescued = drawing()
        if not rescued.strokes:
            return None
        write_strokes_file(path, [(rescued, None)])
    except Exception:  # this is the last resort: nothing may come out of it
        return None
    return path


def _write(report: str) -> Path | None:
    import platform

    path = user_folder() / "crash-reports.txt"
    head = f"{dt.datetime.now():%Y-%m-%d %H:%M:%S} Handwrite {__version__} {platform.platform()}\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{head}{report}\n")
    except OSError:
        return None
    return path


def _tell(details: str, saved: Path | None, written: Path | None) -> None:
    def tr(words: str) -> str:
        return QCoreApplication.translate("Crash", words)

    lines = [tr("Something went wrong that should not have. The app goes on if it can.")]
    if saved:
        lines.append(tr("Your drawing is in {path}.").format(path=saved))
    if written:
        lines.append(tr("What happened is written in {path}.").format(path=written))
    box = QMessageBox(
        QMessageBox.Icon.Critical, tr("An unexpected error"), "\n\n".join(lines), parent=None
    )
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setDetailedText(details)
    box.open()
