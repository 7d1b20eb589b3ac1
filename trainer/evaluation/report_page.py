"""A report as one HTML page that needs nothing else: no scripts, no fonts, pictures inside.

Every text from outside is escaped; in a run's folder the page also shows the run's curves and settings.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from trainer.base.errors import InputError
from trainer.base.events import BatchProgress
from trainer.evaluation.report_charts import Curve, accuracy_chart, loss_chart, reliability_chart
from trainer.runs.records import Run, read_events, read_run

if TYPE_CHECKING:
    from trainer.evaluation.evaluation import Evaluation
    from trainer.evaluation.report import Before, Report, ShownPicture

# A matrix of more classes is a page of its own; its largest entries say more then.
_MATRIX_CLASSES = 80
_CONFUSIONS = 30


def page(report: Report, *, run: Path | None = None) -> str:
    """The page's source. `run`: a folder; its curves and settings are shown where it is a run's."""
    found = _run(run)
    sections = [
        _header(report),
        _before(report.before, report) if report.before else "",
        _curves(found) if found else "",
        _classes(report.figures),
        _confusion(report.figures),
        _reliability(report),
        _worst(report),
        _about(report, found),
    ]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(report.title)}: report</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n"
        f"<main>\n{''.join(sections)}</main>\n</body>\n</html>\n"
    )


def _style() -> str:
    return Path(__file__).with_name("report.css").read_text(encoding="utf-8")


def _run(folder: Path | None) -> Run | None:
    try:
        return None if folder is None else read_run(folder)
    except InputError:
        return None


def _header(report: Report) -> str:
    figures = report.figures
    wrong = figures.count - figures.right
    notes = [
        f"{number:,} {text}"
        for number, text in (
            (figures.unanswered - figures.errors, "got no answer and count as wrong"),
            (figures.errors, "could not be read and count as wrong"),
            (figures.unlabelled, "had no label and do not count"),
            (figures.unknown, "had a label that the network does not have and do not count"),
        )
        if number
    ]
    small = [
        ("precision", _percent(figures.precision), "mean over classes"),
        ("recall", _percent(figures.recall), "mean over classes"),
        ("F1", _percent(figures.f1), "mean over classes"),
        ("calibration error", _percent(report.calibration_error), "said against right"),
        ("loss", f"{report.loss:.4f}", "cross-entropy"),
    ]
    items = "".join(
        f"<div><dt>{name}</dt><dd>{value}<small>{gloss}</small></dd></div>"
        for name, value, gloss in small
    )
    return (
        f'<header>\n<p class="kicker">Report · <time>{escape(_when(report.created))}</time></p>\n'
        f"<h1>{escape(report.title)}</h1>\n"
        f'<p class="lead"><strong>{_percent(figures.accuracy)}</strong> '
        f"<span>{figures.right:,} of {figures.count:,} read rightly, {wrong:,} not</span></p>\n"
        f'<dl class="figures">{items}</dl>\n'
        + (f'<p class="note">{escape("; ".join(notes))}.</p>\n' if notes else "")
        + "</header>\n"
    )


def _before(before: Before, report: Report) -> str:
    old, new = before.figures, report.figures
    rows = [
        ("accuracy", _percent(old.accuracy), _percent(new.accuracy)),
        ("wrong", f"{old.count - old.right:,}", f"{new.count - new.right:,}"),
        ("precision", _percent(old.precision), _percent(new.precision)),
        ("recall", _percent(old.recall), _percent(new.recall)),
        ("F1", _percent(old.f1), _percent(new.f1)),
        (
            "calibration error",
            _percent(before.calibration_error),
            _percent(report.calibration_error),
        ),
        ("loss", f"{before.loss:.4f}", f"{report.loss:.4f}"),
    ]
    body = "".join(
        f'<tr><th scope="row">{name}</th><td>{a}</td><td>{b}</td></tr>' for name, a, b in rows
    )
    return _section(
        "before",
        "Before and after",
        f"<p>{_count(before.fixed_count, 'picture')} read rightly now that {_were(before.fixed_count)} "
        f"wrong, {before.broken_count:,} the other way.</p>\n"
        '<table class="plain"><thead><tr><td></td><th scope="col">before</th><th scope="col">after</th>'
        f"</tr></thead><tbody>{body}</tbody></table>\n"
        + _gallery("Read rightly now", before.fixed, before.fixed_count)
        + _gallery("No longer read rightly", before.broken, before.broken_count),
    )


def _curves(run: Run) -> str:
    """Losses and accuracies over the run; of the training those of the batches, where they were kept."""
    batches = [e for e in read_events(run.folder) if isinstance(e, BatchProgress)]
    if not run.epochs:
        return ""
    per_epoch = [(float(e.epoch), e) for e in run.epochs]
    losses = [(b.epoch, b.loss) for b in batches] or [(x, e.training.loss) for x, e in per_epoch]
    rights = [(b.epoch, b.accuracy) for b in batches] or [
        (x, e.training.accuracy) for x, e in per_epoch
    ]
    validation_losses = tuple((x, e.validation.loss) for x, e in per_epoch)
    validation_rights = tuple((x, e.validation.accuracy) for x, e in per_epoch)
    charts = [
        (
            "Loss",
            loss_chart(
                [
                    Curve(name="training", kind="training", points=tuple(losses)),
                    Curve(name="validation", kind="validation", points=validation_losses),
                ]
            ),
        ),
        (
            "Accuracy",
            accuracy_chart(
                [
                    Curve(name="training", kind="training", points=tuple(rights)),
                    Curve(name="validation", kind="validation", points=validation_rights),
                ]
            ),
        ),
    ]
    drawn = "".join(
        f"<figure><figcaption>{name}</figcaption>{svg}</figure>" for name, svg in charts
    )
    best = f", the best of them {run.best.epoch}" if run.best else ""
    return _section(
        "curves",
        "Learning",
        f"<p>{_count(len(run.epochs), 'epoch')}{best}. "
        '<span class="key training">training</span>, on pictures as they were changed for it; '
        '<span class="key validation">validation</span>, on pictures that were kept apart.</p>\n'
        f'<div class="charts">{drawn}</div>\n',
    )


def _classes(figures: Evaluation) -> str:
    missed = [row.count - figures.confusion[i][i] for i, row in enumerate(figures.classes)]
    most = max(missed) or 1
    rows = "".join(
        f'<tr><th scope="row">{escape(row.label)}</th><td>{row.count:,}</td>'
        f"<td>{_percent(row.precision)}</td><td>{_percent(row.recall)}</td><td>{_percent(row.f1)}</td>"
        f'<td>{wrong:,}</td><td class="bar"><i style="width:{100 * wrong / most:.0f}%"></i></td></tr>'
        for row, wrong in zip(figures.classes, missed, strict=True)
    )
    return _section(
        "classes",
        "By class",
        "<p>Precision: of what was read as this, how much was. Recall: of what was this, how much was "
        "read so. F1: their harmonic mean. Missed: read as something else.</p>\n"
        '<div class="wide" tabindex="0"><table class="plain"><thead><tr><th scope="col">label</th>'
        '<th scope="col">pictures</th><th scope="col">precision</th><th scope="col">recall</th>'
        '<th scope="col">F1</th><th scope="col">missed</th><td></td></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>\n",
    )


def _confusion(figures: Evaluation) -> str:
    wrong = [
        (count, figures.labels[i], figures.labels[j])
        for i, row in enumerate(figures.confusion)
        for j, count in enumerate(row)
        if count and i != j
    ]
    wrong.sort(key=lambda entry: -entry[0])
    most = "; ".join(f"{a} read as {b} ({n:,})" for n, a, b in wrong[:3])
    text = f"<p>{escape(f'Most often: {most}.' if wrong else 'Nothing was mistaken.')}</p>\n"
    if len(figures.labels) > _MATRIX_CLASSES:
        rows = "".join(
            f"<tr><td>{escape(a)}</td><td>{escape(b)}</td><td>{n:,}</td></tr>"
            for n, a, b in wrong[:_CONFUSIONS]
        )
        return _section(
            "confusion",
            "What was taken for what",
            f'{text}<table class="plain"><thead><tr><th scope="col">is</th><th scope="col">read as'
            f'</th><th scope="col">pictures</th></tr></thead><tbody>{rows}</tbody></table>\n',
        )
    return _section(
        "confusion",
        "What was taken for what",
        f"{text}{_matrix(figures, wrong[0][0] if wrong else 1)}",
    )


def _matrix(figures: Evaluation, most_wrong: int) -> str:
    head = "".join(f'<th scope="col">{escape(label)}</th>' for label in figures.labels)
    rows = []
    for i, (label, row) in enumerate(zip(figures.labels, figures.confusion, strict=True)):
        total = sum(row) or 1
        cells = []
        for j, count in enumerate(row):
            if not count:
                cells.append('<td class="none">·</td>')
            elif i == j:
                cells.append(f'<td class="right" style="--s:{count / total:.2f}">{count:,}</td>')
            else:  # logarithmic: a single mistake is to be seen beside a hundred
                shade = math.log1p(count) / math.log1p(most_wrong)
                title = escape(f"{label} read as {figures.labels[j]}: {count:,}", quote=True)
                cells.append(
                    f'<td class="wrong" style="--s:{shade:.2f}" title="{title}">{count:,}</td>'
                )
        rows.append(f'<tr><th scope="row">{escape(label)}</th>{"".join(cells)}</tr>')
    return (
        '<div class="wide" tabindex="0"><table class="matrix"><caption>Rows: what it is. Columns: what '
        f"was read.</caption><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
        "</table></div>\n"
    )


def _reliability(report: Report) -> str:
    rows = "".join(
        f'<tr><th scope="row">{100 * row.low:.0f}–{100 * row.high:.0f} %</th><td>{row.count:,}</td>'
        f"<td>{_percent(row.probability)}</td><td>{_percent(row.accuracy)}</td></tr>"
        for row in report.reliability
        if row.count
    )
    return _section(
        "reliability",
        "How sure it may be",
        "<p>Where the network says 90 %, nine in ten answers should be right: the bars should end on the "
        f"diagonal. They miss it by {_percent(report.calibration_error)} on average, weighted by pictures; "
        "the fainter a bar, the fewer. The short line is the mean of what was said.</p>\n"
        f'<div class="charts"><figure>{reliability_chart(report.reliability)}'
        "<figcaption>share of right answers over the probability of the answer</figcaption></figure>"
        '<details><summary>As a table</summary><table class="plain"><thead><tr><th scope="col">said</th>'
        '<th scope="col">pictures</th><th scope="col">mean said</th><th scope="col">right</th></tr>'
        f"</thead><tbody>{rows}</tbody></table></details></div>\n",
    )


def _worst(report: Report) -> str:
    if not report.worst:
        return ""
    return _section(
        "worst",
        "The worst readings",
        "<p>The pictures whose right answer was given the least probability, as the network sees them. "
        "Some may be labelled wrongly, and some nobody could read.</p>\n"
        + _gallery("", report.worst, len(report.worst)),
    )


def _gallery(title: str, pictures: Sequence[ShownPicture], count: int) -> str:
    if not pictures:
        return ""
    shown = f"{len(pictures)} of {count:,}" if count > len(pictures) else f"{count}"
    head = f"<h3>{escape(title)} <small>{shown}</small></h3>\n" if title else ""
    return f'{head}<ul class="gallery">{"".join(map(_picture, pictures))}</ul>\n'


def _picture(picture: ShownPicture) -> str:
    right = picture.answer == picture.target
    said = (
        f"{escape(picture.target)}, said at {_percent(picture.probability, 1)}"
        if right
        else f"<b>{escape(picture.target)}</b> read as <b>{escape(picture.answer)}</b>"
    )
    more = [] if right else [_percent(picture.probability, 1)]
    if picture.before is not None and picture.before != picture.answer:
        more.append(f"before: {escape(picture.before)}")
    parts = PurePath(picture.source).parts[-2:]
    where = f"{'/'.join(parts)} {picture.place or ''}" if parts else f"no. {picture.place:,}"
    more.append(f'<span class="place">{escape(where.strip())}</span>')
    alt = f"{picture.target}, read as {picture.answer}"
    return (
        f'<li><img src="{picture.data_uri}" width="84" height="84" alt="{escape(alt, quote=True)}">'
        f"<p>{said}<br>{'<br>'.join(more)}</p></li>"
    )


def _about(report: Report, run: Run | None) -> str:
    facts = dict(report.about)
    if run is not None:
        facts["run"] = run.name
        if run.started:
            started = run.started
            facts["network"] = f"{started.network}, {started.parameters:,} parameters"
            facts["pictures"] = (
                f"{started.training_pictures:,} to learn from, {started.validation_pictures:,} to judge by"
            )
            facts["computed"] = f"{started.device}, {started.precision}, threads: {started.threads}"
            facts["time"] = f"{run.seconds:,.0f} s"
    facts["temperature"] = f"{report.temperature:.3f}"
    rows = _facts(facts.items())
    settings = run.settings if run else {}
    if settings:
        rows += (
            "</dl>\n<details><summary>All settings of the run</summary>\n"
            f'<dl class="facts">{_facts((k.replace("_", " "), str(v)) for k, v in settings.items())}'
            "</dl></details>\n"
        )
    else:
        rows += "</dl>\n"
    return _section("about", "Where it comes from", f'<dl class="facts">{rows}')


def _facts(rows: Iterable[tuple[str, str]]) -> str:
    return "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in rows
    )


def _section(name: str, title: str, content: str) -> str:
    return (
        f'<section aria-labelledby="{name}">\n<h2 id="{name}">{title}</h2>\n{content}</section>\n'
    )


def _percent(share: float, digits: int = 2) -> str:
    return f"{100 * share:.{digits}f}\u202f%"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _when(created: str) -> str:
    """2026-01-02T03:04:05+00:00 → 2026-01-02 03:04."""
    return created[:16].replace("T", " ")
