"""Runs on the disk, whatever ended them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.trainer.run_folders import epoch, finished, progress, started, write_run
from trainer.base.errors import InputError
from trainer.base.events import RunStoppedEarly, event_to_json
from trainer.runs.lock import held, is_held
from trainer.runs.records import (
    delete_run,
    differing_settings,
    find_run,
    list_runs,
    read_events,
    read_run,
)


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    folder = tmp_path / "runs"
    folder.mkdir()
    return folder


# --- reading


def test_a_run_that_ended(runs: Path) -> None:
    folder = runs / "2026-01-02_030405-lenet5"
    write_run(
        folder,
        started(folder),
        progress(10),
        epoch(1, 0.8),
        progress(30),
        epoch(2, 0.9),
        epoch(3, 0.85, best=False),
        finished(folder, best_epoch=2),
        seed=7,
    )
    run = read_run(folder)
    assert run.name == "2026-01-02_030405-lenet5"
    assert run.state == "finished"
    assert [e.epoch for e in run.epochs] == [1, 2, 3]
    assert run.best == epoch(2, 0.9)
    assert run.seconds == 7.5
    assert run.started == started(folder)
    assert run.changed_settings() == {"network": ("lenet5", "cnn"), "seed": (7, 0)}
    figures = run.metrics()
    assert (figures["epochs"], figures["epochs_planned"], figures["best_epoch"]) == (3, 3, 2)
    assert figures["validation_accuracy"] == 0.9


@pytest.mark.parametrize(
    ("reason", "state"),
    [("completed", "finished"), ("patience", "finished"), ("stopped", "stopped")],
)
def test_why_it_ended(runs: Path, reason: str, state: str) -> None:
    folder = runs / "a"
    write_run(folder, started(folder), epoch(1), finished(folder, reason=reason))
    assert read_run(folder).state == state


def test_stopped_before_an_epoch_and_killed(runs: Path) -> None:
    early, killed = runs / "a", runs / "b"
    write_run(early, started(early), RunStoppedEarly(run=str(early), seconds=0.5))
    write_run(killed, started(killed), epoch(1), epoch(2))
    assert read_run(early).state == "stopped"
    assert read_run(early).best is None
    assert read_run(early).seconds == 0.5
    assert read_run(killed).state == "broken off"
    assert read_run(killed).seconds == 4.0


@pytest.mark.parametrize("cut", [1, 12, 40, -1])
def test_a_torn_last_line_costs_that_line(runs: Path, cut: int) -> None:
    folder = runs / "a"
    torn = event_to_json(epoch(2)).encode()[:cut]
    write_run(folder, started(folder), epoch(1), tail=torn)
    run = read_run(folder)
    assert run.epochs == (epoch(1),)
    assert run.state == "broken off"


def test_a_resumed_run_that_wrote_on_behind_a_torn_line(runs: Path) -> None:
    folder = runs / "a"
    again = [started(folder), epoch(2, 0.95), epoch(3, 0.9, best=False), finished(folder)]
    tail = event_to_json(progress(41)).encode()[:60]
    tail += "".join(event_to_json(event) + "\n" for event in again).encode()
    write_run(
        folder,
        started(folder),
        epoch(1, 0.8),
        epoch(2, 0.85),
        RunStoppedEarly(run=str(folder), seconds=1.0),
        tail=tail,
    )
    run = read_run(folder)
    assert run.epochs == (epoch(1, 0.8), epoch(2, 0.95), epoch(3, 0.9, best=False))
    assert run.best == epoch(2, 0.95)
    assert run.state == "finished"
    assert len([e for e in read_events(folder) if e == started(folder)]) == 2


def test_a_run_that_was_resumed_and_killed_has_no_end(runs: Path) -> None:
    folder = runs / "a"
    stopped = finished(folder, reason="stopped")
    write_run(folder, started(folder), epoch(1), stopped, started(folder))
    assert read_run(folder).state == "broken off"


@pytest.mark.parametrize(
    "rubbish", [b"\0" * 4096, b"\xff\xfe\n", b"[]\n", b'{"event": 3}\n', b"1" * 9999 + b"\n"]
)
def test_rubbish_among_the_lines_is_passed_over(runs: Path, rubbish: bytes) -> None:
    folder = runs / "a"
    tail = rubbish + event_to_json(epoch(2)).encode() + b"\n"
    write_run(folder, started(folder), epoch(1), tail=tail)
    assert read_run(folder).epochs == (epoch(1), epoch(2))


def test_settings_of_another_version_or_none(runs: Path) -> None:
    one, two = write_run(runs / "a", started(runs / "a")), write_run(runs / "b")
    (one / "config.json").write_text('{"network": "gone", "colour": "red"}')
    (two / "config.json").write_text('{"network": ')
    (two / "metrics.jsonl").unlink()
    assert read_run(one).changed_settings() == {"network": ("gone", "cnn"), "colour": ("red", None)}
    assert read_run(two).settings == {}
    assert read_run(two).metrics()["epochs"] == 0


def test_progress_can_be_left_out(runs: Path) -> None:
    folder = write_run(runs / "a", started(runs / "a"), progress(1), epoch(1), progress(21))
    assert len(list(read_events(folder))) == 4
    assert list(read_events(folder, progress=False)) == [started(folder), epoch(1)]


def test_no_runs(tmp_path: Path) -> None:
    assert list_runs(tmp_path / "nowhere") == []
    with pytest.raises(InputError, match="not the folder of a training run"):
        read_run(tmp_path)


def test_the_last_begun_is_the_last(runs: Path) -> None:
    for name, age in (("b", 2), ("a", 0), ("c", 1)):
        write_run(runs / name, age=age)
    (runs / "something else").mkdir()
    (runs / "file").write_text("")
    assert [run.name for run in list_runs(runs)] == ["b", "c", "a"]


def test_an_old_run_that_is_edited_or_copied_stays_old(runs: Path) -> None:
    """When a run began is in its log, or its name; files' dates change with every copy."""
    old, named, new = runs / "x", runs / "2025-03-01_120000-cnn", runs / "2025-06-01_000000-cnn"
    begun = "2025-01-01T12:00:00+01:00"
    write_run(old, dataclasses.replace(started(old), begun=begun))
    write_run(named, started(named))
    write_run(new, dataclasses.replace(started(new), begun="2025-06-01T00:00:00+00:00"))
    os.utime(old / "config.json")
    os.utime(named / "config.json")
    assert [run.name for run in list_runs(runs)] == [old.name, named.name, new.name]
    assert find_run("last", runs) == new
    assert read_run(old).begun == dt.datetime.fromisoformat(begun)
    assert f"{read_run(named).begun:%Y-%m-%d %H:%M}" == "2025-03-01 12:00"


