"""The memory of a writer's strokes on the command line: `--memory FILE|DB [--writer NAME]`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from trainer.base.errors import InputError
from trainer.cli.files import given_path, is_store
from trainer.cli.output import counted, print_note
from trainer.cli.writer_lines import writer_lines

if TYPE_CHECKING:
    from trainer.personalize.memory.stroke_memory import StrokeMemory

MEMORY = typer.Option(
    metavar="FILE|DB",
    help="Also compare with these labelled drawings of the writer's: a .jsonl or .jsonl.gz file of strokes, "
    "or the app's store of drawings.",
)

WRITER = typer.Option(metavar="NAME", help="Of --memory, only this writer's drawings.")


def chosen_memory(memory: str | None, writer: str | None) -> StrokeMemory | None:
    """What --memory and --writer name; None where they are not given.

    Raises InputError where there is no such writer, no drawing, or --writer without --memory.
    """
    if (path := memory_file(memory, writer)) is None:
        return None
    found = _of_store(path, writer) if is_store(path) else _of_file(path, writer)
    check_memory(path, found)
    return found


def memory_file(memory: str | None, writer: str | None) -> Path | None:
    """The file of --memory; None where it is not given. Raises InputError for --writer without it."""
    if memory is not None:
        return given_path(memory, "--memory")
    if writer is not None:
        raise InputError(
            "cli.writer-without-memory", "--writer chooses from --memory: name a file there, too"
        )
    return None


def check_memory(path: Path, found: StrokeMemory) -> None:
    """Raises InputError where nothing is remembered; names drawings that contradict each other."""
    if not len(found):
        raise InputError(
            "cli.empty-memory", "{path} has no labelled strokes that could be remembered", path=path
        )
    if pairs := found.contradictions():
        one, other = pairs[0]
        print_note(
            f"{counted(len(pairs), 'pair')} of nearly the same drawing under different labels not used: "
            f"{one} and {other}, for example"
        )


def _of_store(path: Path, writer: str | None) -> StrokeMemory:
    from trainer.drawings import open_store
    from trainer.personalize.memory.store import WriterMemory

    with open_store(path, read_only=True) as store:
        of_writer = WriterMemory(writer="" if writer is None else store.writer(writer).name)
        of_writer.refresh(store)
    return of_writer.memory


def _of_file(path: Path, writer: str | None) -> StrokeMemory:
    from trainer.personalize.memory.store import memory_of

    wanted = writer_lines(path, writer)
    return memory_of(
        ((line.drawing, line.label) for line in wanted), [line.number for line in wanted]
    )
