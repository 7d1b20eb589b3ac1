"""A wheel that is built from the checkout holds all that the programs need, and works where it is unpacked."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from configparser import ConfigParser
from email import message_from_bytes
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Folders of the checkout and where a wheel has them (pyproject.toml).
FOLDERS = {
    "handwrite_app": "handwrite_app",
    "trainer": "trainer",
    "resources": "handwrite_app/_resources",
    "weights": "trainer/_weights",
}
PROGRAM = """\
from handwrite_app.ui.resources import resource_path
from trainer.models.weights import find_weights
import handwrite_app, trainer
for path in (resource_path("icons", "app.svg"), find_weights(), handwrite_app.__file__, trainer.__file__):
    print(path)
"""


def _commands(target: Path) -> list[list[str]]:
    """What may build a wheel here without a network: the builder itself, or a uv that has it in its cache."""
    commands = []
    if importlib.util.find_spec("hatchling") is not None:
        commands.append([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d"])
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    if (uv := shutil.which("uv", path=places)) is not None:
        commands.append([uv, "build", "--wheel", "--offline", "--python", sys.executable, "-o"])
    return [[*command, str(target)] for command in commands]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    target = tmp_path_factory.mktemp("wheel")
    said = ["neither hatchling nor uv is installed"]
    for command in _commands(target):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
        if not done.returncode:
            (made,) = target.glob("*.whl")
            return made
        if command[0] == sys.executable:  # the builder is there: then it has to build
            pytest.fail(done.stderr)
        said = done.stderr.strip().splitlines()
    pytest.skip(f"no builder for wheels here: {said[-1] if said else ''}")


def test_it_holds_the_packages_with_their_resources_and_weights(wheel: Path) -> None:
    wanted = {
        f"{place}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, place in FOLDERS.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".part"
    }
    # They keep the translations in step with the sources: nothing that runs needs them.
    tools = {name for name in wanted if "/_resources/" in name and name.endswith(".py")}
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}
        assert found == wanted - tools
        for network in (ROOT / "weights").glob("*.safetensors"):
            assert archive.read(f"trainer/_weights/{network.name}") == network.read_bytes()
    assert len(tools) == 2
    assert {"handwrite_app/_resources/translations/handwrite_zh_CN.qm"} <= found


def test_it_names_itself_its_programs_and_its_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (folder,) = {name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name}
        metadata = message_from_bytes(archive.read(f"{folder}/METADATA"))
        programs = ConfigParser()
        programs.read_string(archive.read(f"{folder}/entry_points.txt").decode())
        assert f"{folder}/licenses/LICENSE" in archive.namelist()
    assert metadata["Name"] == "handwrite-desk"
    assert {"export", "tensorboard"} <= set(metadata.get_all("Provides-Extra", []))
    assert dict(programs["console_scripts"]) == {"handwrite-trainer": "trainer.__main__:main"}
    assert dict(programs["gui_scripts"]) == {"handwrite-app": "handwrite_app.__main__:main"}


def test_unpacked_it_finds_its_own_resources_and_weights(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert not done.returncode, done.stderr
    found = [Path(line) for line in done.stdout.splitlines()]
    assert len(found) == 4
    for path in found:
        assert path.is_relative_to(tmp_path / "site")
        assert path.is_file()
