"""What people are told of pip, and how pip is run."""

import os
import sys
from pathlib import Path

import installer
import pytest


@pytest.mark.parametrize(
    ("line", "note"),
    [
        (
            "Downloading torch-2.15.0-cp311-cp311-manylinux_2_28_x86_64.whl (890.1 MB)",
            "  downloading torch (890 MB)",
        ),
        (
            "Downloading https://example.org/a/nvidia_cudnn_cu13-9.2-py3-none-any.whl (706.8 MB)",
            "  downloading nvidia_cudnn_cu13 (707 MB)",
        ),
        ("Downloading rich-15.0-py3-none-any.whl (310 kB)", None),
        ("Downloading numpy-2.4-cp311-cp311-win_amd64.whl (16.1 MB)", None),
        ("  Downloading torch-2.15.0-cp311.whl.metadata (30 kB)", None),
        ("Installing collected packages: a, b, c, d, e, f", "  unpacking 6 packages"),
        ("Installing collected packages: pip", None),
        ("Requirement already satisfied: numpy", None),
        ("", None),
    ],
)
def test_only_what_takes_long_is_told(line, note):
    assert installer.progress_note(line) == note


@pytest.mark.parametrize(
    ("output", "advice"),
    [
        ("ERROR: Could not install: [Errno 28] No space left on device", "The disk is full"),
        ("WARNING: Retrying (Retry(total=4)) after connection broken by ...", "The network failed"),
        ("ssl.SSLCertVerificationError: certificate verify failed", "The network failed"),
        (
            "ERROR: No matching distribution found for torch>=2.14 (from handwrite)",
            "There is no build of torch>=2.14 for Python",
        ),
        ("ERROR: something new", "Run this again"),
    ],
)
def test_a_failure_comes_with_advice(output, advice):
    assert installer.pip_advice(output).startswith(advice)


def test_broken_lines_explain_packages_that_were_not_found():
    output = "Retrying after connection broken\nERROR: No matching distribution found for hatchling"
    assert installer.pip_advice(output).startswith("The network failed")


def test_the_failure_message_begins_with_what_went_wrong():
    output = ["Collecting torch\n", "ERROR: No matching distribution found for torch\n"]
    text = installer.pip_failure_message(output, Path("/venv"))
    assert "Collecting" not in text
    assert "ERROR: No matching distribution found for torch\n\nThere is no build of torch" in text
    assert text.endswith(f"All that pip said is in {Path('/venv') / installer.LOG_NAME}.")


def test_a_full_disk_is_a_warning_beforehand(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(installer, "DISK_GB", 1e9)
    installer.warn_of_a_full_disk(tmp_path)
    assert "the set-up may need 1e+09 GB" in capsys.readouterr().out
    monkeypatch.setattr(installer, "DISK_GB", 0)
    installer.warn_of_a_full_disk(tmp_path)
    assert capsys.readouterr().out == ""


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for Python is a script")
def test_pip_is_logged_and_told_in_short(tmp_path, capsys):
    """A stand-in for Python prints its arguments and a large download, and fails."""
    stand_in = tmp_path / "python"
    stand_in.write_text(
        f"#!{sys.executable}\n"
        "import os, sys\n"
        "print(*sys.argv[1:])\n"
        "print('temporary files in', os.environ['TMPDIR'])\n"
        "print('Downloading torch-2-any.whl (890.1 MB)')\n"
        "sys.exit(3)\n"
    )
    stand_in.chmod(0o755)
    output: list[str] = []
    with (tmp_path / "lock").open("ab") as lock:
        pip = installer.Pip(python=stand_in, project=tmp_path, venv=tmp_path, lock=lock)
        assert installer.run_pip(pip, ["--editable", "."], output) == 3
    assert output[0].startswith("-I -m pip install --no-input")
    assert output[0].endswith("--editable .\n")
    assert output[1] == f"temporary files in {tmp_path / 'tmp'}\n"
    assert not (tmp_path / "tmp").exists()
    assert (tmp_path / installer.LOG_NAME).read_text() == "".join(output)
    assert capsys.readouterr().out == "  downloading torch (890 MB)\n"
