"""The two commands, with the environment and the programs they call pretended."""

import importlib.machinery
import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType

import environment
import pytest


def load(name: str) -> ModuleType:
    """A script as a module, though its name has no .py."""
    path = str(Path(environment.__file__).with_name(name))
    loader = importlib.machinery.SourceFileLoader(name, path)
    spec = importlib.util.spec_from_loader(name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def called(monkeypatch):
    """Collects what is run; the names in `called.failing` exit with 1."""

    class Called(list):
        failing: tuple[str, ...] = ()

    calls = Called()

    def call(command, **_):
        calls.append(command)
        return int(any(word in command for word in calls.failing))

    monkeypatch.setattr(environment, "prepare", lambda **wanted: f"python of {wanted}")
    monkeypatch.setattr(environment, "hand_over", lambda command: calls.append(command) or 0)
    monkeypatch.setattr(subprocess, "call", call)
    return calls


def test_start_hands_its_arguments_to_the_app(called):
    assert load("start").main(["--help", "a drawing.json"]) == 0
    python = "python of {'window': True, 'torch': None}"
    assert called == [[python, "-m", "handwrite_app", "--help", "a drawing.json"]]


def test_both_take_the_build_of_torch_as_an_option(called):
    assert load("start").main(["--torch", "cpu", "7.png"]) == 0
    python = "python of {'window': True, 'torch': 'cpu'}"
    assert called == [[python, "-m", "handwrite_app", "7.png"]]
    assert load("check").main(["--no-lint", "--torch=cuda"]) == 0
    assert called[-1][0] == "python of {'extras': ['dev'], 'torch': 'cuda'}"
    with pytest.raises(SystemExit):
        load("start").main(["--torch", "tpu"])


def test_check_runs_everything_and_pytest_last(called, capsys):
    assert load("check").main([]) == 0
    names = [command[2] for command in called]
    assert names[:4] == ["ruff", "ruff", "mypy", "mypy"]
    assert called[-1][:3] == ["python of {'extras': ['dev'], 'torch': None}", "-m", "pytest"]
    # the whole of it in several processes; what is asked for by name in one
    assert called[-1][3] == "-nauto"
    assert capsys.readouterr().out.endswith("-- pytest\n")


def test_check_goes_on_after_a_failure_and_says_so_at_the_end(called, capsys):
    called.failing = ("mypy", "pytest")
    assert load("check").main([]) == 1
    assert called[-1][1:3] == ["-m", "pytest"]
    assert capsys.readouterr().out.endswith("Failed: mypy, mypy scripts, pytest.\n")


def test_failing_tests_alone_leave_pytest_the_last_word(called, capsys):
    called.failing = ("pytest",)
    assert load("check").main([]) == 1
    assert capsys.readouterr().out.endswith("-- pytest\n")


def test_check_passes_what_follows_the_dashes_to_pytest(called):
    assert load("check").main(["--no-lint", "--", "-k", "pen", "--", "tests/app"]) == 0
    assert [command[1:] for command in called] == [["-m", "pytest", "-k", "pen", "--", "tests/app"]]


def test_check_refuses_what_it_does_not_know_before_any_set_up(called, capsys):
    with pytest.raises(SystemExit):
        load("check").main(["-k", "pen"])
    assert called == []
    assert "-- PYTEST_ARGUMENT" in capsys.readouterr().err
