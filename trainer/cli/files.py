"""Paths given on the command line: checked before any work, so that an output never costs a user's file.

An output is refused where something exists under its name, unless --overwrite was given; its suffix decides
the format, so another suffix is refused as well.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from trainer.base.errors import InputError, RunError
from trainer.base.files import atomic_write, check_regular
from trainer.base.paths import expanded

OVERWRITE_HELP = "Replace an existing file."

_SQLITE = b"SQLite format 3\0"


def given_path(text: str, option: str) -> Path:
    """The path with ~ expanded. Raises InputError for an empty one, which Path has as the current folder."""
    if not text.strip():
        raise InputError(
            "cli.empty-path", "{option} is empty: name a file or a folder", option=option
        )
    return expanded(text)


def output_file(
    text: str | Path, option: str, suffixes: Sequence[str], *, overwrite: bool, what: str
) -> Path:
    """The path of a file to write. suffixes: allowed ends of its name, lower case. what: "a weights file".

    Raises InputError for an empty name, a folder, another suffix, anything but a regular file, and for an
    existing file without overwrite.
    """
    if not str(text).strip():
        raise InputError("cli.empty-output", "{option} is empty: name a file", option=option)
    path = expanded(text)
    if path.is_dir():
        raise InputError(
            "cli.output-is-folder",
            "{option} {path}: a folder; name a file in it",
            option=option,
            path=path,
        )
    check_regular(path)
    if not path.name.lower().endswith(tuple(suffixes)):
        raise InputError(
            "cli.output-suffix",
            "{option} {path}: {what} is written here; name one that ends in {suffixes}",
            option=option,
            path=path,
            what=what,
            suffixes=" or ".join(suffixes),
        )
    check_replaceable(path, option, overwrite=overwrite)
    return path


def check_replaceable(path: Path, option: str, *, overwrite: bool) -> None:
    """Raises InputError where writing to the path would cost something that exists."""
    if check_regular(path) is None:
        return
    if _is_standard_output(path):
        raise InputError(
            "cli.output-is-stdout",
            "{option} {path}: standard output goes to the same file; name another",
            option=option,
            path=path,
        )
    if not overwrite:
        raise InputError(
            "cli.output-exists",
            "{option} {path}: already exists; name another, or add --overwrite",
            option=option,
            path=path,
        )


def check_apart(one: Path | None, option: str, other: Path | None, other_option: str) -> None:
    """Raises InputError where two outputs would be written to the same file."""
    if one is not None and other is not None and os.path.realpath(one) == os.path.realpath(other):
        raise InputError(
            "cli.same-output",
            "{option} and {other} both name {path}: name two files",
            option=option,
            other=other_option,
            path=one,
        )


def write_output(path: Path, content: bytes, *, overwrite: bool, instead: str = "") -> None:
    """Writes a file whose path `output_file` has checked, whole or not at all.

    instead: where the content can be found if it cannot be written. Raises RunError for that, and where a
    file has appeared under this name since it was checked.
    """
    if path.exists() and not overwrite:
        raise RunError(
            "cli.output-appeared",
            "{path} was made by another program meanwhile and is left as it is. {instead}",
            path=path,
            instead=instead,
        )
    with atomic_write(path) as temporary:
        temporary.write_bytes(content)


def _is_standard_output(path: Path) -> bool:
    try:
        return sys.stdout is not None and os.path.samestat(path.stat(), os.fstat(1))
    except (OSError, ValueError):
        return False


def is_store(path: Path) -> bool:
    """Whether a file is a store of drawings (or another SQLite database)."""
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False  # its reader reports it
