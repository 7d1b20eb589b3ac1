"""The environment: when it is made, made again, brought up to date or left alone. Nothing is installed."""

import ast
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import environment
import installer
import pytest
import system_packages
from environment import State
from system_packages import SetupError

PYPROJECT = b"""
[project]
name = "handwrite"
dependencies = ["torch"]
[tool.ruff]
line-length = 100
"""


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with nothing installed; returns the folder its environment will go to."""
    (tmp_path / "pyproject.toml").write_bytes(PYPROJECT)
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.delenv("HANDWRITE_VENV", raising=False)
    monkeypatch.setattr(system_packages, "look", lambda *_, **__: system_packages.Missing())
    return tmp_path / ".venv"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands in for venv and pip: writes what would have been called, and makes the few files."""
    made: list[str] = []

    def make_venv(venv: Path) -> None:
        made.append("venv")
        python = environment.venv_python(venv)
        python.parent.mkdir(parents=True)
        python.symlink_to(sys.executable)

    def run_pip(pip: installer.Pip, arguments: list[str], output: list[str]) -> int:
        made.append(" ".join(arguments))
        output.append("Installing collected packages: handwrite")
        return 0

    monkeypatch.setattr(installer, "make_venv", make_venv)
    monkeypatch.setattr(installer, "run_pip", run_pip)
    return made


def failing(line: str, error: BaseException | None = None) -> Callable[..., int]:
    """A pip that prints one line and then fails, or is interrupted."""

    def run_pip(_pip: installer.Pip, _arguments: list[str], output: list[str]) -> int:
        output.append(line)
        if error:
            raise error
        return 1

    return run_pip


def change_dependencies(venv: Path) -> None:
    changed = PYPROJECT.replace(b'"torch"', b'"torch", "numpy"')
    (venv.parent / "pyproject.toml").write_bytes(changed)


posix = pytest.mark.skipif(os.name == "nt", reason="the stand-in for venv makes a symbolic link")


@posix
class TestPrepare:
    def test_a_first_run_makes_everything_and_a_second_nothing(self, venv, calls):
        python = environment.prepare()
        assert python == str(venv / "bin" / "python")
        assert calls == ["venv", "--upgrade pip", "--editable ."]
        environment.prepare()
        assert len(calls) == 3

    def test_the_tools_are_added_once_and_never_taken_away(self, venv, calls):
        environment.prepare()
        environment.prepare(extras=["dev"])
        assert calls[3:] == ["--editable .[dev]"]
        change_dependencies(venv)
        environment.prepare()
        assert calls[4:] == ["--editable .[dev]"]

    def test_an_unfinished_installation_is_done_again_from_nothing(self, venv, calls):
        environment.prepare(extras=["dev"])
        state = environment.read_state(venv)
        environment.write_state(venv, state._replace(finished=False))
        (venv / "half").mkdir()
        (venv / "half" / "a package").touch()
        environment.prepare()
        assert calls[3:] == ["venv", "--upgrade pip", "--editable .[dev]"]
        assert not (venv / "half").exists()

    @pytest.mark.parametrize("error", [None, KeyboardInterrupt()])
    def test_a_failed_first_run_is_not_finished(self, venv, calls, monkeypatch, error):
        with monkeypatch.context() as patch:
            patch.setattr(installer, "run_pip", failing("ERROR: no", error))
            with pytest.raises(type(error) if error else SetupError):
                environment.prepare()
        assert not environment.read_state(venv).finished
        environment.prepare()
        assert environment.read_state(venv).finished
        assert calls == ["venv", "venv", "--upgrade pip", "--editable ."]

    @pytest.mark.parametrize("error", [None, KeyboardInterrupt()])
    def test_a_failed_update_keeps_what_works(self, venv, calls, monkeypatch, error):
        environment.prepare()
        before = environment.read_state(venv)
        change_dependencies(venv)
        with monkeypatch.context() as patch:
            patch.setattr(installer, "run_pip", failing("ERROR: no network", error))
            with pytest.raises(type(error) if error else SetupError):
                environment.prepare()
        assert environment.read_state(venv) == before
        environment.prepare()
        assert calls[3:] == ["--editable ."]

    def test_an_update_that_broke_off_while_it_unpacked_is_done_from_nothing(
        self, venv, calls, monkeypatch
    ):
        environment.prepare()
        change_dependencies(venv)
        with monkeypatch.context() as patch:
            patch.setattr(installer, "run_pip", failing("Installing collected packages: numpy"))
            with pytest.raises(SetupError):
                environment.prepare()
        assert not environment.read_state(venv).finished
        environment.prepare()
        assert calls[3] == "venv"

    def test_a_folder_of_someone_else_is_left_alone(self, venv, calls):
        venv.mkdir()
        (venv / "thesis.txt").write_text("years of work")
        with pytest.raises(SetupError, match="not made by this script"):
            environment.prepare()
        assert [path.name for path in venv.iterdir()] == ["thesis.txt"]
        assert calls == []

    def test_another_folder_can_be_named(self, venv, calls, monkeypatch, tmp_path):
        monkeypatch.setenv("HANDWRITE_VENV", str(tmp_path / "elsewhere"))
        assert environment.prepare() == str(tmp_path / "elsewhere" / "bin" / "python")
        assert not venv.exists()

    def test_a_moved_environment_is_made_again(self, venv, calls, monkeypatch):
        environment.prepare()
        moved = venv.rename(venv.with_name("moved"))
        monkeypatch.setenv("HANDWRITE_VENV", str(moved))
        environment.prepare()
        assert calls[3] == "venv"

    def test_an_environment_whose_python_is_gone_is_made_again(self, venv, calls):
        environment.prepare()
        python = environment.venv_python(venv)
        python.unlink()
        python.symlink_to(venv / "no such python")
        environment.prepare()
        assert calls[3] == "venv"

    def test_a_folder_that_cannot_be_made_is_an_error_in_words(self, venv, calls, monkeypatch):
        (venv.parent / "file").touch()
        monkeypatch.setenv("HANDWRITE_VENV", str(venv.parent / "file" / "venv"))
        with pytest.raises(SetupError, match="HANDWRITE_VENV can name another folder"):
            environment.prepare()


