"""Make a self-contained folder: a Python, all packages, and two programs to start.

    python3 .ci/bundle.py dist/handwrite [--torch auto|cpu|cuda]

It can be moved, and copied to a machine of the same kind; the libraries that Qt expects of a system are not
in it. The Python is a copy of the one that runs this; uv fills it, with hard links out of its cache where it
can. What was made is moved and tried: it opens its window, reads a drawing and trains a network.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "scripts")]

import environment
from system_packages import SetupError, say

PROGRAMS = {"handwrite-app": "handwrite_app", "handwrite-trainer": "trainer"}
LAUNCHER = """\
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
exec "$here/python/bin/python3" -P -s -m {module} "$@"
"""
WINDOWS_LAUNCHER = '@"%~dp0python\\python.exe" -P -s -m {module} %*\r\n'
LEFT_OUT = (
    "__pycache__",
    "site-packages",
    "dist-packages",
    "test",
    "idlelib",
    "turtledemo",
    "ensurepip",
)


def copy_python(target: Path) -> Path:
    """Copies the interpreter and its standard library; the copy of the executable."""
    leave = shutil.ignore_patterns(*LEFT_OUT)
    if os.name == "nt":
        shutil.copytree(sys.base_prefix, target, ignore=leave)
        (target / "Lib" / "site-packages").mkdir(exist_ok=True)
        return target / "python.exe"
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    library = target / "lib" / version
    shutil.copytree(sysconfig.get_path("stdlib"), library, ignore=leave, symlinks=True)
    (library / "EXTERNALLY-MANAGED").unlink(missing_ok=True)  # the system's packages are not meant
    (library / "site-packages").mkdir()
    (target / "bin").mkdir()
    executable = target / "bin" / "python3"
    shutil.copy2(Path(sys.executable).resolve(), executable)
    shared = Path(sysconfig.get_config_var("LIBDIR"), str(sysconfig.get_config_var("LDLIBRARY")))
    if shared.suffix != ".a" and shared.exists():
        shutil.copy2(shared, target / "lib")
    return executable


def fill(python: Path, torch: str) -> None:
    """Installs the program with what it needs, and what it can use. Raises SetupError."""
    uv = environment.find_uv(Path(sys.prefix))
    if uv is None:
        raise SetupError("uv is needed: install it (pip install uv), then run this again.")
    words = [uv, "pip", "install", "--python", str(python), "--break-system-packages"]
    settings = environment.settings_for_uv()
    words += environment.torch_option(words, torch, settings, True)
    done = subprocess.run([*words, "--quiet", f"{ROOT}[export]"], env={**os.environ, **settings})
    if done.returncode:
        raise SetupError("The packages could not be installed; the lines above say why.")


def write_launchers(target: Path) -> None:
    for name, module in PROGRAMS.items():
        if os.name == "nt":
            (target / f"{name}.cmd").write_text(WINDOWS_LAUNCHER.format(module=module))
        else:
            (target / name).write_text(LAUNCHER.format(module=module))
            (target / name).chmod(0o755)


def smoke_test(bundle: Path) -> list[str]:
    """What the bundle did: a line for each thing that was tried. Raises SetupError where one fails."""
    suffix = ".cmd" if os.name == "nt" else ""
    keep = ["PATH", "DISPLAY", "WAYLAND_DISPLAY", "SYSTEMROOT", "QT_QPA_PLATFORM", "TEMP"]
    keep += ["XAUTHORITY", "XDG_RUNTIME_DIR"]  # or a display is seen and refuses
    with tempfile.TemporaryDirectory() as folder:
        environ = {name: os.environ[name] for name in keep if name in os.environ}
        environ.setdefault("XAUTHORITY", str(Path.home() / ".Xauthority"))
        environ |= {"HOME": folder, "HANDWRITE_HOME": folder, "HANDWRITE_DATA": folder}
        if not {"DISPLAY", "WAYLAND_DISPLAY", "SYSTEMROOT"} & environ.keys():
            environ["QT_QPA_PLATFORM"] = "offscreen"

        def run(*words: str | Path) -> str:
            done = subprocess.run(
                list(map(str, words)), cwd=folder, env=environ, capture_output=True, text=True
            )
            if done.returncode:
                raise SetupError(f"{words[0]} failed:\n\n{done.stdout}{done.stderr}")
            return done.stdout

        told = [run(bundle / f"handwrite-app{suffix}", "--version").strip()]
        python = bundle / "python" / ("python.exe" if os.name == "nt" else "bin/python3")
        checkout = f"import sys; sys.path.append({str(ROOT)!r}); "
        make = "import json, tests.drawings as d; print(json.dumps({'strokes': d.DIGITS['3']}))"
        drawing = Path(folder, "three.jsonl")
        drawing.write_text(run(python, "-P", "-s", "-c", checkout + make))
        trainer = bundle / f"handwrite-trainer{suffix}"
        told.append("reads: " + run(trainer, "recognize", drawing).strip().splitlines()[-1])
        quick = ["--network", "lenet5", "--epochs", "1", "--data", "sketches", "--limit", "2000"]
        told.append("trains: " + run(trainer, "train", *quick).strip().splitlines()[-1])
        environ["HANDWRITE_BENCHMARK_BEGUN"] = "0"
        driver = checkout + "import benchmarks.startup_driver as d; d.main()"
        answer = json.loads(run(python, "-P", "-s", "-c", driver).splitlines()[-1])["answer"]
        if answer != "3":
            raise SetupError(f"The window read {answer!r} where 3 was drawn.")
        told.append(f"opens, and its window reads: {answer}")
    return told


def size_of(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bundle", description=(__doc__ or "").partition("\n\n")[0]
    )
    parser.add_argument("folder", type=Path, help="a new folder")
    parser.add_argument("--torch", choices=("auto", "cpu", "cuda"), default="auto")
    options = parser.parse_args()
    target = options.folder.absolute()
    if target.exists():
        raise SetupError(f"{target} exists; name a new folder.")
    building = target.with_name(target.name + ".building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    fill(copy_python(building / "python"), options.torch)
    write_launchers(building)
    building.rename(target)  # what is tried has been moved
    for line in smoke_test(target):
        say(f"  {line}")
    say(f"{target}: {size_of(target) / 1e9:.2f} GB")
    return 0


if __name__ == "__main__":
    sys.exit(environment.main_program(lambda _: main()))
