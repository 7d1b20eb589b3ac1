"""handwrite-trainer drawings: list, export and import the user's own drawings."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from trainer.cli.files import OVERWRITE_HELP, given_path, output_file
from trainer.cli.help import Command, new_group
from trainer.cli.output import counted, print_json, print_note, result_console, shown

if TYPE_CHECKING:
    from trainer.drawings import DrawingStore, Entry, Filter, Imported

drawings = new_group("drawings", "List, export and import your own drawings.", no_args_is_help=True)

_WRITER = typer.Option("--writer", metavar="NAME", help="Only this writer's drawings.")


@drawings.command("list", cls=Command)
def list_command(
    writer: Annotated[str | None, _WRITER] = None,
    label: Annotated[
        str | None, typer.Option("--label", metavar="LABEL", help="Only drawings of this label.")
    ] = None,
    wrong: Annotated[
        bool, typer.Option("--wrong", help="Only drawings that the network misread.")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object per drawing.")
    ] = False,
) -> None:
    """List your drawings, the newest first.

    The JSON objects are described in docs/formats.md.
    """
    from trainer.drawings import Filter

    with _opened() as store:
        wanted = Filter(writer=_writer(store, writer), label=label, right=False if wrong else None)
        if json:
            for entry in store.entries(wanted):
                print_json({"id": entry.id, **entry.to_json()})
            return
        counts = store.counts()
        count = counts.of(wanted)
        if not count:
            none = f"No drawings yet: the app keeps those that you correct. ({store.path})"
            print("No matching drawings." if counts.of() else none)
            return
        _print_table(store, wanted)
        print(f"{counted(count, 'drawing')}{f' of {counts.of():,}' if count < counts.of() else ''}")


@drawings.command("export", cls=Command)
def export_command(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A name that ends in .jsonl or .jsonl.gz.")
    ],
    writer: Annotated[str | None, _WRITER] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help=OVERWRITE_HELP)] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Write your drawings to a file of strokes, which `train --dataset strokes:FILE` reads."""
    from trainer.drawings import Filter, export_drawings
    from trainer.picture.strokes_files import STROKES_SUFFIXES

    with _opened() as store:
        wanted = Filter(writer=_writer(store, writer))
        target = output_file(
            file, "FILE", STROKES_SUFFIXES, overwrite=overwrite, what="a file of strokes"
        )
        count = export_drawings(store, target, wanted=wanted, overwrite=overwrite)
    if json:
        print_json({"file": str(target), "drawings": count})
    else:
        print(f"{shown(str(target))}: {counted(count, 'drawing')}")


@drawings.command("import", cls=Command)
def import_command(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file of strokes.")],
    writer: Annotated[
        str | None,
        typer.Option(
            "--writer",
            metavar="NAME",
            help="Writer of all of them. Default: the one that each line names, else the first writer.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Store drawings from a file of strokes: all that can be used, each once.

    The JSON object is described in docs/formats.md.
    """
    from trainer.drawings import import_drawings

    with _opened() as store:
        done = import_drawings(store, given_path(file, "FILE"), writer=writer)
    if json:
        print_json(
            {
                "stored": done.stored,
                "restored": done.restored,
                "known": done.known,
                "unusable": done.unusable,
                "problems": [{"line": line, "reason": str(why)} for line, why in done.problems],
                "new_writers": list(done.new_writers),
                "contradictions": [
                    {"ids": list(c.ids), "labels": list(c.labels)} for c in done.contradictions
                ],
            }
        )
    else:
        _print_imported(done)


@contextmanager
def _opened() -> Iterator[DrawingStore]:
    from trainer.drawings import open_store

    with open_store() as store:
        for note in store.notes:
            print_note(note)
        yield store


def _writer(store: DrawingStore, name: str | None) -> int | None:
    return None if name is None else store.writer(name).id


def _print_table(store: DrawingStore, wanted: Filter) -> None:
    """Line by line as they are read: there may be 100,000."""
    widths = {
        "writer": max(_width(shown(writer.name)) for writer in store.writers()),
        "label": max(_width(shown(label)) for label in store.counts().labels(wanted)),
    }
    widths = {name: max(width, len(name)) for name, width in widths.items()}
    head = _line("id", "drawn", "writer", "label", "read as", "device", "network", widths)
    result_console().print(Text(head, style="bold"), soft_wrap=True)
    for entry in store.entries(wanted):
        print(
            _line(
                str(entry.id),
                f"{entry.created.astimezone():%Y-%m-%d %H:%M}",
                shown(entry.writer.name),
                shown(entry.label),
                _read_as(entry),
                entry.device or "–",
                shown(entry.weights.name) if entry.weights else "–",
                widths,
            )
        )


def _line(
    number: str,
    drawn: str,
    writer: str,
    label: str,
    read_as: str,
    device: str,
    network: str,
    widths: dict[str, int],
) -> str:
    return (
        f"{number:>6}  {drawn:<16}  {_padded(writer, widths['writer'])}  "
        f"{_padded(label, widths['label'])}  {_padded(read_as, 16)}  {device:<6}  {network}"
    )


def _read_as(entry: Entry) -> str:
    if entry.said is None:
        return "–"
    answer = "refused" if entry.said.refused else shown(entry.said.label or "–")
    if entry.said.probability is not None:
        answer += f" {100 * entry.said.probability:.0f} %"
    return f"{answer}  wrong" if entry.right is False else answer


def _width(text: str) -> int:
    """Columns of a terminal; a Chinese character has two."""
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _print_imported(done: Imported) -> None:
    parts = [f"{counted(done.stored, 'drawing')} stored"]
    if done.restored:
        parts.append(f"{counted(done.restored, 'deleted drawing')} restored")
    if done.known:
        parts.append(f"{done.known:,} stored before")
    print(", ".join(parts))
    if done.new_writers:
        print(f"new writers: {', '.join(map(shown, done.new_writers))}")
    if done.unusable:
        line, why = done.problems[0]
        rest = f" and {done.unusable - 1:,} more" if done.unusable > 1 else ""
        print_note(f"left out: line {line} ({why}){rest}")
    for found in done.contradictions:
        numbers = ", ".join(map(str, found.ids))
        print_note(
            f"the same drawing has the labels {' and '.join(found.labels)}: drawings {numbers}"
        )
