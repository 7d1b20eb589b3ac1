"""Words that readers stumbled over are gone: from the sources of both programs, and from the Chinese texts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import handwrite_app
import trainer

_ROOT = Path(__file__).parent.parent

#: Parts of sentences, in the window and on the command line.
ENGLISH = (
    "Go back to the network before",
    "that were misread are read rightly",
    "is good, taught your hand",
    "is read otherwise than before",
    "Teach it this hand",
    "Show the runs' folder",
    "The drawing is not kept any more",
    "drawings are there again",
    "is there on Apple computers only",
    "what suits the network",
    "as many as help",
    "the epochs above",
    "Close all the same?",
    "It could not be opened",
    "All readings",
    "Read rightly",
    "What computes",
    "The network that reads",
    "left out of {",
    "drawings made into pictures so far, this once",
    "other labels refused:",
    "No better for a while",
    "takes the place of its own",
    "after so many epochs without",
    "on so many pictures only",
    "look into, compare and delete",
    '"Do not ask."',
    "Go on with a run",
    "read with this network from its next start on",
    "never over a file that is there",
    "is of no known kind",
    "read rightly now that were wrong",
    "One JSON object a drawing",
    "One JSON object an event",
    "One JSON object a run",
    "is being written: stop it first",
    "an image that can be read: save it",
    "Without ImageNet weights",
    "there is no run ,",
    "not installed here. Install what it takes",
    "holds no checkpoint: the run is complete, or",
)

CHINESE = (
    "教它这种字迹",
    "每个网络列在它由之得来的网络之下",
    "退回到先前的网络",
    "反过来的有",
    "新网络是学习了你的字迹的",
    "写下一个数字，笔还在动",
    "空格, 回车",
    "网络拒绝识别",
    "说明力较弱",
    "JSON 行格式",
)


@pytest.fixture(scope="module")
def sources() -> str:
    folders = [Path(str(package.__file__)).parent for package in (handwrite_app, trainer)]
    texts = [
        file.read_text(encoding="utf-8") for folder in folders for file in folder.rglob("*.py")
    ]
    # Literals over several lines are one text.
    return re.sub(r'"\s*\n\s*f?"', "", "\n".join(texts))


def test_english(sources: str) -> None:
    assert [words for words in ENGLISH if words in sources] == []
    assert re.findall(r'"[^"\n]*\brightly\b[^"\n]*"', sources) == []


def test_chinese() -> None:
    file = _ROOT / "resources" / "translations" / "handwrite_zh_CN.ts"
    texts = re.findall(r"<translation[^>]*>([^<]*)<", file.read_text(encoding="utf-8"))
    assert len(texts) > 500
    assert [words for words in CHINESE if any(words in text for text in texts)] == []


def test_no_english_words_are_parameters_of_a_sentence() -> None:
    """They would stay English in a window of another language: a message within the message is translated.
    The command line's own sentences are English anyway."""
    folder = Path(str(trainer.__file__)).parent
    found = [
        f"{path.relative_to(folder)}:{line}: {words}"
        for path in sorted(folder.rglob("*.py"))
        if path.relative_to(folder).parts[0] != "cli"
        for line, words in _english_parameters(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def _english_parameters(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Words in what errors and messages are given, and in what is given to functions that make them."""
    makers = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and node.returns is not None
        and re.search(r"(Error|Message)\b", ast.unparse(node.returns))
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func).rpartition(".")[2]
        given = [keyword.value for keyword in node.keywords]
        if name in makers:
            given += node.args
        elif not (name.endswith("Error") or ast.unparse(node.func) in ("Message", "Message.of")):
            continue
        while given:
            part = given.pop(0)
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                words = re.sub(r"\{.*\}", "", part.value)  # an example of JSON
                if re.search(r"[a-z]{2,} [a-z]{2,}|^ *(and|or|not|nothing) *$", words):
                    yield part.lineno, part.value
            elif not isinstance(part, ast.Call):  # which is looked at by itself
                given += [one for one in ast.iter_child_nodes(part) if isinstance(one, ast.expr)]


def test_english_parameters_are_found() -> None:
    said = 'raise DataError("a.b", "{x}", x=f"{n} values, not so")\nMessage.of("c", "d", e=1 or "nothing")'
    assert [words for _, words in _english_parameters(ast.parse(said))] == [
        " values, not so",
        "nothing",
    ]
