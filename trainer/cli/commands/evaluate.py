"""handwrite-trainer evaluate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainer.base.errors import DataError, InputError
from trainer.base.paths import data_folder, expanded
from trainer.cli.data import chosen_data, other_labels
from trainer.cli.display import fetch_data
from trainer.cli.evaluation_output import (
    confusion_csv,
    predictions_table,
    print_metrics,
    write_text,
)
from trainer.cli.files import check_apart, check_replaceable, given_path, output_file
from trainer.cli.line_evaluation import check_is_files, measure_lines
from trainer.cli.lines import SUMS, WORDS, LineReader, line_options
from trainer.cli.memory import MEMORY, WRITER, chosen_memory
from trainer.cli.mode import MODE, chosen_mode
from trainer.cli.output import (
    print_json,
    print_note,
    shown,
)
from trainer.cli.weights import DEVICE, WEIGHTS, weights_file

if TYPE_CHECKING:
    from trainer.datasets import Split
    from trainer.evaluation.evaluation import Predictions
    from trainer.evaluation.metrics import Evaluation
    from trainer.models.recognizer import Recognizer
    from trainer.models.weights_card import WeightsCard
    from trainer.picture.input_files import Item


def evaluate(
    data: Annotated[
        str,
        typer.Option(
            metavar="DATA|FOLDER|FILE",
            help="Data by name, as `train` takes them: their test part. Or all of a file with "
            "labels (strokes, .npz, .csv), or of a folder with one folder of images for each label; or "
            "the folder that holds MNIST.",
        ),
    ] = "mnist",
    weights: Annotated[str | None, WEIGHTS] = None,
    device: Annotated[str, DEVICE] = "auto",
    memory: Annotated[str | None, MEMORY] = None,
    writer: Annotated[str | None, WRITER] = None,
    mode: Annotated[str, MODE] = "",
    line: Annotated[
        bool,
        typer.Option(
            "--line",
            help="The drawings of a file are lines, and their labels strings: how many strings are right, "
            "and the character error rate.",
        ),
    ] = False,
    sums: Annotated[bool, SUMS] = False,
    words: Annotated[str | None, WORDS] = None,
    report: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.html|FOLDER",
            help="Also write a page with metrics, calibration, and the pictures with the largest loss; and "
            "the same as FILE.json.",
        ),
    ] = None,
    predictions: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Also write label, answer and probability of every drawing, as .csv or .jsonl; a drawing "
            "without an answer has a `state` that says why.",
        ),
    ] = None,
    confusion: Annotated[
        str | None,
        typer.Option(metavar="FILE.csv", help="Also write the confusion matrix as CSV."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Let the files above replace existing ones.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure a network on labelled pictures: accuracy, precision, recall, F1, confusion matrix.

    With --line on lines of several characters: whole strings and the character error rate.

    The JSON object is described in docs/formats.md.
    """
    mode = chosen_mode(mode)
    given_path(data, "--data")
    if line and (report is not None or confusion is not None):
        raise InputError(
            "cli.line-without-report",
            "--line excludes --report and --confusion, which are of single characters: leave one out",
        )
    if (sums or words is not None) and not line:
        raise InputError(
            "cli.option-of-line",
            "{option} is for lines: add --line",
            option="--sums" if sums else "--words",
        )
    options = line_options(sums=sums, words=words)
    page = None if report is None else _report_page(given_path(report, "--report"), overwrite)
    table = None
    if predictions is not None:
        table = output_file(
            predictions,
            "--predictions",
            (".csv", ".jsonl"),
            overwrite=overwrite,
            what="a table of answers",
        )
    matrix = None
    if confusion is not None:
        matrix = output_file(
            confusion, "--confusion", (".csv",), overwrite=overwrite, what="a CSV table"
        )
    check_apart(table, "--predictions", matrix, "--confusion")
    source = _source(data)
    path = weights_file(weights, mode=mode)
    remembered = chosen_memory(memory, writer)
    if remembered is not None and source.files is None:
        raise InputError(
            "cli.memory-without-strokes",
            "--memory compares strokes: give --data a file of strokes, or a folder of pictures",
        )

    from trainer.models.recognizer import Recognizer

    if line:
        files = check_is_files(source.files, data)
        recognizer = Recognizer(path, device=device)
        reader = LineReader(recognizer, options, mode=mode, memory=remembered)
        measure_lines(reader, files, data=data, signs=sums, table=table, json=json)
        return
    from trainer.evaluation.evaluation import Predictions, evaluate_answers, evaluate_split
    from trainer.personalize.memory.answers import answer_with_memory, labels_with_memory
    from trainer.picture.input_files import read_items

    recognizer = Recognizer(path, device=device)
    labels = labels_with_memory(recognizer, remembered, mode)
    temperature = recognizer.card.temperature
    readings = Predictions(labels, temperature=temperature) if page or table else None
    seen = _Seen(labels, mode)
    if (warning := learned_from(source, recognizer.card)) is not None:
        print_note(warning)
    if source.files is not None:
        try:
            items = seen.of_items(read_items([source.files], print_note))
            answered = answer_with_memory(recognizer, items, remembered, mode)
            metrics = evaluate_answers(
                labels,
                ((item, answer) for item, answer, _ in answered),
                temperature,
                readings=readings,
                mode=mode,
            )
        except DataError as error:
            raise seen.explained(error, data) from error
    else:
        part = _part(source, recognizer)
        seen.of_part(part)
        metrics = evaluate_split(recognizer, part, readings=readings, mode=mode)
    # The metrics come first: a file that cannot be written must not cost a long evaluation.
    if json:
        about = {"weights": str(recognizer.path), "data": data}
        print_json({**about, **({"mode": mode} if mode else {}), **metrics.to_json()})
    else:
        print_metrics(
            metrics,
            unknown_labels=seen.named(),
            problem=seen.problem,
            network=recognizer.path.stem,
            data=data,
        )
    if matrix is not None:
        write_text(matrix, confusion_csv(metrics))
    if table is not None and readings is not None:
        write_text(
            table,
            predictions_table(readings.predictions, as_csv=table.suffix.lower() == ".csv"),
        )
    if page is not None and readings is not None:
        _write_report(page, metrics, readings, recognizer, data)
        if not json:
            print(f"Report: {shown(str(page))}")


