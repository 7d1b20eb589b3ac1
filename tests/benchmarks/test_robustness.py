"""benchmarks/robustness: networks are counted right, plot and tables are true."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import robustness
from benchmarks.disturbances import OF_STROKES, Disturbance, Kind
from benchmarks.panels import MOST_NAMES, Line, Panel, Row, above_floor, small_multiples
from benchmarks.photographs import OF_DRAWINGS, OF_PICTURES
from benchmarks.robustness import KINDS, Reader, Source, measure, networks, sources
from benchmarks.robustness_document import (
    Dose,
    Measured,
    Network,
    Reading,
    Result,
    document,
    harmless,
    place,
    plot,
)
from tests.drawings import DIGITS
from tests.trainer.strokes_files import REFUSED, lines, write
from trainer.base.errors import PictureError
from trainer.picture.preprocess import Picture, picture_from_drawing
from trainer.picture.strokes import Drawing, Stroke

pytestmark = pytest.mark.usefixtures("one_thread")

PLAIN = [Drawing(tuple(Stroke.make(points) for points in strokes)) for strokes in DIGITS.values()]


def _picture(drawing: Drawing) -> Picture:
    picture = picture_from_drawing(drawing)
    assert picture is not None
    return picture


# --- what is read


def test_tablets_are_those_of_the_writers_kept_apart(tmp_path: Path) -> None:
    from trainer import datasets

    folder = tmp_path / "a+b"  # a + in a path is special where data are named
    some = lines(200, writers=[f"w{i}" for i in range(20)])
    path = write(folder / "unipen" / "digits-dev.jsonl.gz", some)
    strokes, photographs = sources(folder, drawings=1000, photographs=3)
    wanted = datasets.load_test(f"strokes-digits:{str(path).replace('+', '++')}", folder)
    assert len(strokes.subjects) == len(wanted) < 200
    pictures = {_picture(drawing).tobytes() for drawing in strokes.subjects}
    assert pictures == {picture.tobytes() for picture in wanted.pictures}
    by_points = {
        tuple(map(tuple, np.concatenate(line["strokes"]).astype(np.float32).tolist())): line[
            "label"
        ]
        for line in some
    }
    for drawing, label in zip(strokes.subjects, strokes.labels, strict=True):
        points = np.concatenate([stroke.points for stroke in drawing.strokes])
        assert by_points[tuple(map(tuple, points.tolist()))] == label
    assert photographs.subjects == strokes.subjects[:3]
    assert "UNIPEN" in strokes.about


def test_without_tablets_the_programs_own_drawings_and_mnist_where_it_is(
    tmp_path: Path, bars: Path
) -> None:
    found = list(sources(tmp_path, drawings=12, photographs=5))
    assert [(one.kind, len(one.subjects)) for one in found] == [("strokes", 12), ("drawings", 5)]
    assert found[0].labels == (*"0123456789", "0", "1")
    assert "synthetic_digits" in found[0].about
    third = list(sources(bars, drawings=12, photographs=5))[2]
    assert third.kind == "pictures"
    bar = [int(np.flatnonzero(picture.any(axis=0))[0]) for picture in third.subjects]
    assert [(column - 3) // 2 for column in bar] == [int(label) for label in third.labels]


def test_networks_are_those_that_ship_and_others_once(lenet_file: Path, tmp_path: Path) -> None:
    shipped = networks([])
    assert set(shipped) == {"scribe", "scribe-tiny"}
    first = next(iter(shipped))
    again = tmp_path / "a run" / f"{first}.safetensors"
    again.parent.mkdir()
    shutil.copy(lenet_file, again)
    found = networks([str(lenet_file), first, str(again), str(lenet_file)])
    assert list(found) == [*shipped, "by heart", f"a run/{first}"]
    assert found["by heart"] == lenet_file


# --- measuring


def _plain() -> Source:
    return Source(kind="strokes", title="t", about="a", subjects=PLAIN, labels=tuple(DIGITS))


def test_what_is_known_by_heart_is_right_undisturbed_and_anywhere(lenet_file: Path) -> None:
    result = measure(_plain(), {"n": Reader(lenet_file)})
    assert result.undisturbed["n"] == Reading(
        right=10, answered=10, rightly_answered=10, unchanged=10
    )
    by_name = {one.disturbance.name: one for one in result.measured}
    assert [one.disturbance for one in result.measured] == list(OF_STROKES.disturbances)
    assert {reading.right for reading in by_name["size"].readings("n")} == {10}
    assert max(dose.farthest_pixel for dose in by_name["size"].doses) <= 1
    rotation = by_name["rotation"]
    none = rotation.disturbance.strengths.index(0)
    assert (rotation.doses[none].same_pictures, rotation.doses[none].farthest_pixel) == (10, 0)
    assert rotation.doses[0].farthest_pixel > 100
    assert rotation.readings("n")[0].right < 10


def test_other_processes_make_the_same(lenet_file: Path) -> None:
    source, readers = _plain(), {"n": Reader(lenet_file)}
    assert measure(source, readers, processes=2) == measure(source, readers)


def _some(picture: Any, strengths: tuple[float, ...] = (0.0, 1.0)) -> Disturbance[Any]:
    return Disturbance(
        name="x",
        title="Title",
        about="about",
        unit=" %",
        strengths=strengths,
        none=0,
        ticks=strengths,
        picture=picture,
    )


def _refused(_: Any) -> None:
    raise PictureError("image.several-drawings", "the image shows several drawings")


@pytest.mark.parametrize("nothing", [lambda _: None, _refused])
def test_what_shows_nothing_is_wrong_and_not_answered(
    lenet_file: Path, monkeypatch: pytest.MonkeyPatch, nothing: Callable[[Any], None]
) -> None:
    kind = Kind[Any](
        undisturbed=lambda d, _: picture_from_drawing(d),
        disturbances=(_some(lambda d, *_: nothing(d) if d in PLAIN[:4] else _picture(d)),),
    )
    monkeypatch.setitem(KINDS, "strokes", kind)
    result = measure(_plain(), {"n": Reader(lenet_file)})
    assert result.measured[0].readings("n") == [
        result.undisturbed["n"],
        Reading(right=6, answered=6, rightly_answered=6, unchanged=6),
    ]
    assert result.measured[0].doses[1].same_pictures == 6


def test_what_is_refused_has_a_nearest_guess_all_the_same(
    refusing_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last five digits give way to scribbles."""
    places = {id(drawing): place for place, drawing in enumerate(PLAIN)}
    changed = [*PLAIN[:5], *REFUSED[:5]]
    kind = Kind[Any](
        undisturbed=lambda d, _: picture_from_drawing(d),
        disturbances=(_some(lambda d, *_: _picture(changed[places[id(d)]])),),
    )
    monkeypatch.setitem(KINDS, "strokes", kind)
    reader = Reader(refusing_file)
    assert reader.network.refuses
    assert "`lenet5`" in reader.network.about
    before, after = measure(_plain(), {"n": reader}).measured[0].readings("n")
    assert (before.right, before.answered) == (10, 10)
    assert (after.answered, after.rightly_answered) == (5, 5)
    assert after.right >= 5
    guesses, answered = reader.guesses(
        np.stack([_picture(drawing) for drawing in REFUSED]), np.ones(len(REFUSED), np.bool_)
    )
    assert not answered.any()
    assert set(guesses) <= set(DIGITS)


