"""What a network does on a part of a data set: figures, how sure it may be, and the pictures it misreads.

A report is plain numbers, texts and small PNG files in memory; it is written as report.json for machines and
report.html for people (trainer.evaluation.report_page).
"""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from trainer.base.errors import DataError, InputError, RunError
from trainer.base.paths import written_whole
from trainer.evaluation.evaluation import Evaluation, Tally

BINS = 15  # of the calibration error, as in Guo et al. 2017
SHOWN = 50  # pictures of each kind
HTML_SUFFIXES = (".html", ".htm")


@dataclass(frozen=True, kw_only=True)
class ReliabilityBin:
    """Pictures whose answer had a probability from `low` to `high`.

    probability: its mean; accuracy: the share of right answers; both 0 where there were none.
    """

    low: float
    high: float
    count: int
    probability: float
    accuracy: float


@dataclass(frozen=True, kw_only=True)
class ShownPicture:
    """A picture of the part with what was read. png: a grey PNG of 28 × 28, white ink on black.

    place: in the part, or in the file `source`. probability: of the answer; target_probability: of what is
    right; loss: −ln of the latter. before: what the network before answered, where there was one.
    """

    place: int
    source: str
    target: str
    answer: str
    probability: float
    target_probability: float
    loss: float
    png: bytes = field(repr=False)
    before: str | None = None

    @property
    def data_uri(self) -> str:
        return "data:image/png;base64," + base64.b64encode(self.png).decode("ascii")


@dataclass(frozen=True, kw_only=True)
class Before:
    """The network that was fine-tuned, or was in use, on the same pictures.

    fixed_count and broken_count: pictures that only the new network reads rightly, and only the old;
    fixed and broken: at most SHOWN of each, the surest mistakes first.
    """

    figures: Evaluation
    loss: float
    calibration_error: float
    fixed_count: int
    broken_count: int
    fixed: tuple[ShownPicture, ...]
    broken: tuple[ShownPicture, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """loss: mean cross-entropy; calibration_error: expected, 0…1, over BINS; both at the temperature.

    about: what else a reader should know, by name. worst: the SHOWN pictures of the largest loss.
    """

    title: str
    created: str
    about: dict[str, str]
    figures: Evaluation
    loss: float
    temperature: float
    calibration_error: float
    reliability: tuple[ReliabilityBin, ...]
    worst: tuple[ShownPicture, ...]
    before: Before | None = None

    def to_json(self) -> dict[str, Any]:
        """As evaluate --json, and more; pictures are data URIs."""
        return {
            "title": self.title,
            "created": self.created,
            "about": self.about,
            **self.figures.to_json(),
            "loss": self.loss,
            "temperature": self.temperature,
            "calibration_error": self.calibration_error,
            "reliability": [dataclasses.asdict(row) for row in self.reliability],
            "worst": _pictures_to_json(self.worst),
            "before": self.before
            and {
                **self.before.figures.to_json(),
                "loss": self.before.loss,
                "calibration_error": self.before.calibration_error,
                "fixed_count": self.before.fixed_count,
                "broken_count": self.before.broken_count,
                "fixed": _pictures_to_json(self.before.fixed),
                "broken": _pictures_to_json(self.before.broken),
            },
        }


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
    figures: Evaluation | None = None,
    places: Sequence[int] | None = None,
    sources: Sequence[str] | None = None,
) -> Report:
    """The report on a part: float (N, classes) logits, int64 (N,) targets, uint8 (N, 28, 28) pictures.

    Tensors may lie on any device, pictures may have a channel. `before`: logits of the network before on
    the same pictures, with the same labels. `figures`: where the caller counted more than these pictures,
    like drawings that got no answer. places and sources: where a picture is from; by default its place in
    the part. Raises DataError where there are no pictures, RunError where logits are not finite.
    """
    answers = _Answers(logits, temperature)
    targets = torch.from_numpy(_array(targets).astype(np.int64))
    if not len(targets):
        raise DataError("there are no pictures: there is nothing to report on")
    images = _array(pictures).reshape(-1, 28, 28)
    old = None if before is None else _Answers(before, before_temperature)
    losses = answers.losses(targets)

    def show(order: Tensor) -> tuple[ShownPicture, ...]:
        return tuple(
            ShownPicture(
                place=places[i] if places else i,
                source=sources[i] if sources else "",
                target=labels[int(targets[i])],
                answer=labels[int(answers.best[i])],
                probability=float(answers.sure[i]),
                target_probability=float(answers.probabilities[i, targets[i]]),
                loss=float(losses[i]),
                png=_png(images[i]),
                before=None if old is None else labels[int(old.best[i])],
            )
            for i in order[:SHOWN].tolist()
        )

    changed = None
    if old is not None:
        right, old_right = answers.best == targets, old.best == targets
        old_losses = old.losses(targets)
        fixed, broken = right & ~old_right, old_right & ~right
        changed = Before(
            figures=_figures(old.best, targets, labels),
            loss=float(old_losses.mean()),
            calibration_error=_calibration_error(_reliability(old, targets)),
            fixed_count=int(fixed.sum()),
            broken_count=int(broken.sum()),
            fixed=show(_largest(old_losses, among=fixed)),
            broken=show(_largest(losses, among=broken)),
        )
    reliability = _reliability(answers, targets)
    return Report(
        title=title,
        created=dt.datetime.now().astimezone().isoformat(timespec="seconds"),
        about=dict(about or {}),
        figures=figures or _figures(answers.best, targets, labels),
        loss=float(losses.mean()),
        temperature=temperature,
        calibration_error=_calibration_error(reliability),
        reliability=reliability,
        worst=show(_largest(losses)),
        before=changed,
    )