@dataclass(frozen=True, kw_only=True)
class _Source:
    """Data to measure on: a specification, of which the test part or everything; or files to read."""

    spec: str = ""
    folder: Path
    whole: bool = False
    files: Path | None = None


def _source(data: str) -> _Source:
    """Raises as chosen_data does."""
    path = expanded(data)
    if path.exists() and not path.is_dir():
        found = chosen_data(data)
        if not found.spec.startswith("strokes:"):
            return _Source(spec=found.spec, folder=found.folder, whole=True)
        return _Source(files=path, folder=found.folder)
    if path.is_dir() and not _is_spec(data):
        from trainer.cli.data import is_published

        if is_published(path):
            return _Source(spec="mnist", folder=path)
        return _Source(files=path, folder=data_folder())
    found = chosen_data(data)
    return _Source(spec=found.spec, folder=found.folder)


def _is_spec(data: str) -> bool:
    from trainer.datasets.spec import is_spec

    return is_spec(data)


def _report_page(where: Path, overwrite: bool) -> Path:
    """The page's file. Raises InputError where it, or the JSON beside it, would replace something."""
    from trainer.evaluation.report import report_files

    page, document = report_files(where)
    for path in (page, document):
        check_replaceable(path, "--report", overwrite=overwrite)
    return page