# --- the plot


@pytest.mark.parametrize(
    ("points", "pieces"),
    [
        ([(0.0, 0.9), (1.0, 0.7)], [[(0.0, 0.9), (1.0, 0.7)]]),
        ([(0.0, 0.9), (1.0, 0.1)], [[(0.0, 0.9), (0.5, 0.5)]]),
        ([(0.0, 0.1), (1.0, 0.9)], [[(0.5, 0.5), (1.0, 0.9)]]),
        (
            [(0.0, 1.0), (0.4, 0.0), (0.6, 0.0), (1.0, 1.0)],
            [[(0.0, 1.0), (0.2, 0.5)], [(0.8, 0.5), (1.0, 1.0)]],
        ),
        ([(0.0, 0.1), (1.0, 0.2)], []),
        ([(0.0, 0.1), (0.5, 0.5), (1.0, 0.1)], [[(0.5, 0.5)]]),
    ],
)
def test_lines_end_where_they_leave_the_panel(
    points: list[tuple[float, float]], pieces: list[list[tuple[float, float]]]
) -> None:
    found = above_floor(points)
    assert len(found) == len(pieces)
    for one, wanted in zip(found, pieces, strict=True):
        # The place where it crosses may come twice.
        assert sorted({(round(x, 9), round(y, 9)) for x, y in one}) == wanted


