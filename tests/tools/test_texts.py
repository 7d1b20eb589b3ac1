"""Texts are found however they are marked, and translations survive what happens to the sources."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import texts
from texts import UNFINISHED, VANISHED, MarkingError, Message, Text


class TestFinding:
    def test_tr_belongs_to_its_class(self):
        source = 'class A:\n    class B:\n        def f(self): self.tr("one" "two")\n    x = m.tr("three")'
        assert texts.texts_in(source) == [Text("B", "onetwo"), Text("A", "three")]

    def test_translate_names_its_context(self):
        source = 'translate("C", "one")\nQCoreApplication.translate("D", f"{x}".join("two"))'
        with pytest.raises(MarkingError, match="line 2: not a literal text"):
            texts.texts_in(source)
        assert texts.texts_in(source.splitlines()[0]) == [Text("C", "one")]
        assert texts.texts_in("painter.translate(3, 4)\npainter.translate(corner)") == []

    def test_functions_that_hand_a_text_on(self):
        source = (
            "def text():\n"
            "    def tr(words):\n"
            '        return QCoreApplication.translate("About", words)\n'
            "    return f\"<p>{tr('one')}</p>\" + tr(name)\n"
        )
        assert texts.texts_in(source) == [Text("About", "one")]

    def test_tables(self):
        lookup = 'def say(text): return translate("Table", text)\n'
        assert texts.texts_in(lookup + 'ROWS = (_noop("one"),)') == [Text("Table", "one")]
        with pytest.raises(MarkingError, match="no function here"):
            texts.texts_in('ROWS = (_noop("one"),)')

    @pytest.mark.parametrize(
        "call", ['self.tr(f"{n} left")', 'self.tr("a" + b)', "self.tr(text)", 'self.tr("a", "b")']
    )
    def test_what_could_never_be_found_is_an_error(self, call):
        with pytest.raises(MarkingError, match="line 2"):
            texts.texts_in(f"class A:\n    x = {call}")

    def test_two_wrappers_of_one_name_are_an_error(self):
        one = 'def a():\n    def tr(t): return translate("{}", t)\n'
        with pytest.raises(MarkingError, match="another tr"):
            texts.texts_in(one.format("A") + one.format("B"))

    def test_messages_of_the_trainer(self):
        source = 'raise DataError("a.b", "no {x}" " here", x=1)\nm = Message.of("c", "two", y=2)\nOSError(2)'
        assert list(texts.messages_in(source)) == [("a.b", "no {x} here"), ("c", "two")]
        with pytest.raises(MarkingError, match="line 1: a message wants"):
            list(texts.messages_in('DataError("a.b", f"no {x}")'))

    def test_a_code_has_one_text(self):
        by_code = {}
        for path in (texts.ROOT / "trainer").glob("**/*.py"):
            for code, text in texts.messages_in(path.read_text(encoding="utf-8")):
                assert re.fullmatch(r"[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)+", code), code
                assert by_code.setdefault(code, text) == text, code

    def test_the_window_is_found(self):
        found = texts.marked_texts()
        assert len(found) == len(set(found))
        assert {
            Text("Actions", "&Undo"),
            Text("Actions", "T&heme"),
            Text("Crash", "An unexpected error"),
            Text("TrainConfig", "Batch size"),
            Text("TrainConfig", "one-cycle"),
            Text("Messages", "there is no CUDA on a Mac"),
            Text("Verdict", "{label} looks close"),
        } <= set(found)


class TestFiles:
    def test_round_trip(self, tmp_path: Path):
        path = tmp_path / "handwrite_zh_CN.ts"
        messages = {
            Text("A", 'a <b> & "c"'): Message("甲 <乙>\n& 丙", ""),
            Text("A", "two"): Message("", UNFINISHED),
            Text("B", "two"): Message("二", VANISHED),
        }
        texts.write_ts(path, messages)
        assert texts.read_ts(path) == messages
        assert texts.ts_files(tmp_path) == [path]
        assert texts.language_of(path) == "zh_CN"

    def test_a_language_begins_as_an_empty_file(self, tmp_path: Path):
        path = tmp_path / "handwrite_de.ts"
        path.touch()
        assert texts.read_ts(path) == {}


class TestMerging:
    OLD = {Text("A", "one"): Message("一", ""), Text("A", "two"): Message("二", "")}  # noqa: RUF012

    def test_what_is_known_stays_and_what_is_new_is_unfinished(self):
        new = [Text("A", "two"), Text("A", "three")]
        assert texts.merged(new, {Text("A", "two"): Message("二", "")}) == {
            Text("A", "two"): Message("二", ""),
            Text("A", "three"): Message("", UNFINISHED),
        }

    def test_what_is_gone_is_kept_and_can_come_back(self):
        vanished = texts.merged([Text("A", "two")], self.OLD)
        assert vanished[Text("A", "one")] == Message("一", VANISHED)
        assert texts.merged(self.OLD, vanished) == self.OLD

    def test_a_text_that_moves_takes_its_translation_along(self):
        moved = texts.merged([Text("B", "one"), Text("A", "two")], self.OLD)
        assert moved == {
            Text("B", "one"): Message("一", ""),
            Text("A", "two"): Message("二", ""),
        }

    def test_where_that_would_be_a_guess_nothing_is_lost(self):
        old = {Text("A", "one"): Message("一", ""), Text("B", "one"): Message("壹", "")}
        merged = texts.merged([Text("C", "one")], old)
        assert merged == {
            Text("C", "one"): Message("", UNFINISHED),
            Text("A", "one"): Message("一", VANISHED),
            Text("B", "one"): Message("壹", VANISHED),
        }


@pytest.mark.parametrize(
    ("source", "message", "problem"),
    [
        ("Open {name}", Message("打开 {name}", ""), None),
        ("Open {name}", Message("打开", ""), "placeholders differ"),
        ("All (*.png)", Message("全部 (*.jpg)", ""), "placeholders differ"),
        ("&Open", Message("打开(&O)", ""), None),
        ("&Open", Message("打开(&P)", ""), "mnemonics differ"),
        ("Open", Message("", ""), "unfinished"),
        ("Open", Message("打开", UNFINISHED), "unfinished"),
        ("Open", None, "missing"),
    ],
)
def test_problems(source: str, message: "Message | None", problem: "str | None"):
    text = Text("A", source)
    found = texts.problems([text], {} if message is None else {text: message})
    assert [line.partition(":")[0] for line in found] == ([problem] if problem else [])


def test_obsolete_texts_are_a_problem():
    assert texts.problems([], {Text("A", "one"): Message("一", VANISHED)}) == ["obsolete: A: one"]


def test_the_command_finds_everything_in_order():
    script = str(texts.ROOT / "scripts" / "translations")
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("handwrite_zh_CN.ts: ")
