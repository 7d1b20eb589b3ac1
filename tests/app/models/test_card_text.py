"""The data of a weights card in the language of the window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from handwrite_app.models.card_text import data_text
from handwrite_app.ui import language
from trainer.models.data_sources import DataSource, sources_of
from trainer.models.weights_card import WeightsCard

_CARD = WeightsCard(
    architecture="cnn",
    labels=tuple("0123456789"),
    sources=(
        *sources_of("2*mnist+sketches+strokes:/home/me/mine.jsonl+scribbles"),
        DataSource(name="digits.npz", kind="npz", title="BHMSDS"),
        DataSource(name="others.npz", kind="npz", title="BHMSDS"),
    ),
    training_images=54_000,
)


def test_in_english(english_afterwards: None, qapp: QApplication) -> None:
    language.install("en")
    card = _CARD.personalized_to("Ada", 30).personalized_to("", 1_200)
    assert data_text(card) == (
        "MNIST, synthetic digits, mine.jsonl, scribbles, and BHMSDS, 54,000 training images; "
        "then 30 drawings by Ada; then 1,200 drawings by one writer"
    )


def test_a_sentence_that_could_not_be_taken_apart_stays_as_it_is(qapp: QApplication) -> None:
    card = replace(_CARD, sources=(), data="something else")
    assert data_text(card) == "something else"
    assert data_text(card.personalized_to("Ada", 3)) == "something else; then 3 drawings by Ada"


@pytest.mark.parametrize("writer", ["Me", ""])
def test_a_writer_without_a_name_is_translated(
    english_afterwards: None, qapp: QApplication, writer: str
) -> None:
    language.install("zh_CN")
    shown = data_text(_CARD.personalized_to(writer, 30)).rpartition(";")[2]
    assert "Me" not in shown
    assert "writer" not in shown
    assert "30" in shown


def test_a_name_is_not(english_afterwards: None, qapp: QApplication) -> None:
    language.install("zh_CN")
    assert "Meg" in data_text(_CARD.personalized_to("Meg", 30))
