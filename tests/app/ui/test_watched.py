"""Several who watch one widget."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from handwrite_app.ui.watched import watch

KEYS = (QEvent.Type.KeyPress,)


def test_each_sees_its_kinds_and_the_last_one_is_asked_first(qtbot: QtBot) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    seen: list[str] = []

    def first(event: QEvent) -> bool:
        seen.append("first")
        return False

    def last(event: QEvent) -> bool:
        seen.append("last")
        return "x" in field.text()  # keeps what follows for itself

    watch(field, KEYS, first)
    end = watch(field, [*KEYS, QEvent.Type.Resize], last)
    QTest.keyClick(field, Qt.Key.Key_X)
    assert (seen, field.text()) == (["last", "first"], "x")
    QTest.keyClick(field, Qt.Key.Key_Y)
    assert (seen, field.text()) == (["last", "first", "last"], "x")
    end()
    QTest.keyClick(field, Qt.Key.Key_Y)
    assert (seen[3:], field.text()) == (["first"], "xy")


def test_a_widget_has_one_filter_however_many_watch_it(qtbot: QtBot) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    before = len(field.findChildren(QObject))
    for _ in range(3):
        watch(field, KEYS, lambda event: False)
    assert len(field.findChildren(QObject)) == before + 1
