"""Drawings of one's own as pictures: made once, then kept in the cache folder."""

from __future__ import annotations

import dataclasses
import hashlib
import time
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import RunError
from trainer.base.events import Note
from trainer.base.files import atomic_write
from trainer.base.labels import is_label
from trainer.base.messages import Message
from trainer.base.paths import cache_folder
from trainer.picture.preprocess import PREPROCESSING, SIZE, Picture

_FORMAT = "3"  # of the kept files, and of what is done to drawings beside the picture's own recipe
_TOLD_AFTER, _TOLD_EVERY = 3.0, 10.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """One labelled drawing in a file. picture: None where it shows nothing, or cannot be read.

    content: a hash of what was drawn. strokes: float32 (points, 2) each, where they are known. note: no
    drawing, but what a person should know of the file.
    """

    picture: Picture | None = None
    label: str | None = None
    writer: str = ""
    content: int = 0
    strokes: tuple[NDArray[np.float32], ...] = ()
    problem: Message | None = None
    note: Message | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class DrawingSet:
    """Everything usable in a file: N drawings, S strokes with P points in all.

    pictures: uint8 (N, 28, 28). labels, writers: (N,) texts, a writer "" where unknown. contents: uint64
    (N,). points: float32 (P, 2). points_of_stroke: int64 (S,). strokes_of_drawing: int64 (N,), 0 for
    images. left_out: (4,) how many could not be read, had no label, showed nothing; and all there were.
    problem: what was wrong with the first that could not be read, a message as JSON; "" where all could be.
    remark: messages on the file, as JSON.
    """

    pictures: NDArray[np.uint8]
    labels: NDArray[np.str_]
    writers: NDArray[np.str_]
    contents: NDArray[np.uint64]
    points: NDArray[np.float32]
    points_of_stroke: NDArray[np.int64]
    strokes_of_drawing: NDArray[np.int64]
    left_out: NDArray[np.int64]
    problem: NDArray[np.str_]
    remark: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.pictures)

    def notes(self, name: str) -> tuple[Message, ...]:
        """What a person should know of the file, and of drawings that were left out."""
        told = msgspec.json.decode(str(self.remark), type=list[Message])
        unread, unlabelled, blank, count = self.left_out.tolist()
        facts: dict[str, Any] = {"name": name, "count": count}
        if unread:
            facts["problem"] = msgspec.json.decode(str(self.problem), type=Message)
        for number, text in ((unread, _UNREAD), (unlabelled, _UNLABELLED), (blank, _BLANK)):
            if number:
                told.append(Message(text.code, text.text, {**facts, "number": number}))
        return tuple(told)


_UNREAD = Message.of(
    "data.left-out-unread",
    "{name}: {number:,} of {count:,} drawings left out (could not be read: {problem})",
)
_UNLABELLED = Message.of(
    "data.left-out-unlabelled",
    "{name}: {number:,} of {count:,} drawings left out (without a label)",
)
_BLANK = Message.of(
    "data.left-out-blank", "{name}: {number:,} of {count:,} drawings left out (nothing drawn)"
)


