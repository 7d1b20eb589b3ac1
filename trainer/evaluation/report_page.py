"""A report as one HTML page: no scripts, no fonts, images inside; every text is escaped.

In a run's folder the page also shows the run's curves and settings.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from pathlib import Path, PurePath

import jinja2
from markupsafe import Markup

from trainer.base.errors import InputError
from trainer.base.events import BatchProgress
from trainer.evaluation.metrics import ClassMetrics, Evaluation
from trainer.evaluation.report_charts import Curve, accuracy_chart, loss_chart, reliability_chart
from trainer.evaluation.report_data import Report, ShownPicture
from trainer.runs.records import Run, read_events, read_run

_FOLDER = Path(__file__).parent
# A larger matrix is not readable; its largest entries say more then.
_MATRIX_CLASSES = 80
_CONFUSIONS = 30


@dataclass(frozen=True, kw_only=True)
class _Cell:
    """A cell of the confusion matrix. label: what was read; shade: 0…1."""

    label: str
    count: int
    correct: bool
    shade: str


def page(report: Report, *, run: Path | None = None) -> str:
    """The page's source. `run`: a folder; its curves and settings are shown if it is a run's."""
    found = _run(run)
    metrics = report.metrics
    confusions = _confusions(metrics)
    return _template().render(
        report=report,
        metrics=metrics,
        run=found,
        style=Markup((_FOLDER / "report.css").read_text(encoding="utf-8")),
        created=report.created[:16].replace(
            "T", " "
        ),  # 2026-01-02T03:04:05+00:00 → 2026-01-02 03:04
        headline=_headline(metrics),
        notes=_notes(metrics),
        comparison=_comparison(report),
        curves=_curves(found) if found else [],
        classes=_classes(metrics),
        confusions=confusions,
        most_confusions=_CONFUSIONS,
        matrix=_matrix(metrics, confusions[0][0] if confusions else 1),
        reliability_chart=reliability_chart(report.reliability),
        about=_about(report, found),
        settings=[
            (k.replace("_", " "), str(v)) for k, v in (found.settings if found else {}).items()
        ],
    )


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"percent": _percent, "count": _count, "place": _place}
    return environment.get_template("report.html.jinja")


def _run(folder: Path | None) -> Run | None:
    try:
        return None if folder is None else read_run(folder)
    except InputError:
        return None


def _headline(metrics: Evaluation) -> list[tuple[str, str, str]]:
    """Name, value and gloss of the metrics at the top."""
    rows = []
    if metrics.count:
        rows += [
            ("precision", _percent(metrics.precision), "mean over classes"),
            ("recall", _percent(metrics.recall), "mean over classes"),
            ("F1", _percent(metrics.f1), "mean over classes"),
            ("calibration error", _percent(metrics.calibration_error), "said against right"),
            ("loss", _loss(metrics.loss), "cross-entropy"),
        ]
        if metrics.refused is not None:
            answered = _percent(metrics.answered / metrics.count)
            rows.append(("answered", answered, f"{metrics.refused:,} refused"))
    if metrics.not_digits_refused is not None:
        gloss = f"of {_count(metrics.not_digits, 'drawing')} with other labels"
        rows.append(("refused", _percent(metrics.not_digits_refused), gloss))
    return rows


def _notes(metrics: Evaluation) -> list[str]:
    return [
        f"{number:,} {text}"
        for number, text in (
            (metrics.unanswered - metrics.errors, "got no answer and count as wrong"),
            (metrics.errors, "could not be read and count as wrong"),
            (metrics.refused or 0, "were refused and count by the nearest guess"),
            (metrics.unlabelled, "had no label and do not count"),
            (metrics.unknown, "had a label that the network does not have and do not count"),
            (
                metrics.look_alikes if metrics.unknown_refused is not None else 0,
                "of them are written like a digit",
            ),
        )
        if number
    ]


def _comparison(report: Report) -> list[tuple[str, str, str]]:
    if report.before is None:
        return []
    old, new = report.before.metrics, report.metrics
    return [
        ("accuracy", _percent(old.accuracy), _percent(new.accuracy)),
        ("wrong", f"{old.count - old.right:,}", f"{new.count - new.right:,}"),
        ("precision", _percent(old.precision), _percent(new.precision)),
        ("recall", _percent(old.recall), _percent(new.recall)),
        ("F1", _percent(old.f1), _percent(new.f1)),
        ("calibration error", _percent(old.calibration_error), _percent(new.calibration_error)),
        ("loss", _loss(old.loss), _loss(new.loss)),
    ]


def _curves(run: Run) -> list[tuple[str, Markup]]:
    """Losses and accuracies over the run; training's by batches where those were stored."""
    if not run.epochs:
        return []
    batches = [e for e in read_events(run.folder) if isinstance(e, BatchProgress)]
    per_epoch = [(float(e.epoch), e) for e in run.epochs]
    losses = [(b.epoch, b.loss) for b in batches] or [(x, e.training.loss) for x, e in per_epoch]
    accuracies = [(b.epoch, b.accuracy) for b in batches] or [
        (x, e.training.accuracy) for x, e in per_epoch
    ]

    def pair(
        training: list[tuple[float, float]], validation: list[tuple[float, float]]
    ) -> list[Curve]:
        return [
            Curve(name="training", kind="training", points=tuple(training)),
            Curve(name="validation", kind="validation", points=tuple(validation)),
        ]

    validation_losses = [(x, e.validation.loss) for x, e in per_epoch]
    validation_accuracies = [(x, e.validation.accuracy) for x, e in per_epoch]
    return [
        ("Loss", loss_chart(pair(losses, validation_losses))),
        ("Accuracy", accuracy_chart(pair(accuracies, validation_accuracies))),
    ]


