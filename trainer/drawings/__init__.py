"""My drawings: every drawing that a person corrected or gave, kept in one SQLite file on this machine.

``open_store()`` opens it, checks it, keeps a copy a day and restores what was damaged; the DrawingStore that
it hands back adds, lists, relabels, deletes and brings back. Files of strokes come in and go out by
import_drawings and export_drawings. No torch and no Qt here: the window imports it as it starts.
"""

from __future__ import annotations

from trainer.drawings.entries import (
    DEVICES,
    Contradiction,
    Counts,
    Cursor,
    Entry,
    EntryPage,
    Filter,
    Said,
    WeightsId,
    Writer,
)
from trainer.drawings.exchange import Imported, export_drawings, import_drawings
from trainer.drawings.opening import daily_copy, open_store
from trainer.drawings.store import DrawingStore

__all__ = [
    "DEVICES",
    "Contradiction",
    "Counts",
    "Cursor",
    "DrawingStore",
    "Entry",
    "EntryPage",
    "Filter",
    "Imported",
    "Said",
    "WeightsId",
    "Writer",
    "daily_copy",
    "export_drawings",
    "import_drawings",
    "open_store",
]
