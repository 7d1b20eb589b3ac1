"""What --data means: data by name, a file or folder of one's own, or the folder of published data sets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from trainer.base.errors import DataError
from trainer.base.paths import data_folder
from trainer.cli.files import given_path
from trainer.datasets.spec import (
    DATASET_NAMES,
    GENERATED_NAMES,
    SOURCES,
    Term,
    check_spec,
    is_spec,
    kind_of_file,
)

#: A folder that holds one of these is a folder of published data sets.
_PUBLISHED = ("MNIST", "QMNIST", "EMNIST", "usps.bz2", "usps.t.bz2")


@dataclass(frozen=True, kw_only=True)
class ChosenData:
    """spec: a specification of data, "" where only the folder was named. folder: of the published data sets.

    path: the file or folder that a person named, None where they named a specification or nothing.
    """

    spec: str
    folder: Path
    path: Path | None = None

    @property
    def note(self) -> str:
        """A line for a person: how the path was understood; "" where nothing is to be explained."""
        return f"--data {self.path}: {self.spec}" if self.path is not None and self.spec else ""


def chosen_data(text: str | None, *, named: bool = False) -> ChosenData:
    """The meaning of --data.

    named: the data are named elsewhere (--dataset, --recipe): a folder is that of published data sets. Raises
    ConfigError for a specification with a mistake in it, DataError for a path that does not exist (it
    is never made) or is no data, InputError for an empty text.
    """
    if text is None:
        return ChosenData(spec="", folder=data_folder())
    path = given_path(text, "--data")
    if is_spec(text) or (":" in text and not path.exists()):
        check_spec(text)
        return ChosenData(spec=text, folder=data_folder())
    if not path.exists():
        raise DataError(
            "data.not-found",
            "--data {path}: neither a path nor data by name ({names}, {sources}, or several joined by +)",
            path=text,
            names=", ".join((*DATASET_NAMES, *GENERATED_NAMES)),
            sources=", ".join(source for source in SOURCES if source.endswith(":PATH")),
        )
    if not path.is_dir():
        return ChosenData(spec=_spec_of(path), folder=data_folder(), path=path)
    if named or is_published(path):
        return ChosenData(spec="", folder=path)
    from trainer.picture.input_files import listed

    found = listed(path)
    if found.class_names or any(kind_of_file(file) == "strokes" for file in found.files):
        return ChosenData(spec=str(Term(name="folder", path=path)), folder=data_folder(), path=path)
    if found.files:
        raise DataError(
            "data.no-class-folders",
            "--data {path}: the files in it have no labels. Put them into one folder for each label, as in "
            "{path}/3/name.png, or name a file with strokes:FILE",
            path=path,
        )
    return ChosenData(spec="", folder=path)


def _spec_of(path: Path) -> str:
    """Raises DataError where the file's name does not say what kind it is."""
    kind = kind_of_file(path)
    if not kind:
        from trainer.picture.input_files import is_image, unknown_file

        if is_image(path):
            raise DataError(
                "data.image-without-label",
                "--data {path}: an image has no label. Put images into one folder for each label, as in "
                "digits/3/name.png, and name the folder that holds them",
                path=path,
            )
        raise DataError(
            "data.unknown-file-type",
            "--data {path}: {reason}. If it has a usual form under another name, say strokes:FILE, npz:FILE "
            "or csv:FILE",
            path=path,
            reason=unknown_file(path),
        )
    return str(Term(name=kind, path=path))


def is_published(path: Path) -> bool:
    return any((path / name).exists() for name in _PUBLISHED)


def other_labels(
    weights: Path, labels: Iterable[str], data: str, found: Iterable[str]
) -> DataError:
    """The error of data none of whose labels (found) the network in `weights` reads (labels)."""
    return DataError(
        "evaluate.other-labels",
        "{network} reads {labels}, but {data} has {found}: choose a network that has learned these with "
        "--weights, or other data.",
        network=weights.stem,
        labels=" ".join(labels),
        data=data,
        found=" ".join(found),
    )
