"""handwrite-trainer recognize and evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from trainer.base.errors import DataError
from trainer.base.events import Note
from trainer.base.paths import data_folder, expanded
from trainer.cli.display import Display
from trainer.cli.output import error_console, percent, print_json, result_console

if TYPE_CHECKING:
    from trainer.datasets import Split
    from trainer.evaluation.evaluation import Answer, Readings
    from trainer.evaluation.metrics import Evaluation
    from trainer.models.recognizer import Recognizer
    from trainer.picture.input_files import Item

_WEIGHTS = typer.Option(
    "--weights",
    metavar="NAME|FILE",
    help="The network: a name from `models`, or a .safetensors file. Default: the best that ships.",
)
_DEVICE = typer.Option("--device", help="What computes: auto, cuda, mps or cpu.")


def recognize(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            help="Images, folders of images, and .jsonl or .jsonl.gz files of strokes.",
        ),
    ],
    weights: Annotated[str | None, _WEIGHTS] = None,
    device: Annotated[str, _DEVICE] = "auto",
    json: Annotated[bool, typer.Option("--json", help="One JSON object a drawing.")] = False,
) -> None:
    """Read drawings: what each of them is, and how sure the network is of it.

    With --json a line is {"source", "index", "label", "probability", "probabilities"}; index is the line of
    a strokes file, from 1, and 0 for an image; probabilities are in the order of the network's labels. Where
    nothing is drawn they are null. A network that has learned to refuse adds "is_digit", how probable it is
    that the drawing shows one of its labels at all, and "guess", the nearest of them; where is_digit is too
    small, "label" is null. An item that cannot be read gives {"source",
    "index", "error"} and the rest goes on.
    """
    from trainer.picture.input_files import read_items

    items = read_items(paths)  # a path that is not there is told before torch loads

    from trainer.evaluation.evaluation import answer_items
    from trainer.models.recognizer import Recognizer
    from trainer.models.weights import find_weights

    recognizer = Recognizer(find_weights(weights), device=device)
    for item, answer in answer_items(recognizer, items):
        if json:
            print_json(_as_json(item, answer, recognizer))
        else:
            print(_as_line(item, answer, recognizer.labels))


def evaluate(
    data: Annotated[
        str,
        typer.Option(
            metavar="DATA|PATH",
            help="mnist, or other data as `train` takes them: their test part. Else a folder that holds "
            "MNIST/raw, or all of a strokes file whose drawings have a label, or of class-named folders.",
        ),
    ] = "mnist",
    weights: Annotated[str | None, _WEIGHTS] = None,
    device: Annotated[str, _DEVICE] = "auto",
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.html",
            help="Also write a page with the figures, how sure the network may be, and the pictures "
            "that it reads worst; and the same as FILE.json.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Measure a network on labelled pictures: accuracy, precision, recall, F1, confusion matrix."""
    from trainer.datasets.spec import DATASET_KINDS, DATASET_NAMES, check_spec, is_spec

    spec, path = "", expanded(data)
    if is_spec(data):
        check_spec(data)
        spec, folder = data, data_folder()
    elif (path / "MNIST" / "raw").is_dir():
        spec, folder = "mnist", path
    elif not path.exists():
        kinds = ", ".join(f"{kind}:PATH" for kind in DATASET_KINDS)
        raise DataError(
            f"--data {data}: neither a path nor data by name ({', '.join(DATASET_NAMES)}, {kinds}, or "
            "several joined by +)"
        )

    from trainer.evaluation.evaluation import Readings, evaluate_items, evaluate_split
    from trainer.evaluation.report import report_files
    from trainer.models.recognizer import Recognizer
    from trainer.models.weights import find_weights
    from trainer.picture.input_files import read_items

    if report is not None:
        report, _ = report_files(expanded(report))  # a wrong name is told before pictures are read
    recognizer = Recognizer(find_weights(weights), device=device)
    readings = Readings(recognizer.labels) if report else None
    if spec:
        metrics = evaluate_split(
            recognizer, _test_part(spec, folder, recognizer), readings=readings
        )
    else:
        metrics = evaluate_items(recognizer, read_items([path]), readings=readings)
    if json:
        print_json({"weights": str(recognizer.path), "data": data, **metrics.to_json()})
    else:
        _print_metrics(metrics, recognizer.path.stem, data)
    if (
        report is not None and readings is not None
    ):  # last: a full disk does not take the metrics along
        _write_report(report, metrics, readings, recognizer, data)
        if not json:
            print(f"Report: {report}")


