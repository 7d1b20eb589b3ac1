"""What a dialog that opens a file lists."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication


def name_filters(words: str, endings: Iterable[str]) -> str:
    """For a QFileDialog: files of a kind, called `words`, by the ends of their names; and all files."""
    patterns = " ".join(f"*{ending}" for ending in endings)
    return f"{words} ({patterns});;{QCoreApplication.translate('OpenDialog', 'All files')} (*)"