def test_the_network_that_was_trained_counts(runs: Path) -> None:
    """Until version 0.1 the settings of a run with --start named another one."""
    folder = write_run(runs / "a", started(runs / "a"), network="vgg16")
    assert read_run(folder).metrics()["network"] == "lenet5"
    assert read_run(write_run(runs / "b", network="vgg16")).metrics()["network"] == "vgg16"


def test_settings_that_differ(runs: Path) -> None:
    a = read_run(write_run(runs / "a", seed=1))
    b = read_run(write_run(runs / "b", seed=1, epochs=9))
    b.settings["new"] = True
    assert differing_settings([a, b]) == {"epochs": (3, 9), "new": (None, True)}


# --- finding


def test_by_name_prefix_last_and_path(runs: Path, tmp_path: Path) -> None:
    for name, age in (("2026-01-01_1", 3), ("2026-01-01_10", 2), ("2026-02-01_1", 1)):
        write_run(runs / name, age=age)
    assert find_run("2026-01-01_10", runs) == runs / "2026-01-01_10"
    assert find_run("2026-01-01_1", runs) == runs / "2026-01-01_1"  # though another begins so
    assert find_run("2026-02", runs) == runs / "2026-02-01_1"
    assert find_run("last", runs) == runs / "2026-02-01_1"
    elsewhere = write_run(tmp_path / "elsewhere")
    assert find_run(str(elsewhere), runs) == elsewhere
    with pytest.raises(InputError, match="2026-01-01_1, 2026-01-01_10, 2026-02-01_1: type more"):
        find_run("2026", runs)
    for name in ("2027", str(tmp_path), "a\0b"):
        with pytest.raises(InputError, match="there is no run"):
            find_run(name, runs)
    with pytest.raises(InputError, match="no run was named"):
        find_run("", runs)


def test_last_of_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no runs in"):
        find_run("last", tmp_path)


# --- writing and deleting


def test_a_run_that_is_held_goes_on(runs: Path) -> None:
    folder = write_run(runs / "a", started(runs / "a"), epoch(1))
    with held(folder):
        assert is_held(folder)
        assert read_run(folder).state == "running"
        with pytest.raises(InputError, match="a is still running: stop it first"):
            delete_run(folder, runs)
        with pytest.raises(InputError, match="by another process"), held(folder):
            pass
    assert not is_held(folder)
    assert read_run(folder).state == "broken off"