def collected(found: Iterable[Found], name: str) -> Generator[Note, None, DrawingSet]:
    """All usable drawings; where it takes long it tells at times how far it is."""
    pictures: list[Picture] = []
    labels: list[str] = []
    writers: list[str] = []
    contents: list[int] = []
    points: list[NDArray[np.float32]] = []
    strokes_of_drawing: list[int] = []
    unread = unlabelled = blank = count = 0
    problem: Message | None = None
    told = time.monotonic() + _TOLD_AFTER - _TOLD_EVERY
    remarks: list[Message] = []
    for one in found:
        if one.note is not None:
            remarks.append(one.note)
            continue
        count += 1
        if time.monotonic() - told >= _TOLD_EVERY:
            told = time.monotonic()
            yield Note(
                message=Message.of(
                    "data.preparing",
                    "{name}: preparing pictures (first time only): {count:,} so far",
                    name=name,
                    count=count,
                )
            )
        if one.problem is not None:
            unread += 1
            problem = problem or one.problem
        elif one.label is None:
            unlabelled += 1
        elif not is_label(one.label):
            unread += 1
            problem = problem or Message.of(
                "data.bad-label",
                "drawing {count}: the label {label!r} is blank or not printable",
                count=count,
                label=one.label,
            )
        elif one.picture is None:
            blank += 1
        else:
            pictures.append(one.picture)
            labels.append(one.label)
            writers.append(one.writer)
            contents.append(one.content)
            points.extend(one.strokes)
            strokes_of_drawing.append(len(one.strokes))
    return DrawingSet(
        pictures=np.array(pictures, np.uint8).reshape(-1, SIZE, SIZE),
        labels=np.array(labels, np.str_),
        writers=np.array(writers, np.str_),
        contents=np.array(contents, np.uint64),
        points=np.concatenate([np.empty((0, 2), np.float32), *points]),
        points_of_stroke=np.array([len(stroke) for stroke in points], np.int64),
        strokes_of_drawing=np.array(strokes_of_drawing, np.int64),
        left_out=np.array([unread, unlabelled, blank, count], np.int64),
        problem=np.array("" if problem is None else msgspec.json.encode(problem).decode()),
        remark=np.array(msgspec.json.encode(remarks).decode()),
    )


def without_notes(made: Generator[Note, None, DrawingSet]) -> DrawingSet:
    """The result of `collected`; its notes are dropped."""
    while True:
        try:
            next(made)
        except StopIteration as end:
            drawings: DrawingSet = end.value
            return drawings


def kept_or_made(
    identity: str, path: Path, make: Callable[[], Generator[Note, None, DrawingSet]]
) -> DrawingSet:
    """What is kept of that file, else what is made, which is then kept if it can be."""
    drawings = kept(identity, path)
    if drawings is None:
        drawings = without_notes(make())
        for _ in keep(drawings, identity, path):
            pass
    return drawings


def kept(identity: str, path: Path) -> DrawingSet | None:
    """What the cache folder has of that file, if it is of that identity still."""
    try:
        with _place(path).open("rb") as opened:  # numpy leaves a damaged one open
            file = np.load(opened, allow_pickle=False)
            if str(file["identity"]) != _versioned(identity):
                return None
            return DrawingSet(**{f.name: file[f.name] for f in dataclasses.fields(DrawingSet)})
    except (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile, zlib.error):
        return None  # absent, of an older release, or damaged: it is made again


def keep(drawings: DrawingSet, identity: str, path: Path) -> Iterator[Note]:
    """Keeps them, in place of what an older state of the file gave."""
    arrays = {f.name: getattr(drawings, f.name) for f in dataclasses.fields(drawings)}
    try:
        with atomic_write(_place(path)) as temporary, temporary.open("wb") as file:
            np.savez(file, identity=np.array(_versioned(identity)), **arrays)
    except RunError as error:
        yield Note(
            message=Message.of(
                "data.cache-not-written",
                "The pictures of {name} will be made again next time. {reason}",
                name=path.name,
                reason=error.message,
            )
        )


def identity_of(kind: str, files: Iterable[Path]) -> str:
    """Changes whenever one of the files does, by name, size and date."""
    digest = hashlib.blake2b(kind.encode(), digest_size=16)
    for file in files:
        state = file.stat()
        digest.update(
            f"\0{file}\0{state.st_size}\0{state.st_mtime_ns}".encode(errors="surrogatepass")
        )
    return digest.hexdigest()


def _place(path: Path) -> Path:
    name = hashlib.blake2b(str(path.absolute()).encode(errors="surrogatepass"), digest_size=8)
    return cache_folder() / "pictures" / f"{path.stem[:40]}-{name.hexdigest()}.npz"


def _versioned(identity: str) -> str:
    return f"{PREPROCESSING} {_FORMAT} {identity}"
