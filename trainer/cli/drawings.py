"""handwrite-trainer drawings: what a person drew and corrected, listed, written to a file, taken from one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from trainer.base.paths import expanded
from trainer.cli.output import error_console, print_json, result_console

if TYPE_CHECKING:
    from trainer.drawings import DrawingStore, Entry, Filter, Imported

drawings = typer.Typer(
    name="drawings",
    help="List your own drawings, write them to a file, take some from one.",
    no_args_is_help=True,
)

_WRITER = typer.Option("--writer", metavar="NAME", help="Only this writer's drawings.")


@drawings.command("list")
def list_command(
    writer: Annotated[str | None, _WRITER] = None,
    label: Annotated[
        str | None, typer.Option("--label", help="Only drawings of this label.")
    ] = None,
    wrong: Annotated[
        bool, typer.Option("--wrong", help="Only those that the network read wrongly.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a drawing.")] = False,
) -> None:
    """List your drawings, the newest first.

    With --json a line is {"id", "label", "writer", "said", "probability", "refused", "weights": {"name",
    "hash"}, "device", "created"}; what is not known is null.
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
            nobody = "No drawings yet: the app keeps those that you correct."
            print("No such drawings." if counts.of() else f"{nobody} ({store.path})")
            return
        _print_table(store, wanted)
        print(f"{_drawings(count)}{f' of {counts.of():,}' if count < counts.of() else ''}")


@drawings.command("export")
def export_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A name that ends in .jsonl or .jsonl.gz.")
    ],
    writer: Annotated[str | None, _WRITER] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the file if it is there.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Write your drawings to a file of strokes, which `train --dataset strokes:FILE` reads.

    With --json: {"file", "drawings"}.
    """
    from trainer.drawings import Filter, export_drawings

    with _opened() as store:
        wanted = Filter(writer=_writer(store, writer))
        target = expanded(file)
        count = export_drawings(store, target, wanted=wanted, overwrite=overwrite)
    if json:
        print_json({"file": str(target), "drawings": count})
    else:
        print(f"{target}: {_drawings(count)}")


@drawings.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .jsonl or .jsonl.gz file.")],
    writer: Annotated[
        str | None,
        typer.Option(
            "--writer",
            metavar="NAME",
            help="Whose they are to be. Default: whom each line names, else the first writer.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Take drawings from a file of strokes: all that can be used, each once.

    With --json: {"stored", "restored", "known", "unusable", "problems": [{"line", "reason"}],
    "new_writers", "contradictions": [{"ids", "labels"}]}.
    """
    from trainer.drawings import import_drawings

    with _opened() as store:
        done = import_drawings(store, expanded(file), writer=writer)
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
            _warn(str(note))
        yield store


def _writer(store: DrawingStore, name: str | None) -> int | None:
    return None if name is None else store.writer(name).id


def _print_table(store: DrawingStore, wanted: Filter) -> None:
    """Line by line as they are read: there may be 100,000."""
    widths = {
        "writer": max(_width(writer.name) for writer in store.writers()),
        "label": max(_width(label) for label in store.counts().labels(wanted)),
    }
    widths = {name: max(width, len(name)) for name, width in widths.items()}
    head = _line("id", "drawn", "writer", "label", "read as", "device", "network", widths)
    result_console().print(Text(head, style="bold"), soft_wrap=True)
    for entry in store.entries(wanted):
        print(
            _line(
                str(entry.id),
                f"{entry.created.astimezone():%Y-%m-%d %H:%M}",
                entry.writer.name,
                entry.label,
                _read_as(entry),
                entry.device or "–",
                entry.weights.name if entry.weights else "–",
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
    answer = "refused" if entry.said.refused else entry.said.label or "–"
    if entry.said.probability is not None:
        answer += f" {100 * entry.said.probability:.0f} %"
    return f"{answer}  wrong" if entry.right is False else answer


def _width(text: str) -> int:
    """Columns of a terminal; a Chinese character has two."""
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _print_imported(done: Imported) -> None:
    parts = [f"{_drawings(done.stored)} stored"]
    if done.restored:
        parts.append(f"{done.restored:,} brought back that had been deleted")
    if done.known:
        parts.append(f"{done.known:,} there already")
    print(", ".join(parts))
    if done.new_writers:
        print(f"new writers: {', '.join(done.new_writers)}")
    if done.unusable:
        line, why = done.problems[0]
        rest = f" and {done.unusable - 1:,} more" if done.unusable > 1 else ""
        _warn(f"left out: line {line} ({why}){rest}")
    for found in done.contradictions:
        numbers = ", ".join(map(str, found.ids))
        _warn(f"the same drawing has the labels {' and '.join(found.labels)}: drawings {numbers}")


def _warn(text: str) -> None:
    error_console().print(Text.assemble(("note: ", "bold yellow"), text), soft_wrap=True)


def _drawings(count: int) -> str:
    return f"{count:,} drawing{'s' if count != 1 else ''}"
