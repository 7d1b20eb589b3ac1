"""Networks as files: the user's own are renamed and deleted, any is copied. Networks that ship are never
touched."""

from __future__ import annotations

import os
from pathlib import Path

from trainer.base.errors import InputError, RunError, WeightsError
from trainer.base.files import atomic_write
from trainer.base.paths import models_folder
from trainer.models.active_model import active_model, move_active
from trainer.models.lineage import is_same_file
from trainer.models.weights import SUFFIX, checked_network_name, stored_weights


def own_network(name: str) -> Path:
    """The file of a network that the user keeps. Raises WeightsError, listing them, for any other."""
    entries = [entry for entry in stored_weights() if not entry.shipped]
    for entry in entries:
        if entry.name == name or is_same_file(entry.path, Path(name)):
            return entry.path
    raise WeightsError(
        "models.not-own",
        "{name!r} is no network of your own; there are: {names}. Networks that ship stay as they are.",
        name=name,
        names=", ".join(entry.name for entry in entries) or "none",
    )


def rename_network(path: Path, name: str) -> Path:
    """Gives a network another name; its path then. It stays the active one where it is.

    Raises WeightsError for a name that is taken or cannot be a file's, RunError where it cannot be renamed.
    """
    name = checked_network_name(name)
    target = models_folder() / f"{name}{SUFFIX}"
    taken = {entry.name.casefold() for entry in stored_weights()} - {path.stem.casefold()}
    if name.casefold() in taken:
        raise WeightsError(
            "models.name-taken",
            "there is a network {name!r} already: choose another name",
            name=name,
        )
    try:
        os.rename(path, target)  # noqa: PTH104  within one folder
    except OSError as error:
        raise RunError(
            "models.not-renamed",
            "{name} could not be renamed: {reason}",
            name=path.stem,
            reason=error.strerror or str(error),
        ) from error
    move_active(path, target)
    return target


def copy_network(path: Path, target: Path) -> None:
    """Writes a network's weights file once more, anywhere. Raises RunError where that cannot be done."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RunError(
            "models.not-copied",
            "{name} could not be read: {reason}",
            name=path.name,
            reason=error.strerror or str(error),
        ) from error
    with atomic_write(target) as temporary:
        temporary.write_bytes(content)


def delete_network(path: Path) -> None:
    """Deletes a network's file. Raises InputError for the active one, RunError where it cannot be deleted."""
    active = active_model()
    if active is not None and is_same_file(active, path):
        raise InputError(
            "models.is-active",
            "{name} is the active network: choose another one first, with `models use` or `models rollback`",
            name=path.stem,
        )
    try:
        path.unlink()
    except OSError as error:
        raise RunError(
            "models.not-deleted",
            "{name} could not be deleted: {reason}",
            name=path.stem,
            reason=error.strerror or str(error),
        ) from error
