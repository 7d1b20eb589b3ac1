"""What the tests of the gallery do to it, and what is in it then."""

from __future__ import annotations

import string
from collections.abc import Collection, Iterable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from handwrite_app.gallery.gallery_window import Gallery
from handwrite_app.window.main_window import MainWindow
from trainer.drawings import Said, WeightsId, open_store
from trainer.synthetic.synthetic_digits import synthetic_digits

LABELS = tuple(string.digits)


def put_in(labels: Iterable[str], *, wrong: Collection[str] = ()) -> list[int]:
    """One drawing for each, the last one the newest; their ids. Before the first ones comes a 1 by Ann.

    wrong: these were read as 8.
    """
    numbers = []
    with open_store(daily=False) as store:
        drawings = [drawing for _, drawing in synthetic_digits(40, store.counts().of())]
        if len(store.writers()) == 1:
            store.add(drawings[-1], label="1", writer=store.add_writer("Ann").id)
        for label, drawing in zip(labels, drawings, strict=False):
            numbers.append(
                store.add(
                    drawing,
                    label=label,
                    said=Said(label="8" if label in wrong else label, probability=0.9),
                    weights=WeightsId(name="scribe"),
                    device="mouse",
                )
            )
    return numbers


def gallery_of(window: MainWindow, qtbot: QtBot) -> Gallery:
    """The window's gallery, opened by its action; all in sight is there."""
    window.actions_["Gallery"].trigger()
    gallery = window.drawings.gallery
    assert gallery is not None
    with qtbot.waitActive(gallery):
        gallery.activateWindow()
    qtbot.waitUntil(lambda: gallery._counts is not None)
    settle(gallery, qtbot)
    return gallery


def settle(gallery: Gallery, qtbot: QtBot) -> None:
    """Until all that is in sight is there, as the store has it now."""

    def settled() -> None:
        assert not gallery._listing
        gallery.view.grab()
        assert gallery.cells.is_complete

    qtbot.waitUntil(settled)


def shown(gallery: Gallery) -> list[int]:
    """The ids, in order."""
    ids: list[int] = gallery.view.list.ids.tolist()
    return ids


def labels_shown(gallery: Gallery) -> list[str]:
    """What the cells say, without what was read; "?" where they are not known yet."""
    model = gallery.view.list
    texts = [model.data(model.index(row)) for row in range(len(model.ids))]
    return ["?" if text is None else text.split(",")[0] for text in texts]


def click(
    gallery: Gallery,
    row: int,
    held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    place = gallery.view.visualRect(gallery.view.list.index(row)).center()
    QTest.mouseClick(gallery.view.viewport(), Qt.MouseButton.LeftButton, held, place)