def test_the_lock_goes_with_the_run_and_stays_where_it_was_broken_off(runs: Path) -> None:
    folder = write_run(runs / "a", started(runs / "a"))
    with held(folder):
        assert (folder / ".lock").exists()
    assert not (folder / ".lock").exists()
    with pytest.raises(ZeroDivisionError), held(folder):
        raise ZeroDivisionError
    assert (folder / ".lock").exists()
    assert not is_held(folder)
    with held(folder):  # it can be resumed
        assert is_held(folder)


def test_a_process_that_is_killed_lets_go(runs: Path) -> None:
    folder = write_run(runs / "a", started(runs / "a"))
    program = (
        "import sys, pathlib; from trainer.runs.lock import held\n"
        "with held(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert read_run(folder).state == "running"
        process.kill()
        process.wait()
    assert process.returncode in (-getattr(signal, "SIGKILL", 0), 1)
    assert read_run(folder).state == "broken off"


@pytest.mark.skipif(sys.platform == "win32", reason="flock")
def test_where_locks_are_of_no_use_the_last_line_tells(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr(fcntl, "flock", refuse)
    folder = write_run(runs / "a", started(runs / "a"))
    os.utime(folder / "metrics.jsonl", (time.time() - 60,) * 2)
    with held(folder) as lock:
        assert not lock.is_effective
        assert read_run(folder).state == "running"
    os.utime(folder / "metrics.jsonl", (time.time() - 1000,) * 2)
    assert read_run(folder).state == "broken off"
    with (folder / "metrics.jsonl").open("a") as file:
        file.write(event_to_json(finished(folder)) + "\n")
    assert read_run(folder).state == "finished"


def test_without_a_lock_a_run_that_wrote_just_now_goes_on(runs: Path) -> None:
    folder = write_run(runs / "a", started(runs / "a"))
    for file in folder.iterdir():  # the clock was set back a day since
        os.utime(file, (time.time() + 86_400,) * 2)
    assert read_run(folder).state == "broken off"
    for file in folder.iterdir():
        os.utime(file, (time.time() - 60,) * 2)
    assert read_run(folder).state == "running"
    with pytest.raises(InputError, match="ten minutes"):
        delete_run(folder, runs)
    with (folder / "metrics.jsonl").open("a") as file:
        file.write(event_to_json(finished(folder)) + "\n")
    assert read_run(folder).state == "finished"
    delete_run(folder, runs)
    assert list(runs.iterdir()) == []


def test_links_are_not_followed(runs: Path, tmp_path: Path) -> None:
    outside = write_run(tmp_path / "outside")
    (runs / "link").symlink_to(outside)
    folder = write_run(runs / "a")
    (folder / "more").symlink_to(outside)
    for path in (runs / "link", outside, runs / "a" / ".." / ".." / "outside"):
        with pytest.raises(InputError, match="Delete it by hand"):
            delete_run(path, runs)
    assert delete_run(folder, runs) == ("more",)
    assert sorted(f.name for f in outside.iterdir()) == [
        "best.safetensors",
        "config.json",
        "metrics.jsonl",
    ]
    assert [f.name for f in folder.iterdir()] == ["more"]


def test_files_that_no_run_wrote_are_kept(runs: Path) -> None:
    folder = write_run(runs / "a", started(runs / "a"), epoch(1), finished(runs / "a"))
    own = ("last.safetensors", "checkpoint.safetensors", "report.html", "report.json", ".lock")
    for name in (*own, "events.out.tfevents.17.host.1.0", ".best.safetensors.0123abcd.part"):
        (folder / name).write_text("ours")
    (folder / "thesis.docx").write_text("theirs")
    (folder / "pictures").mkdir()
    (folder / "pictures" / "best.safetensors").write_text("theirs")
    assert delete_run(folder, runs) == ("pictures", "thesis.docx")
    assert sorted(f.name for f in folder.rglob("*")) == [
        "best.safetensors",
        "pictures",
        "thesis.docx",
    ]
    assert list_runs(runs) == []


def test_the_folder_of_runs_may_be_a_link(runs: Path, tmp_path: Path) -> None:
    write_run(runs / "a")
    (tmp_path / "link").symlink_to(runs)
    delete_run(find_run("a", tmp_path / "link"), tmp_path / "link")
    assert list(runs.iterdir()) == []


def test_only_runs_are_deleted(runs: Path) -> None:
    (runs / "mine").mkdir()
    with pytest.raises(InputError, match="not the folder of a training run"):
        delete_run(runs / "mine", runs)
    assert (runs / "mine").is_dir()
