"""The data that a network was trained on, in the language of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from handwrite_app.labelling.writers import shown_writer

if TYPE_CHECKING:
    from trainer.models.data_sources import DataSource
    from trainer.models.weights_card import WeightsCard

translate = QCoreApplication.translate

_WRITER = "writer"  # trainer.models.data_sources.WRITER, which the first paint does not import
_TITLES = {
    "mnist": "MNIST",
    "qmnist": "QMNIST",
    "usps": "USPS",
    "emnist-digits": "EMNIST Digits",
    "emnist-letters": "EMNIST Letters",
    "emnist-balanced": "EMNIST Balanced",
}


def data_text(card: WeightsCard) -> str:
    """The sources and the number of images, then the writers' drawings; the card's own sentence where it
    holds nothing else."""
    if not card.sources:
        return card.data
    base = [source for source in card.sources if source.kind != _WRITER]
    titles = list(dict.fromkeys(_title(source) for source in base))
    images = translate("CardText", "{names}, {count} training images")
    parts = [
        images.format(
            names=QLocale().createSeparatedList(titles), count=_number(card.training_images)
        )
    ]
    parts += [_writer(source) for source in card.sources if source.kind == _WRITER]
    return "; ".join(parts)


def _title(source: DataSource) -> str:
    if source.kind == "synthetic" and source.name == "sketches":
        return translate("CardText", "synthetic digits")
    if source.kind == "synthetic" and source.name == "letter-sketches":
        return translate("CardText", "synthetic letters")
    if source.kind == "synthetic" and source.name in ("scribbles", "letter-scribbles"):
        return translate("CardText", "scribbles")
    return _in_words(source.title) or _TITLES.get(source.name, source.name)


def _in_words(title: str) -> str:
    """A title with what was taken of the data in brackets, "UNIPEN (digits)", in the window's language."""
    name, bracket, part = title.removesuffix(")").partition(" (")
    known = {
        "digits": translate("CardText", "digits"),
        "letters": translate("CardText", "letters"),
        "letters and signs": translate("CardText", "letters and signs"),
        "digits and letters": translate("CardText", "digits and letters"),
        "signs": translate("CardText", "signs"),
    }
    if not bracket or part not in known:
        return title
    return translate("CardText", "{name} ({part})").format(name=name, part=known[part])


def _writer(source: DataSource) -> str:
    count = _number(source.count or 0)
    if not source.name:
        return translate("CardText", "then {count} drawings by one writer").format(count=count)
    words = translate("CardText", "then {count} drawings by {writer}")
    return words.format(count=count, writer=shown_writer(source.name))


def _number(number: int) -> str:
    return QLocale().toString(number)
