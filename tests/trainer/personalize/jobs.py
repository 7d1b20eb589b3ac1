"""A store to learn from, and jobs of personalization."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from trainer.base.paths import drawings_file
from trainer.drawings import open_store
from trainer.personalize.job import PersonalizationJob
from trainer.picture.strokes import Drawing
from trainer.synthetic.synthetic_digits import synthetic_digits

Labelled = tuple[str, Drawing]


def keep(drawings: Iterable[Labelled], writer: str = "") -> list[int]:
    """Puts labelled drawings into the user's store; their ids."""
    with open_store(daily=False) as store:
        whose = store.default_writer
        if writer:
            whose = store.add_writer(writer)
        return [store.add(drawing, label=label, writer=whose.id) for label, drawing in drawings]


def swapped(count: int, seed: int = 5) -> list[Labelled]:
    """A writer whose 8 looks like a 3, and the other way."""
    meant = {"3": "8", "8": "3"}
    return [(meant.get(label, label), drawing) for label, drawing in synthetic_digits(count, seed)]


def job(
    network: Path, folder: Path, *, writer: str = "", data: Path | None = None
) -> PersonalizationJob:
    """A job on the user's store that writes into `folder`."""
    return PersonalizationJob(
        network=network,
        drawings=drawings_file(),
        writer=writer,
        target=folder / "personalized.safetensors",
        data_folder=data or folder,
    )
