"""A card's sentence about its data in the language of the window."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from handwrite_app.models.card_text import data_in_words
from handwrite_app.ui import language


def test_in_english(qapp: QApplication) -> None:
    data = "MNIST, 54,000 training pictures; then 30 drawings by Ada; then 5 drawings by one writer"
    assert data_in_words(data) == (
        "MNIST, 54,000 training pictures; then 30 drawings by Ada; then 5 drawings by one writer"
    )
    assert data_in_words("something else") == "something else"


@pytest.mark.parametrize("writer", ["Me", "one writer"])
def test_whoever_has_no_name_is_translated(
    english_afterwards: None, qapp: QApplication, writer: str
) -> None:
    language.install("zh_CN")
    shown = data_in_words(f"MNIST, 54,000 training pictures; then 30 drawings by {writer}")
    assert writer not in shown
    assert "30" in shown


def test_a_name_is_not(english_afterwards: None, qapp: QApplication) -> None:
    language.install("zh_CN")
    assert "Meg" in data_in_words("MNIST, 54,000 training pictures; then 30 drawings by Meg")
