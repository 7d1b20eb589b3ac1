"""Texts of the window and their translations: found in the sources, kept in Qt Linguist's .ts files.

pyside6-lupdate sees only literal calls of tr. This also finds what our sources mark in other ways: tables
(`_noop`), functions that wrap `translate` with a context, and the trainer's texts, which knows no Qt.
Standard library only, but for the settings of a training run, which are the trainer's.
"""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "resources" / "translations"

UNFINISHED, VANISHED = "unfinished", "vanished"


class MarkingError(Exception):
    """A text is marked for translation in a way in which it can never be found."""


class Text(NamedTuple):
    """A text of the sources. Qt looks it up by both."""

    context: str
    source: str


class Message(NamedTuple):
    """What a .ts file says of a text. state: "" where finished, UNFINISHED, or VANISHED."""

    translation: str = ""
    state: str = UNFINISHED


# Finding the texts


def marked_texts(root: Path = ROOT) -> list[Text]:
    """Every text that the window shows, in a stable order and without repeats. Raises MarkingError."""
    found = []
    for path in sorted((root / "handwrite_app").glob("**/*.py")):
        try:
            source = path.read_text(encoding="utf-8")
            found += texts_in(source)
            found += [Text("Messages", text) for _, text in messages_in(source)]
        except MarkingError as error:
            raise MarkingError(f"{path.relative_to(root)}, {error}") from None
    found += _training_settings()
    found += _presets()
    for path in [
        one
        for name in ("handwrite_app", "trainer")
        for one in sorted((root / name).glob("**/*.py"))
    ]:
        if path.is_relative_to(root / "trainer" / "cli"):  # the command line speaks English
            continue
        try:
            found += [
                Text("Messages", text) for _, text in messages_in(path.read_text(encoding="utf-8"))
            ]
        except MarkingError as error:
            raise MarkingError(f"{path.relative_to(root)}, {error}") from None
    by_context = sorted(dict.fromkeys(found), key=lambda text: text.context)  # stable within one
    return list(by_context)


def texts_in(source: str) -> list[Text]:
    """The texts that a module of the window marks:

    self.tr("…") under the name of its class; translate("Context", "…"); f("…") where f is a function of
    the module that hands its argument on to translate("Context", …); and _noop("…") where there is one
    such function, which looks the text up later.
    """
    tree = ast.parse(source)
    finder = _Finder(_wrappers(tree))
    finder.visit(tree)
    return finder.found


class _Finder(ast.NodeVisitor):
    def __init__(self, wrappers: Mapping[str, str]) -> None:
        self.found: list[Text] = []
        self._wrappers = wrappers
        self._classes: list[str] = []

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_Call(self, node: ast.Call) -> None:
        name, arguments = _name(node.func), node.args
        if name == "tr" and isinstance(node.func, ast.Attribute):
            if len(arguments) != 1 or _literal(arguments[0]) is None:
                raise MarkingError(f"line {node.lineno}: tr wants one literal text")
            self._add(self._classes[-1], arguments[0])
        elif name == "translate" and len(arguments) == 2 and _literal(arguments[0]) is not None:
            self._add(_literal(arguments[0]) or "", arguments[1])
        elif name in self._wrappers and len(arguments) == 1:
            self._add(self._wrappers[name], arguments[0])
        elif name == "_noop":
            if len(set(self._wrappers.values())) != 1:
                raise MarkingError(f"line {node.lineno}: no function here looks this text up")
            self._add(next(iter(self._wrappers.values())), arguments[0])
        self.generic_visit(node)

    def _add(self, context: str, argument: ast.expr) -> None:
        text = _literal(argument)
        if text is not None:
            self.found.append(Text(context, text))
        elif not isinstance(
            argument, (ast.Name, ast.Attribute)
        ):  # those look up what is marked elsewhere
            raise MarkingError(f"line {argument.lineno}: not a literal text")


def _wrappers(tree: ast.AST) -> dict[str, str]:
    """Functions that hand their only argument on to translate: name → context."""
    found: dict[str, str] = {}
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef) or len(function.args.args) != 1:
            continue
        for call in ast.walk(function):
            if not isinstance(call, ast.Call) or _name(call.func) != "translate":
                continue
            context = _literal(call.args[0])
            handed_on = call.args[-1]
            if context is None or len(call.args) != 2 or not isinstance(handed_on, ast.Name):
                continue
            if handed_on.id != function.args.args[0].arg:
                continue
            if found.setdefault(function.name, context) != context:
                raise MarkingError(f"line {function.lineno}: another {function.name} is above")
    return found


