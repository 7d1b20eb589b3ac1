"""benchmarks/real_hands: what every row learns from, that nothing of a site is learned before it is read, and
what is made of the runs."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import real_hands
from benchmarks.networks import Results
from benchmarks.real_hands import DIGITS, FOLDS, OTHERS, RECIPE, ROWS
from benchmarks.real_hands_document import Metrics, document
from tests.drawings import DIGITS as PLAINEST
from tests.made_up import write_mnist
from tests.trainer.strokes_files import Line, lines, write
from trainer.base.errors import DataError
from trainer.datasets import generated
from trainer.datasets.augmentation.spec import STROKE_AMOUNTS, parse_augmentation
from trainer.models.recognizer import Recognizer
from trainer.runs.config import TrainConfig
from trainer.runs.recipes import RecipeSource

pytestmark = pytest.mark.usefixtures("one_thread")

SITES = [site for together in FOLDS.values() for site in together]
TITLES = {row: ROWS[row].title for row in ROWS}


def _at(site: str, some: list[Line]) -> list[Line]:
    return [{**line, "site": site, "writer": f"{site} {line['writer']}"} for line in some]


def _signs(count: int) -> list[Line]:
    """Arrows, and as many that look like a digit."""
    arrow = [[[0, 50], [90, 50]], [[60, 20], [90, 50], [60, 80]]]
    ring = [[[50, 0], [0, 50], [50, 100], [100, 50], [50, 0]]]
    return [
        {
            "label": "O" if i % 2 else "arrow",
            "writer": str(i % 3),
            "strokes": [[[x + i, y] for x, y in stroke] for stroke in (ring if i % 2 else arrow)],
        }
        for i in range(2 * count)
    ]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with all that the recipe names: small, and of ten sites, one of them in no fold."""
    folder = tmp_path_factory.mktemp("data")
    write_mnist(folder)
    digits, others = [], []
    for i, site in enumerate([*SITES, "kai"]):
        digits += _at(site, lines(20, writers=("0", "1", "2"), seed=i))
        others += _at(site, _signs(4 + i))
    write(folder / DIGITS, digits)
    write(folder / OTHERS, others)
    pictures = np.random.default_rng(0).integers(0, 2, (120, 28, 28), np.uint8) * 200
    pictures[:, :8] = 0
    (folder / "bhmsds").mkdir()
    np.savez(
        folder / "bhmsds" / "bhmsds.npz",
        images_ink255=pictures // 2,
        labels=np.array([*"0123456789", "plus", "minus"] * 10),
    )
    return folder


def _read(path: Path) -> list[Line]:
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


# --- rows


def test_every_site_is_in_one_fold() -> None:
    assert sorted(SITES) == ["apa", "apb", "app", "cea", "ceb", "ced", "ibm", "pri", "syn"]
    assert real_hands.chosen_folds(None, None) == list(FOLDS)
    assert real_hands.chosen_folds(["cea", "pri", "app"], None) == ["app", "pri+ceb+cea"]
    assert real_hands.chosen_folds(None, 2) == ["syn", "apb"]


def test_every_row_can_be_trained_and_is_like_no_other() -> None:
    seen = set()
    for row in ROWS.values():
        config = TrainConfig(**row.settings)
        amounts = tuple(sorted(parse_augmentation(config.augmentation).items()))
        seen.add((row.sources, amounts, config.network))
    assert len(seen) == len(ROWS)


def test_a_row_lacks_what_it_says() -> None:
    def left_out(row: str) -> list[str]:
        return [source.spec for source in RECIPE.sources if source not in ROWS[row].sources]

    assert left_out("recipe") == []
    assert left_out("no-unipen") == [s.spec for s in RECIPE.sources if "unipen" in s.file]
    assert left_out("no-bhmsds") == [s.spec for s in RECIPE.sources if "bhmsds" in s.file]
    assert left_out("no-sketches") == ["3*sketches"]
    none = [s.spec for s in RECIPE.sources if "others" in s.spec or "scribbles" in s.spec]
    assert left_out("no-refusing") == none
    assert len(none) == 3
    # One network for all sites, where none is learned from.
    assert [row for row in ROWS if not ROWS[row].by_site] == ["tutorial", "no-unipen"]
    whole = parse_augmentation(RECIPE.settings["augmentation"])
    for name in STROKE_AMOUNTS:
        less = ROWS[f"no-{name}"]
        assert parse_augmentation(less.settings["augmentation"]).items() < whole.items()
        assert name not in parse_augmentation(less.settings["augmentation"])
        assert less.sources == RECIPE.sources


# --- sites


