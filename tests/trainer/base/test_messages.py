"""Messages are data until the edge makes sentences of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from trainer.base.errors import DataError, HandwriteError, PictureError
from trainer.base.messages import Message


def test_an_error_carries_a_code_and_parameters() -> None:
    error = DataError(
        "data.lines", "{count:,} lines of {path} are no drawings", count=1200, path=Path("a.jsonl")
    )
    assert error.code == "data.lines"
    assert error.message.parameters["count"] == 1200
    assert str(error) == "1,200 lines of a.jsonl are no drawings"


def test_a_reason_is_a_sentence_within_the_sentence() -> None:
    reason = PictureError("image.empty", "nothing is drawn")
    error = DataError("data.line", "line {line}: {reason}", line=3, reason=reason)
    words = {"line {line}: {reason}": "第 {line} 行：{reason}", "nothing is drawn": "空白"}
    assert str(error) == "line 3: nothing is drawn"
    assert error.message.sentence(words.__getitem__) == "第 3 行：空白"


def test_it_holds_plain_values_only() -> None:
    reason = PictureError("image.empty", "no {what}", what="ink")
    message = Message.of(
        "b",
        "{path}: {reason} ({share:.0%} of {count:,})",
        path=Path("x"),
        reason=reason,
        share=np.float32(0.5),
        count=np.int64(1200),
    )
    assert str(message) == "x: no ink (50% of 1,200)"
    assert message.parameters == {
        "path": "x",
        "reason": Message.of("image.empty", "no {what}", what="ink"),
        "share": 0.5,
        "count": 1200,
    }
    assert type(message.parameters["count"]) is int


def test_a_sentence_with_braces_stays_as_it_is() -> None:
    assert str(HandwriteError('a line is {"label": …}')) == 'a line is {"label": …}'
