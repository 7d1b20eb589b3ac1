"""A drawing that the gallery put on the paper is kept already: a label changes it, and nothing is kept twice."""

from __future__ import annotations

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot

from handwrite_app.labelling.writers import FIRST_WRITER
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import (
    accept,
    draw,
    entries,
    keep,
    labels_kept,
    load,
    marked,
    press_key,
    read,
    told,
    undo,
    wait_for_undone,
    warning,
)
from tests.app.galleries import gallery_of
from tests.app.sampling import begin, button, go_on, words, write
from trainer.base.errors import RunError
from trainer.base.labels import NO_LABEL
from trainer.drawings import DrawingStore, Entry, open_store
from trainer.picture.strokes import Drawing
from trainer.processes.recognition_messages import Reading
from trainer.synthetic.synthetic_digits import synthetic_digits

_PATIENCE = 60_000
_CREATED = dt.datetime(2024, 5, 17, 12, 30, 15, 250_001, tzinfo=dt.UTC)


@pytest.fixture
def three() -> Entry:
    """A 3 that Ann has drawn with a pen."""
    return _stored("3")


def _stored(label: str) -> Entry:
    with open_store(daily=False) as store:
        (_, drawing), *_ = synthetic_digits(1, 0)
        names = {writer.name: writer for writer in store.writers()}
        ann = names.get("Ann") or store.add_writer("Ann")
        number = store.add(drawing, label=label, writer=ann.id, device="pen", created=_CREATED)
        return store.entry(number)


def _put_on_paper(window: MainWindow, qtbot: QtBot, number: int) -> Drawing:
    """From the gallery; what is on the paper then, and the network was asked about."""
    gallery = gallery_of(window, qtbot)
    gallery.view.select([number])
    with qtbot.waitSignal(gallery.chosen):
        gallery.commands.put_button.click()
    gallery.close()
    with qtbot.waitActive(window):
        window.activateWindow()
    window.canvas.setFocus()
    drawing = window.canvas.current_drawing()
    qtbot.waitUntil(lambda: window.asking.drawing is drawing)
    return drawing


def _give(window: MainWindow, qtbot: QtBot, key: str, writer: str = "Ann") -> None:
    """The label with this key; until the toast says so."""
    press_key(window, key)
    text = f"Saved as {key} for {writer}" if writer else f"Kept as {key}"
    qtbot.waitUntil(lambda: window.correction.toast.text == text)
    qtbot.waitUntil(lambda: marked(window) == [key])


def _undo(window: MainWindow, qtbot: QtBot, label: str) -> None:
    """With its key; until the status line says that the former label is back."""
    with told(window, qtbot, f"Saved as {label} again"):
        press_key(window, Qt.Key.Key_Backspace)


def _delete_all() -> None:
    with open_store(daily=False) as store:
        store.delete(store.ids())


# --- its label


def test_the_row_says_as_what_it_is_kept(
    quiet_window: MainWindow, qtbot: QtBot, three: Entry
) -> None:
    assert marked(quiet_window) == []
    drawing = _put_on_paper(quiet_window, qtbot, three.id)
    assert quiet_window.correction.is_stored(drawing)
    assert marked(quiet_window) == ["3"]
    assert not quiet_window.actions_["UndoKeep"].isEnabled()  # nothing was done yet
    draw(quiet_window)  # another drawing now
    assert not quiet_window.correction.is_stored(quiet_window.canvas.current_drawing())
    assert marked(quiet_window) == []
    quiet_window.canvas.undo()
    assert marked(quiet_window) == ["3"]


def test_the_paper_comes_to_the_front_with_it(
    quiet_window: MainWindow, qtbot: QtBot, three: Entry
) -> None:
    gallery = gallery_of(quiet_window, qtbot)
    gallery.view.select([three.id])
    # Two waits, as the first is for a thread that reads a file, and the second for the window alone.
    with qtbot.waitSignal(gallery.chosen, timeout=_PATIENCE):
        gallery.commands.put_button.click()
    qtbot.waitUntil(quiet_window.isActiveWindow, timeout=_PATIENCE)
    assert gallery.isVisible()
    qtbot.waitUntil(quiet_window.canvas.hasFocus, timeout=_PATIENCE)


