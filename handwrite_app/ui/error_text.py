"""The engine's messages as sentences in the window's language."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import QCoreApplication

from trainer.base.errors import HandwriteError
from trainer.base.messages import Message


def _noop(text: str) -> str:
    """Marks a text of this table for translation; `translate` looks it up where it is shown."""
    return text


#: Reasons of the operating system, which Python tells in English wherever it runs.
_SYSTEM = {
    _noop("No such file or directory"),
    _noop("Permission denied"),
    _noop("Operation not permitted"),
    _noop("No space left on device"),
    _noop("Disk quota exceeded"),
    _noop("Read-only file system"),
    _noop("Is a directory"),
    _noop("Not a directory"),
    _noop("File exists"),
    _noop("File name too long"),
    _noop("Input/output error"),
    _noop("Too many open files"),
    _noop("Cannot allocate memory"),
    _noop("Directory not empty"),
    _noop("Device or resource busy"),
}


def translate(text: str) -> str:
    return QCoreApplication.translate("SystemReasons", text)


def sentence(of: HandwriteError | Message) -> str:
    """The translated sentence; the English one where there is no translation."""
    message = of.message if isinstance(of, HandwriteError) else of
    return _with_reasons(message).sentence(
        lambda text: QCoreApplication.translate("Messages", text)
    )


def system_reason(error: OSError) -> str:
    """Why the system has refused something, in the window's language where that is known."""
    return str(_reason(error.strerror or str(error)))


def _with_reasons(message: Message) -> Message:
    """The same with the system's reasons among its parameters translated."""
    parameters = {name: _reason(value) for name, value in message.parameters.items()}
    return dataclasses.replace(message, parameters=parameters)


def _reason(value: Any) -> Any:
    if isinstance(value, Message):
        return _with_reasons(value)
    return translate(value) if isinstance(value, str) and value in _SYSTEM else value
