"""The page of a report: well formed, self-contained, escaped."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.trainer.run_folders import epoch, finished, progress, started, write_run
from trainer.evaluation.evaluation import Tally
from trainer.evaluation.report import make_report
from trainer.evaluation.report_charts import Curve, accuracy_chart, loss_chart, reliability_chart
from trainer.evaluation.report_data import Report
from trainer.evaluation.report_page import page

pytestmark = pytest.mark.usefixtures("one_thread")

_VOID = {"meta", "img", "br"}
_SVG_LEAVES = {"line", "rect", "circle", "polyline"}


class Checked(HTMLParser):
    """Every element is closed where it should be; what was met is counted."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attributes]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag in _SVG_LEAVES
        self.tags[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def values(self, tag: str, name: str) -> list[str]:
        return [value for t, n, value in self.attributes if (t, n) == (tag, name)]


def _report(labels: Any = "abc", count: int = 40, *, before: bool = False, **rest: Any) -> Report:
    generator = torch.Generator().manual_seed(0)
    classes = len(labels)
    logits = torch.randn(count, classes, generator=generator)
    old = torch.randn(count, classes, generator=generator) if before else None
    targets = torch.arange(count) % classes
    return make_report(
        logits,
        targets,
        torch.zeros(count, 28, 28, dtype=torch.uint8),
        labels,
        temperature=1.0,
        before=old,
        **{"title": "cnn · mnist", **rest},
    )


def test_what_is_on_it() -> None:
    report = _report(before=True)
    found = Checked(page(report))
    assert report.before is not None
    shown = len(report.worst) + len(report.before.fixed) + len(report.before.broken)
    assert found.tags["img"] == shown
    assert all(found.values("img", "alt"))
    assert found.tags["table"] == 4  # before and after, by class, matrix, reliability
    assert found.tags["svg"] == 1
    for text in ("cnn · mnist", "Before and after", "By class", "The worst readings"):
        assert text in found.text
    assert f"{100 * report.metrics.accuracy:.2f} %" in found.text
    for scope in ("row", "col"):
        assert scope in found.values("th", "scope")
    names = found.values("section", "aria-labelledby")
    assert names == found.values("h2", "id")
    assert len(set(names)) == len(names)


def test_answered_and_refused() -> None:
    tally = Tally("01")
    for _ in range(3):
        tally.add("0", 0, refused=False)
    tally.add("1", 1, refused=True)
    for label, refused in (("+", True), ("x", False), ("O", False)):
        tally.add(label, 0, refused=refused)
    report = _report("01", 4, metrics=tally.result())
    text = Checked(page(report)).text
    assert "answered 75.00 % 1 refused" in text
    assert "refused 50.00 % of 2 drawings with other labels" in text
    assert "1 were refused and count by the nearest guess" in text
    for text in ("answered", "refused"):
        assert text not in Checked(page(_report())).text.replace("or not answered", "")


def test_without_a_drawing_of_its_labels() -> None:
    tally = Tally("01")
    tally.add("+", 0, refused=True)
    report = make_report(
        torch.zeros(0, 2),
        torch.zeros(0, dtype=torch.int64),
        torch.zeros(0, 28, 28, dtype=torch.uint8),
        "01",
        temperature=1.0,
        title="x",
        metrics=tally.result(),
    )
    text = Checked(page(report)).text
    assert "No drawing had a label that the network knows." in text
    assert "refused 100.00 % of 1 drawing with other labels" in text
    assert "accuracy" not in text


def test_nothing_from_outside_and_no_scripts() -> None:
    source = page(_report(before=True))
    found = Checked(source)
    assert found.tags["script"] == found.tags["link"] == found.tags["iframe"] == 0
    assert all(value.startswith("data:image/png;base64,") for value in found.values("img", "src"))
    assert not re.search(r"https?:|url\(|@import", source)
    assert "prefers-color-scheme: dark" in source


def test_words_of_others_are_shown_and_not_obeyed() -> None:
    evil = '<script>alert("1")</script>&amp;'
    report = _report(
        [evil, 'b" onload="x', "ж"],
        title=evil,
        about={evil: evil},
        sources=[f"/home/me/{evil}"] * 40,
        before=True,
    )
    found = Checked(page(report))
    assert found.tags["script"] == 0
    assert not [name for _, name, _ in found.attributes if name.startswith("on")]
    assert found.text.count(evil) > 5
    assert "ж" in found.text


def test_sources_are_shortened() -> None:
    report = _report(sources=["/home/me/secret/4/a.png"] * 40)
    text = Checked(page(report)).text
    assert "4/a.png" in text
    assert "secret" not in text


def test_many_classes_get_a_list_instead_of_a_matrix() -> None:
    few = Checked(page(_report([f"k{i}" for i in range(80)], 200)))
    many = Checked(page(_report([f"k{i}" for i in range(81)], 200)))
    assert few.tags["caption"] == 1
    assert many.tags["caption"] == 0
    assert many.tags["td"] < few.tags["td"] / 4
    assert "read as" in many.text


def test_all_right() -> None:
    logits = torch.eye(3) * 9
    report = make_report(
        logits,
        torch.arange(3),
        torch.zeros(3, 28, 28, dtype=torch.uint8),
        "abc",
        temperature=1.0,
        title="x",
    )
    text = Checked(page(report)).text
    assert "Nothing was mistaken" in text
    assert "100.00 %" in text


def test_a_runs_curves_and_settings(tmp_path: Path) -> None:
    folder = tmp_path / "2026-01-01_000000-lenet5"
    steps = [progress(n, loss=2 / n) for n in range(1, 60)]
    write_run(
        folder, started(folder), *steps, epoch(1), epoch(2), epoch(3), finished(folder),
        tail=b'{"event": "Ba', learning_rate=0.0123,
    )  # fmt: skip
    report = _report()
    found = Checked(page(report, run=folder))
    assert found.tags["svg"] == 3
    assert found.tags["polyline"] == 4
    assert found.tags["circle"] == 6
    assert "61,706 parameters" in found.text
    assert "0.0123" in found.text
    assert Checked(page(report, run=tmp_path)).tags["svg"] == 1  # no run: no curves


def test_a_run_without_an_epoch_has_no_curves(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "a", started(tmp_path / "a"), progress(3))
    assert Checked(page(_report(), run=folder)).tags["svg"] == 1


# --- charts


@pytest.mark.parametrize(
    "points",
    [
        (),
        ((1.0, 0.5),),
        ((0.01, 0.0), (0.02, 0.0)),
        ((1.0, 0.999), (2.0, 1.0)),
        ((1.0, 1e-9), (2.0, 1e9)),
        tuple((n / 1000, 0.5) for n in range(5000)),
    ],
)
def test_charts_of_every_course(points: tuple[tuple[float, float], ...]) -> None:
    """Nothing leaves the drawing, whatever the values; long lines are thinned."""
    curves = [Curve(name="training", kind="training", points=points)]
    curves += [Curve(name="validation", kind="validation", points=points)]
    for chart in (loss_chart(curves), accuracy_chart(curves)):
        Checked(chart)
        for line in re.findall(r'points="([^"]*)"', chart):
            places = [tuple(map(float, pair.split(","))) for pair in line.split()]
            assert len(places) <= 240
            assert all(46 <= x <= 428 and 11.9 <= y <= 226.1 for x, y in places)
        assert len(re.findall("<text", chart)) < 40


@pytest.mark.parametrize(("low", "high"), [(0.301, 0.309), (0.31, 0.34), (2.2, 2.4), (0.1, 0.1)])
def test_a_narrow_loss_axis_has_several_ticks(low: float, high: float) -> None:
    curve = Curve(name="validation", kind="validation", points=((1.0, high), (2.0, low)))
    ticks = re.findall(r'text-anchor="end">([^<]*)<', loss_chart([curve]))
    assert len(set(ticks)) == len(ticks) >= 2
    assert all(len(tick) <= 6 for tick in ticks)


def test_a_better_loss_is_lower() -> None:
    points = ((1.0, 1.0), (2.0, 0.1), (3.0, 0.01))
    chart = loss_chart([Curve(name="v", kind="validation", points=points)])
    (line,) = re.findall(r'points="([^"]*)"', chart)
    heights = [float(pair.split(",")[1]) for pair in line.split()]
    assert heights == sorted(heights)  # y grows downwards
    assert heights[1] - heights[0] == pytest.approx(
        heights[2] - heights[1], abs=0.11
    )  # logarithmic


def test_bars_end_at_the_share_of_right_answers() -> None:
    report = _report(count=300)
    chart = reliability_chart(report.reliability)
    Checked(chart)
    filled = [row for row in report.reliability if row.count]
    heights = [float(h) for h in re.findall(r'<rect [^>]*height="([\d.]+)"', chart)]
    assert heights == pytest.approx([214 * row.accuracy for row in filled], abs=0.06)
