"""Sums come to what arithmetic says."""

from __future__ import annotations

import pytest

from trainer.segmentation.sums import answer_of


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("12+30=", "42"),
        ("2+3×4=", "14"),
        ("7−9=", "−2"),
        ("−3+5=", "2"),
        ("1÷3=", "0.333333"),
        ("2÷3=", "0.666667"),
        ("0.1+0.2=", "0.3"),
        ("10−4−3=", "3"),
        ("8÷4÷2=", "1"),
        ("1÷0=", ""),
        ("12+30", ""),
        ("12=", ""),
        ("+=", ""),
        ("1++2=", ""),
        ("1.2.3+1=", ""),
        ("9×9?=", ""),
        ("=", ""),
        ("", ""),
    ],
)
def test_sums(text: str, answer: str) -> None:
    assert answer_of(text) == answer
