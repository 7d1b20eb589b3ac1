"""The command line. Exit codes: 0 done, 1 failed while running, 2 wrong input, 128 + a signal's number where
one stopped a training run (trainer.cli.stopping).

Every command imports what it needs when it runs: `--help` and the lists come without torch.
"""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

import trainer.cli.commands.model_files
import trainer.cli.commands.snapshots  # noqa: F401  adds a command to `runs`
from trainer import __version__
from trainer.base import logs
from trainer.base.errors import HandwriteError, InputError
from trainer.cli.commands.breaking import break_
from trainer.cli.commands.drawings import drawings
from trainer.cli.commands.evaluate import evaluate
from trainer.cli.commands.explain import explain
from trainer.cli.commands.export import export
from trainer.cli.commands.finetune import finetune
from trainer.cli.commands.listing import devices, presets
from trainer.cli.commands.models import models
from trainer.cli.commands.preview import preview
from trainer.cli.commands.recognize import recognize
from trainer.cli.commands.runs import runs
from trainer.cli.commands.training import train
from trainer.cli.commands.write import write
from trainer.cli.help import Command, new_group
from trainer.cli.output import (
    complain,
    open_closed_streams,
    silence_closed_streams,
    tolerate_characters,
)

PROGRAM = "handwrite-trainer"

app = new_group(
    PROGRAM,
    "Train, evaluate and use networks that read handwriting.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"{PROGRAM} {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose", "-v", help="Log every step to standard error and to the log folder."
        ),
    ] = False,
) -> None:
    if verbose:
        logs.set_up(PROGRAM, verbose=True)
        logging.getLogger(__name__).debug("version %s, Python %s", __version__, sys.version)


for command in (
    *(train, finetune, evaluate, recognize, explain, write, preview, export, devices, presets),
):
    app.command(cls=Command)(command)
app.command("break", cls=Command)(break_)
app.add_typer(models)
app.add_typer(runs)
app.add_typer(drawings)


def run(arguments: Sequence[str]) -> int:
    """Runs a command line (without the program's name); its exit code."""
    open_closed_streams()
    tolerate_characters()
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough (`| head`).
        code = 0
    except OSError as error:
        complain(str(error))
        code = 2 if error.errno == errno.ENAMETOOLONG else 1
    finally:
        logs.close()
    silence_closed_streams()
    return code


def _run(arguments: Sequence[str]) -> int:
    try:
        code = app(args=list(arguments), prog_name=PROGRAM)
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # typer makes an exit of it
            raise end.__context__ from None
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except InputError as error:
        complain(str(error))
        return 2
    except HandwriteError as error:
        complain(str(error))
        return 1
    except MemoryError:
        complain("The machine ran out of memory. Try a smaller --batch-size.")
        return 1
    return code if isinstance(code, int) else 0
