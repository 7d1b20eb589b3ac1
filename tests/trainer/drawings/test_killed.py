"""kill -9 while drawings are stored, a few times; benchmarks/killed.py does it often."""

from __future__ import annotations

from pathlib import Path

from benchmarks import killed
from benchmarks.report import Report
from trainer.drawings import open_store


def test_no_confirmed_drawing_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "drawings.sqlite"
    found = killed.kill_often(path, 5, seed=3, longest=0.4)
    assert (found.missing, found.damaged) == (set(), [])
    assert found.kills == 5
    assert found.confirmed > 0
    # A drawing that nobody was told of was on its way when its process was killed: at most one each.
    assert found.unconfirmed <= 5
    with open_store(path) as store:
        assert store.counts().of() == found.confirmed + found.unconfirmed
    report = Report("killed")
    killed.add(report, found)
    assert report.met


def test_a_missing_drawing_would_be_found(tmp_path: Path) -> None:
    path = tmp_path / "drawings.sqlite"
    killed.storing(path, seed=5, count=3)
    found = killed.Killed()
    confirmed = {
        1: (5, 0),
        2: (5, 1),
        3: (5, 1),
        4: (5, 3),
    }  # the third is another one, the last none
    killed.look(path, confirmed, confirmed, found)
    assert (found.confirmed, found.unconfirmed, found.damaged) == (4, 0, [])
    assert found.missing == {3, 4}
    report = Report("killed")
    killed.add(report, found)
    assert not report.met
    path.write_bytes(path.read_bytes()[:5000])
    killed.look(path, confirmed, confirmed, found)
    assert len(found.damaged) == 1
