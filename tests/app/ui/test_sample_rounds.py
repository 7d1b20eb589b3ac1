"""What is asked for when samples are written, and the score: no window, no store, no network."""

from __future__ import annotations

import random
import string
from collections import Counter
from itertools import pairwise

import pytest

from handwrite_app.ui.sample_rounds import ROUNDS, Sample, Session, shuffled
from trainer.picture.strokes import Drawing

DIGITS = tuple(string.digits)


def _sample(session: Session, said: str | None, *, refused: bool = False) -> Sample:
    assert session.asked is not None
    return Sample(
        asked=session.asked, said=said, refused=refused, drawing=Drawing(), number=session.place
    )


def _write(session: Session, said: str | None = None) -> Sample:
    sample = _sample(session, said or session.asked)
    session.keep(sample)
    return sample


# --- the order


@pytest.mark.parametrize("rounds", ROUNDS)
def test_each_label_so_often_and_never_twice_in_a_row(rounds: int) -> None:
    for seed in range(200):
        order = shuffled(DIGITS, rounds, random.Random(seed))
        assert Counter(order) == dict.fromkeys(DIGITS, rounds)
        assert all(one != next_ for one, next_ in pairwise(order))
        assert set(order[:10]) == set(DIGITS)  # a round at a time


def test_it_cannot_be_guessed() -> None:
    orders = {shuffled(DIGITS, 3, random.Random(seed)) for seed in range(50)}
    assert len(orders) == 50
    seams = {order[10] for order in orders}
    assert len(seams) > 5  # what begins a round is anything


def test_few_labels() -> None:
    assert shuffled("7", 3, random.Random(1)) == ("7", "7", "7")
    for seed in range(20):
        order = shuffled("ab", 3, random.Random(seed))
        assert order in (tuple("ababab"), tuple("bababa"))
    for labels, rounds in (((), 3), (DIGITS, 0)):
        with pytest.raises(ValueError, match="nothing to ask for"):
            Session(labels, rounds)


def test_of_many_labels_each_once() -> None:
    assert Session(string.ascii_letters, 5).total == 52
    assert Session(DIGITS, 5).total == 50


# --- the way through


def test_on_to_the_last_one() -> None:
    session = Session(DIGITS, 1, random.Random(1))
    asked: list[str] = []
    while session.asked is not None:
        assert session.place == len(asked)
        asked.append(session.asked)
        assert session.sample is None
        _write(session)
    assert tuple(asked) == session.order
    assert session.place == session.total == len(session.samples) == 10
    with pytest.raises(ValueError, match="everything"):
        session.skip()


def test_another_label_than_asked_for_is_refused() -> None:
    session = Session(DIGITS, 1)
    wrong = next(label for label in DIGITS if label != session.asked)
    with pytest.raises(ValueError, match="was asked for"):
        session.keep(Sample(asked=wrong, said=wrong, refused=False, drawing=Drawing(), number=1))
    assert session.place == 0
    assert not session.samples


def test_back_replaces_and_goes_on_where_one_was() -> None:
    session = Session(DIGITS, 1)
    assert not session.back()
    first, second, third = (_write(session) for _ in range(3))
    assert session.back()
    assert session.back()
    assert session.sample is second
    again = _sample(session, "x")
    assert session.keep(again) is second
    assert session.place == 3
    assert session.samples == (first, again, third)


def test_back_and_left_as_it_was() -> None:
    session = Session(DIGITS, 1)
    first = _write(session)
    session.back()
    session.leave()
    assert session.place == 1
    assert session.samples == (first,)


def test_skipped_ones_are_asked_for_again_only_by_going_back() -> None:
    session = Session(DIGITS, 1)
    assert session.skip() is None
    assert session.place == 1
    session.back()
    assert session.sample is None
    sample = _write(session)
    session.back()
    assert session.skip() is sample  # what was written there counts no more
    assert session.place == 1
    assert not session.samples


# --- the score


def test_the_score_by_label_and_what_was_misread() -> None:
    session = Session("017", 2, random.Random(3))
    said = {"0": ["0", "0"], "1": ["7", "1"], "7": ["1", "1"]}
    while session.asked is not None:
        _write(session, said[session.asked].pop(0))
    score = session.score()
    assert (score.right, score.read, score.written) == (3, 6, 6)
    assert score.by_label == {"0": (2, 2), "1": (1, 2), "7": (0, 2)}
    assert list(score.by_label) == ["0", "1", "7"]
    assert [(one.asked, one.said) for one in score.misread] == [("1", "7"), ("7", "1"), ("7", "1")]


def test_refused_is_misread_and_unread_is_neither() -> None:
    session = Session(DIGITS, 1)
    refused = _sample(session, session.asked, refused=True)
    session.keep(refused)
    session.keep(_sample(session, None))
    session.skip()
    score = session.score()
    assert (score.right, score.read, score.written) == (0, 1, 2)
    assert score.misread == (refused,)
    assert score.by_label == {refused.asked: (0, 1)}


def test_nothing_written_nothing_scored() -> None:
    score = Session(DIGITS, 3).score()
    assert (score.right, score.read, score.written, score.misread) == (0, 0, 0, ())