def test_panels_stand_in_rows_of_four_and_texts_are_escaped() -> None:
    line = Line(number=1, points=((0.0, 1.0), (1.0, 0.75)))
    panels = tuple(
        Panel(title=f"<{i}>", ticks=((0.0, "a"), (1.0, "b")), lines=(line,), mark=0.5)
        for i in range(5)
    )
    svg = small_multiples(
        [Row(heading="h & h", panels=panels)], ["x", "y<"], broken="dashes", label="l"
    )
    root = ElementTree.fromstring(svg)
    texts = {text.text: text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"h & h", "<0>", "<4>", "x", "y<", "dashes", "50 %", "100 %"} <= set(texts)
    assert texts["<0>"].get("x") == texts["<4>"].get("x")
    assert texts["<0>"].get("y") == texts["<3>"].get("y") != texts["<4>"].get("y")
    assert svg.count('class="line1"') == 1 + 5  # one of them in the key
    assert "prefers-color-scheme: dark" in svg
    with pytest.raises(ValueError, match="can be told apart"):
        small_multiples([], ["n"] * (MOST_NAMES + 1), broken="", label="l")


def test_values_are_at_their_height() -> None:
    panel = Panel(title="t", ticks=(), lines=(Line(number=0, points=((0.0, 1.0), (1.0, 0.75))),))
    svg = small_multiples([Row(heading="", panels=(panel,))], ["n"], broken="", label="l")
    path = re.search(r'class="line0" d="M(\S+) (\S+)L(\S+) (\S+)"', svg)
    grid = [float(y) for y in re.findall(r'class="rule" d="M\S+ (\S+)h', svg)]
    assert path is not None
    assert float(path[2]) == min(grid)
    assert float(path[4]) == pytest.approx((min(grid) + max(grid)) / 2)


def test_strengths_have_a_place() -> None:
    quality = next(one for one in OF_DRAWINGS.disturbances if one.name == "quality")
    assert [place(quality, strength) for strength in (90, 1)] == [0, 1]
    contrast = next(one for one in OF_PICTURES.disturbances if one.name == "contrast")
    assert [place(contrast, s) for s in contrast.strengths] == pytest.approx(np.linspace(0, 1, 10))
    size = next(one for one in OF_STROKES.disturbances if one.name == "size")
    assert place(size, 0.1) == pytest.approx(0.25)


# --- the document


def _result(*right: int, count: int = 100, answered: int = 90, before: int = 95) -> Result:
    strengths = tuple(float(i) for i in range(len(right)))
    doses = [
        Dose(
            same_pictures=0,
            farthest_pixel=9,
            readings={
                "n": Reading(right=n, answered=answered, rightly_answered=n, unchanged=n),
                "m": Reading(right=50, answered=count, rightly_answered=50, unchanged=50),
            },
        )
        for n in right
    ]
    one = Measured(disturbance=_some(None, strengths), doses=tuple(doses))
    calm = Reading(right=before, answered=count, rightly_answered=before, unchanged=count)
    undisturbed = {"n": calm, "m": doses[0].readings["m"]}
    return Result(
        title="Source", about="About.", count=count, undisturbed=undisturbed, measured=(one,)
    )