def test_a_label_changes_that_one(quiet_window: MainWindow, qtbot: QtBot, three: Entry) -> None:
    _put_on_paper(quiet_window, qtbot, three.id)
    _give(quiet_window, qtbot, "5")
    (entry,) = entries()
    assert (entry.id, entry.label, entry.writer.name) == (three.id, "5", "Ann")
    assert (entry.device, entry.created) == ("pen", _CREATED)
    draw(quiet_window, 200)  # and the next stroke begins a new drawing
    assert len(quiet_window.canvas.current_drawing().strokes) == 1


def test_what_was_drawn_on_is_another_drawing(
    quiet_window: MainWindow, qtbot: QtBot, three: Entry
) -> None:
    _put_on_paper(quiet_window, qtbot, three.id)
    draw(quiet_window)
    _give(quiet_window, qtbot, "8", quiet_window.correction.writers.shown(FIRST_WRITER))
    assert labels_kept() == ["8", "3"]


def test_one_in_which_the_network_sees_nothing_is_relabelled(
    quiet_window: MainWindow, qtbot: QtBot, three: Entry
) -> None:
    load(quiet_window)
    drawing = _put_on_paper(quiet_window, qtbot, three.id)
    quiet_window.recognition.readingReady.emit(Reading(number=quiet_window.asking.newest))
    assert quiet_window.asking.sees_nothing(drawing)
    _give(quiet_window, qtbot, "5")
    assert labels_kept() == ["5"]


def test_none_of_the_labels_can_be_what_it_is(
    quiet_window: MainWindow, qtbot: QtBot, three: Entry
) -> None:
    load(quiet_window)
    _put_on_paper(quiet_window, qtbot, three.id)
    quiet_window.correction.label(NO_LABEL)
    qtbot.waitUntil(lambda: labels_kept() == [NO_LABEL])
    qtbot.waitUntil(quiet_window.actions_["UndoKeep"].isEnabled)
    _undo(quiet_window, qtbot, "3")
    assert labels_kept() == ["3"]


# --- taking it back


def test_undo_gives_the_former_label_back(
    quiet_window: MainWindow, qtbot: QtBot, three: Entry
) -> None:
    drawing = _put_on_paper(quiet_window, qtbot, three.id)
    _give(quiet_window, qtbot, "5")
    with told(quiet_window, qtbot, "Saved as 3 again"):
        quiet_window.correction.toast.button.click()
    (entry,) = entries()
    assert (entry.id, entry.label) == (three.id, "3")
    assert marked(quiet_window) == ["3"]
    assert not quiet_window.correction.toast.isVisible()
    assert not quiet_window.actions_["UndoKeep"].isEnabled()
    assert quiet_window.canvas.current_drawing() is drawing
    _give(quiet_window, qtbot, "6")
    _undo(quiet_window, qtbot, "3")
    assert labels_kept() == ["3"]


def test_undo_takes_the_last_change_back(
    quiet_window: MainWindow, qtbot: QtBot, three: Entry
) -> None:
    _put_on_paper(quiet_window, qtbot, three.id)
    _give(quiet_window, qtbot, "5")
    _give(quiet_window, qtbot, "6")
    quiet_window.correction.toast.dismiss()
    _give(quiet_window, qtbot, "6")  # which changes nothing
    _undo(quiet_window, qtbot, "5")
    assert labels_kept() == ["5"]


def test_the_same_label_is_never_undone_into_nothing(
    quiet_window: MainWindow, qtbot: QtBot, three: Entry
) -> None:
    _put_on_paper(quiet_window, qtbot, three.id)
    _give(quiet_window, qtbot, "3")
    _undo(quiet_window, qtbot, "3")
    assert labels_kept() == ["3"]


def test_undo_and_a_key_wait_in_line(quiet_window: MainWindow, qtbot: QtBot, three: Entry) -> None:
    """A slow disk: a second label is on its way, its undo follows, and a third one comes after."""
    _put_on_paper(quiet_window, qtbot, three.id)
    _give(quiet_window, qtbot, "5")
    press_key(quiet_window, "6")
    press_key(quiet_window, Qt.Key.Key_Backspace)
    _give(quiet_window, qtbot, "7")
    (entry,) = entries()
    assert (entry.id, entry.label) == (three.id, "7")
    _undo(quiet_window, qtbot, "5")
    _undo(quiet_window, qtbot, "3")
    assert labels_kept() == ["3"]