class TestDigest:
    def test_it_follows_what_pip_is_told_and_nothing_else(self):
        def digest(text: bytes, checkout: str = "/a") -> str:
            return environment.project_digest(text, Path(checkout))

        assert digest(PYPROJECT) == digest(PYPROJECT.replace(b"100", b"88"))
        assert digest(PYPROJECT) != digest(PYPROJECT.replace(b'"torch"', b'"torch>=2"'))
        assert digest(PYPROJECT) != digest(PYPROJECT + b"[tool.hatch.build]\nskip = true\n")
        assert digest(PYPROJECT) != digest(PYPROJECT, "/b")


class TestState:
    STATE = State(True, "d", ("dev",), "/venv", "/usr/bin/python3.11", "3.11")

    def test_it_is_read_as_it_was_written(self, tmp_path):
        environment.write_state(tmp_path, self.STATE)
        assert environment.read_state(tmp_path) == self.STATE
        assert [path.name for path in tmp_path.iterdir()] == [environment.STATE_NAME]

    @pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"extras": 1}', '{"finished": true}'])
    def test_nonsense_counts_as_nothing(self, tmp_path, text):
        (tmp_path / environment.STATE_NAME).write_text(text)
        assert environment.read_state(tmp_path) is None


class TestLock:
    def test_a_second_set_up_waits_for_the_first(self, tmp_path, capsys):
        path = tmp_path / "new" / "lock"
        order = []

        def second():
            with environment.locked(path, pause=0.01):
                order.append("second")

        thread = threading.Thread(target=second)
        with environment.locked(path):
            thread.start()
            deadline = time.monotonic() + 10
            while "waiting" not in capsys.readouterr().out:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            order.append("first")
        thread.join(10)
        assert order == ["first", "second"]


class TestPython:
    def test_an_old_one_looks_for_a_newer_one_on_the_path(self):
        versions = {"/bin/python3.12": (), "/bin/python3.11": (3, 11), "/bin/python3": (3, 9)}
        found = environment.newer_python(
            which=lambda name: f"/bin/{name}" if f"/bin/{name}" in versions else None,
            version_of=versions.__getitem__,
        )
        assert found == "/bin/python3.11"

    def test_there_may_be_none(self):
        assert environment.newer_python(which=lambda _: None) is None

    def test_the_message_names_both_versions(self):
        text = environment.version_message((3, 8))
        assert text.startswith("Python 3.11 or newer is needed, and this is 3.8.")

    def test_an_old_one_alone_gets_a_sentence(self, capsys, monkeypatch):
        monkeypatch.setattr(environment, "newer_python", lambda: None)
        with monkeypatch.context() as patch:
            patch.setattr(sys, "version_info", (3, 8, 10, "final", 0))
            status = environment.run(lambda _: pytest.fail("not with this Python"))
        assert status == 2
        assert "Python 3.11 or newer is needed" in capsys.readouterr().err

    @pytest.mark.parametrize(
        "name", ["start", "check", "environment.py", "installer.py", "system_packages.py"]
    )
    def test_the_set_up_has_no_syntax_that_python_3_8_lacks(self, name):
        source = (Path(environment.__file__).parent / name).read_text(encoding="utf-8")
        ast.parse(source, feature_version=(3, 8))


class TestRun:
    def test_an_error_is_text_and_status_2(self, capsys):
        def main(_arguments):
            raise SetupError("There is no display.")

        assert environment.run(main) == 2
        assert capsys.readouterr().err == "\nThere is no display.\n"

    def test_being_stopped_is_no_traceback(self, capsys):
        def main(_arguments):
            raise KeyboardInterrupt

        assert environment.run(main) == 130
        assert "Stopped" in capsys.readouterr().err
