"""A bundle's own Python: complete, and at home wherever it is. (Filling it takes gigabytes: the tool tries that.)"""

import os
import subprocess
from pathlib import Path

import bundle
import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the launchers are shell scripts")


def test_the_copied_python_works_where_it_was_moved_and_starts_the_programs(tmp_path: Path) -> None:
    made, moved = tmp_path / "made", tmp_path / "with a space" / "moved"
    python = bundle.copy_python(made / "python")
    bundle.write_launchers(made)
    # Where it looks for packages: Debian's has a folder of its own for them.
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.check_output([python, "-I", "-c", where], text=True).strip())
    assert packages.is_relative_to(made)
    for name in ("handwrite_app", "trainer"):
        package = packages / name
        package.mkdir(parents=True)
        (package / "__main__.py").write_text(
            f"import json, sys\nprint(json.dumps(['{name}', sys.prefix, sys.argv[1:]]))\n"
        )
    moved.parent.mkdir()
    made.rename(moved)
    for program, module in bundle.PROGRAMS.items():
        done = subprocess.run(
            [moved / program, "a b", "-m"],
            capture_output=True,
            text=True,
            env={"PATH": "/usr/bin:/bin"},
        )
        assert done.stdout == f'["{module}", "{moved}/python", ["a b", "-m"]]\n', done.stderr
    assert python.name == "python3"
    assert bundle.size_of(moved) > 10_000_000


def test_a_folder_that_exists_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["bundle", str(tmp_path)])
    with pytest.raises(bundle.SetupError, match="name a new folder"):
        bundle.main()
