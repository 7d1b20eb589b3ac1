"""The text of the About box."""

from __future__ import annotations

import platform

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QCoreApplication

from trainer import __version__
from trainer.base.paths import user_folder


def text() -> str:
    """Rich text: what this is, in which version, and where it keeps things."""

    def tr(words: str) -> str:
        return QCoreApplication.translate("About", words)

    return (
        f"<h3>Handwrite {__version__}</h3>"
        f"<p>{tr('Draw a digit, and a neural network reads it while the pen still moves.')}</p>"
        f"<p>{tr('Nothing that you draw leaves this computer.')}</p>"
        f"<p>{tr('Networks and training runs are kept in')}<br>{user_folder()}</p>"
        f"<p style='color:gray'>Python {platform.python_version()} · PySide {pyside_version} · "
        f"{platform.system()} {platform.machine()} · MIT</p>"
    )
