"""Dialogs can be held back while visitors look at the screen (handwrite_app.demo)."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog
from shiboken6 import isValid

_held: list[QDialog] | None = None  # None: dialogs open


def begin() -> None:
    """No dialog of the application opens from now on."""
    global _held
    _held = []


def end(*, show: bool) -> None:
    """Dialogs open again. show: those that were held back, too, the first one first."""
    global _held
    held, _held = _held or [], None
    for dialog in filter(isValid, held if show else []):
        dialog.show()


def hold(dialog: QDialog) -> bool:
    """Whether it must not open now; it opens at the end."""
    if _held is None:
        return False
    if dialog not in _held:
        _held.append(dialog)
    return True
