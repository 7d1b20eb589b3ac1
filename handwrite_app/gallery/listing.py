"""What the store holds for a filter, and how many that is in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QCoreApplication, QLocale

from handwrite_app.gallery.view import Ids

if TYPE_CHECKING:
    from trainer.drawings import Counts, DrawingStore, Filter, Writer


class GalleryListing(NamedTuple):
    """What the store holds at a moment, for a filter."""

    wanted: Filter
    ids: Ids
    counts: Counts
    writers: list[Writer]


def listed(wanted: Filter, store: DrawingStore) -> GalleryListing:
    """In the thread."""
    return GalleryListing(
        wanted=wanted,
        ids=np.array(store.ids(wanted), np.int64),
        counts=store.counts(),
        writers=store.writers(),
    )


def count_words(selected: int, shown: int, everything: int) -> str:
    """How many drawings there are, are shown and are selected."""
    if shown < everything:
        words = tr("{shown} of {all} drawings")
        if selected:
            words = tr("{shown} of {all} drawings, {selected} selected")
    else:
        words = tr("One drawing") if everything == 1 else tr("{all} drawings")
        if selected:
            words = (
                tr("One drawing, selected")
                if everything == 1
                else tr("{all} drawings, {selected} selected")
            )
    number = QLocale().toString
    return words.format(shown=number(shown), all=number(everything), selected=number(selected))


def tr(text: str) -> str:
    return QCoreApplication.translate("Gallery", text)
