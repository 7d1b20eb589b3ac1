"""What `evaluate` prints and writes: metrics as text, the confusion matrix and the answers as tables."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from trainer.base.files import atomic_write
from trainer.cli.output import counted, percent, result_console, shown

if TYPE_CHECKING:
    from trainer.evaluation.evaluation import Prediction
    from trainer.evaluation.metrics import Evaluation

#: Of `evaluate --predictions`.
PREDICTION_COLUMNS = (
    "source",
    "index",
    "label",
    "answer",
    "probability",
    "label_probability",
    "state",
    "guess",
    "counts",
)


def confusion_csv(metrics: Evaluation) -> str:
    """Rows are true labels, columns answers."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["label", *metrics.labels])
    for label, counts in zip(metrics.labels, metrics.confusion, strict=True):
        writer.writerow([label, *counts])
    return text.getvalue()


def predictions_table(predictions: Sequence[Prediction], *, as_csv: bool) -> str:
    """A line per drawing, those without an answer too; `state` says why there is none."""
    rows = [
        {
            "source": found.source,
            "index": found.index,
            "label": found.label,
            "answer": found.guess if found.state == "answered" else None,
            "probability": _rounded(found.probability),
            "label_probability": _rounded(found.label_probability),
            "state": found.state,
            "guess": found.guess,
            "counts": found.counts,
        }
        for found in predictions
    ]
    text = io.StringIO()
    if as_csv:
        writer = csv.DictWriter(text, PREDICTION_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, "counts": int(bool(row["counts"]))} for row in rows)
    else:
        text.writelines(f"{json.dumps(row)}\n" for row in rows)
    return text.getvalue()


def _rounded(probability: float | None) -> float | None:
    return None if probability is None else round(probability, 6)


def print_metrics(
    metrics: Evaluation, *, unknown_labels: str, problem: str, network: str, data: str
) -> None:
    console = result_console()
    about = f"{shown(network)} on {shown(data)}:"
    lines = [about]
    if metrics.count:
        lines = [
            f"{about} accuracy {percent(metrics.accuracy)} ({metrics.right:,} of {metrics.count:,})",
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
            (metrics.errors, f"could not be read (counted as wrong): {shown(problem)}"),
            (metrics.unlabelled, "without a label (not counted)"),
            (
                metrics.unknown,
                f"with a label that the network does not have (not counted): {unknown_labels}",
            ),
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
            f"Refused: {percent(metrics.not_digits_refused)} of "
            f"{counted(metrics.not_digits, 'drawing')} with other labels "
            f"({metrics.look_alikes:,} more that look like a digit are not counted)"
        )
    console.print("\n".join(lines), soft_wrap=True)
    if not metrics.count:
        return
    per_class = Table("label", "drawings", "precision", "recall", "F1", box=None, pad_edge=False)
    for column in per_class.columns[1:]:
        column.justify = "right"
    for row in metrics.classes:
        per_class.add_row(
            shown(row.label),
            f"{row.count:,}",
            percent(row.precision),
            percent(row.recall),
            percent(row.f1),
        )
    console.print(per_class)
    console.print("Confusion matrix (rows: true label, columns: answer)")
    matrix = Table("", *map(shown, metrics.labels), box=None, pad_edge=False)
    for column in matrix.columns[1:]:
        column.justify = "right"
    for label, counts in zip(metrics.labels, metrics.confusion, strict=True):
        matrix.add_row(shown(label), *(str(n) if n else "·" for n in counts))
    console.print(matrix)


def write_text(path: Path, text: str) -> None:
    """Raises RunError where it cannot be written."""
    with atomic_write(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")
