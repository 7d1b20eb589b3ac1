"""The labelled drawings of a file of strokes, of one writer where one is named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trainer.base.errors import InputError
from trainer.cli.output import counted, print_note, shown

if TYPE_CHECKING:
    from trainer.drawings.exchange import LabelledLine


def writer_lines(path: Path, writer: str | None) -> list[LabelledLine]:
    """The lines of a writer; None: of all. A note tells of lines that cannot be used. Raises InputError where
    no line can be used, or none is the writer's."""
    from trainer.drawings.exchange import labelled_lines

    lines, problems = labelled_lines(path)
    if problems:
        number, what = problems[0]
        print_note(
            f"{counted(len(problems), 'line')} cannot be used; line {number}: {shown(str(what))}"
        )
    found = [line for line in lines if writer in (None, line.writer)]
    if writer is not None and not found:
        raise InputError(
            "cli.no-such-writer",
            "{path} has no drawings of a writer {writer!r}",
            path=path,
            writer=writer,
        )
    return found
