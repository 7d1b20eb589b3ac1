"""Reports: figures by hand, and files."""

from __future__ import annotations

import base64
import io
import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from trainer.base.errors import DataError, InputError, RunError
from trainer.evaluation import report as report_module
from trainer.evaluation.evaluation import Tally
from trainer.evaluation.report import Report, make_report, report_files, write_report

pytestmark = pytest.mark.usefixtures("one_thread")


def _pictures(count: int) -> torch.Tensor:
    """Each of another grey, so that they are told apart."""
    return torch.arange(count, dtype=torch.uint8)[:, None, None].expand(count, 28, 28)


def _grey(png: bytes) -> int:
    image = Image.open(io.BytesIO(png))
    assert (image.mode, image.size) == ("L", (28, 28))
    return int(np.asarray(image)[14, 14])


def _logits(rows: list[list[float]]) -> torch.Tensor:
    return torch.tensor(rows).log()


#: Probabilities, and what is right: a a b b c.
ROWS = [[0.8, 0.1, 0.1], [0.3, 0.6, 0.1], [0.1, 0.9, 0.0001], [0.2, 0.5, 0.3], [0.9, 0.09, 0.01]]
TARGETS = torch.tensor([0, 0, 1, 1, 2])
#: Reads the second rightly, and the fourth not.
OLD = [[0.8, 0.1, 0.1], [0.9, 0.05, 0.05], [0.1, 0.8, 0.1], [0.5, 0.2, 0.3], [0.9, 0.09, 0.01]]


def by_hand(**rest: object) -> Report:
    return make_report(
        _logits(ROWS), TARGETS, _pictures(5), "abc", temperature=1.0, title="by hand", **rest
    )  # type: ignore[arg-type]


def test_figures() -> None:
    report = by_hand()
    assert report.metrics.accuracy == pytest.approx(3 / 5)
    assert report.metrics.confusion == ((1, 1, 0), (0, 2, 0), (1, 0, 0))
    assert report.metrics.loss == pytest.approx(
        -np.log([0.8, 0.3, 0.9, 0.5, 0.01]).mean(), rel=1e-3
    )
    assert report.before is None


def test_the_worst_come_first() -> None:
    worst = by_hand().worst
    assert [p.place for p in worst] == [4, 1, 3, 0, 2]
    assert [_grey(p.png) for p in worst] == [4, 1, 3, 0, 2]
    first, second = worst[:2]
    assert (first.target, first.answer) == ("c", "a")
    assert first.probability == pytest.approx(0.9)
    assert first.target_probability == pytest.approx(0.01)
    assert first.loss == pytest.approx(-math.log(0.01))
    assert (second.target, second.answer) == ("a", "b")
    assert second.before is None


def test_only_so_many_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_module, "SHOWN", 2)
    report = by_hand(before=torch.zeros(5, 3))
    assert [p.place for p in report.worst] == [4, 1]
    assert report.before is not None
    assert report.before.fixed_count == 2
    assert len(report.before.fixed) == 2


def test_reliability() -> None:
    report = by_hand()
    assert len(report.reliability) == 15
    bins = {i: row for i, row in enumerate(report.reliability) if row.count}
    # 0.5 → bin 7, 0.6 → 9 (float: 8.99…), 0.8 → 12, 0.9 twice → 13
    assert sum(row.count for row in bins.values()) == 5
    high = bins[13]
    assert (high.low, high.high) == pytest.approx((13 / 15, 14 / 15))
    assert (high.count, high.accuracy) == (2, 0.5)
    assert high.probability == pytest.approx(0.9, abs=1e-4)
    expected = (2 * 0.4 + 1 * 0.2 + 1 * 0.6 + 1 * 0.5) / 5
    assert report.metrics.calibration_error == pytest.approx(expected, abs=1e-3)


def test_metrics_are_those_of_torchmetrics() -> None:
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(500, 7, generator=generator) * 2
    targets = torch.randint(0, 7, (500,), generator=generator)
    report = make_report(
        logits,
        targets,
        torch.zeros(500, 28, 28, dtype=torch.uint8),
        "abcdefg",
        temperature=1.7,
        title="x",
    )
    # torchmetrics 1.8, multiclass_calibration_error(probabilities, targets, 7, n_bins=15)
    assert report.metrics.calibration_error == pytest.approx(0.2554115653, abs=1e-6)
    assert report.metrics.loss == pytest.approx(2.4181756180, abs=1e-6)
    # and multiclass_precision, multiclass_recall, multiclass_f1_score, average="macro"
    assert report.metrics.precision == pytest.approx(0.1792169809, abs=1e-6)
    assert report.metrics.recall == pytest.approx(0.1769197941, abs=1e-6)
    assert report.metrics.f1 == pytest.approx(0.1762309819, abs=1e-6)


