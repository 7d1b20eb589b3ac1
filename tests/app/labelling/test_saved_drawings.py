"""Labels, their way to the disk and their undo history, without a window and without a disk."""

from __future__ import annotations

import datetime as dt

from handwrite_app.labelling.saved_drawings import LabelChange, SavedDrawing, SavedDrawings
from trainer.picture.strokes import Drawing, Stroke

_CREATED = dt.datetime(2024, 5, 17, tzinfo=dt.UTC)


def _drawing() -> Drawing:
    return Drawing((Stroke.make([[0, 0], [9, 9]]),))


def _saved(label: str | None = None, number: int | None = None) -> SavedDrawing:
    return SavedDrawing(
        drawing=_drawing(),
        answer=None,
        device="mouse",
        writer="",
        created=_CREATED,
        number=number,
        label=label,
    )


def _label(drawings: SavedDrawings, saved: SavedDrawing, label: str) -> LabelChange:
    """Gives the label and brings it to the disk, as the thread does."""
    change = drawings.begin(saved, label)
    _bring(drawings, change)
    return change


def _bring(drawings: SavedDrawings, change: LabelChange) -> None:
    change.before, change.stored = change.saved.label, True
    drawings.finish(change)


def _undo(drawings: SavedDrawings) -> str | None:
    change = drawings.undo()
    assert change is not None
    drawings.finish_undo(change, change.before)
    return change.saved.label


def test_a_label_on_its_way_counts_as_stored() -> None:
    drawings, saved = SavedDrawings(), _saved()
    assert not drawings.is_stored(saved.drawing)
    change = drawings.begin(saved, "7")
    assert drawings.is_stored(saved.drawing)
    assert saved.label is None
    _bring(drawings, change)
    assert (saved.label, saved.pending) == ("7", 0)


def test_another_drawing_with_the_same_strokes_is_another_one() -> None:
    drawings, saved = SavedDrawings(), _saved()
    _label(drawings, saved, "7")
    assert drawings.find(Drawing(saved.drawing.strokes)) is None


def test_undo_goes_back_label_by_label() -> None:
    drawings, saved = SavedDrawings(), _saved()
    for label in "947":
        _label(drawings, saved, label)
    assert [_undo(drawings) for _ in range(3)] == ["4", "9", None]
    assert drawings.undo() is None
    assert drawings.find(saved.drawing) is None


def test_undo_of_one_from_the_store_ends_with_the_label_it_came_with() -> None:
    drawings, saved = SavedDrawings(), _saved("3", number=5)
    drawings.remember(saved)
    for label in "56":
        _label(drawings, saved, label)
    assert [_undo(drawings) for _ in range(2)] == ["5", "3"]
    assert drawings.newest is None
    assert drawings.is_stored(saved.drawing)


def test_changes_of_several_drawings_are_taken_back_in_their_order() -> None:
    drawings, first, second = SavedDrawings(), _saved(), _saved()
    _label(drawings, first, "1")
    _label(drawings, second, "2")
    _label(drawings, first, "3")
    undone = []
    while (change := drawings.undo()) is not None:
        undone.append((change.saved, change.label))
        drawings.finish_undo(change, change.before)
    assert undone == [(first, "3"), (second, "2"), (first, "1")]


def test_the_same_label_twice_is_one_step() -> None:
    drawings, saved = SavedDrawings(), _saved()
    for label in "77":
        _label(drawings, saved, label)
    assert _undo(drawings) is None
    assert drawings.newest is None


def test_the_same_label_counts_where_the_one_before_did_not_reach_the_disk() -> None:
    drawings, saved = SavedDrawings(), _saved()
    _label(drawings, saved, "7")
    first, second = drawings.begin(saved, "1"), drawings.begin(saved, "1")
    drawings.fail(first)
    _bring(drawings, second)
    assert drawings.newest is second


def test_the_same_label_after_another_drawing_is_a_step_of_its_own() -> None:
    drawings, first, second = SavedDrawings(), _saved(), _saved()
    _label(drawings, first, "7")
    _label(drawings, second, "2")
    again = _label(drawings, first, "7")
    assert drawings.newest is again


def test_a_change_on_its_way_can_be_taken_back() -> None:
    drawings, saved = SavedDrawings(), _saved()
    change = drawings.begin(saved, "7")
    assert drawings.undo() is change
    assert drawings.newest is None
    _bring(drawings, change)
    assert change.undone
    drawings.finish_undo(change, None)
    assert not drawings.is_stored(saved.drawing)
    assert drawings.find(saved.drawing) is None


def test_a_label_that_does_not_reach_the_disk_is_no_step() -> None:
    drawings, saved = SavedDrawings(), _saved()
    first = _label(drawings, saved, "7")
    drawings.fail(drawings.begin(saved, "1"))
    assert (saved.label, drawings.newest) == ("7", first)
    lost = _saved()
    drawings.fail(drawings.begin(lost, "2"))
    assert drawings.find(lost.drawing) is None


def test_an_undo_that_fails_is_the_newest_step_of_its_time_again() -> None:
    drawings, first, second = SavedDrawings(), _saved(), _saved()
    change = _label(drawings, first, "1")
    drawings.undo()
    later = _label(drawings, second, "2")
    drawings.fail_undo(change)
    assert not change.undone
    assert drawings.is_stored(first.drawing)
    assert drawings.undo() is later
    assert drawings.undo() is change


def test_a_label_given_elsewhere_cannot_be_undone_here() -> None:
    drawings, first, second = SavedDrawings(), _saved(), _saved()
    other = _label(drawings, first, "1")
    _label(drawings, second, "2")
    assert drawings.adopt_all([(first, "1"), (second, "9")]) == [second]
    assert second.label == "9"
    assert drawings.newest is other


def test_what_is_on_its_way_is_not_overwritten_by_what_was_read_before() -> None:
    drawings, saved = SavedDrawings(), _saved()
    _label(drawings, saved, "7")
    change = drawings.begin(saved, "1")
    assert drawings.adopt_all([(saved, "9")]) == []
    _bring(drawings, change)
    assert saved.label == "1"


def test_one_that_was_deleted_elsewhere_can_come_back() -> None:
    drawings, saved = SavedDrawings(), _saved()
    _label(drawings, saved, "7")
    drawings.adopt_all([(saved, None)])
    assert not drawings.is_stored(saved.drawing)
    drawings.adopt_all([(saved, "7")])
    assert drawings.is_stored(saved.drawing)


def test_what_is_gone_before_its_undo_has_no_history() -> None:
    drawings, saved = SavedDrawings(), _saved("3", number=5)
    _label(drawings, saved, "5")
    _label(drawings, saved, "6")
    change = drawings.undo()
    assert change is not None
    drawings.finish_undo(change, None)
    assert drawings.newest is None


def test_one_is_found_by_its_number() -> None:
    drawings, saved = SavedDrawings(), _saved("3", number=5)
    drawings.remember(saved)
    assert drawings.find_number(5, _CREATED) is saved
    assert drawings.find_number(6, _CREATED) is None
    assert drawings.find_number(5, _CREATED + dt.timedelta(seconds=1)) is None


def test_the_oldest_are_forgotten() -> None:
    drawings = SavedDrawings(remembered=2)
    first, second, third = _saved(), _saved(), _saved()
    for saved in (first, second):
        _label(drawings, saved, "1")
    drawings.remember(first)  # the newest again
    _label(drawings, third, "1")
    assert [drawings.find(one.drawing) for one in (first, second, third)] == [first, None, third]
