"""What `evaluate` prints and writes: metrics as text, the confusion matrix and the answers as tables."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from rich.table import Table

from trainer.cli.output import counted, percent, result_console, shown

if TYPE_CHECKING:
    from trainer.evaluation.evaluation import Readings
    from trainer.evaluation.metrics import Evaluation
    from trainer.models.recognizer import Recognizer


def confusion_csv(metrics: Evaluation) -> str:
    """Rows are true labels, columns answers."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["label", *metrics.labels])
    for label, counts in zip(metrics.labels, metrics.confusion, strict=True):
        writer.writerow([label, *counts])
    return text.getvalue()


def predictions_table(readings: Readings, recognizer: Recognizer, *, as_csv: bool) -> str:
    """A line per drawing that got an answer: its place, label and answer, and the probabilities of both."""
    probabilities = (readings.logits / recognizer.card.temperature).softmax(1)
    rows = [
        {
            "source": source,
            "index": place,
            "label": readings.labels[target],
            "answer": readings.labels[int(row.argmax())],
            "probability": round(float(row.max()), 6),
            "label_probability": round(float(row[target]), 6),
        }
        for source, place, target, row in zip(
            readings.sources,
            readings.places,
            readings.targets.tolist(),
            probabilities,
            strict=True,
        )
    ]
    text = io.StringIO()
    if as_csv:
        names = ("source", "index", "label", "answer", "probability", "label_probability")
        writer = csv.DictWriter(text, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    else:
        text.writelines(f"{json.dumps(row)}\n" for row in rows)
    return text.getvalue()


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
