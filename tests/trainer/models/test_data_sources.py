"""The data in a weights card: structured, and as the sentence of earlier versions."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from trainer.base.errors import WeightsError
from trainer.base.paths import shipped_weights_folder
from trainer.models.data_sources import WRITER, DataSource, parsed, prose, sources_of
from trainer.models.weights import read_card
from trainer.models.weights_card import WeightsCard

_CARD = WeightsCard(architecture="cnn", labels=tuple("0123456789"))
_MIXTURE = "1.5*mnist+4*strokes-digits:digits.jsonl.gz+npz-others:c++.npz+3*sketches+scribbles"


def test_the_sources_of_a_mixture() -> None:
    mnist, digits, others, sketches, scribbles = sources_of(_MIXTURE, [5, 4, 3, 2, 1])
    assert (mnist.name, mnist.kind, mnist.weight, mnist.count) == ("mnist", "published", 1.5, 5)
    assert mnist.citation.startswith("LeCun")
    assert (digits.name, digits.kind, digits.selection) == ("digits.jsonl.gz", "strokes", "digits")
    assert (others.kind, others.selection, others.count) == ("npz", "others", 3)
    assert (sketches.kind, scribbles.kind) == ("synthetic", "synthetic")
    assert (sketches.citation, digits.citation) == ("", "")


def test_folders_stay_at_home() -> None:
    (source,) = sources_of("strokes:/home/ada/mine.jsonl")
    assert source.name == "mine.jsonl"


@pytest.mark.parametrize("spec", ["mnist", _MIXTURE, "folder:mine"])
def test_a_sentence_of_an_earlier_version_is_taken_apart(spec: str) -> None:
    sentence = (
        f"{spec}, 138,287 training pictures; then 30 drawings by Ada; then 5 drawings by one writer"
    )
    sources, images = parsed(sentence)
    assert images == 138_287
    *base, ada, unnamed = sources
    counts = [138_287] if len(base) == 1 else None
    assert tuple(base) == sources_of(spec, counts)
    assert ada == DataSource(name="Ada", kind=WRITER, count=30)
    assert unnamed == DataSource(name="", kind=WRITER, count=5)
    assert prose(sources, images) == sentence
    old = WeightsCard.from_json(
        {"format": 1, "architecture": "cnn", "labels": ["a", "b"], "data": sentence}
    )
    assert (old.sources, old.training_images, old.writer_drawings) == (sources, images, 5)


def test_a_name_that_is_no_specification_is_a_published_set() -> None:
    assert parsed("MNIST, 54,000 training pictures") == (
        (DataSource(name="MNIST", kind="published", count=54_000),),
        54_000,
    )


@pytest.mark.parametrize("sentence", ["", "something else", "mnist, many training pictures"])
def test_another_sentence_stays_a_sentence(sentence: str) -> None:
    assert parsed(sentence) == ((), 0)
    assert replace(_CARD, data=sentence).data == sentence


def test_a_card_with_sources_travels_and_has_the_sentence() -> None:
    card = replace(
        _CARD,
        sources=sources_of("mnist+sketches", [60, 40]),
        training_images=100,
        program="handwrite 0.1.0",
        licence="MIT",
    ).personalized_to("Ada", 3)
    document = card.to_json()
    assert json.loads(json.dumps(document)) == document
    assert document["data"] == "mnist+sketches, 100 training pictures; then 3 drawings by Ada"
    assert document["sources"][2]["name"] == "Ada"
    back = WeightsCard.from_json(document)
    assert back == card
    assert (back.writer, back.writer_drawings) == ("Ada", 3)


@pytest.mark.parametrize(
    "sources",
    [
        3,
        {},
        "mnist",
        ["mnist"],
        [{}],
        [{"name": "mnist"}],
        [{"name": 3, "kind": "published"}],
        [{"name": "mnist", "kind": "published", "count": "many"}],
        [{"name": "mnist", "kind": "published"}] * 1001,
    ],
)
def test_foreign_sources_are_refused(sources: object) -> None:
    document = {"format": 1, "architecture": "cnn", "labels": ["a", "b"], "sources": sources}
    with pytest.raises(WeightsError, match="unusable 'sources'"):
        WeightsCard.from_json(document)


@pytest.mark.parametrize(("name", "count"), [("scribe", 138_316), ("scribe-tiny", 138_287)])
def test_networks_that_ship_tell_their_sources(name: str, count: int) -> None:
    card = read_card(shipped_weights_folder() / f"{name}.safetensors")
    assert (card.licence, card.program) == ("MIT", "handwrite 0.1.0")
    assert card.training_images == count
    titles = [source.title or source.name for source in card.sources]
    assert titles == [
        "mnist",
        "UNIPEN (digits)",
        "UNIPEN (letters and signs)",
        "BHMSDS (digits)",
        "BHMSDS (signs)",
        "sketches",
        "scribbles",
    ]
    for source in card.sources:
        assert bool(source.citation) == (source.kind != "synthetic")
    assert parsed(card.data)[1] == card.training_images
