"""Bring the translations up to date with the sources, and compile them for Qt."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # trainer, of this checkout

import texts

EPILOG = """\
The files are resources/translations/handwrite_<locale>.ts; edit them by hand or with Qt Linguist
(pyside6-linguist). A new language begins as an empty file of that name, and a line in LANGUAGES
(handwrite_app/ui/language.py). Translations are never lost: a text that has changed is a new one, and the
old one stays in the file, marked as vanished, until --tidy."""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="translations",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true", help="change nothing; 1 if all is not well")
    parser.add_argument("--tidy", action="store_true", help="drop texts gone from the sources")
    options = parser.parse_args(arguments)
    try:
        marked = texts.marked_texts()
    except texts.MarkingError as error:
        print(error, file=sys.stderr)
        return 1
    failed = False
    for path in texts.ts_files():
        messages = texts.read_ts(path)
        if not options.check:
            messages = texts.merged(marked, messages)
            if options.tidy:
                messages = {t: m for t, m in messages.items() if m.state != texts.VANISHED}
            texts.write_ts(path, messages)
            release(path)
        found = texts.problems(marked, messages)
        if options.check and not is_current(path.with_suffix(".qm"), messages):
            found.append(f"{path.stem}.qm is older than {path.name}: run scripts/translations")
        print("\n".join([f"{path.name}: {len(marked)} texts, {len(found)} problems", *found]))
        failed = failed or bool(found)
    return 1 if failed and options.check else 0


def release(path: Path) -> None:
    """Compile a .ts file to the .qm file beside it. Ends the program with lrelease's own words."""
    import PySide6

    name = "lrelease.exe" if os.name == "nt" else "lrelease"
    tool = Path(PySide6.__file__).parent / name
    command = [str(tool), "-silent", str(path), "-qm", str(path.with_suffix(".qm"))]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{path.name} could not be compiled:\n\n{done.stdout}{done.stderr}")


def is_current(qm: Path, messages: Mapping[texts.Text, texts.Message]) -> bool:
    """Whether the compiled file says what the .ts file says (its bytes may differ between Qt's versions)."""
    from PySide6.QtCore import QTranslator

    translator = QTranslator()
    return translator.load(str(qm)) and all(
        translator.translate(text.context, text.source) == message.translation
        for text, message in messages.items()
        if not message.state
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
