"""My drawings names drawings that contradict each other, and selects them."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from handwrite_app.window.main_window import MainWindow
from tests.app.galleries import gallery_of, put_in
from trainer.drawings import open_store
from trainer.synthetic.synthetic_digits import synthetic_digits

_PATIENCE = 20_000


def test_they_are_named_and_selected(quiet_window: MainWindow, qtbot: QtBot) -> None:
    put_in("0123")
    drawing = synthetic_digits(60, 5)[-1][1]
    with open_store(daily=False) as store:
        pair = [store.add(drawing, label=label) for label in "47"]
    gallery = gallery_of(quiet_window, qtbot)
    line = gallery.contradictions
    qtbot.waitUntil(line.isVisible, timeout=_PATIENCE)
    button = line.findChild(QPushButton, "showContradictions")
    assert button is not None
    with qtbot.waitSignal(gallery.listed, timeout=_PATIENCE):
        button.click()
    assert sorted(gallery.view.selected()) == pair
    with qtbot.waitSignal(gallery.listed, timeout=_PATIENCE):
        gallery.edits.relabel([pair[1]], "4")
    qtbot.waitUntil(lambda: not line.isVisible(), timeout=_PATIENCE)
