"""`evaluate --line`: error rates of strings, printed as text or JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from trainer.base.errors import DataError, HandwriteError
from trainer.cli.evaluation_output import predictions_table, write_text
from trainer.cli.output import (
    counted,
    percent,
    print_json,
    print_note,
    result_console,
    shown,
)

if TYPE_CHECKING:
    from trainer.cli.lines import LineReader
    from trainer.evaluation.evaluation import Prediction
    from trainer.evaluation.strings import StringEvaluation, StringTally
    from trainer.picture.input_files import Item


@dataclass(frozen=True, kw_only=True)
class EvaluatedLines:
    """unknown: characters of lines that do not count. problem: why the first line that could not be read was
    not; "" where all were."""

    metrics: StringEvaluation
    unknown: str
    problem: str


def measure_lines(
    reader: LineReader, files: Path, *, data: str, signs: bool, table: Path | None, json: bool
) -> None:
    """Evaluates, prints, and writes the table of predictions where one is wanted."""
    from trainer.picture.input_files import read_items

    predictions: list[Prediction] = []
    items = read_items([files], print_note)
    found = evaluate_lines(reader, items, data=data, signs=signs, predictions=predictions)
    recognizer, mode = reader.reader.recognizer, reader.reader.mode
    if json:
        about = {"weights": str(recognizer.path), "data": data}
        print_json({**about, **({"mode": mode} if mode else {}), **found.metrics.to_json()})
    else:
        print_strings(found, network=recognizer.path.stem, data=data)
    if table is not None:
        as_csv = table.suffix.lower() == ".csv"
        write_text(table, predictions_table(predictions, as_csv=as_csv))


def evaluate_lines(
    reader: LineReader,
    items: Iterable[Item],
    *,
    data: str,
    signs: bool,
    predictions: list[Prediction],
) -> EvaluatedLines:
    """Metrics of the items' lines. predictions: gets every line. Raises DataError where no line counts."""
    from trainer.evaluation.strings import StringTally

    tally = StringTally(reader.labels, mode=reader.reader.mode, signs=signs)
    problem = ""
    for item in items:
        rows, error = [], ""
        try:
            found = reader.read(item)
            rows = list(getattr(found, "lines", (found,)))
        except HandwriteError as failure:
            error = str(failure)
            problem = problem or error
        tally.add(item.label, rows, error=bool(error))
        predictions.append(_prediction(tally, item, rows, error))
    try:
        metrics = tally.result()
    except DataError as error:
        raise _explained(error, tally, data, problem) from error
    unknown = " ".join(shown(one) for one, _ in tally.unknown.most_common(12))
    return EvaluatedLines(metrics=metrics, unknown=unknown, problem=problem)


def _prediction(tally: StringTally, item: Item, rows: list[Any], error: str) -> Prediction:
    from trainer.evaluation.evaluation import Prediction

    characters = [one for row in rows for one in row.characters]
    text = "".join(one.label for one in characters)
    probability = 1.0
    for row in rows:
        probability *= row.probability
    refused = any(one.refused for one in characters)
    state = "refused" if refused else "answered" if text else "empty"
    return Prediction(
        source=item.source,
        index=item.index,
        label=item.label,
        state="unreadable" if error else state,
        guess=text or None,
        probability=probability if text else None,
        counts=item.label is not None
        and bool(item.label.split())
        and set(tally.string(item.label)) <= set(tally.labels),
    )


def _explained(error: DataError, tally: StringTally, data: str, problem: str) -> DataError:
    """The error of an evaluation of nothing, with what there was instead."""
    why = []
    if tally.unknown:
        strange = " ".join(shown(one) for one, _ in tally.unknown.most_common(12))
        why.append(
            f"Its strings have {strange}; read are {' '.join(map(shown, tally.labels))}: choose another "
            "--mode or --weights, or add --sums for signs."
        )
    if problem:
        why.append(f"First problem: {problem}.")
    if not why:
        return error
    return DataError(
        "evaluate.nothing", "{data}: {reason} {why}", data=data, reason=error, why=" ".join(why)
    )


def print_strings(found: EvaluatedLines, *, network: str, data: str) -> None:
    """As text, with the most frequent confusions."""
    metrics = found.metrics
    console = result_console()
    wrong = metrics.replaced + metrics.missing + metrics.extra
    lines = [
        f"{shown(network)} on {shown(data)}: {percent(metrics.right / metrics.count)} of strings right "
        f"({metrics.right:,} of {metrics.count:,})",
        f"character error rate {percent(metrics.character_error_rate)}: {wrong:,} of "
        f"{metrics.characters:,} ({metrics.replaced:,} replaced, {metrics.missing:,} missing, "
        f"{metrics.extra:,} extra)",
        f"right number of characters: {percent(metrics.length_right / metrics.count)}",
    ]
    lines += [
        f"{number:,} {text}"
        for number, text in (
            (metrics.unanswered - metrics.errors, "without any writing (counted as wrong)"),
            (metrics.errors, f"could not be read (counted as wrong): {shown(found.problem)}"),
            (metrics.unlabelled, "without a string (not counted)"),
            (metrics.unknown, f"with characters that are not read (not counted): {found.unknown}"),
        )
        if number
    ]
    if metrics.refused:
        lines.append(f"{counted(metrics.refused, 'character')} refused (counted by the guess)")
    console.print("\n".join(lines), soft_wrap=True)
    if not metrics.confusions:
        return
    table = Table("written", "read", "times", box=None, pad_edge=False)
    table.columns[2].justify = "right"
    for one in metrics.confusions:
        table.add_row(shown(one.label) or "–", shown(one.read) or "–", f"{one.count:,}")
    console.print(table)


def check_is_files(files: Path | None, data: str) -> Path:
    """The file or folder of lines. Raises DataError for data by name, whose drawings are no lines."""
    if files is None:
        raise DataError(
            "evaluate.no-lines",
            "{data} has single characters, no lines: give --data a file of strokes whose labels are strings, "
            "or a folder with one folder of images for each string",
            data=data,
        )
    return files
