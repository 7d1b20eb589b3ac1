"""What goes wrong in the training dialog: ambiguous numbers, hidden mistakes, keys and wheel."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from handwrite_app.training.setup.dialog import TrainingDialog
from handwrite_app.ui.dialogs import dialog as dialogs
from handwrite_app.ui.theme import Theme
from handwrite_app.ui.widgets.numbers import FieldError, RealBox, WholeBox, real
from tests.app.pointers import turn_wheel
from trainer.runs.config import TrainConfig


@pytest.fixture(params=["en", "de_DE", "zh_CN", "fr_FR"])
def locale(request: pytest.FixtureRequest) -> Iterator[QLocale]:
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield QLocale()
    QLocale.setDefault(before)


@pytest.fixture
def dialog(qapp: QApplication, qtbot: QtBot) -> TrainingDialog:
    Theme("light").apply(qapp)
    dialog = TrainingDialog()
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitActive(dialog)
    QTest.qWaitForWindowActive(dialog)
    return dialog


def _started(dialog: TrainingDialog) -> list[TrainConfig]:
    configs: list[TrainConfig] = []
    dialog.configured.connect(configs.append)
    return configs


def _type(field: QWidget, text: str) -> None:
    field.setFocus()
    assert isinstance(field, QLineEdit | QSpinBox | RealBox)
    field.selectAll()
    QTest.keyClicks(field, text)


# --- numbers


@pytest.mark.parametrize("text", ["0,002", "0.002", "2e-3", "０．００２", " 0.0020 "])
def test_either_decimal_mark_is_read(locale: QLocale, text: str) -> None:
    assert real(text, locale) == 0.002


@pytest.mark.parametrize("text", ["", "abc", "1,000.5", "1.000,5", "nan", "inf", "0.0.1", "1 5"])
def test_what_is_no_number_is_refused(locale: QLocale, text: str) -> None:
    with pytest.raises(FieldError, match=r"is not a number|can mean"):
        real(text, locale)


def test_what_could_be_two_numbers_is_refused(locale: QLocale) -> None:
    own = locale.decimalPoint()
    other = "," if own == "." else "."
    assert real(f"1{own}000", locale) == 1.0
    with pytest.raises(FieldError, match="can mean 1000 or 1"):
        real(f"1{other}000", locale)


@pytest.mark.parametrize(("text", "value"), [("0.5", 0.5), ("0,5", 0.5), ("2,5", 2.5), ("7", 7.0)])
def test_a_spin_box_reads_either_mark(
    locale: QLocale, qtbot: QtBot, text: str, value: float
) -> None:
    box = RealBox()
    qtbot.addWidget(box)
    box.setDecimals(8)
    box.setRange(0, 10_000)
    _type(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == value


def test_one_and_a_half_epochs_are_not_fifteen(qtbot: QtBot) -> None:
    box = WholeBox()
    qtbot.addWidget(box)
    box.setRange(1, 1000)
    box.setValue(3)
    _type(box, "1,5")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.value() != 15
    with pytest.raises(FieldError, match="1,5"):
        box.check()
    _type(box, "1,000")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 1000
    box.check()


@pytest.mark.parametrize("text", ["0,002", "0.002"])
def test_a_learning_rate_is_what_was_typed(dialog: TrainingDialog, text: str) -> None:
    configs = _started(dialog)
    _type(dialog.field("learning_rate"), text)
    QTest.keyClick(dialog.field("learning_rate"), Qt.Key.Key_Return)
    assert [config.learning_rate for config in configs] == [0.002]


def test_a_high_learning_rate_is_doubted_and_a_foreign_one_refused(dialog: TrainingDialog) -> None:
    configs = _started(dialog)
    rate = dialog.field("learning_rate")
    _type(rate, "0.5")
    assert "hardly ever learns" in dialog.note("learning_rate")
    assert not rate.property("wrong")
    _type(rate, "0.01")
    assert dialog.note("learning_rate") == ""
    _type(rate, "20")
    QTest.keyClick(rate, Qt.Key.Key_Return)
    assert not configs
    assert dialog.isVisible()
    assert "lies between" in dialog.note("learning_rate")
    assert rate.property("wrong")
    QTest.keyClicks(rate, "x")  # it is being mended
    assert not rate.property("wrong")


# --- keys


@pytest.mark.parametrize("name", ["learning_rate", "epochs", "network", "dataset", "batch_size"])
def test_enter_in_a_field_starts(dialog: TrainingDialog, name: str) -> None:
    configs = _started(dialog)
    field = dialog.field(name)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert len(configs) == 1
    assert not dialog.isVisible()
    assert not dialog.fold.isChecked()


# --- what is folded away


def test_a_mistake_that_is_folded_away_is_shown_and_marked(
    dialog: TrainingDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    configs = _started(dialog)
    penalty = dialog.field("validation")
    assert isinstance(penalty, WholeBox)
    penalty.refused = "many"
    assert not dialog.fold.isChecked()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not configs
    assert dialog.fold.isChecked()
    assert penalty.property("wrong")
    assert dialog.focusWidget() is penalty
    assert "many" in dialog.note("validation")


def test_how_many_folded_settings_were_changed_is_told(dialog: TrainingDialog) -> None:
    assert dialog.fold.text().endswith("Advanced")
    dialog.set_config(TrainConfig(start="scribe", seed=3))
    assert dialog.fold.text().endswith("Advanced · 2 changed")
    dialog.fold.setChecked(True)
    seed = dialog.field("seed")
    assert isinstance(seed, QSpinBox)
    seed.setValue(0)
    assert dialog.fold.text().endswith("Advanced · 1 changed")
    QTest.keyClick(dialog.fold, Qt.Key.Key_Space)
    assert not dialog.field("seed").isVisible()


def test_data_that_are_none_are_told_at_their_field(dialog: TrainingDialog) -> None:
    configs = _started(dialog)
    data = dialog.field("dataset")
    assert isinstance(data, QComboBox)
    data.setEditText("nosuch")
    QTest.keyClick(data, Qt.Key.Key_Return)
    assert not configs
    assert data.property("wrong")
    assert "nosuch" in dialog.note("dataset")
    fields = [dialog.field(name) for name in ("dataset", "network", "epochs", "batch_size")]
    tops = [field.mapTo(dialog, QPoint(0, 0)).y() for field in fields]
    heights = [field.height() for field in fields]
    for (top, height), below in zip(zip(tops, heights, strict=True), tops[1:], strict=False):
        assert top + height <= below  # nothing lies over anything else


def test_a_time_budget_takes_the_place_of_the_epochs(dialog: TrainingDialog) -> None:
    dialog.fold.setChecked(True)
    minutes = dialog.field("minutes")
    assert isinstance(minutes, RealBox)
    minutes.setValue(5)
    assert not dialog.field("epochs").isEnabled()
    minutes.setValue(0)
    assert dialog.field("epochs").isEnabled()


def test_the_wheel_passes_over_fields(dialog: TrainingDialog) -> None:
    before = dialog.config()
    dialog.fold.setChecked(True)
    names = ("epochs", "minutes", "optimizer", "dataset", "network", "schedule", "seed")
    for name in names:
        field = dialog.field(name)
        dialog.fold.setFocus()
        turn_wheel(field)
        assert not field.hasFocus()
    assert dialog.config() == before
    epochs = dialog.field("epochs")
    epochs.setFocus()
    turn_wheel(epochs)  # where the field was chosen, it does what it always did
    assert dialog.config().epochs == before.epochs - 1


def test_all_settings_fit_a_small_screen(
    dialog: TrainingDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = dialogs.room_for(dialog)
    room.setSize(room.size().boundedTo(room.size().__class__(1008, 592)))
    monkeypatch.setattr(dialogs, "room_for", lambda _: room)
    dialog.fold.setChecked(True)
    QApplication.processEvents()
    assert dialog.height() <= room.height()
    assert dialog.start_button.mapTo(dialog, QPoint(0, 0)).y() < dialog.height() - 30
    assert dialog._scroll.horizontalScrollBar().maximum() == 0