def _networks(*, refuses: bool = True) -> Mapping[str, Network]:
    return {
        "n": Network(about="`x`, learned", refuses=refuses),
        "m": Network(about="`y`", refuses=False),
    }


@pytest.mark.parametrize(
    ("right", "text"),
    [
        ((95, 94, 96), "all: 0 % … 2 %"),
        ((95, 94, 93), "0 % … 1 %"),
        ((95, 80, 94, 97, 10, 95), "0 %, 2 % … 3 %, 5 %"),
        ((93, 50), "none"),
    ],
)
def test_harmless_is_less_than_two_points(right: tuple[int, ...], text: str) -> None:
    assert harmless(_result(*right).measured[0], 95, 100, "n") == text


def test_the_document_has_every_figure() -> None:
    text = document(
        [_result(95, 90)], _networks(), conditions=["a", "b"], picture="p.svg", quick=False
    )
    rows = text.splitlines()
    assert "![Accuracy against the strength of each disturbance](p.svg)" in rows
    assert "| undisturbed | 95.0 % | 50.0 % |" in rows
    assert "| Title | 0 % | all: 0 % … 1 % |" in rows
    assert "| `n` | 95.0 | 90.0 |" in rows
    assert rows[rows.index("| `n` | 95.0 | 90.0 |") + 1] == "| answered | 90.0 | 90.0 |"
    assert rows[-1] == "| `m` | 50.0 | 50.0 |"
    assert "Measured on: a; b. A figure of 98 % is sure (to 95 %) to ± 2.7 points with 100" in text
    assert "`n` may refuse an answer" in text
    assert "figures mean little" not in text
    assert max(map(len, rows)) < 130
    calm = document([_result(95)], _networks(refuses=False), conditions=[], picture="p", quick=True)
    assert "refuse an answer" not in calm
    assert "| answered |" not in calm
    assert "figures mean little" in calm


def test_shares_answered_are_plotted_for_those_who_refuse() -> None:
    def lines_in(svg: str) -> tuple[int, int]:
        root = ElementTree.fromstring(svg)
        paths = root.iter("{http://www.w3.org/2000/svg}path")
        drawn = [p for p in paths if (p.get("class") or "").startswith("line")]
        broken = [p for p in drawn if p.get("stroke-dasharray")]
        return len(drawn), len(broken)

    results = [_result(95, 90)]
    # Two of them are in the key.
    assert lines_in(plot(results, _networks())) == (2 + 3, 1)
    assert lines_in(plot(results, _networks(refuses=False))) == (2 + 2, 0)
    assert "share answered" not in plot(results, _networks(refuses=False))


def test_the_program_writes_document_and_plot(
    lenet_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, kind in (("strokes", OF_STROKES), ("drawings", OF_DRAWINGS)):
        few = Kind[Any](undisturbed=kind.undisturbed, disturbances=kind.disturbances[:1])
        monkeypatch.setitem(KINDS, name, few)
    arguments = ["--quick", "--json", "--limit", "2", "--processes", "1"]
    arguments += ["--weights", str(lenet_file), "--data-folder", str(tmp_path)]
    arguments += ["--output", str(tmp_path / "out")]
    monkeypatch.setattr("sys.argv", ["robustness", *arguments])
    robustness.main()
    found = json.loads(capsys.readouterr().out)
    assert [source["count"] for source in found["sources"]] == [2, 2]
    assert "by heart" in found["networks"]
    doses = found["sources"][0]["disturbances"][0]["doses"]
    assert [dose["strength"] for dose in doses] == list(OF_STROKES.disturbances[0].strengths)
    assert doses[0]["readings"].keys() == found["networks"].keys()
    text = (tmp_path / "out" / "robustness.md").read_text(encoding="utf-8")
    assert "(robustness.svg)" in text
    ElementTree.fromstring((tmp_path / "out" / "robustness.svg").read_text(encoding="utf-8"))


def test_a_network_that_there_is_not_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["robustness", "--quick", "--weights", "no such"])
    with pytest.raises(SystemExit, match="no network named 'no such'"):
        robustness.main()
