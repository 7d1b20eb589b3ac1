"""Files that are images, nearly images, or no images at all."""

from __future__ import annotations

import contextlib
import io
import os
import struct
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFile

from tests.drawings import DIGITS, painted
from trainer.base.errors import InputError, PictureError
from trainer.picture.images.image_file import FORMATS, MOST_PIXELS, grey_of, open_image
from trainer.picture.preprocess import picture_from_image


def bytes_of(image: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A PNG that says it is huge and holds nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_is_read_and_its_file_closed(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"digit{suffix}"
    painted(DIGITS["6"]).save(path, FORMATS[suffix])
    image = open_image(path)
    path.unlink()  # what is needed has been read
    result, wanted = picture_from_image(image), picture_from_image(painted(DIGITS["6"]))
    assert result is not None
    assert wanted is not None
    assert np.abs(result.astype(int) - wanted).mean() < 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts open files in /proc")
def test_no_file_stays_open_whatever_happens(tmp_path: Path) -> None:
    good = bytes_of(painted(DIGITS["6"]), "PNG")
    frames = [painted(DIGITS[label]) for label in "123"]
    files = {
        "good.png": good,
        "torn.png": good[: len(good) // 2],
        "no.png": b"hello",
        "huge.png": huge_png(50_000, 50_000),
        "moving.gif": bytes_of(frames[0], "GIF", save_all=True, append_images=frames[1:]),
        "pages.tif": bytes_of(frames[0], "TIFF", save_all=True, append_images=frames[1:]),
    }
    before = open_files()
    kept = []
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        try:
            kept.append(open_image(tmp_path / name))
        except PictureError as error:
            kept.append(error)
    assert open_files() == before
    assert sum(isinstance(item, Image.Image) for item in kept) == 3


@pytest.mark.parametrize("suffix", [".avif", ".jp2"])
def test_a_format_that_the_installed_pillow_lacks_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    """Other images are read as ever."""
    monkeypatch.setattr("PIL.features.check", lambda _: False)
    path = tmp_path / f"digit{suffix}"
    path.write_bytes(b"xx")
    with pytest.raises(
        PictureError, match=r"pip install --upgrade pillow\), or save the image as PNG"
    ):
        open_image(path)
    painted(DIGITS["6"]).save(tmp_path / "six.png")
    assert open_image(tmp_path / "six.png").size == painted(DIGITS["6"]).size


@pytest.mark.parametrize("form", ["GIF", "TIFF", "PNG", "WEBP"])
def test_of_several_frames_the_first_is_taken(tmp_path: Path, form: str) -> None:
    frames = [painted(DIGITS[label]).convert("RGB") for label in "123"]
    path = tmp_path / "frames.png"
    path.write_bytes(bytes_of(frames[0], form, save_all=True, append_images=frames[1:]))
    result, wanted = picture_from_image(open_image(path)), picture_from_image(frames[0])
    assert result is not None
    assert wanted is not None
    assert np.abs(result.astype(int) - wanted).mean() < 2


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM", "TGA"])
def test_a_torn_file_is_an_error_that_says_so(tmp_path: Path, form: str) -> None:
    whole = bytes_of(painted(DIGITS["6"]).convert("RGB"), form)
    path = tmp_path / "torn.png"
    for share in (0.1, 0.5, 0.9):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(PictureError, match=r"torn\.png .*(damaged|not an image)"):
            open_image(path)
        lazy = io.BytesIO(path.read_bytes())
        try:
            image = Image.open(lazy)
        except (OSError, SyntaxError):
            continue
        with pytest.raises(PictureError):
            picture_from_image(image)


def test_a_spoilt_file_is_an_error_or_an_image_but_nothing_else(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    path = tmp_path / "spoilt.png"
    for form in ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM", "TGA"):
        whole = np.frombuffer(bytes_of(painted(DIGITS["6"], size=60), form), np.uint8)
        for _ in range(25):
            data = whole.copy()
            places = rng.integers(0, min(len(data), 400), 6)
            data[places] = rng.integers(0, 256, 6)
            path.write_bytes(data.tobytes())
            with contextlib.suppress(PictureError):
                picture_from_image(open_image(path))


def test_no_image_at_all(tmp_path: Path) -> None:
    texts = {
        "empty.png": b"",
        "text.png": b"hello",
        "page.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    }
    for name, data in texts.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(PictureError, match=r"not a readable image: save it as PNG or JPEG"):
            open_image(tmp_path / name)
    with pytest.raises(PictureError, match=r"absent\.png does not exist"):
        open_image(tmp_path / "absent.png")
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(PictureError, match=r"folder\.png is a folder"):
        open_image(tmp_path / "folder.png")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "secret.png"
    painted(DIGITS["6"]).save(path)
    path.chmod(0)
    with pytest.raises(PictureError, match="may not be read"):
        open_image(path)


@pytest.mark.parametrize(("width", "height"), [(8001, 8000), (10_000, 10_000), (30_000, 30_000)])
def test_images_that_are_too_large_are_refused_before_they_are_decoded(
    tmp_path: Path, width: int, height: int
) -> None:
    # Below Pillow's own limit, between its warning and its error, and beyond its error.
    path = tmp_path / "huge.png"
    path.write_bytes(huge_png(width, height))
    with pytest.raises(
        PictureError, match=r"huge\.png has more than 64 million pixels: scale it down"
    ):
        open_image(path)
    assert issubclass(PictureError, InputError)


def test_an_image_in_memory_that_is_too_large_is_refused_too() -> None:
    image = Image.new("1", (MOST_PIXELS // 1000 + 1, 1000))
    with pytest.raises(PictureError, match="64 million pixels"):
        picture_from_image(image)


def test_a_large_image_is_shrunk_early(tmp_path: Path) -> None:
    large = painted(DIGITS["6"], size=5000, width=320)
    path = tmp_path / "large.jpg"
    large.save(path, quality=60)
    assert max(open_image(path).size) < 3000  # decoded at a fraction of its size
    grey = grey_of(large)
    assert grey is not None
    assert max(grey.shape) <= 1024
    for image in (large, open_image(path)):
        result, wanted = picture_from_image(image), picture_from_image(painted(DIGITS["6"]))
        assert result is not None
        assert wanted is not None
        assert np.abs(result.astype(int) - wanted).mean() < 4


def test_warnings_of_the_decoder_stay_inside(tmp_path: Path) -> None:
    """Pillow warns of broken metadata; the test run would make that an exception, a user would see it."""
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01\x12\0\x03\xff\xff\xff\xff"
    path = tmp_path / "odd.jpg"
    path.write_bytes(bytes_of(painted(DIGITS["6"]), "JPEG", exif=exif))
    before = list(warnings.filters)
    assert picture_from_image(open_image(path)) is not None
    assert list(warnings.filters) == before


def test_truncated_images_are_refused_only_while_pillow_is_told_so() -> None:
    """The errors above hang on this switch, which is Pillow's default."""
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
