"""``python -m handwrite_app`` and ``handwrite-app``."""

from __future__ import annotations

import contextlib
import gc
import os
import sys

_BLAS_THREADS = "OPENBLAS_NUM_THREADS"


def main() -> None:
    """Starts the application; ends the interpreter with its exit code."""
    arguments = sys.argv[1:]
    if any(argument in ("-h", "--help", "--version") for argument in arguments):
        _answer(arguments)
        return
    if not {"--install-desktop", "--uninstall-desktop"}.isdisjoint(arguments):
        from handwrite_app.desktop import install
        from handwrite_app.ui.resources import resource_path

        sys.exit(install.main(arguments, resource_path("icons", "app.svg")))
    if "--demo" in arguments:
        from handwrite_app.demo.supervisor import CHILD_VARIABLE, supervise

        if CHILD_VARIABLE not in os.environ:
            sys.exit(supervise([sys.executable, "-m", "handwrite_app", *arguments]))
    gc.disable()  # until the window is shown: what is made on the way to it is no garbage
    # numpy's BLAS starts a thread for every core when it is imported, for as long again as that takes
    # (docs/performance.md). A training run, begun later from here, may have them: see `has_started`.
    threads_named = _BLAS_THREADS in os.environ
    os.environ.setdefault(_BLAS_THREADS, "1")
    # First of all, so that it loads torch while the window is being built. Nothing above imports more.
    from handwrite_app.workers.recognition_process import RecognitionProcess

    process = None
    with contextlib.suppress(OSError, MemoryError):  # the worker tries again, and reports it
        process = RecognitionProcess()
    try:
        from trainer.base import logs

        logs.set_up("handwrite-app", verbose=not {"-v", "--verbose"}.isdisjoint(arguments))
        from handwrite_app.application import run

        def has_started() -> None:
            if not threads_named:
                os.environ.pop(_BLAS_THREADS, None)

        code = run(sys.argv, process, has_started)
    finally:
        if process is not None:
            process.close()
    sys.exit(code)


def _answer(arguments: list[str]) -> None:
    from trainer import __version__

    if "--version" in arguments:
        print(f"handwrite-app {__version__}")
    else:
        print(
            "usage: handwrite-app [FILE] [--demo] [-v] [--version]\n\n"
            "Draw a digit, and a network reads it while the pen moves.\n"
            "FILE: a picture, a strokes file (.jsonl) or a network (.safetensors) to open.\n"
            "--demo: full screen for visitors; nothing is kept, and a killed app starts again. To leave,\n"
            "  tap the upper left corner four times, then hold it for two seconds.\n"
            "--install-desktop, --uninstall-desktop: the menu entry of a Linux desktop, with icon and file\n"
            "  types, for this user.\n"
            "-v, --verbose: log details, to this terminal as well.\n\n"
            "HANDWRITE_DATA  folder with data sets (default: the cache folder, downloaded when needed)\n"
            "HANDWRITE_HOME  folder for networks, runs and settings (default: the platform's)\n"
            "HANDWRITE_LOG   folder for log files (default: logs in HANDWRITE_HOME, or the platform's)"
        )


if __name__ == "__main__":
    main()
