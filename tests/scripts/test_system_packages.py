"""Missing libraries and fonts: found with a linker that pretends, and told with the right command."""

import os
import sys
from pathlib import Path

import pytest
import system_packages
from system_packages import CHINESE_FONT, FONT, OFFSCREEN, VENV, WAYLAND, X11, SetupError

CURSOR = "libxcb-cursor.so.0"
VENV_PACKAGE = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"


@pytest.fixture
def lacks(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The libraries that the linker does not find; all others it does, and there are fonts."""
    names: set[str] = set()
    monkeypatch.setattr(system_packages, "loads", lambda name: name not in names)
    monkeypatch.setattr(system_packages, "fonts", lambda _: iter([Path("a.ttf")]))
    return names


def look(environ: dict[str, str], *, window: bool = True, new_venv: bool = False) -> list[str]:
    return system_packages.look(environ, window=window, new_venv=new_venv)


class TestDisplay:
    def test_none_is_an_error_that_says_what_to_do(self):
        with pytest.raises(SetupError, match="xvfb-run -a python3 scripts/start"):
            system_packages.require_display({"DISPLAY": ""})

    @pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
    def test_any_will_do(self, name):
        system_packages.require_display({name: "x"})


class TestLibraries:
    @pytest.mark.parametrize(
        ("environ", "wanted"),
        [
            ({"DISPLAY": ":0"}, X11),
            ({"WAYLAND_DISPLAY": "wayland-0"}, WAYLAND),
            ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, OFFSCREEN),
            ({"QT_QPA_PLATFORM": "vnc:size=800x600"}, OFFSCREEN),
        ],
    )
    def test_the_session_decides_what_a_window_needs(self, environ, wanted, lacks):
        lacks.update(X11, WAYLAND)
        assert look(environ) == wanted

    def test_the_checks_need_no_display(self, lacks):
        lacks.update(X11)
        assert look({"DISPLAY": ":0"}, window=False) == OFFSCREEN

    @pytest.mark.parametrize("platform", ["", "wayland;xcb"])
    def test_one_complete_platform_is_enough_else_the_nearest_to_it(self, platform, lacks):
        environ = {
            "DISPLAY": ":0",
            "WAYLAND_DISPLAY": "wayland-0",
            "QT_QPA_PLATFORM": platform,
        }
        lacks.add(CURSOR)
        assert look(environ) == []
        lacks.update(("libwayland-client.so.0", "libwayland-cursor.so.0"))
        assert look(environ) == [CURSOR]

    def test_the_linker_itself_is_asked(self):
        assert not system_packages.loads("libnobody.so.9")
        if sys.platform.startswith("linux"):
            assert system_packages.loads("libc.so.6")

    @pytest.mark.parametrize(
        ("name", "package"),
        [
            ("libGL.so.1", "libgl1"),
            ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
            ("libdbus-1.so.3", "libdbus-1-3"),
            ("libglib-2.0.so.0", "libglib2.0-0"),
            ("libwayland-client.so.0", "libwayland-client0"),
            (FONT, "fonts-dejavu-core"),
            (VENV, VENV_PACKAGE),
        ],
    )
    def test_debians_names_follow_a_rule(self, name, package):
        assert system_packages.debian_package(name) == package

    def test_the_tables_name_each_library_once(self):
        for table in (X11, WAYLAND):
            assert len(table) == len(set(table))


class TestFonts:
    def test_a_font_counts_and_other_files_do_not(self, tmp_path):
        found = set(system_packages.fonts(tmp_path))
        folder = tmp_path / ".local" / "share" / "fonts" / "truetype"
        folder.mkdir(parents=True)
        (folder / "README.txt").touch()
        (folder / "DejaVuSans.TTF").touch()
        assert set(system_packages.fonts(tmp_path)) - found == {folder / "DejaVuSans.TTF"}

    @pytest.mark.parametrize(
        ("environ", "chinese"),
        [
            ({"LANG": "zh_CN.UTF-8"}, True),
            ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN"}, True),
            ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, False),
            ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "en:zh"}, False),
            ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, True),
            ({"LANG": "C.UTF-8"}, False),
            ({}, False),
        ],
    )
    def test_one_for_chinese_is_wanted_where_the_system_speaks_it(self, environ, chinese, lacks):
        assert look({**environ, "DISPLAY": ":0"}) == [CHINESE_FONT] * chinese
        assert look(environ, window=False) == []

    def test_a_font_for_chinese_is_known_by_its_size(self, tmp_path, lacks, monkeypatch):
        def files(**sizes: int) -> None:
            for name, size in sizes.items():
                (tmp_path / f"{name}.ttf").touch()
                os.truncate(tmp_path / f"{name}.ttf", size)

        monkeypatch.setattr(system_packages, "fonts", lambda _: tmp_path.iterdir())
        chinese = {"LANG": "zh_CN", "DISPLAY": ":0"}
        files(DejaVuSans=757_076, NotoColorEmoji=10_670_856)
        (tmp_path / "gone.ttf").symlink_to(tmp_path / "nowhere")
        assert look(chinese) == [CHINESE_FONT]
        files(DroidSansFallback=3_838_720)
        assert look(chinese) == []

    def test_none_at_all(self, lacks, monkeypatch):
        monkeypatch.setattr(system_packages, "fonts", lambda _: iter([]))
        assert look({}, window=False) == [FONT]


def test_python_itself_may_not_be_whole(lacks, monkeypatch):
    assert look({}, window=False, new_venv=True) == []
    monkeypatch.setattr(system_packages, "find_spec", lambda name: None)
    assert look({}, window=False, new_venv=True) == [VENV]
    assert look({}, window=False) == []


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        (
            "apt-get",
            f"sudo apt-get install fonts-dejavu-core libgl1 libxcb-cursor0 {VENV_PACKAGE}",
        ),
        ("dnf", "sudo dnf install 'libxcb-cursor.so.0()(64bit)' 'libGL.so.1()(64bit)'"),
        ("zypper", "sudo zypper install 'libxcb-cursor.so.0()(64bit)' 'libGL.so.1()(64bit)'"),
        ("pacman", "Install it with your system's package manager"),
    ],
)
def test_each_manager_has_its_own_command(manager, command, monkeypatch):
    monkeypatch.setattr(
        system_packages.shutil, "which", lambda name: name if name == manager else None
    )
    assert command in system_packages.command([CURSOR, "libGL.so.1", FONT, VENV])


class TestEnsure:
    """As root with apt the packages are installed; for everyone else the command is an error's text."""

    @pytest.fixture
    def root(self, monkeypatch):
        """A system with apt; for the user's id: 0 is root."""
        monkeypatch.setattr(system_packages.shutil, "which", lambda _: "/usr/bin/apt-get")
        monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
        self.ran, self.answers, self.status = [], [], 0
        monkeypatch.setattr(system_packages, "look", lambda *_, **__: self.answers.pop(0))
        monkeypatch.setattr(system_packages, "run", self.run)

    def run(self, words, environ=None):
        self.ran.append([word for word in words if word.islower() and "-" not in word[:1]])
        return (self.status if "install" in words else 100), "E: no such package"

    def ensure(self):
        system_packages.ensure({}, window=True, new_venv=True)

    def test_a_complete_system_is_left_alone(self, root):
        self.answers = [[]]
        self.ensure()
        assert self.ran == []

    def test_root_installs_everything_at_once(self, root):
        self.answers = [[CURSOR, FONT], []]
        self.ensure()
        update, install = self.ran
        assert update == ["apt-get", "update"]
        assert install == ["apt-get", "install", "fonts-dejavu-core", "libxcb-cursor0"]

    def test_what_is_still_missing_afterwards_is_an_error(self, root):
        self.answers = [[CURSOR]] * 2
        with pytest.raises(SetupError, match="sudo apt-get install libxcb-cursor0"):
            self.ensure()

    @pytest.mark.parametrize("lacks", [CURSOR, VENV])
    def test_others_are_told_the_command(self, root, monkeypatch, lacks):
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        self.answers = [[lacks]]
        with pytest.raises(SetupError, match="then run this again:\n\n    sudo apt-get install "):
            self.ensure()
        assert self.ran == []

    def test_a_missing_font_alone_does_not_stop_anyone(self, root, monkeypatch, capsys):
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        self.answers = [[FONT], [CHINESE_FONT]]
        self.ensure()
        assert "sudo apt-get install fonts-dejavu-core" in capsys.readouterr().out
        self.ensure()
        assert "sudo apt-get install fonts-noto-cjk" in capsys.readouterr().out

    def test_a_failing_apt_is_quoted(self, root):
        self.answers, self.status = [[CURSOR]], 100
        with pytest.raises(SetupError, match="E: no such package"):
            self.ensure()


def test_a_command_is_run_with_what_it_printed():
    code = "import os, sys; print(os.environ['A'], file=sys.stderr); sys.exit(3)"
    assert system_packages.run([sys.executable, "-c", code], {"A": "é"}) == (3, "é")
