"""handwrite-trainer recognize."""

from __future__ import annotations

import csv
import io
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trainer.base.errors import InputError
from trainer.cli.files import given_path
from trainer.cli.lines import SUMS, WORDS, LinePrinter, LineReader, line_options
from trainer.cli.memory import MEMORY, WRITER, chosen_memory
from trainer.cli.mode import MODE, chosen_mode
from trainer.cli.output import counted, percent, print_error, print_json, print_note, shown
from trainer.cli.weights import DEVICE, WEIGHTS, weights_file

if TYPE_CHECKING:
    from trainer.evaluation.evaluation import ImageAnswer
    from trainer.models.recognizer import Recognizer
    from trainer.personalize.memory.stroke_memory import Match
    from trainer.picture.input_files import Item

_STANDARD_INPUT = ("-", "/dev/stdin")
_MOST_BYTES = 200_000_000  # of a pipe

# First bytes of a file and the suffix for its kind; everything else is tried as an image.
_BEGINNINGS = (
    (b"\x1f\x8b", ".jsonl.gz"),
    (b"{", ".jsonl"),
    (b"[", ".jsonl"),
    (b"<svg", ".svg"),
    (b"<?xml", ".svg"),
)


def recognize(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH",
            help="Images, folders of images, .jsonl and .ndjson files of strokes (also .gz); - for "
            "standard input.",
            show_default=False,
        ),
    ],
    weights: Annotated[str | None, WEIGHTS] = None,
    device: Annotated[str, DEVICE] = "auto",
    memory: Annotated[str | None, MEMORY] = None,
    writer: Annotated[str | None, WRITER] = None,
    mode: Annotated[str, MODE] = "",
    top_k: Annotated[
        int,
        typer.Option("--top-k", min=1, metavar="N", help="Show the N most probable labels."),
    ] = 1,
    line: Annotated[
        bool, typer.Option("--line", help="Read several characters of a drawing as one line.")
    ] = False,
    page: Annotated[
        bool, typer.Option("--page", help="Read photographs of pages: rows of characters.")
    ] = False,
    sums: Annotated[bool, SUMS] = False,
    words: Annotated[str | None, WORDS] = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print CSV with a header, a line per drawing.")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object per drawing.")
    ] = False,
) -> None:
    """Read drawings: the label of each, and its probability.

    The JSON objects are described in docs/formats.md. A drawing that cannot be read does not stop the rest;
    the exit code is then 1. It is 2 where there is nothing to read.
    """
    from trainer.picture.input_files import read_items

    if json and as_csv:
        raise InputError("cli.json-and-csv", "--json and --csv exclude each other: leave one out")
    if (line and page) or ((line or page) and (as_csv or top_k > 1)):
        raise InputError(
            "cli.line-or-page",
            "--line and --page exclude each other, --csv and --top-k: leave one out",
        )
    if (words is not None or sums) and not (line or page):
        raise InputError(
            "cli.option-of-lines",
            "{option} is for lines: add --line or --page",
            option="--sums" if sums else "--words",
        )
    mode = chosen_mode(mode)
    options = line_options(sums=sums, words=words)
    given = [path if path in _STANDARD_INPUT else given_path(path, "PATH") for path in paths]
    with _spooled(given) as (files, names):
        items = read_items(files, print_note)  # a missing path is an error before torch loads

        remembered = chosen_memory(memory, writer)
        from trainer.models.recognizer import Recognizer
        from trainer.personalize.memory.answers import answer_with_memory, labels_with_memory

        recognizer = Recognizer(weights_file(weights, mode=mode), device=device)
        labels = labels_with_memory(recognizer, remembered, mode)
        printer: _Printer | LinePrinter
        if line or page:
            reader = LineReader(recognizer, options, mode=mode, memory=remembered)
            printer = LinePrinter(reader, page=page, json=json)
            printer.read(items, names)
        else:
            printer = one_by_one = _Printer(
                recognizer, labels, top_k=top_k, json=json, as_csv=as_csv
            )
            for item, answer, match in answer_with_memory(recognizer, items, remembered, mode):
                source = names.get(item.source, item.source)
                one_by_one.print(
                    item if source == item.source else replace(item, source=source), answer, match
                )
    if not printer.count:
        raise InputError(
            "cli.nothing-to-read",
            "no images or strokes in {paths}",
            paths=", ".join(str(path) for path in given),
        )
    if printer.failed:
        if not json and not as_csv and printer.count > 1:
            print_note(
                f"{counted(printer.failed, 'drawing')} of {printer.count:,} could not be read"
            )
        raise typer.Exit(1)