def messages_in(source: str) -> Iterator[tuple[str, str]]:
    """Code and template of every message that a module makes: SomeError("code", "text", …) and
    Message.of("code", "text", …). Raises MarkingError where a template is no literal."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or len(node.args) != 2:
            continue
        name = _name(node.func)
        is_message = name == "of" and _name(getattr(node.func, "value", node)) == "Message"
        if not is_message and not name.endswith("Error"):
            continue
        code, text = (_literal(argument) for argument in node.args)
        if text is None:
            raise MarkingError(f"line {node.lineno}: a message wants one literal text")
        yield code or "", text


def _training_settings() -> Iterator[Text]:
    """The names, glosses and choices of the fields of TrainConfig."""
    from trainer.runs.config import settings

    for setting in settings().values():
        for text in (
            setting.label,
            setting.gloss,
            *setting.choices,
            setting.at_least,
            setting.unit,
        ):
            if text:
                yield Text("TrainConfig", text)


def _presets() -> Iterator[Text]:
    """The titles and glosses of presets, and the summaries of networks."""
    from trainer.networks import NETWORKS
    from trainer.runs.presets import PRESETS

    texts = [entry.summary for entry in NETWORKS.values()]
    for preset in PRESETS.values():
        texts += [preset.gloss] if preset.group == "networks" else [preset.title, preset.gloss]
    for text in dict.fromkeys(texts):
        yield Text("Presets", text)


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


# The .ts files


def ts_files(folder: Path = FOLDER) -> list[Path]:
    return sorted(folder.glob("handwrite_*.ts"))


def language_of(path: Path) -> str:
    """ "zh_CN" of handwrite_zh_CN.ts."""
    return path.stem.partition("_")[2]


def read_ts(path: Path) -> dict[Text, Message]:
    """The messages of a .ts file; none where it is empty, as it may be when a language begins."""
    content = path.read_text(encoding="utf-8")
    messages = {}
    for context in ET.fromstring(content).iter("context") if content.strip() else ():
        for message in context.iter("message"):
            text = Text(context.findtext("name", ""), message.findtext("source", ""))
            translation = message.find("translation")
            if translation is not None:
                state = translation.get("type", "")
                messages[text] = Message(translation.text or "", state)
    return messages


def write_ts(path: Path, messages: Mapping[Text, Message]) -> None:
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        "<!DOCTYPE TS>",
        f'<TS version="2.1" language="{language_of(path)}" sourcelanguage="en">',
    ]
    for context in sorted({text.context for text in messages}):
        lines += ["<context>", f"    <name>{escape(context)}</name>"]
        for text, message in messages.items():
            if text.context == context:
                state = f' type="{message.state}"' if message.state else ""
                lines += [
                    "    <message>",
                    f"        <source>{escape(text.source)}</source>",
                    f"        <translation{state}>{escape(message.translation)}</translation>",
                    "    </message>",
                ]
        lines.append("</context>")
    path.write_text("\n".join([*lines, "</TS>", ""]), encoding="utf-8", newline="\n")


def merged(texts: Iterable[Text], old: Mapping[Text, Message]) -> dict[Text, Message]:
    """The texts of today with what was known of them.

    A text that moved to another class takes its translation along. What is gone from the sources stays,
    vanished, and is back when the text is.
    """
    wanted = list(texts)
    gone = {text: message for text, message in old.items() if text not in set(wanted)}
    messages = {}
    for text in wanted:
        moved = {message.translation for was, message in gone.items() if was.source == text.source}
        known = old.get(text) or Message()
        if known.state == VANISHED and known.translation:
            known = known._replace(state="")
        elif not known.translation and len(moved) == 1:
            known = Message(moved.pop(), state="")
        messages[text] = known
    in_use = {(text.source, message.translation) for text, message in messages.items()}
    for text, message in gone.items():
        if message.translation and (text.source, message.translation) not in in_use:
            messages[text] = message._replace(state=VANISHED)
    return messages


# What may be wrong with a translation


def problems(texts: Iterable[Text], messages: Mapping[Text, Message]) -> list[str]:
    """A line for everything that is missing, unfinished, obsolete, or does not fit its text."""
    found = []
    wanted = list(texts)
    for text in wanted:
        message = messages.get(text)
        if message is None:
            found.append(f"missing: {text.context}: {text.source}")
        elif message.state or not message.translation:
            found.append(f"unfinished: {text.context}: {text.source}")
        else:
            found += [
                f"{what} differ: {text.context}: {text.source} → {message.translation}"
                for what, of in (("placeholders", placeholders), ("mnemonics", mnemonics))
                if of(text.source) != of(message.translation)
            ]
    found += [
        f"obsolete: {text.context}: {text.source}" for text in messages if text not in set(wanted)
    ]
    return found


def placeholders(text: str) -> list[str]:
    """What is filled in, in whatever order; also the patterns of file dialogs."""
    return sorted(re.findall(r"\{\w*(?::[^{}]*)?\}|\*\.\w+", text))


def mnemonics(text: str) -> list[str]:
    """The letters that are pressed with Alt. A translation keeps them, so that a menu's stay distinct."""
    return [letter.lower() for letter in re.findall(r"&(\w)", text)]