def write_report(report: Report, where: Path) -> Path:
    """Writes the report as JSON and as one HTML page that needs nothing else; the page's path.

    where: a folder, which gets report.json and report.html, or the page's file, which gets the JSON beside
    it. In a run's folder the page shows the run's curves and settings, too. Raises InputError for a
    file of another kind, RunError where it cannot be written.
    """
    from trainer.evaluation.report_page import page

    html, json_file = report_files(where)
    with written_whole(json_file) as temporary:
        temporary.write_text(json.dumps(report.to_json()) + "\n", encoding="utf-8")
    with written_whole(html) as temporary:
        temporary.write_text(page(report, run=html.parent), encoding="utf-8")
    return html


def report_files(where: Path) -> tuple[Path, Path]:
    """The page's file and the JSON's for a folder or an .html file. Raises InputError, see write_report."""
    if where.suffix.lower() in HTML_SUFFIXES and not where.is_dir():
        return where, where.with_suffix(".json")
    if where.is_dir() or not where.suffix:
        return where / "report.html", where / "report.json"
    raise InputError(f"{where}: a report is a page; name a file that ends in .html, or a folder")


class _Answers:
    """What a network says, in float64 on the CPU: log-probabilities, the answers, how sure they are."""

    def __init__(self, logits: Tensor, temperature: float) -> None:
        logits = logits.detach().cpu().double() / temperature
        if not bool(logits.isfinite().all()):
            raise RunError("the network answers with values that are not numbers")
        self.logits = logits
        self.probabilities = logits.softmax(1)
        self.best = logits.argmax(1)
        self.sure = self.probabilities.gather(1, self.best[:, None])[:, 0]

    def losses(self, targets: Tensor) -> Tensor:
        """float64 (N,): cross-entropy of each picture."""
        return F.cross_entropy(self.logits, targets, reduction="none")


def _figures(answers: Tensor, targets: Tensor, labels: Sequence[str]) -> Evaluation:
    tally = Tally(labels)
    for target, answer in zip(targets.tolist(), answers.tolist(), strict=True):
        tally.add(labels[target], answer)
    return tally.result()


def _largest(losses: Tensor, *, among: Tensor | None = None) -> Tensor:
    """Places of the largest losses, largest first, at most SHOWN; earlier pictures first among equals."""
    places = torch.arange(len(losses)) if among is None else among.nonzero()[:, 0]
    return places[losses[places].argsort(descending=True, stable=True)][:SHOWN]


def _reliability(answers: _Answers, targets: Tensor) -> tuple[ReliabilityBin, ...]:
    """Equal bins of the answer's probability, as trainer.models.calibration has them."""
    right = (answers.best == targets).double()
    places = (answers.sure * BINS).long().clamp(max=BINS - 1)
    counts = torch.bincount(places, minlength=BINS)
    share = counts.clamp(min=1).double()
    sure = torch.bincount(places, answers.sure, minlength=BINS) / share
    accuracy = torch.bincount(places, right, minlength=BINS) / share
    return tuple(
        ReliabilityBin(
            low=i / BINS,
            high=(i + 1) / BINS,
            count=int(counts[i]),
            probability=float(sure[i]),
            accuracy=float(accuracy[i]),
        )
        for i in range(BINS)
    )


def _calibration_error(reliability: Sequence[ReliabilityBin]) -> float:
    """Mean gap between probability and accuracy, weighted by pictures (Naeini, Cooper, Hauskrecht 2015)."""
    count = sum(row.count for row in reliability)
    return sum(row.count * abs(row.accuracy - row.probability) for row in reliability) / count


def _array(values: Tensor | NDArray[Any]) -> NDArray[Any]:
    return values.cpu().numpy() if isinstance(values, Tensor) else values


def _png(picture: NDArray[np.uint8]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG", optimize=True)
    return file.getvalue()


def _pictures_to_json(pictures: Sequence[ShownPicture]) -> list[dict[str, Any]]:
    return [
        {
            **{f.name: getattr(p, f.name) for f in dataclasses.fields(p) if f.name != "png"},
            "picture": p.data_uri,
        }
        for p in pictures
    ]