@dataclass
class _Seen:
    """Labels that the network does not have, and why files were not read, noted while it is measured."""

    labels: tuple[str, ...]
    mode: str = ""
    unknown: Counter[str] = field(default_factory=Counter)
    problem: str = ""

    def of_items(self, items: Iterable[Item]) -> Iterator[Item]:
        known = frozenset(self.labels)
        for item in items:
            if item.error is not None:
                self.problem = self.problem or str(item.error)
            if item.label is not None and self._name(item.label) not in known:
                self.unknown[item.label] += 1
            yield item

    def of_part(self, part: Split) -> None:
        counts = Counter(part.targets.tolist())
        self.unknown.update(
            {
                label: counts[place]
                for place, label in enumerate(part.labels)
                if self._name(label) not in self.labels and counts[place]
            }
        )

    def _name(self, label: str) -> str:
        from trainer.evaluation.evaluation import label_in_mode

        return label_in_mode(label, self.mode)

    def named(self, most: int = 6) -> str:
        """Some of the unknown labels, the most frequent first."""
        names = [repr(shown(label)) for label, _ in self.unknown.most_common(most)]
        return ", ".join(names) + (" …" if len(self.unknown) > most else "")

    def explained(self, error: DataError, data: str) -> DataError:
        """The error of an evaluation of nothing, with what there was instead."""
        why = []
        if self.unknown:
            why.append(
                f"Its labels are {self.named()}; the network reads {' '.join(map(shown, self.labels))}."
            )
        if self.problem:
            why.append(f"First problem: {self.problem}.")
        if not why:
            return error
        return DataError(
            "evaluate.nothing",
            "{data}: {reason} {why}",
            data=data,
            reason=error,
            why=" ".join(why),
        )


def learned_from(source: _Source, card: WeightsCard) -> str | None:
    """A warning where a network is measured on drawings that it has learned from; None where it is not.

    Test parts are kept apart in training, so only whole files can be concerned; and MNIST, QMNIST and EMNIST
    are of the same forms: a test picture of one may be a training picture of another.
    """
    from trainer.datasets.spec import parse_spec

    learned = card.data.partition(";")[0].partition(", ")[0]
    try:
        terms = parse_spec(learned)
    except Exception:  # a card may say anything
        return None
    if source.files is not None or source.whole:
        name = (source.files or parse_spec(source.spec)[0].path or Path()).name
        if any(term.path is not None and term.path.name == name for term in terms):
            return (
                f"the network has learned from drawings in {name}, so accuracy on all of it comes out too "
                f"good; strokes:FILE (or folder:, npz:, csv:) measures on the part that was kept apart"
            )
        return None
    kin = ("mnist", "qmnist", "emnist")
    taught = {term.name.partition("-")[0] for term in terms if term.path is None}
    asked = {term.name.partition("-")[0] for term in parse_spec(source.spec) if term.path is None}
    pairs = [(a, t) for a in kin for t in kin if a != t and a in asked and t in taught]
    if pairs and not any(a in taught for a, _ in pairs):
        a, t = pairs[0]
        return (
            f"the network has learned from {t}, whose training part may hold pictures of {a}'s test part: "
            "accuracy may come out too good"
        )
    return None


def _part(source: _Source, recognizer: Recognizer) -> Split:
    """The pictures of a specification, fetched where they are absent.

    Raises DataError where no label is the network's, unless it can reject drawings of others.
    """
    from trainer.datasets import load_test, load_whole

    fetch_data(source.spec, source.folder, test_only=True)
    load = load_whole if source.whole else load_test
    part = load(source.spec, source.folder)
    for note in part.notes:
        print_note(note)
    if recognizer.card.threshold is None and not set(part.labels) & set(recognizer.labels):
        raise other_labels(recognizer.path, recognizer.labels, source.spec, part.labels)
    return part


def _write_report(
    path: Path, metrics: Evaluation, readings: Predictions, recognizer: Recognizer, data: str
) -> None:
    from trainer.evaluation.report import make_report, write_report

    report = make_report(
        readings.logits,
        readings.targets,
        readings.pictures,
        readings.labels,
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
