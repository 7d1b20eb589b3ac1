"""What the dialog after a personalization says, shows and asks."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from handwrite_app.personalize.result_dialog import PersonalizationDialog
from handwrite_app.ui.theme import Theme
from tests.app.personalizations import dialog_of, press, result
from trainer.base.labels import NO_LABEL
from trainer.personalize.events import PersonalizationFinished, Reread
from trainer.picture.strokes import Drawing, Stroke

_FIXED = (Reread(drawing=4, label="7", before="1", after="7"),)
_BROKEN = (
    Reread(drawing=5, label="3", before="3", after="8"),
    Reread(drawing=6, label="2", before="2", after="2"),
    Reread(drawing=8, label="6", before="6", after=None),
)


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    theme = Theme("light")
    theme.apply(qapp)
    return theme


def _text(dialog: object, name: str) -> str:
    label = dialog.findChild(QLabel, name)  # type: ignore[attr-defined]
    assert label is not None
    return str(label.text())


@pytest.mark.parametrize(
    ("finished", "headline"),
    [
        (result(25, 28), "It reads your handwriting better: 28 of 30 drawings instead of 25."),
        (result(25, 25), "Still 25 of 30 right, with more certainty."),
        (
            result(25, 28, kept=False, others=(0.99, 0.98)),
            "It would read everyone else's digits worse: 98.00 % instead of 99.00 %.",
        ),
        (
            result(25, 24, kept=False),
            "It would read your handwriting worse: 24 of 30 drawings instead of 25.",
        ),
        (
            result(25, 25, kept=False),
            "It reads your handwriting no better than before: 25 of 30 drawings.",
        ),
    ],
)
def test_the_gates_word(
    qtbot: QtBot, theme: Theme, finished: PersonalizationFinished, headline: str
) -> None:
    dialog = dialog_of(finished, theme=theme)
    qtbot.addWidget(dialog)
    dialog.show()
    assert _text(dialog, "personalizationHeadline") == headline
    assert _text(dialog, "handAfter") == f"{finished.after.correct} of 30"
    assert _text(dialog, "othersBefore") == "99.00 %"
    # Where the gate refused, there is nothing to choose.
    for widget in (dialog.keep_new, dialog.compare, dialog.name):
        assert widget.isVisible() is finished.passed
    assert dialog.keep_old.text() == ("Keep the old one" if finished.passed else "Close")


def test_what_changed_has_pictures_and_words(qtbot: QtBot, theme: Theme) -> None:
    dialog = dialog_of(result(fixed=_FIXED, broken=_BROKEN), theme=theme)
    qtbot.addWidget(dialog)
    fixed, broken = (dialog.findChild(QListWidget, name) for name in ("fixedList", "brokenList"))
    assert fixed is not None
    assert broken is not None
    assert fixed.item(0).text() == "1 → 7"
    assert fixed.item(0).toolTip() == "This is 7. Before: 1. Now: 7."
    assert [broken.item(row).text() for row in range(3)] == ["3 → 8", "2 → ?", "6 → –"]
    assert broken.item(1).toolTip().endswith("after it did, 2.")
    assert broken.item(2).toolTip() == "This is 6. Before: 6. Now: not a digit."
    assert broken.item(0).data(Qt.ItemDataRole.AccessibleTextRole) == broken.item(0).toolTip()

    blank = _picture(fixed)
    dialog.show_drawings({4: Drawing((Stroke.make([(20, 20), (200, 220)], width=30),))})
    assert _picture(fixed).toImage() != blank.toImage()
    theme.set_mode("dark")
    assert _picture(fixed).toImage().pixelColor(1, 1).lightness() < 128


def test_a_scribble_is_named_in_words_and_nothing_is_said_for_the_network(
    qtbot: QtBot, theme: Theme
) -> None:
    finished = result(
        fixed=(
            Reread(drawing=1, label=NO_LABEL, before="1", after=None),
            Reread(drawing=2, label="7", before="1", after=None),
            Reread(drawing=3, label="7", before=None, after="2"),
        ),
        broken=(Reread(drawing=4, label=NO_LABEL, before=None, after=None),),
    )
    dialog = dialog_of(finished, theme=theme)
    qtbot.addWidget(dialog)
    fixed, broken = (dialog.findChild(QListWidget, name) for name in ("fixedList", "brokenList"))
    assert fixed is not None
    assert broken is not None
    assert [fixed.item(row).text() for row in range(3)] == ["1 → –", "1 → –", "– → 2"]
    assert fixed.item(0).toolTip() == "This is not a digit. Before: 1. Now: not a digit."
    assert "right even while it had not learned from this drawing" in fixed.item(1).toolTip()
    assert fixed.item(1).toolTip().endswith("after it did, not a digit.")
    assert fixed.item(2).toolTip().endswith("after it did, 2.")
    assert broken.item(0).text() == "– → ?"
    assert broken.item(0).toolTip().endswith("after it did, not a digit.")


def _picture(changes: QListWidget) -> QPixmap:
    return changes.item(0).icon().pixmap(48)


def test_the_figures_are_the_bases_where_another_network_is_in_use(
    qtbot: QtBot, theme: Theme
) -> None:
    dialog = dialog_of(result(), active_model="scribe Ada", theme=theme)
    qtbot.addWidget(dialog)
    assert _text(dialog, "personalizationBefore") == "before: scribe"
    assert _text(dialog, "personalizationBase") == (
        "“Before” is scribe, which every personalization starts from, not scribe Ada, which is in use."
    )
    assert dialog.keep_old.text() == "Keep the one in use"
    plain = dialog_of(result(), theme=theme)
    qtbot.addWidget(plain)
    assert _text(plain, "personalizationBefore") == "before"
    assert plain.findChild(QLabel, "personalizationBase") is None


def test_nothing_changed(qtbot: QtBot, theme: Theme) -> None:
    dialog = dialog_of(result(), theme=theme)
    qtbot.addWidget(dialog)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert "Every drawing is read as before." in texts


def test_what_was_left_out_and_whose_hand_it_is(qtbot: QtBot, theme: Theme) -> None:
    dialog = dialog_of(result(left_out={"B": 1, "A": 1200}), writer="Ada", theme=theme)
    qtbot.addWidget(dialog)
    assert _text(dialog, "personalizationLeftOut") == (
        "Left out, because the network does not know them: A (1200), B (1)."
    )
    assert any("plus 30 drawings by Ada." in label.text() for label in dialog.findChildren(QLabel))


def test_the_name_is_asked_for(qtbot: QtBot, theme: Theme) -> None:
    dialog = dialog_of(result(), theme=theme)
    qtbot.addWidget(dialog)
    dialog.name.setText("  ")
    assert not dialog.keep_new.isEnabled()
    dialog.name.setText(" mine ")
    with qtbot.waitSignal(dialog.kept) as kept:
        press(dialog, "keepNew")
    assert kept.args == ["mine"]
    assert dialog.result() == 0  # whoever keeps it closes it: that may fail


def test_its_words_change_with_the_language(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stays open while one draws on, and the menu of languages is there."""
    dialog = dialog_of(result(fixed=_FIXED), theme=theme)
    qtbot.addWidget(dialog)
    monkeypatch.setattr(PersonalizationDialog, "tr", lambda _self, text: f"»{text}«")
    QApplication.sendEvent(dialog, QEvent(QEvent.Type.LanguageChange))
    assert dialog.keep_new.text() == "»Use the new network«"
    assert dialog.windowTitle() == "»What it learned«"
    assert _text(dialog, "fixedTitle") == "»Now right: 1«"
    assert _text(dialog, "handBefore") == "»25 of 30«"


def test_nothing_lies_over_anything_else(qtbot: QtBot, theme: Theme) -> None:
    """With everything that it can say at once."""
    changed = tuple(
        Reread(drawing=i, label=str(i), before=str(i + 1), after=str(i)) for i in range(4)
    )
    finished = result(fixed=changed, broken=changed[:1], drawn=True, left_out={"A": 3, "B": 1})
    dialog = dialog_of(finished, writer="Ada", theme=theme)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.wait(50)
    body = dialog.findChild(QWidget, "dialogBody")
    assert body is not None
    inner = [
        child
        for child in body.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if child.isVisible()
    ]
    assert len(inner) > 10
    for one, other in itertools.combinations(inner, 2):
        assert not one.geometry().intersects(other.geometry()), (one, other)
    for label in dialog.findChildren(QLabel):
        if label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width())
