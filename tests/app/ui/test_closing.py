"""Closing: every step is taken."""

from __future__ import annotations

import logging

import pytest

from handwrite_app.ui.closing import close_all


def test_a_step_that_raises_keeps_no_other_from_being_taken(
    caplog: pytest.LogCaptureFixture,
) -> None:
    taken: list[int] = []

    def broken() -> None:
        raise ZeroDivisionError("while closing")

    with caplog.at_level(logging.ERROR):
        close_all(lambda: taken.append(1), broken, lambda: taken.append(2))
    assert taken == [1, 2]
    assert "broken failed while closing" in caplog.text
    assert "ZeroDivisionError" in caplog.text