def test_a_temperature_changes_how_sure_not_what() -> None:
    cool, warm = (
        make_report(_logits(ROWS), TARGETS, _pictures(5), "abc", temperature=t, title="")
        for t in (1.0, 3.0)
    )
    assert cool.metrics.confusion == warm.metrics.confusion
    assert cool.metrics.f1 == warm.metrics.f1
    assert warm.worst[0].probability < cool.worst[0].probability


def test_before_and_after() -> None:
    before = by_hand(before=_logits(OLD)).before
    assert before is not None
    assert before.metrics.accuracy == pytest.approx(3 / 5)
    assert before.metrics.confusion == ((2, 0, 0), (1, 1, 0), (1, 0, 0))
    assert (before.fixed_count, before.broken_count) == (1, 1)
    (fixed,), (broken,) = before.fixed, before.broken
    assert (fixed.place, fixed.target, fixed.before, fixed.answer) == (3, "b", "a", "b")
    assert (broken.place, broken.target, broken.before, broken.answer) == (1, "a", "a", "b")
    assert _grey(broken.png) == 1


def test_the_old_temperature_is_the_old_networks() -> None:
    one, two = (by_hand(before=_logits(OLD), before_temperature=t).before for t in (1.0, 2.0))
    assert one is not None
    assert two is not None
    assert one.metrics.loss != two.metrics.loss
    assert one.metrics.confusion == two.metrics.confusion


def test_what_the_caller_knows_more() -> None:
    tally = Tally("abc")
    tally.add("a", 0)
    tally.add("a", None)
    report = by_hand(
        metrics=tally.result(), places=[9, 8, 7, 6, 5], sources=list("vwxyz"), about={"data": "d"}
    )
    assert report.metrics.unanswered == 1
    assert [(p.place, p.source) for p in report.worst[:2]] == [(5, "z"), (8, "w")]
    assert report.about == {"data": "d"}


def test_arrays_of_every_kind() -> None:
    """Read-only memory maps, tensors with a channel, other whole numbers."""
    pictures = _pictures(5).numpy().copy()
    pictures.flags.writeable = False
    targets = TARGETS.numpy().astype(np.int32)
    targets.flags.writeable = False
    one = make_report(_logits(ROWS), targets, pictures, "abc", temperature=1, title="")  # type: ignore[arg-type]
    two = make_report(
        _logits(ROWS), TARGETS, _pictures(5)[:, None], tuple("abc"), temperature=1, title=""
    )
    assert one.worst == two.worst


def test_nothing_to_report_on() -> None:
    with pytest.raises(DataError, match="no pictures"):
        make_report(torch.zeros(0, 3), TARGETS[:0], _pictures(0), "abc", temperature=1.0, title="")
    with pytest.raises(RunError, match="not numbers"):
        make_report(
            torch.full((5, 3), math.nan), TARGETS, _pictures(5), "abc", temperature=1.0, title=""
        )


# --- files


def test_as_json(tmp_path: Path) -> None:
    write_report(by_hand(before=_logits(OLD)), tmp_path)
    document = json.loads((tmp_path / "report.json").read_text())
    assert document["accuracy"] == pytest.approx(3 / 5)
    assert document["classes"][0]["label"] == "a"
    assert document["classes"][0]["count"] == 2
    assert document["confusion"][0] == [1, 1, 0]
    assert len(document["reliability"]) == 15
    worst = document["worst"][0]
    assert (worst["place"], worst["target"], worst["answer"]) == (4, "c", "a")
    kind, _, content = worst["picture"].partition(",")
    assert kind == "data:image/png;base64"
    assert _grey(base64.b64decode(content)) == 4
    assert "png" not in worst
    assert document["before"]["broken"][0]["before"] == "a"
    assert document["before"]["accuracy"] == pytest.approx(3 / 5)


@pytest.mark.parametrize(
    ("where", "files"),
    [
        ("folder", {"folder/report.html", "folder/report.json"}),
        ("new/mine.html", {"new/mine.html", "new/mine.json"}),
        ("Mine.HTM", {"Mine.HTM", "Mine.json"}),
    ],
)
def test_where_it_goes(tmp_path: Path, where: str, files: set[str]) -> None:
    (tmp_path / "folder").mkdir()
    html = write_report(by_hand(), tmp_path / where)
    written = {str(f.relative_to(tmp_path)) for f in tmp_path.rglob("*") if f.is_file()}
    assert written == files
    assert str(html.relative_to(tmp_path)) in files
    assert html.read_text().startswith("<!doctype html>")


def test_a_report_is_no_picture(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"ends in \.html"):
        report_files(tmp_path / "report.png")
