"""The environment: when it is made, made again, brought up to date or left alone. Nothing is installed."""

import ast
import json
import os
import sys
import threading
import time
from pathlib import Path

import environment
import pytest
import system_packages
from system_packages import SetupError

PYPROJECT = b'[project]\nname = "handwrite"\ndependencies = ["torch"]\n'

posix = pytest.mark.skipif(os.name == "nt", reason="the stand-in for venv makes a symbolic link")


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with nothing installed; returns the folder its environment will go to."""
    (tmp_path / "pyproject.toml").write_bytes(PYPROJECT)
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.delenv("HANDWRITE_VENV", raising=False)
    monkeypatch.chdir(tmp_path)  # the set-up goes there, and pytest comes back
    monkeypatch.setattr(system_packages, "look", lambda *_, **__: [])
    return tmp_path / ".venv"


class Installer:
    """Stands in for uv: writes down what it would have been told, and makes the few files.

    fails: the error of the next installation, which installs `half` before that.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.fails: BaseException | None = None
        self.half = ""

    def make_venv(self, venv: Path) -> None:
        self.calls.append("venv")
        python = environment.venv_python(venv)
        python.parent.mkdir(parents=True)
        python.symlink_to(sys.executable)

    def fill(self, venv: Path, requirement: str, choice: str) -> None:
        error, self.fails = self.fails, None
        if self.half:
            (venv / "lib" / "python3" / "site-packages" / self.half).mkdir(parents=True)
        if error:
            raise error
        self.calls.append(f"{requirement} {choice}")


@pytest.fixture
def uv(monkeypatch: pytest.MonkeyPatch) -> Installer:
    made = Installer()
    monkeypatch.setattr(environment, "make_venv", made.make_venv)
    monkeypatch.setattr(environment, "fill", made.fill)
    return made


def change_dependencies(venv: Path) -> None:
    (venv.parent / "pyproject.toml").write_bytes(PYPROJECT.replace(b"torch", b"numpy"))


@posix
class TestPrepare:
    def test_a_first_run_makes_everything_and_a_second_nothing(self, venv, uv):
        assert environment.prepare() == str(venv / "bin" / "python")
        assert uv.calls == ["venv", ". auto"]
        environment.prepare()
        assert len(uv.calls) == 2

    def test_the_tools_are_added_once_and_never_taken_away(self, venv, uv):
        environment.prepare()
        environment.prepare(extras=["dev"])
        assert uv.calls[2:] == [".[dev] auto"]
        change_dependencies(venv)
        environment.prepare()
        assert uv.calls[3:] == [".[dev] auto"]

    def test_another_build_of_torch_asks_for_a_new_environment_and_is_remembered(self, venv, uv):
        environment.prepare(extras=["dev"])
        environment.prepare(torch="cpu")
        assert uv.calls[2:] == ["venv", ".[dev] cpu"]
        environment.prepare()
        environment.prepare(torch="cpu")
        assert len(uv.calls) == 4
        change_dependencies(venv)
        environment.prepare()
        assert uv.calls[4:] == [".[dev] cpu"]

    @pytest.mark.parametrize("error", [SetupError("no"), KeyboardInterrupt()])
    def test_a_failed_first_run_is_done_again_from_nothing(self, venv, uv, error):
        uv.fails, uv.half = error, "half.dist-info"
        with pytest.raises(type(error)):
            environment.prepare()
        assert environment.read_state(venv) == {}
        uv.half = ""
        environment.prepare()
        assert uv.calls == ["venv", "venv", ". auto"]
        assert not list(venv.glob("lib/**/half.dist-info"))

    @pytest.mark.parametrize("error", [SetupError("no network"), KeyboardInterrupt()])
    def test_a_failed_update_keeps_what_works(self, venv, uv, error):
        environment.prepare()
        before = environment.read_state(venv)
        change_dependencies(venv)
        uv.fails = error
        with pytest.raises(type(error)):
            environment.prepare()
        assert environment.read_state(venv) == before != {}
        environment.prepare()
        assert uv.calls[2:] == [". auto"]

    def test_an_update_that_broke_off_while_it_unpacked_is_done_from_nothing(self, venv, uv):
        environment.prepare()
        change_dependencies(venv)
        uv.fails, uv.half = SetupError("disk full"), "numpy-2.dist-info"
        with pytest.raises(SetupError):
            environment.prepare()
        assert environment.read_state(venv) == {}
        uv.half = ""
        environment.prepare()
        assert uv.calls[2] == "venv"

    def test_a_folder_of_someone_else_is_left_alone(self, venv, uv):
        venv.mkdir()
        (venv / "thesis.txt").write_text("years of work")
        with pytest.raises(SetupError, match="not made by this script"):
            environment.prepare()
        assert [path.name for path in venv.iterdir()] == ["thesis.txt"]
        assert uv.calls == []

    def test_another_folder_can_be_named(self, venv, uv, monkeypatch, tmp_path):
        monkeypatch.setenv("HANDWRITE_VENV", str(tmp_path / "elsewhere"))
        assert environment.prepare() == str(tmp_path / "elsewhere" / "bin" / "python")
        assert not venv.exists()

    def test_a_moved_environment_is_made_again(self, venv, uv, monkeypatch):
        environment.prepare()
        moved = venv.rename(venv.with_name("moved"))
        monkeypatch.setenv("HANDWRITE_VENV", str(moved))
        environment.prepare()
        assert uv.calls[2] == "venv"

    def test_an_environment_whose_python_is_gone_is_made_again(self, venv, uv):
        environment.prepare()
        python = environment.venv_python(venv)
        python.unlink()
        python.symlink_to(venv / "no such python")
        environment.prepare()
        assert uv.calls[2] == "venv"

    def test_a_folder_that_cannot_be_made_is_an_error_in_words(self, venv, uv, monkeypatch):
        (venv.parent / "file").touch()
        monkeypatch.setenv("HANDWRITE_VENV", str(venv.parent / "file" / "venv"))
        with pytest.raises(SetupError, match="HANDWRITE_VENV can name another folder"):
            environment.prepare()

    @pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"finished": true, "extras": []}'])
    def test_a_state_that_makes_no_sense_counts_as_nothing(self, venv, uv, text):
        """Also the one that earlier versions wrote."""
        environment.prepare()
        (venv / environment.STATE_NAME).write_text(text)
        environment.prepare()
        assert uv.calls[2] == "venv"

    def test_the_state_says_what_was_installed(self, venv, uv):
        environment.prepare(extras=["dev"])
        state = json.loads((venv / environment.STATE_NAME).read_text())
        assert (state["extras"], state["torch"], state["folder"]) == (["dev"], "auto", str(venv))
        assert Path(state["python"]).exists()