def test_an_undo_that_fails_can_be_tried_again(
    quiet_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, three: Entry
) -> None:
    def full(*_: object) -> None:
        raise RunError("the disk is full")

    _put_on_paper(quiet_window, qtbot, three.id)
    _give(quiet_window, qtbot, "5")
    with monkeypatch.context() as broken:
        broken.setattr(DrawingStore, "relabel", full)
        quiet_window.actions_["UndoKeep"].trigger()
        box = warning(quiet_window, qtbot)
    assert box.windowTitle() == "The drawing is still saved"
    accept(box, quiet_window, qtbot)
    assert marked(quiet_window) == ["5"]
    _undo(quiet_window, qtbot, "3")
    assert labels_kept() == ["3"]


# --- deleted meanwhile


def test_one_that_was_deleted_is_kept_anew(
    quiet_window: MainWindow, qtbot: QtBot, three: Entry
) -> None:
    load(quiet_window)
    _put_on_paper(quiet_window, qtbot, three.id)
    read(quiet_window, "3")
    _delete_all()
    _give(quiet_window, qtbot, "5")
    (entry,) = entries()
    assert entry.id != three.id
    assert (entry.label, entry.writer.name, entry.device) == ("5", "Ann", "pen")
    assert entry.created == _CREATED
    assert entry.said is not None
    assert entry.said.label == "3"
    undo(quiet_window, qtbot)  # it was not there before: undo deletes it
    assert entries() == []
    assert marked(quiet_window) == []


def test_one_that_was_deleted_before_undo_is_kept_no_more(
    quiet_window: MainWindow, qtbot: QtBot, three: Entry
) -> None:
    _put_on_paper(quiet_window, qtbot, three.id)
    _give(quiet_window, qtbot, "5")
    _delete_all()
    quiet_window.actions_["UndoKeep"].trigger()
    wait_for_undone(quiet_window, qtbot)
    assert marked(quiet_window) == []
    _give(quiet_window, qtbot, "6")
    assert labels_kept() == ["6"]
    undo(quiet_window, qtbot)
    assert entries() == []


# --- one drawing, however often it is put there


def test_a_drawing_kept_here_and_put_there_again_is_one(
    quiet_window: MainWindow, qtbot: QtBot
) -> None:
    draw(quiet_window)
    drawn = quiet_window.canvas.current_drawing()
    keep(quiet_window, qtbot, "7")
    (entry,) = entries()
    assert _put_on_paper(quiet_window, qtbot, entry.id) is drawn
    # Undo would have deleted it; now it is for the gallery to say whether it is kept.
    assert not quiet_window.correction.toast.isVisible()
    assert not quiet_window.actions_["UndoKeep"].isEnabled()
    keep(quiet_window, qtbot, "1")
    assert labels_kept() == ["1"]
    _undo(quiet_window, qtbot, "7")
    assert [entry.id for entry in entries()] == [entry.id]


def test_what_the_gallery_has_relabelled_says_so(
    quiet_window: MainWindow, qtbot: QtBot, three: Entry
) -> None:
    first = _put_on_paper(quiet_window, qtbot, three.id)
    with open_store(daily=False) as store:
        store.relabel([three.id], "9")
    quiet_window.canvas.clear()
    assert _put_on_paper(quiet_window, qtbot, three.id) is first
    assert marked(quiet_window) == ["9"]
    with open_store(daily=False) as store:
        store.relabel([three.id], "8")
    _give(quiet_window, qtbot, "5")
    _undo(quiet_window, qtbot, "8")  # what it was on the disk, and not on the paper


# --- what the gallery does to it while it is on the paper