def test_a_site_is_read_and_not_learned_from(data: Path, tmp_path: Path) -> None:
    real_hands.split_sites(data, tmp_path, FOLDS)
    assert len(FOLDS) == 7
    for fold, sites in FOLDS.items():
        folder = tmp_path / fold
        for file, name in ((DIGITS, "digits.jsonl.gz"), (OTHERS, "signs.jsonl.gz")):
            learned, read = _read(folder / file), _read(folder / name)
            assert {line["site"] for line in learned} == {*SITES, "kai"} - {*sites}
            assert {line["site"] for line in read} == {*sites}
            every = _read(data / file)
            alike = [line for line in every if line["site"] in sites and line["label"] == "O"]
            assert bool(alike) == (file == OTHERS)
            assert len(learned) + len(read) + len(alike) == len(every)
        assert {line["label"] for line in _read(folder / "signs.jsonl.gz")} == {"arrow"}
        # Shapes like a digit's stay in what is learned from: the loader passes over them.
        assert "O" in {line["label"] for line in _read(folder / OTHERS)}


def test_drawings_can_be_thinned(data: Path, tmp_path: Path) -> None:
    real_hands.split_sites(data, tmp_path, ["syn"], every=10)
    assert [path.name for path in tmp_path.iterdir()] == ["syn"]
    assert len(_read(tmp_path / "syn" / "digits.jsonl.gz")) == 2
    # Two of each site but the three that go together, of which there are six.
    assert len(_read(tmp_path / "syn" / DIGITS)) == 5 * 2 + 6 + 2


