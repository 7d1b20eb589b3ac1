"""Missing libraries and fonts: found with a loader that pretends, and told with the right command."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
import system_packages
from system_packages import OFFSCREEN, WAYLAND, X11, Library, Missing, SetupError

CURSOR = Library("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor")


def loader(*missing: str):
    """A linker that lacks these libraries and has all others."""

    def load(soname: str) -> None:
        if soname in missing:
            raise OSError(f"{soname}: cannot open shared object file")

    return load


class TestDisplay:
    def test_none_is_an_error_that_says_what_to_do(self):
        with pytest.raises(SetupError, match="xvfb-run -a python3 scripts/start"):
            system_packages.require_display({"DISPLAY": ""})

    @pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
    def test_any_will_do(self, name):
        system_packages.require_display({name: "x"})


class TestLibraries:
    @pytest.mark.parametrize(
        ("environ", "sets"),
        [
            ({"DISPLAY": ":0"}, [X11]),
            ({"WAYLAND_DISPLAY": "wayland-0"}, [WAYLAND]),
            ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, [WAYLAND, X11]),
            ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, [OFFSCREEN]),
            ({"QT_QPA_PLATFORM": "vnc:size=800x600"}, [OFFSCREEN]),
            ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "wayland;xcb"}, [WAYLAND, X11]),
        ],
    )
    def test_the_session_decides_what_a_window_needs(self, environ, sets):
        assert system_packages.library_sets(environ, window=True) == sets

    def test_the_checks_need_no_display(self):
        assert system_packages.library_sets({"DISPLAY": ":0"}, window=False) == [OFFSCREEN]

    def test_what_does_not_load_is_missing(self):
        load = loader("libxcb-cursor.so.0")
        assert system_packages.missing_libraries([X11], load) == [CURSOR]
        assert system_packages.missing_libraries([OFFSCREEN], load) == []

    def test_one_complete_platform_is_enough(self):
        load = loader("libxcb-cursor.so.0")
        assert system_packages.missing_libraries([WAYLAND, X11], load) == []

    def test_otherwise_the_nearest_to_complete_is_asked_for(self):
        load = loader("libxcb-cursor.so.0", "libwayland-client.so.0", "libwayland-cursor.so.0")
        assert system_packages.missing_libraries([WAYLAND, X11], load) == [CURSOR]

    def test_the_tables_name_each_library_once(self):
        for table in (X11, WAYLAND):
            names = [library.soname for library in table]
            assert len(names) == len(set(names))


class TestFonts:
    def test_a_font_counts_and_other_files_do_not(self, tmp_path):
        folder = tmp_path / "truetype" / "dejavu"
        folder.mkdir(parents=True)
        (folder / "README.txt").touch()
        assert not system_packages.has_font([tmp_path, tmp_path / "absent"])
        (folder / "DejaVuSans.TTF").touch()
        assert system_packages.has_font([tmp_path / "absent", tmp_path])

    def test_a_font_for_chinese_is_known_by_its_size(self, tmp_path):
        for name, size in [("DejaVuSans.ttf", 757_076), ("NotoColorEmoji.ttf", 10_670_856)]:
            (tmp_path / name).touch()
            os.truncate(tmp_path / name, size)
        (tmp_path / "gone.ttf").symlink_to(tmp_path / "nowhere")
        assert not system_packages.has_chinese_font([tmp_path])
        (tmp_path / "DroidSansFallback.ttf").touch()
        os.truncate(tmp_path / "DroidSansFallback.ttf", 3_838_720)
        assert system_packages.has_chinese_font([tmp_path])

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
    def test_it_is_wanted_where_the_system_speaks_chinese(self, environ, chinese):
        assert system_packages.speaks_chinese(environ) == chinese

    def test_only_a_window_wants_it(self, monkeypatch):
        monkeypatch.setattr(system_packages, "has_font", lambda _: True)
        monkeypatch.setattr(system_packages, "has_chinese_font", lambda _: False)
        monkeypatch.setattr(system_packages, "missing_libraries", lambda _: [])
        environ = {"LANG": "zh_CN.UTF-8", "DISPLAY": ":0"}
        assert system_packages.look(environ, window=True, new_venv=False).chinese_font
        assert not any(system_packages.look(environ, window=False, new_venv=False))

    def test_the_folders_follow_the_environment(self):
        folders = system_packages.font_folders({"HOME": "/home/me", "XDG_DATA_DIRS": "/a:/b"})
        names = [folder.as_posix() for folder in folders]
        assert names[:3] == ["/home/me/.local/share/fonts", "/a/fonts", "/b/fonts"]
        assert {"/usr/share/fonts", "/home/me/.fonts"} <= set(names)


class TestCommands:
    ALL = Missing(libraries=[CURSOR, X11[0], X11[1]], font=True, venv=True)

    @pytest.mark.parametrize(
        ("manager", "command"),
        [
            (
                "apt-get",
                "sudo apt-get install fonts-dejavu-core libegl1 libgl1 libxcb-cursor0 "
                f"python{sys.version_info[0]}.{sys.version_info[1]}-venv",
            ),
            (
                "dnf",
                "sudo dnf install dejavu-sans-fonts 'libEGL.so.1()(64bit)' "
                "'libGL.so.1()(64bit)' 'libxcb-cursor.so.0()(64bit)'",
            ),
            ("pacman", "sudo pacman -S libglvnd ttf-dejavu xcb-util-cursor"),
            (
                "zypper",
                "sudo zypper install dejavu-fonts 'libEGL.so.1()(64bit)' "
                "'libGL.so.1()(64bit)' 'libxcb-cursor.so.0()(64bit)'",
            ),
        ],
    )
    def test_each_manager_has_its_own(self, manager, command):
        packages = system_packages.package_names(self.ALL, manager)
        assert system_packages.install_command(packages, manager) == command
        assert command in system_packages.message(self.ALL, manager)

    def test_an_unknown_manager_gets_the_names(self):
        assert system_packages.package_manager(which=lambda _: None) is None
        text = system_packages.message(Missing(libraries=[CURSOR]), None)
        assert text == (
            "Missing on this system: libraries that Qt needs: libxcb-cursor.so.0.\n\n"
            "Install them with your system's package manager, then run this again."
        )


class TestEnsure:
    """As root with apt the packages are installed; for everyone else the command is an error's text."""

    @pytest.fixture
    def system(self, monkeypatch):
        """A system on which apt is the manager, with what it lacks as a list of answers to look()."""
        system = SimpleNamespace(answers=[], installed=[])
        monkeypatch.setattr(system_packages, "look", lambda *_, **__: system.answers.pop(0))
        monkeypatch.setattr(system_packages, "package_manager", lambda: "apt-get")
        monkeypatch.setattr(system_packages, "apt_install", system.installed.append)
        monkeypatch.setattr(system_packages, "is_root_with_apt", lambda: True)
        return system

    def ensure(self):
        system_packages.ensure({}, window=True, new_venv=True)

    def test_a_complete_system_is_left_alone(self, system):
        system.answers = [Missing()]
        self.ensure()
        assert system.installed == []

    def test_root_installs_everything_at_once(self, system):
        system.answers = [Missing(libraries=[CURSOR], font=True), Missing()]
        self.ensure()
        assert system.installed == [["fonts-dejavu-core", "libxcb-cursor0"]]

    def test_what_is_still_missing_afterwards_is_an_error(self, system):
        system.answers = [Missing(libraries=[CURSOR])] * 2
        with pytest.raises(SetupError, match="sudo apt-get install libxcb-cursor0"):
            self.ensure()

    @pytest.mark.parametrize("lacks", [Missing(libraries=[CURSOR]), Missing(venv=True)])
    def test_others_are_told_the_command(self, system, monkeypatch, lacks):
        monkeypatch.setattr(system_packages, "is_root_with_apt", lambda: False)
        system.answers = [lacks]
        with pytest.raises(SetupError, match="then run this again:\n\n    sudo apt-get install "):
            self.ensure()
        assert system.installed == []

    def test_a_missing_font_alone_does_not_stop_anyone(self, system, monkeypatch, capsys):
        monkeypatch.setattr(system_packages, "is_root_with_apt", lambda: False)
        system.answers = [Missing(font=True)]
        self.ensure()
        assert "sudo apt-get install fonts-dejavu-core" in capsys.readouterr().out
        system.answers = [Missing(chinese_font=True)]
        self.ensure()
        assert "sudo apt-get install fonts-noto-cjk" in capsys.readouterr().out

    def test_a_failing_apt_is_quoted(self, monkeypatch):
        def run(command, **_):
            failed = "install" in command
            return SimpleNamespace(returncode=100 if failed else 0, stdout="E: no such package\n")

        monkeypatch.setattr(subprocess, "run", run)
        with pytest.raises(SetupError, match="E: no such package"):
            system_packages.apt_install(["libgl1"])