def test_the_row_follows_what_is_done_to_it_elsewhere(
    quiet_window: MainWindow, qtbot: QtBot, three: Entry
) -> None:
    drawing = _put_on_paper(quiet_window, qtbot, three.id)
    correction = quiet_window.correction
    correction.store.ask(lambda store: store.relabel([three.id], "9"))
    qtbot.waitUntil(lambda: marked(quiet_window) == ["9"], timeout=_PATIENCE)
    correction.store.ask(lambda store: store.delete([three.id]))
    qtbot.waitUntil(lambda: marked(quiet_window) == [], timeout=_PATIENCE)
    assert not correction.is_stored(drawing)
    correction.store.ask(lambda store: store.restore([three.id]))
    qtbot.waitUntil(lambda: marked(quiet_window) == ["9"], timeout=_PATIENCE)
    assert correction.is_stored(drawing)
    _give(quiet_window, qtbot, "5")
    assert [(entry.id, entry.label) for entry in entries()] == [(three.id, "5")]
    _undo(quiet_window, qtbot, "9")


def test_the_toast_offers_no_undo_of_what_the_gallery_changed(
    quiet_window: MainWindow, qtbot: QtBot
) -> None:
    draw(quiet_window)
    keep(quiet_window, qtbot, "7")
    (entry,) = entries()
    quiet_window.correction.store.ask(lambda store: store.relabel([entry.id], "1"))
    qtbot.waitUntil(lambda: marked(quiet_window) == ["1"], timeout=_PATIENCE)
    assert not quiet_window.correction.toast.isVisible()
    assert not quiet_window.actions_["UndoKeep"].isEnabled()


def test_one_that_was_deleted_elsewhere_is_a_sample_like_any_other(
    quiet_window: MainWindow, qtbot: QtBot, three: Entry
) -> None:
    session = begin(quiet_window)
    drawing = _put_on_paper(quiet_window, qtbot, three.id)
    quiet_window.correction.store.ask(lambda store: store.delete([three.id]))
    qtbot.waitUntil(lambda: not quiet_window.correction.is_stored(drawing), timeout=_PATIENCE)
    asked = session.asked
    read(quiet_window, asked)
    go_on(quiet_window, qtbot)
    assert labels_kept() == [asked]


# --- samples, and the end


def test_it_comes_back_to_the_paper_after_samples(
    quiet_window: MainWindow, qtbot: QtBot, three: Entry
) -> None:
    drawing = _put_on_paper(quiet_window, qtbot, three.id)
    begin(quiet_window)
    asked = write(quiet_window, qtbot)
    press_key(quiet_window, Qt.Key.Key_Backspace)  # to the sample before, and not into the store
    button(quiet_window, "sampleStop").click()
    assert quiet_window.canvas.current_drawing() is drawing
    assert marked(quiet_window) == ["3"]
    _give(quiet_window, qtbot, "5")
    assert labels_kept() == [asked, "5"]


def test_it_is_no_sample(quiet_window: MainWindow, qtbot: QtBot, three: Entry) -> None:
    session = begin(quiet_window)
    _put_on_paper(quiet_window, qtbot, three.id)
    read(quiet_window, "3")
    press_key(quiet_window, Qt.Key.Key_Space)
    assert words(quiet_window) == "This drawing is saved already. Write another one."
    assert (session.place, labels_kept()) == (0, ["3"])
    draw(quiet_window)  # instead of it
    assert len(quiet_window.canvas.current_drawing().strokes) == 1
    asked = session.asked
    read(quiet_window, "3")
    go_on(quiet_window, qtbot)
    assert labels_kept() == [asked, "3"]


def test_what_is_on_its_way_is_relabelled_before_the_window_closes(
    quiet_window: MainWindow, qtbot: QtBot, three: Entry
) -> None:
    _put_on_paper(quiet_window, qtbot, three.id)
    press_key(quiet_window, "5")
    quiet_window.close()
    assert [(entry.id, entry.label) for entry in entries()] == [(three.id, "5")]


def test_the_samplers_keys_are_in_the_list_of_keys(quiet_window: MainWindow) -> None:
    quiet_window.actions_["Shortcuts"].trigger()
    dialog = quiet_window.findChild(QDialog, "shortcutsDialog")
    assert dialog is not None
    labels = dialog.findChildren(QLabel)
    keys = {label.text() for label in labels if label.property("key")}
    texts = {label.text() for label in labels}
    assert {"Next sample", "Back to the previous sample", "Stop writing samples"} <= texts
    assert {"Space", "Backspace", "Esc"} <= keys
    assert dialog.sizeHint().height() < 700  # there are screens of 768
    dialog.done(0)
