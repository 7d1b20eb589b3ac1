"""The recognition process: an answer to every request, whatever the request is."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from tests.drawings import DIGITS
from tests.lines import photograph, written
from tests.trainer.strokes_files import REFUSED
from trainer.drawings import open_store
from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.strokes import Drawing, Stroke
from trainer.processes import recognition_service as module
from trainer.processes.recognition_messages import (
    Loaded,
    LoadRequest,
    MemorySource,
    PageReading,
    PageRequest,
    Reading,
    ReadRequest,
    RecognitionAnswer,
    RecognitionRequest,
    Refused,
    decode_answer,
    encode_request,
)
from trainer.processes.recognition_service import RecognitionService, serve
from trainer.segmentation.reading import LineOptions

pytestmark = pytest.mark.usefixtures("one_thread")


def _drawing(label: str) -> Drawing:
    return Drawing(tuple(Stroke.make(stroke) for stroke in DIGITS[label]))


def _ask(service: RecognitionService, request: RecognitionRequest) -> RecognitionAnswer:
    return service.answer(encode_request(request))


def _load(service: RecognitionService, path: Path | None, device: str = "cpu") -> RecognitionAnswer:
    return _ask(service, LoadRequest(weights=path, device=device))


def _read(service: RecognitionService, number: int, drawing: Drawing) -> Reading:
    answer = _ask(service, ReadRequest(number=number, drawing=drawing))
    assert isinstance(answer, Reading)
    assert answer.number == number
    return answer


@pytest.fixture
def service(lenet_file: Path) -> RecognitionService:
    service = RecognitionService()
    assert isinstance(_load(service, lenet_file), Loaded)
    return service


def test_a_network_is_loaded(lenet_file: Path) -> None:
    loaded = _load(RecognitionService(), lenet_file, "auto")
    assert isinstance(loaded, Loaded)
    assert loaded.path == str(lenet_file)
    assert loaded.name == "by heart"
    assert loaded.architecture == "lenet5"
    assert loaded.labels == tuple(DIGITS)
    assert loaded.wanted_device == "auto"
    assert [state.name for state in loaded.devices] == ["cuda", "mps", "cpu"]
    assert next(state for state in loaded.devices if state.name == loaded.device).available


def test_without_a_path_the_best_that_ships_is_loaded() -> None:
    from trainer.models.weights import find_weights, stored_weights

    if not any(entry.shipped for entry in stored_weights()):
        pytest.skip("no weights in this checkout")
    loaded = _load(RecognitionService(), None)
    assert isinstance(loaded, Loaded)
    assert loaded.path == str(find_weights())


@pytest.mark.parametrize("label", DIGITS)
def test_a_drawing_is_read(service: RecognitionService, label: str) -> None:
    reading = _read(service, 5, _drawing(label))
    assert reading.error is None
    assert reading.labels == tuple(DIGITS)
    assert reading.probabilities is not None
    assert reading.labels[int(np.argmax(reading.probabilities))] == label
    assert sum(reading.probabilities) == pytest.approx(1, abs=1e-5)
    picture = picture_from_drawing(_drawing(label))
    assert picture is not None
    assert reading.picture == picture.tobytes()


def test_a_kept_drawing_is_remembered_at_once(service: RecognitionService, tmp_path: Path) -> None:
    path = tmp_path / "drawings.sqlite"
    source = MemorySource(drawings=path, writer="")

    def read(drawing: Drawing, memory: MemorySource | None = source) -> Reading:
        answer = _ask(service, ReadRequest(number=1, drawing=drawing, memory=memory))
        assert isinstance(answer, Reading)
        assert answer.probabilities is not None
        return answer

    def label(reading: Reading) -> str:
        assert reading.probabilities is not None
        return reading.labels[int(np.argmax(reading.probabilities))]

    assert (label(read(_drawing("4"))), read(_drawing("4")).memory_size) == ("4", 0)
    with open_store(path) as store:
        number = store.add(_drawing("4"), label="9")
        reading = read(_drawing("4"))
        assert (label(reading), reading.memory_size) == ("9", 1)
        assert reading.remembered is not None
        assert (reading.remembered.label, reading.remembered.drawing) == ("9", number)
        assert label(read(_drawing("7"))) == "7"
        assert label(read(_drawing("4"), None)) == "4"
        assert label(read(_drawing("4"), MemorySource(drawings=path, writer="Anna"))) == "4"
        store.delete([number])
        assert label(read(_drawing("4"))) == "4"
        for _ in range(3):
            store.add(Drawing((Stroke.make([(0, 0), (50, 90), (99, 0)]),)), label="tick")
        assert read(_drawing("4")).labels == (*DIGITS, "tick")


def test_what_is_no_digit_is_refused_with_the_nearest_guess(refusing_file: Path) -> None:
    service = RecognitionService()
    loaded = _load(service, refusing_file)
    assert isinstance(loaded, Loaded)
    assert loaded.labels == tuple(DIGITS)
    for drawing in REFUSED[:6]:
        reading = _read(service, 1, drawing)
        assert reading.refused
        assert reading.labels == tuple(DIGITS)
        assert reading.probabilities is not None
        assert len(reading.probabilities) == 10
        assert sum(reading.probabilities) == pytest.approx(1, abs=1e-5)
        assert reading.picture is not None
        assert reading.error is None
    for label in DIGITS:
        reading = _read(service, 2, _drawing(label))
        assert not reading.refused
        assert reading.probabilities is not None
        assert reading.labels[int(np.argmax(reading.probabilities))] == label
    assert not _read(service, 3, Drawing()).refused


def test_ink_that_has_just_been_read_is_not_drawn_again(
    service: RecognitionService, monkeypatch: pytest.MonkeyPatch, refusing_file: Path
) -> None:
    drawn: list[Drawing] = []

    def counted(drawing: Drawing) -> np.ndarray | None:
        drawn.append(drawing)
        return picture_from_drawing(drawing)

    monkeypatch.setattr(module, "picture_from_drawing", counted)
    four = _drawing("4")
    moving = ReadRequest(number=1, drawing=four, unfinished=True)
    first, lifted = _ask(service, moving), _read(service, 2, four)
    assert len(drawn) == 1
    assert isinstance(first, Reading)
    assert lifted.picture == first.picture
    assert lifted.probabilities == first.probabilities
    *others, last = four.strokes
    force = np.linspace(0, 1, len(last.points))
    pressed = Drawing((*others, Stroke.make(last.points, pressure=force, width=30.0)))
    assert _read(service, 3, pressed).picture != first.picture
    assert len(drawn) == 2
    assert isinstance(_load(service, refusing_file), Loaded)
    assert _read(service, 4, pressed).probabilities != lifted.probabilities


def test_a_network_that_answers_everything_refuses_nothing(service: RecognitionService) -> None:
    reading = _read(service, 1, REFUSED[0])
    assert reading.probabilities is not None
    assert not reading.refused


def test_nothing_drawn_is_no_prediction(service: RecognitionService) -> None:
    assert _read(service, 1, Drawing()) == Reading(number=1)
    assert _read(service, 2, Drawing((Stroke.make([(5, 5)], width=10),))) == Reading(number=2)


def test_before_a_network_is_loaded_the_picture_comes_without_an_answer() -> None:
    service = RecognitionService()
    reading = _read(service, 3, _drawing("3"))
    assert str(reading.error) == "no network is loaded"
    assert reading.picture is not None
    assert reading.probabilities is None
    assert _read(service, 4, Drawing()) == Reading(number=4)


def test_a_refused_network_leaves_the_old_one(service: RecognitionService, tmp_path: Path) -> None:
    bad = tmp_path / "bad.safetensors"
    bad.write_bytes(b"not a network")
    for path, device, reason in (
        (bad, "cpu", "bad.safetensors cannot be used"),
        (tmp_path / "none.safetensors", "cpu", "there is no weights file"),
        (Path("no-such-network"), "cpu", "there is no network named"),
        (tmp_path, "cpu", "there is no network named"),
        (bad, "abacus", "--device abacus"),
    ):
        refused = _load(service, path, device)
        assert isinstance(refused, Refused), path
        assert reason in str(refused.message)
        assert (refused.weights, refused.device) == (str(path), device)
    assert _read(service, 9, _drawing("7")).probabilities is not None


@pytest.mark.parametrize(
    "line",
    [b"", b"\n", b"nonsense\n", b"null", b'{"kind": "ReadRequest", "number": 1}', b"\xff" * 100],
)
def test_a_line_that_is_no_request_is_refused(service: RecognitionService, line: bytes) -> None:
    answer = service.answer(line)
    assert isinstance(answer, Refused)
    assert "not a request" in str(answer.message)
    assert _read(service, 9, _drawing("7")).probabilities is not None


def test_a_drawing_with_impossible_numbers_does_not_end_it(service: RecognitionService) -> None:
    for value in (np.nan, np.inf, -np.inf, 3e38):
        points = np.array([[0, 0], [value, 1], [2, 2]], np.float32)
        reading = _read(service, 1, Drawing((Stroke(points),)))
        assert reading.probabilities is None or np.isfinite(reading.probabilities).all()
    assert _read(service, 2, _drawing("7")).probabilities is not None


def test_what_nobody_foresaw_is_an_answer_too(
    service: RecognitionService, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def trips(*_: object) -> None:
        raise ZeroDivisionError("stumbled")

    monkeypatch.setattr(module, "picture_from_drawing", trips)
    error = _read(service, 8, _drawing("3")).error
    assert str(error) == "an unexpected error (ZeroDivisionError: stumbled)"
    monkeypatch.setattr("trainer.models.weights.find_weights", trips)
    refused = _load(service, None)
    assert isinstance(refused, Refused)
    assert str(refused.message) == "an unexpected error (ZeroDivisionError: stumbled)"
    assert "Traceback" in capsys.readouterr().err


def test_a_machine_without_memory_is_an_answer_too(
    service: RecognitionService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(module, "picture_from_drawing", full)
    assert str(_read(service, 8, _drawing("3")).error) == "the machine ran out of memory"


def test_every_line_is_answered_in_order(lenet_file: Path) -> None:
    requests = [
        encode_request(LoadRequest(weights=lenet_file, device="cpu")),
        *(encode_request(ReadRequest(number=i, drawing=_drawing(str(i)))) for i in range(10)),
        b"nonsense\n",
        encode_request(ReadRequest(number=10, drawing=Drawing())),
    ]
    answers = io.BytesIO()
    serve(io.BytesIO(b"".join(requests)), answers)
    lines = answers.getvalue().splitlines()
    assert [json.loads(line)["kind"] for line in lines] == (
        ["Loaded"] + ["Reading"] * 10 + ["Refused", "Reading"]
    )
    assert [json.loads(line)["number"] for line in lines[1:11]] == list(range(10))


# --- as a process of its own


@contextmanager
def _process() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-m", "trainer.processes.recognition_service"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _answer_of(process: subprocess.Popen[bytes], line: bytes) -> RecognitionAnswer:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(line)
    process.stdin.flush()
    return decode_answer(process.stdout.readline())


def test_a_process_answers_and_ends_with_its_input(lenet_file: Path) -> None:
    with _process() as process:
        read = encode_request(ReadRequest(number=1, drawing=_drawing("3")))
        early = _answer_of(process, read)
        assert isinstance(early, Reading)
        assert str(early.error) == "no network is loaded"
        if sys.platform == "linux":
            # No network was asked for yet: torch is loaded while the window is being built.
            assert "libtorch" in Path(f"/proc/{process.pid}/maps").read_text()
        loaded = _answer_of(process, encode_request(LoadRequest(weights=lenet_file, device="cpu")))
        assert isinstance(loaded, Loaded)
        assert "1 thread" in str(loaded.devices[-1].detail)
        reading = _answer_of(process, read)
        assert isinstance(reading, Reading)
        assert reading.probabilities is not None
        assert reading.labels[int(np.argmax(reading.probabilities))] == "3"
        assert isinstance(_answer_of(process, b"nonsense\n"), Refused)
        assert isinstance(_answer_of(process, read), Reading)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=120) == 0
        assert process.stdout is not None
        assert process.stdout.read() == b""


def test_a_process_whose_window_is_gone_ends_quietly() -> None:
    with _process() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(encode_request(ReadRequest(number=1, drawing=Drawing())))
        process.stdin.close()
        assert process.wait(timeout=120) == 0
        assert process.stderr.read() == b""


def test_a_line_is_read_where_it_is_wanted() -> None:
    service = RecognitionService()
    assert isinstance(_load(service, None), Loaded)
    drawing = written("2026")
    answer = _ask(service, ReadRequest(number=1, drawing=drawing, line=LineOptions()))
    assert isinstance(answer, Reading)
    assert answer.line is not None
    assert answer.line.text == "2026"
    assert len(answer.line.characters[0].picture) == 784
    assert _read(service, 2, drawing).line is None
    gone = LineOptions(words=Path("gone.txt"))  # costs no reading
    again = _ask(service, ReadRequest(number=2, drawing=drawing, line=gone, unfinished=True))
    assert isinstance(again, Reading)
    assert again.line is not None
    assert again.line.text == "2026"
    one = _ask(service, ReadRequest(number=3, drawing=written("4"), line=LineOptions()))
    assert isinstance(one, Reading)
    assert one.line is None
    assert one.probabilities == _read(service, 4, written("4")).probabilities


def test_a_drawing_is_read_between_two_rows_of_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAGE_SECONDS", 0.0)
    service = RecognitionService()
    assert isinstance(_load(service, None), Loaded)
    path = tmp_path / "page.png"
    photograph(["20", "71", "35"]).save(path)
    request = PageRequest(number=1, path=path)
    between = 0
    while True:
        last = _ask(service, request)
        assert isinstance(last, PageReading)
        assert last.error is None
        if not last.unfinished:
            break
        between += 1
        assert _read(service, between, _drawing("4")).probabilities is not None
    assert between == 3
    assert [line.text.replace(" ", "") for line in last.lines] == ["20", "71", "35"]


def test_characters_of_a_line_are_compared_with_kept_drawings(tmp_path: Path) -> None:
    service = RecognitionService()
    assert isinstance(_load(service, None), Loaded)
    drawing = written("2026")
    odd = Drawing(written("20").strokes[1:])
    path = tmp_path / "drawings.sqlite"
    with open_store(path) as store:
        store.add(odd, label="7")
    request = ReadRequest(
        number=1,
        drawing=drawing,
        memory=MemorySource(drawings=path, writer=""),
        line=LineOptions(),
    )
    answer = _ask(service, request)
    assert isinstance(answer, Reading)
    assert answer.line is not None
    assert answer.line.text == "2726"