def _classes(metrics: Evaluation) -> list[tuple[ClassMetrics, int, str]]:
    """Each class, how many of it were missed, and the length of its bar in percent."""
    missed = [row.count - metrics.confusion[i][i] for i, row in enumerate(metrics.classes)]
    most = max(missed) or 1
    return [
        (row, wrong, f"{100 * wrong / most:.0f}")
        for row, wrong in zip(metrics.classes, missed, strict=True)
    ]


def _confusions(metrics: Evaluation) -> list[tuple[int, str, str]]:
    """Count, true label and answer of every mistake, the most frequent first."""
    wrong = [
        (count, metrics.labels[i], metrics.labels[j])
        for i, row in enumerate(metrics.confusion)
        for j, count in enumerate(row)
        if count and i != j
    ]
    return sorted(wrong, key=lambda entry: -entry[0])


def _matrix(metrics: Evaluation, most_wrong: int) -> list[tuple[str, list[_Cell]]]:
    """The rows of the confusion matrix; none where it is too large to show."""
    if len(metrics.labels) > _MATRIX_CLASSES:
        return []
    rows = []
    for i, (label, row) in enumerate(zip(metrics.labels, metrics.confusion, strict=True)):
        total = sum(row) or 1
        cells = []
        for j, count in enumerate(row):
            # Mistakes on a logarithmic scale: a single one stays visible beside a hundred.
            shade = count / total if i == j else math.log1p(count) / math.log1p(most_wrong)
            cells.append(
                _Cell(label=metrics.labels[j], count=count, correct=i == j, shade=f"{shade:.2f}")
            )
        rows.append((label, cells))
    return rows


def _about(report: Report, run: Run | None) -> list[tuple[str, str]]:
    facts = dict(report.about)
    if run is not None:
        facts["run"] = run.name
        if run.started:
            started = run.started
            facts["network"] = f"{started.network}, {started.parameters:,} parameters"
            facts["pictures"] = (
                f"{started.training_pictures:,} for training, {started.validation_pictures:,} for validation"
            )
            facts["computed"] = f"{started.device}, {started.precision}, threads: {started.threads}"
            facts["time"] = f"{run.seconds:,.0f} s"
    facts["temperature"] = f"{report.temperature:.3f}"
    return list(facts.items())


def _place(picture: ShownPicture) -> str:
    """Where an image is from: the last two parts of its path, and its index there."""
    parts = PurePath(picture.source).parts[-2:]
    where = f"{'/'.join(parts)} {picture.place or ''}" if parts else f"no. {picture.place:,}"
    return where.strip()


def _percent(fraction: float | None, digits: int = 2) -> str:
    return "–" if fraction is None else f"{100 * fraction:.{digits}f}\u202f%"


def _loss(loss: float | None) -> str:
    return "–" if loss is None else f"{loss:.4f}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
