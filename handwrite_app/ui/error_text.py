"""The engine's messages as sentences in the window's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from trainer.base.errors import HandwriteError
from trainer.base.messages import Message


def sentence(of: HandwriteError | Message) -> str:
    """The translated sentence; the English one where there is no translation."""
    message = of.message if isinstance(of, HandwriteError) else of
    return message.sentence(lambda text: QCoreApplication.translate("Messages", text))