class _Printer:
    """Prints answers in one of three forms and counts them."""

    def __init__(
        self,
        recognizer: Recognizer,
        labels: Sequence[str],
        *,
        top_k: int,
        json: bool,
        as_csv: bool,
    ) -> None:
        """labels: the network's, then the writer's own signs."""
        self.count = self.failed = 0
        self._labels = labels
        own = len(labels) > len(recognizer.labels)
        self._refuses = own or recognizer.card.threshold is not None
        self._top_k, self._json, self._csv = top_k, json, as_csv

    def print(self, item: Item, answer: ImageAnswer | None, match: Match | None = None) -> None:
        if self._csv:
            if not self.count:
                names = ("source", "index", "label", "probability", "guess", "is_digit")
                print(_csv_line([*names, "error", *(f"p_{label}" for label in self._labels)]))
            print(_csv_line(self._row(self._document(item, answer))))
        elif self._json:
            document = self._document(item, answer)
            if match is not None:
                document["memory"] = {
                    "label": match.label,
                    "distance": round(match.distance, 6),
                    "drawing": match.drawing,
                }
            print_json(document)
        elif item.error is not None:
            print_error(self._place(item), shown(str(item.error)))
        else:
            print(f"{self._place(item)}\t{self._text(answer)}")
        self.count += 1
        self.failed += item.error is not None

    def _document(self, item: Item, answer: ImageAnswer | None) -> dict[str, Any]:
        found: dict[str, Any] = {"source": item.source, "index": item.index}
        if item.error is not None:
            return {**found, "error": str(item.error)}
        found |= {"label": None, "probability": None, "probabilities": None}
        found["labels"] = list(self._labels)
        if self._refuses:
            found |= {"guess": None, "is_digit": 0.0}
        if answer is None:
            return found
        guess = self._labels[answer.guess]
        found |= {
            "label": None if answer.refused else guess,
            "probability": round(float(answer.probabilities[answer.guess]), 6),
            "probabilities": [round(float(p), 6) for p in answer.probabilities],
        }
        if self._top_k > 1:
            found["top"] = [{"label": label, "probability": p} for label, p in self._top(answer)]
        if answer.is_digit is not None:
            found |= {"guess": guess, "is_digit": round(answer.is_digit, 6)}
        return found

    def _row(self, document: dict[str, Any]) -> list[Any]:
        names = ("source", "index", "label", "probability", "guess", "is_digit", "error")
        row = [document.get(name) for name in names]
        return [*row, *(document.get("probabilities") or [None] * len(self._labels))]

    def _text(self, answer: ImageAnswer | None) -> str:
        if answer is None:
            return "nothing drawn"
        labels = [shown(label) for label in self._labels]
        if answer.refused:
            return f"none of {' '.join(labels)}; the nearest is {labels[answer.guess]}"
        return "\t".join(f"{shown(label)}\t{percent(p)}" for label, p in self._top(answer))

    def _top(self, answer: ImageAnswer) -> list[tuple[str, float]]:
        order = answer.probabilities.argsort()[::-1][: self._top_k]
        return [(self._labels[i], round(float(answer.probabilities[i]), 6)) for i in order]

    def _place(self, item: Item) -> str:
        """The file, and the line of a file of strokes, from 1 on."""
        return shown(item.source) + (f"[{item.index}]" if item.index else "")


def _csv_line(row: Sequence[Any]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(["" if cell is None else cell for cell in row])
    return line.getvalue()


@contextmanager
def _spooled(given: Sequence[str | Path]) -> Iterator[tuple[list[Path], dict[str, str]]]:
    """Paths of files in place of standard input and pipes, and what each of them is called for a person.

    Raises InputError where standard input is a terminal or is named twice, or a pipe gives too much.
    """
    with tempfile.TemporaryDirectory(prefix="handwrite-") as folder:
        files: list[Path] = []
        names: dict[str, str] = {}
        for number, path in enumerate(given):
            if isinstance(path, Path) and not path.is_fifo():
                files.append(path)
                continue
            name = "-" if isinstance(path, str) else str(path)
            if name in names.values():
                raise InputError("cli.input-twice", "{name} can be read only once", name=name)
            content = _piped(path)
            beginning = content.lstrip()[:16]
            suffix = next((s for start, s in _BEGINNINGS if beginning.startswith(start)), ".png")
            files.append(Path(folder) / f"input-{number}{suffix}")
            files[-1].write_bytes(content)
            names[str(files[-1])] = name
        yield files, names


def _piped(path: str | Path) -> bytes:
    if isinstance(path, Path):
        with path.open("rb") as pipe:
            content = pipe.read(_MOST_BYTES + 1)
    elif sys.stdin.isatty():
        raise InputError(
            "cli.input-is-terminal", "standard input is a terminal: pipe a file into it"
        )
    else:
        content = sys.stdin.buffer.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise InputError(
            "cli.input-too-large",
            "more than {most} MB on standard input: save it to a file",
            most=_MOST_BYTES // 1_000_000,
        )
    if not content:
        raise InputError("cli.input-empty", "there is nothing on standard input")
    return content
