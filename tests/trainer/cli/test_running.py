"""What holds for every command: help without torch, exit codes, and outputs that go away."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from trainer import __version__, cli
from trainer.base.errors import InputError, PictureError, RunError
from trainer.cli import run
from trainer.cli.output import print_json

COMMANDS = ("train", "evaluate", "recognize", "models", "devices")


def test_help_and_lists_come_without_torch() -> None:
    """In a process of their own: this one has torch already."""
    program = (
        "import sys\n"
        "from trainer.cli import run\n"
        f"lines = [['--help'], ['-h'], ['--version'], *([c, '--help'] for c in {COMMANDS})]\n"
        "lines += [['models'], ['models', '--json']]\n"
        "for line in lines:\n"
        "    assert run(line) == 0, line\n"
        "for line in (['train', '--epochs', '0'], ['train', '--compare-with', 'none such'],\n"
        "             ['recognize', 'absent.png'], ['evaluate', '--data', 'absent']):\n"
        "    assert run(line) == 2, line\n"
        "heavy = {'torch', 'torchvision', 'PySide6'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    for word in COMMANDS:
        assert word in done.stdout
    assert f"handwrite-trainer {__version__}" in done.stdout


@pytest.mark.parametrize(
    "command",
    [
        *COMMANDS,
        *(f"runs {word}" for word in ("list", "show", "compare", "delete")),
        *(f"models {word}" for word in ("tree", "use", "rollback", "keep")),
        *(f"drawings {word}" for word in ("list", "export", "import")),
    ],
)
def test_help_reads_as_it_was_meant(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No brackets eaten as markup, no flag that seems to want a value, no doubled brackets."""
    assert run([*command.split(), "--help"]) == 0
    text = capsys.readouterr().out
    for wrong in ("<", "[[", "{PATH", "{RUN", "...]...", ": ,", "{:", ": }", "[]"):
        assert wrong not in text, text


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_asked_for_in_two_ways(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    for flag in ("--help", "-h"):
        assert run([command, flag]) == 0
        assert "Usage:" in capsys.readouterr().out


def test_every_setting_has_a_flag_in_trains_help(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from trainer.runs.config import settings

    monkeypatch.setenv("COLUMNS", "250")
    assert run(["train", "--help"]) == 0
    text = capsys.readouterr().out
    for name, setting in settings().items():
        assert "--" + name.replace("_", "-") in text
        for choice in setting.choices:
            assert choice in text


@pytest.mark.parametrize(
    "line",
    [
        ["frobnicate"],
        ["--frobnicate"],
        ["recognize"],
        ["models", "--frobnicate"],
        ["devices", "extra"],
        ["train", "--epochs", "many"],
        ["train", "--epochs"],
        ["evaluate", "--weights"],
    ],
)
def test_a_line_that_makes_no_sense_is_wrong_input(
    line: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(line) == 2
    output = capsys.readouterr()
    assert "error" in output.err.lower()
    assert output.out == ""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["recognize", "x", "--top-k", "a"], "--top-k must be a whole number, not 'a'"),
        (["recognize", "x", "--top-k", "0"], "--top-k must be at least 1, not 0"),
        (["preview", "--count", "2000"], "--count must be at most 1024, not 2000"),
        (["break", "--noise", "0,5"], "--noise must be a number, not '0,5'"),
        (["train", "--epochs", "x"], "--epochs must be a whole number, not 'x'"),
    ],
)
def test_a_number_that_is_none_is_told_in_one_way(
    line: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(line) == 2
    assert told in capsys.readouterr().err.replace("'0'", "0").replace("'2000'", "2000")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError("bad [bold]thing[/] at :smile: [/nothing]"), 2),
        (PictureError("bad [bold]thing[/] at :smile: [/nothing]"), 2),
        (RunError("bad [bold]thing[/] at :smile: [/nothing]"), 1),
        (OSError(errno.ENAMETOOLONG, "bad [bold]thing[/] at :smile: [/nothing]"), 2),
        (OSError(errno.ENOSPC, "bad [bold]thing[/] at :smile: [/nothing]"), 1),
    ],
)
def test_an_error_is_a_line_and_a_code(
    error: Exception, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(**_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "app", fails)
    assert run([]) == code
    output = capsys.readouterr()
    assert output.err.startswith("error: ")
    assert "bad [bold]thing[/] at :smile: [/nothing]" in output.err
    assert output.out == ""


def test_a_machine_without_memory_is_a_line_and_a_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(**_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(cli, "app", fails)
    assert run([]) == 1
    assert "ran out of memory" in capsys.readouterr().err


def test_json_is_printed_in_any_encoding(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    print_json({"source": "файл\udcff.png"})
    sys.stdout.flush()
    assert json.loads(raw.getvalue()) == {"source": "файл\udcff.png"}


def _trainer(*arguments: str, **rest: object) -> subprocess.CompletedProcess[bytes]:
    done: subprocess.CompletedProcess[bytes] = subprocess.run(
        [sys.executable, "-m", "trainer", *arguments],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=120,
        check=False,
        **rest,  # type: ignore[call-overload]
    )
    return done


def test_a_terminal_that_knows_no_such_letters_gets_escapes(tmp_path: Path) -> None:
    (tmp_path / "手.jsonl").write_bytes(b"no JSON\n" * 3)
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "HANDWRITE_HOME": str(tmp_path)}
    done = _trainer("models", stdout=subprocess.PIPE, env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    done = _trainer("recognize", str(tmp_path / "手.png"), stdout=subprocess.PIPE, env=environment)
    assert done.returncode == 2
    assert rb"\u624b.png does not exist" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pipes as POSIX has them")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", [["models"], ["models", "--json"], ["--version"]])
def test_a_reader_that_has_seen_enough_is_no_error(command: list[str], unbuffered: str) -> None:
    """As with `| head`: whether it goes before the first line or before what is in the buffer."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
        done = _trainer(*command, stdout=writing, env=environment)
    finally:
        os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_an_output_that_is_full_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        done = _trainer("models", "--json", stdout=full)
    assert done.returncode == 1
    assert done.stderr.startswith(b"error: ")
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


def test_verbose_logs_to_standard_error_and_a_file(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from trainer.base.logs import log_file

    for flag in ("-v", "--verbose"):
        assert run([flag, "runs", "list"]) == 0
        assert f"version {__version__}" in capsys.readouterr().err
    assert f"version {__version__}" in log_file("handwrite-trainer").read_text(encoding="utf-8")
    assert run(["runs", "list"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion_in_a_shell(shell: str) -> None:
    """Commands, and networks by name."""
    base = {**os.environ, "_HANDWRITE_TRAINER_COMPLETE": f"complete_{shell}"}
    for words, wanted in (
        ("handwrite-trainer reco", "recognize"),
        ("handwrite-trainer models use scr", "scribe"),
    ):
        environment = {
            **base,
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split()) - 1),
            "_TYPER_COMPLETE_ARGS": words,
        }
        done = _trainer(stdout=subprocess.PIPE, env=environment)
        assert wanted in done.stdout.decode(), done.stderr


def test_an_interrupt_while_modules_load_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    from trainer import __main__ as program

    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "run", interrupted)
    with pytest.raises(SystemExit) as end:
        program.main()
    assert end.value.code == 130