@posix
def test_a_second_set_up_waits_for_the_first(tmp_path, capsys):
    order = []

    def second():
        with environment.locked(tmp_path / "new"):
            order.append("second")

    thread = threading.Thread(target=second)
    with environment.locked(tmp_path / "new"):
        thread.start()
        deadline = time.monotonic() + 10
        while "waiting" not in capsys.readouterr().out:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


class TestPython:
    def test_an_old_one_alone_gets_a_sentence(self, venv, capsys, monkeypatch):
        monkeypatch.setattr(environment, "find_uv", lambda _: None)
        with monkeypatch.context() as patch:
            patch.setattr(sys, "version_info", (3, 8, 10, "final", 0))
            patch.setattr(sys, "version", "3.8.10 (default)")
            status = environment.main_program(lambda _: environment.prepare())
        assert status == 2
        assert "Python 3.11 or newer is needed, and this is 3.8.10." in capsys.readouterr().err

    def test_to_uv_an_old_one_is_no_hindrance(self, tmp_path, monkeypatch):
        asked = []
        monkeypatch.setattr(environment, "find_uv", lambda _: "uv")
        monkeypatch.setattr(environment, "run", lambda words: asked.append(words) or (0, ""))
        with monkeypatch.context() as patch:
            patch.setattr(sys, "version_info", (3, 8, 10, "final", 0))
            environment.make_venv(tmp_path)
        assert asked[0][-3:] == ["--python", ">=3.11", str(tmp_path)]

    @pytest.mark.parametrize(
        "name", ["start", "check", "translations", "environment.py", "system_packages.py"]
    )
    def test_the_set_up_has_no_syntax_that_python_3_8_lacks(self, name):
        source = (Path(environment.__file__).parent / name).read_text(encoding="utf-8")
        ast.parse(source, feature_version=(3, 8))


class TestMainProgram:
    def test_an_error_is_text_and_status_2(self, capsys):
        def main(_arguments):
            raise SetupError("There is no display.")

        assert environment.main_program(main) == 2
        assert capsys.readouterr().err == "\nThere is no display.\n"

    def test_being_stopped_is_no_traceback(self, capsys):
        def main(_arguments):
            raise KeyboardInterrupt

        assert environment.main_program(main) == 130
        assert "Stopped" in capsys.readouterr().err