def _test_part(spec: str, folder: Path, recognizer: Recognizer) -> Split:
    """The data's test part, fetched where it is absent.

    Raises DataError where no label is the network's, unless it can refuse what has others.
    """
    from trainer.datasets import fetch, load_test

    with Display(as_json=False) as display:  # bars are on standard error: --json stays one object
        for event in fetch(spec, folder):
            if isinstance(event, Note):
                error_console().print(event.text, soft_wrap=True)
            else:
                display.show(event)
    part = load_test(spec, folder)
    for note in part.notes:
        error_console().print(note, soft_wrap=True)
    if recognizer.card.threshold is None and not set(part.labels) & set(recognizer.labels):
        raise DataError(
            f"{recognizer.path.stem} reads {' '.join(recognizer.labels)}, but {spec} has "
            f"{' '.join(part.labels)}: choose a network that was taught these with --weights, or other data."
        )
    return part


def _write_report(
    path: Path, metrics: Evaluation, readings: Readings, recognizer: Recognizer, data: str
) -> None:
    from trainer.evaluation.report import make_report, write_report

    report = make_report(
        readings.logits,
        readings.targets,
        readings.pictures,
        recognizer.labels,
        temperature=recognizer.card.temperature,
        title=f"{recognizer.path.stem} on {data}",
        about={
            "weights": recognizer.path.name,
            "network": recognizer.card.architecture,
            "data": data,
        },
        metrics=metrics,
        places=readings.places,
        sources=readings.sources,
    )
    write_report(report, path)


def _as_json(item: Item, answer: Answer | None, recognizer: Recognizer) -> dict[str, Any]:
    line: dict[str, Any] = {"source": item.source, "index": item.index}
    if item.error is not None:
        return {**line, "error": item.error}
    refuses = recognizer.card.threshold is not None
    if answer is None:
        nothing = {**line, "label": None, "probability": None, "probabilities": None}
        return {**nothing, "guess": None, "is_digit": 0.0} if refuses else nothing
    guess = recognizer.labels[answer.guess]
    line |= {
        "label": None if answer.refused else guess,
        "probability": round(float(answer.probabilities[answer.guess]), 6),
        "probabilities": [round(float(p), 6) for p in answer.probabilities],
    }
    if answer.is_digit is not None:
        line |= {"guess": guess, "is_digit": round(answer.is_digit, 6)}
    return line


def _as_line(item: Item, answer: Answer | None, labels: tuple[str, ...]) -> str:
    where = item.source if item.index == 0 else f"{item.source}[{item.index}]"
    if item.error is not None:
        return f"{where}\terror: {item.error}"
    if answer is None:
        return f"{where}\tnothing drawn"
    guess, sure = labels[answer.guess], percent(float(answer.probabilities[answer.guess]))
    if answer.refused:
        return f"{where}\tnone of {' '.join(labels)}; the nearest is {guess}"
    return f"{where}\t{guess}\t{sure}"


def _print_metrics(metrics: Evaluation, network: str, data: str) -> None:
    console = result_console()
    lines = [f"{network} on {data}:"]
    if metrics.count:
        lines = [
            f"{network} on {data}: accuracy {percent(metrics.accuracy)} "
            f"({metrics.right:,} of {metrics.count:,})",
            f"macro precision {percent(metrics.precision)}, recall {percent(metrics.recall)}, "
            f"F1 {percent(metrics.f1)}",
        ]
    if metrics.loss is not None:
        lines.append(
            f"loss {metrics.loss:.4f}, calibration error {percent(metrics.calibration_error)}"
        )
    lines += [
        f"{number:,} {text}"
        for number, text in (
            (
                metrics.unanswered - metrics.errors,
                "got no answer: nothing drawn (counted as wrong)",
            ),
            (metrics.errors, "could not be read (counted as wrong)"),
            (metrics.unlabelled, "without a label (not counted)"),
            (metrics.unknown, "with a label that the network does not have (not counted)"),
        )
        if number
    ]
    if metrics.refused is not None and metrics.count:
        lines.append(
            f"answered: {percent(metrics.answered / metrics.count)} "
            f"({metrics.refused:,} refused, counted by their guess)"
        )
    if metrics.not_digits_refused is not None:
        lines.append(
            f"Refused: {percent(metrics.not_digits_refused)} of {metrics.not_digits:,} drawings with other "
            f"labels ({metrics.look_alikes:,} more that look like a digit are not counted)"
        )
    console.print("\n".join(lines), soft_wrap=True)
    if not metrics.count:
        return
    per_class = Table("label", "drawings", "precision", "recall", "F1", box=None, pad_edge=False)
    for column in per_class.columns[1:]:
        column.justify = "right"
    for row in metrics.classes:
        per_class.add_row(
            row.label,
            f"{row.count:,}",
            percent(row.precision),
            percent(row.recall),
            percent(row.f1),
        )
    console.print(per_class)
    console.print("Confusion matrix (rows: true label, columns: answer)")
    matrix = Table("", *metrics.labels, box=None, pad_edge=False)
    for column in matrix.columns[1:]:
        column.justify = "right"
    for label, counts in zip(metrics.labels, metrics.confusion, strict=True):
        matrix.add_row(label, *(str(n) if n else "·" for n in counts))
    console.print(matrix)