def test_of_many_signs_some_are_read_and_all_others_learned_from(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_hands.split_sites(data, tmp_path / "all", ["syn"])
    monkeypatch.setattr(real_hands, "_SIGNS", 2)
    real_hands.split_sites(data, tmp_path / "some", ["syn"])
    all_, some = (tmp_path / name / "syn" for name in ("all", "some"))
    signs = _read(all_ / "signs.jsonl.gz")
    assert _read(some / "signs.jsonl.gz") == signs[:: round(len(signs) / 2)]
    assert 2 <= len(_read(some / "signs.jsonl.gz")) < len(signs)
    for name in (DIGITS, OTHERS, "digits.jsonl.gz"):
        assert _read(some / name) == _read(all_ / name)


def test_a_fold_without_digits_is_refused(data: Path, tmp_path: Path) -> None:
    some = [line for line in _read(data / DIGITS) if line["site"] != "apa"]
    write(tmp_path / DIGITS, some)
    write(tmp_path / OTHERS, _read(data / OTHERS))
    with pytest.raises(DataError, match="no digits of the site apa"):
        real_hands.split_sites(tmp_path, tmp_path / "split", FOLDS)


def test_sites_come_from_the_fold_and_all_else_from_the_data_folder(
    data: Path, tmp_path: Path
) -> None:
    real_hands.split_sites(data, tmp_path, FOLDS)
    fold = tmp_path / "pri+ceb+cea"
    spec = real_hands.specification(RECIPE.sources, data, fold)
    assert TrainConfig(dataset=spec)
    doubled = str(fold).replace("+", "++")
    assert f"+4*strokes-digits:{doubled}/{DIGITS}+" in spec
    assert f"-others:{doubled}/{OTHERS}+" in spec
    assert f"{data}/bhmsds" in spec
    assert f"{data}/unipen" not in spec
    with pytest.raises(DataError, match="none is left out"):
        real_hands.specification(RECIPE.sources, data, None)
    with pytest.raises(DataError, match="lacks absent"):
        real_hands.specification([RecipeSource(spec="npz:{path}", file="absent")], data, fold)


# --- runs


def test_another_length_amount_or_file_is_another_run(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {"data": data, "epochs": 2, "limit": 500}
    one = real_hands.piece("recipe", "apa", 3, **asked)
    assert one["training"]["seed"] == 3
    assert (one["training"]["epochs"], one["training"]["limit"]) == (2, 500)
    results = Results(tmp_path / "results.json")
    results.keep({"settings": one})
    later = Results(tmp_path / "results.json")
    assert later.find(real_hands.piece("recipe", "apa", 3, **asked))
    assert not later.find(real_hands.piece("recipe", "syn", 3, **asked))
    assert not later.find(real_hands.piece("recipe", "apa", 3, **{**asked, "epochs": 1}))
    assert not later.find(real_hands.piece("recipe", "apa", 3, **asked, quick=True))
    monkeypatch.setattr(real_hands, "parse_augmentation", lambda text: {"shift": 1.0})
    assert not later.find(real_hands.piece("recipe", "apa", 3, **asked))
    monkeypatch.undo()
    for file in (DIGITS, OTHERS, "bhmsds/bhmsds.npz"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_bytes(b"other")
    assert not later.find(real_hands.piece("recipe", "apa", 3, **{**asked, "data": tmp_path}))


def test_the_tutorials_network_has_a_length_of_its_own(data: Path) -> None:
    one = real_hands.piece("tutorial", "", 0, data=data, epochs=7, limit=500)
    config = TrainConfig(**one["training"])
    assert (config.epochs, config.limit, config.batch_size) == (3, 0, 64)
    assert (config.network, config.optimizer, config.learning_rate) == ("cnn", "adam", 1e-3)
    assert (config.dataset, one["sources"]) == ("mnist", ["mnist"])


def test_what_knows_no_site_is_trained_once(data: Path) -> None:
    found = real_hands.pieces(["no-unipen", "recipe"], ["syn", "apa"], 2, data=data)
    names = [(one["row"], one["fold"], one["training"]["seed"]) for one in found]
    once = [[("no-unipen", "", s), ("recipe", "syn", s), ("recipe", "apa", s)] for s in (0, 1)]
    assert names == once[0] + once[1]


def test_a_site_is_counted(lenet_file: Path, tmp_path: Path) -> None:
    """The network knows the plainest forms by heart, and cannot refuse."""
    right = [{"label": label, "strokes": strokes} for label, strokes in PLAINEST.items()]
    write(tmp_path / "digits.jsonl.gz", [*right, {**right[4], "label": "3"}])
    write(tmp_path / "signs.jsonl.gz", _signs(2))
    found = real_hands.read_site(Recognizer(lenet_file, device="cpu"), tmp_path)
    assert (found["count"], found["right"]) == (11, 10)
    assert found["classes"]["3"] == [2, 1]
    assert found["classes"]["4"] == [1, 1]
    assert 0 < found["calibration_error"] < 0.2
    assert (found["refused"], found["signs"], found["signs_refused"]) == (None, None, None)


def _here(command: list[str], environment: dict[str, str], *, timeout: float) -> str:
    """The child's work in this process."""
    assert command[1:3] == ["-m", "benchmarks.real_hands"]
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        real_hands.main(command[3:])
    return printed.getvalue().splitlines()[-1]


def _main(*arguments: object) -> int:
    with pytest.raises(SystemExit) as end:
        real_hands.main(["--quick", *map(str, arguments)])
    return int(str(end.value.code))


def test_the_short_form_runs_and_goes_on(
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HANDWRITE_DATA", str(data))
    monkeypatch.setattr(generated, "_COUNT", 60)
    monkeypatch.setattr(real_hands, "_QUICK_EVERY", 1)
    monkeypatch.setattr(real_hands, "run_json_command", _here)
    results, output = tmp_path / "results.json", tmp_path / "real-hands.md"
    options = ("--sites", "pri", "--results", results, "--output", output)
    assert _main(*options, "--rows", "tutorial", "recipe") == 0
    runs = {run["settings"]["row"]: run for run in Results(results).runs}
    assert list(runs) == ["tutorial", "recipe"]
    assert list(runs["tutorial"]["read"]) == list(FOLDS)
    assert list(runs["recipe"]["read"]) == ["pri+ceb+cea"]
    # Three sites' twenty digits each, and their arrows.
    read = runs["recipe"]["read"]["pri+ceb+cea"]
    assert read["count"] == 60 == sum(count for count, _ in read["classes"].values())
    assert read["right"] == sum(right for _, right in read["classes"].values())
    assert read["signs"] == sum(4 + SITES.index(site) for site in ("pri", "ceb", "cea"))
    assert 0 <= read["refused"] <= 60
    assert runs["tutorial"]["read"]["pri+ceb+cea"]["refused"] is None
    text = output.read_text(encoding="utf-8")
    assert text in capsys.readouterr().out
    assert "mean nothing" in text
    assert f"| {TITLES['recipe']} | {100 * read['right'] / 60:.2f} % |" in text

    # What is finished is not run again; what fails is told, and not kept.
    called: list[str] = []

    def failing(command: list[str], environment: dict[str, str], *, timeout: float) -> str:
        called.append(json.loads(command[command.index("--one") + 1])["row"])
        raise RuntimeError("it ended with 1: no memory")

    monkeypatch.setattr(real_hands, "run_json_command", failing)
    rows = ("--rows", "tutorial", "recipe", "no-hooks", "strong")
    assert _main(*options, *rows, "--json") == 1
    assert called == ["no-hooks", "strong"]
    captured = capsys.readouterr()
    assert "no memory" in captured.err
    assert list(json.loads(captured.out)["rows"]) == ["tutorial", "recipe"]
    assert len(Results(results).runs) == 2


def test_absent_data_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDWRITE_DATA", str(tmp_path))
    with pytest.raises(SystemExit, match=r"lacks unipen/digits-dev\.jsonl\.gz.*bhmsds"):
        real_hands.main(["--quick"])


# --- figures


def _site(count: int, right: int, **rest: Any) -> dict[str, Any]:
    half = count // 2
    return {
        "count": count,
        "right": right,
        "classes": {"0": [half, right - half], "7": [count - half, half]},
        "calibration_error": 0.01,
        "refused": 0,
        "signs": 10,
        "signs_refused": 9,
        **rest,
    }


def _run(read: dict[str, Any], seed: int = 0, fold: str = "a") -> dict[str, Any]:
    settings = {"fold": fold, "training": {"seed": seed}}
    return {
        "settings": settings,
        "read": read,
        "torch": "2",
        "threads": 1,
        "precision": "float32",
        "seconds": 60.0,
    }


def test_means_by_drawings_and_by_folds() -> None:
    large = _site(100, 90, calibration_error=0.03, refused=4, signs=90, signs_refused=45)
    small = _site(20, 20, calibration_error=0.15)
    found = Metrics.of([_run({"a": large}), _run({"b": small})], ["a", "b"])
    assert found.accuracy == {"a": 0.9, "b": 1.0}
    assert (found.seeds, found.drawings, found.spread) == (1, 120, None)
    assert found.by_drawing == pytest.approx(110 / 120)
    assert found.by_fold == pytest.approx(0.95)
    assert found.worst == ("0", 50 / 60)
    assert found.answered == pytest.approx(1 - 4 / 120)
    assert found.refused == pytest.approx(54 / 100)
    assert found.calibration_error == pytest.approx((0.03 * 100 + 0.15 * 20) / 120)


def test_a_seed_counts_in_means_when_it_has_read_all() -> None:
    reads = [{"a": _site(100, right), "b": _site(100, right)} for right in (90, 94)]
    half = _run({"a": _site(100, 50)}, seed=2)
    found = Metrics.of([_run(reads[0]), _run(reads[1], seed=1), half], ["a", "b"])
    assert found.accuracy["a"] == pytest.approx((0.9 + 0.94 + 0.5) / 3)
    assert (found.seeds, found.drawings) == (2, 200)
    assert found.by_drawing == pytest.approx(0.92)
    assert found.spread == pytest.approx(0.04 / 2**0.5)
    assert Metrics.of([half], ["a", "b"]) == Metrics(seeds=0, accuracy={"a": 0.5})
    assert Metrics.of([], ["a"]) == Metrics(seeds=0, accuracy={})


def test_a_network_that_cannot_refuse_answers_all() -> None:
    site = _site(100, 90, refused=None, signs=None, signs_refused=None)
    found = Metrics.of([_run({"a": site})], ["a"])
    assert (found.answered, found.refused) == (1.0, 0.0)
    # A network that can, where there was nothing to refuse.
    silent = Metrics.of([_run({"a": _site(100, 90, signs=None, signs_refused=None)})], ["a"])
    assert (silent.answered, silent.refused) == (1.0, None)


def test_the_document_has_all_rows_and_what_is_missing() -> None:
    finished = {
        "recipe": [_run({"a": _site(100, 96)}), _run({"b": _site(100, 98)})],
        "no-hooks": [_run({"a": _site(100, 95)}), _run({"b": _site(100, 96)})],
        "strong": [_run({"a": _site(100, 91)})],
    }
    length, shipped = "1 epoch of 9 pictures", "20 epochs of all pictures"
    text = document(finished, TITLES, ["a", "b"], length=length, shipped=shipped)
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert [line.split(" | ")[0][2:] for line in rows] == [
        *("trained by", *TITLES.values()),
        *("trained by", *TITLES.values()),
    ]
    first = {line.split(" | ")[0][2:]: line for line in rows[: len(ROWS) + 1]}
    cells = {row: first[TITLES[row]].partition(" | ")[2] for row in ROWS}
    assert cells["recipe"] == "96.00 % | 98.00 % | 97.00 % |  | 97.00 % |"
    assert cells["no-hooks"] == "95.00 % | 96.00 % | 95.50 % | -1.50 | 95.50 % |"
    assert cells["strong"] == "91.00 % | — | — | — | — |"
    assert cells["tutorial"] == "— | — | — | — | — |"
    assert f"| {TITLES['recipe']} | 0: 94.00 % | 100.00 % | 90.00 % | 1.00 % | 1 |" in rows
    assert f"| {TITLES['strong']} | — | — | — | — | — |" in rows
    joined = " ".join(text.split())
    assert f"A run is {length}; that of the network that ships is {shipped}." in joined
    assert "200 drawings by somebody else" in joined
    assert "error of 1.21 points" in joined
    assert "mean nothing" not in text
    assert max(len(line) for line in text.splitlines() if not line.startswith("|")) <= 110


def test_a_whole_length_is_not_excused() -> None:
    text = document({}, TITLES, list(FOLDS), length="all", shipped="all", quick=True)
    assert "A run is" not in text
    assert "Chance" not in text
    assert "mean nothing" in text
