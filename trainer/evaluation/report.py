"""Reports on a network, as report.json and report.html: metrics, reliability, the images it misreads."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from trainer.base.errors import DataError, InputError, RunError
from trainer.base.files import atomic_write
from trainer.evaluation.evaluation import Tally
from trainer.evaluation.metrics import Evaluation, cross_entropy, log_probabilities, reliability
from trainer.evaluation.report_data import SHOWN, Comparison, Report, ShownPicture

HTML_SUFFIXES = (".html", ".htm")


def make_report(
    logits: Tensor,
    targets: Tensor | NDArray[np.int64],
    pictures: Tensor | NDArray[np.uint8],
    labels: Sequence[str],
    *,
    temperature: float,
    title: str,
    before: Tensor | None = None,
    before_temperature: float = 1.0,
    about: Mapping[str, str] | None = None,
    metrics: Evaluation | None = None,
    places: Sequence[int] | None = None,
    sources: Sequence[str] | None = None,
) -> Report:
    """A report on float (N, classes) logits, int64 (N,) targets and uint8 (N, 28, 28) images.

    Tensors may lie on any device, images may have a channel. `before`: an earlier network's logits for the
    same images, with the same labels. `metrics`: those of a caller that counted more than these images, such
    as drawings without an answer. places and sources: where each image is from; by default its index.
    Raises DataError where there are neither images nor metrics, RunError where logits are not finite.
    """
    answers = _Answers(logits, temperature)
    goals = _array(targets).astype(np.int64)
    if not len(goals) and metrics is None:
        raise DataError(
            "evaluation.no-images", "there are no pictures: there is nothing to report on"
        )
    images = _array(pictures).reshape(-1, 28, 28)
    old = None if before is None else _Answers(before, before_temperature)
    losses = answers.losses(goals)

    def show(order: NDArray[np.int64]) -> tuple[ShownPicture, ...]:
        return tuple(
            ShownPicture(
                place=places[i] if places else i,
                source=sources[i] if sources else "",
                target=labels[goals[i]],
                answer=labels[answers.best[i]],
                probability=float(answers.confidences[i]),
                target_probability=float(np.exp(-losses[i])),
                loss=float(losses[i]),
                png=_png(images[i]),
                before=None if old is None else labels[old.best[i]],
            )
            for i in order.tolist()
        )

    comparison = None
    if old is not None:
        correct, old_correct = answers.best == goals, old.best == goals
        fixed, broken = correct & ~old_correct, old_correct & ~correct
        comparison = Comparison(
            metrics=old.metrics(goals, labels),
            fixed_count=int(fixed.sum()),
            broken_count=int(broken.sum()),
            fixed=show(_largest(old.losses(goals), among=fixed)),
            broken=show(_largest(losses, among=broken)),
        )
    return Report(
        title=title,
        created=dt.datetime.now().astimezone().isoformat(timespec="seconds"),
        about=dict(about or {}),
        metrics=metrics or answers.metrics(goals, labels),
        temperature=temperature,
        reliability=reliability(answers.confidences, answers.best == goals),
        worst=show(_largest(losses)),
        before=comparison,
    )


def write_report(report: Report, where: Path) -> Path:
    """Writes the report as JSON and as one self-contained HTML page; returns the page's path.

    where: a folder, which gets report.json and report.html, or the page's file, which gets the JSON beside
    it. In a run's folder the page also shows the run's curves and settings. Raises InputError for a file of
    another kind, RunError where it cannot be written.
    """
    from trainer.evaluation.report_page import page

    html, json_file = report_files(where)
    with atomic_write(json_file) as temporary:
        temporary.write_text(json.dumps(report.to_json()) + "\n", encoding="utf-8")
    with atomic_write(html) as temporary:
        temporary.write_text(page(report, run=html.parent), encoding="utf-8")
    return html


def report_files(where: Path) -> tuple[Path, Path]:
    """The page's file and the JSON's for a folder or an .html file. Raises InputError, see write_report."""
    if where.suffix.lower() in HTML_SUFFIXES and not where.is_dir():
        return where, where.with_suffix(".json")
    if where.is_dir() or not (where.suffix or where.exists()):
        return where / "report.html", where / "report.json"
    raise InputError(
        "evaluation.not-a-page",
        "{path}: a report is a page; name a file that ends in .html, or a folder",
        path=str(where),
    )


class _Answers:
    """A network's answers in float64 on the CPU: log-probabilities, labels' positions, confidences."""

    def __init__(self, logits: Tensor, temperature: float) -> None:
        self._logits = logits.detach().cpu().float().numpy()
        if not np.isfinite(self._logits).all():
            raise RunError(
                "evaluation.not-finite", "the network answers with values that are not numbers"
            )
        self._temperature = temperature
        self._logs = log_probabilities(self._logits, temperature)
        self.best: NDArray[np.int64] = self._logits.argmax(1)
        self.confidences = np.exp(self._logs[np.arange(len(self.best)), self.best])

    def losses(self, targets: NDArray[np.int64]) -> NDArray[np.float64]:
        """float64 (N,): cross-entropy of each image."""
        return cross_entropy(self._logs, targets)

    def metrics(self, targets: NDArray[np.int64], labels: Sequence[str]) -> Evaluation:
        tally = Tally(labels, temperature=self._temperature)
        for i, target in enumerate(targets.tolist()):
            tally.add(labels[target], int(self.best[i]), logits=self._logits[i])
        return tally.result()


def _largest(
    losses: NDArray[np.float64], *, among: NDArray[np.bool_] | None = None
) -> NDArray[np.int64]:
    """Indices of the largest losses, largest first, at most SHOWN; earlier images first among equals."""
    places = np.arange(len(losses)) if among is None else np.flatnonzero(among)
    chosen: NDArray[np.int64] = places[np.argsort(-losses[places], kind="stable")][:SHOWN]
    return chosen


def _array(values: Tensor | NDArray[Any]) -> NDArray[Any]:
    return values.cpu().numpy() if isinstance(values, Tensor) else values


def _png(picture: NDArray[np.uint8]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG", optimize=True)
    return file.getvalue()
