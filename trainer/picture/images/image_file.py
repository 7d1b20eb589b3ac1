"""Images of any format and mode, as one plane of grey.

Everything that Pillow may raise or warn about ends here: callers see an image, or a PictureError that
says what to do.
"""

from __future__ import annotations

import functools
import importlib.util
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from trainer.base.errors import PictureError
from trainer.base.messages import Message

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image
else:
    from trainer.base.lazy import np

#: Images with more pixels are refused before they are decoded.
MOST_PIXELS = 64_000_000

#: What is read, by the end of the file's name. Formats that need another program (EPS) are left out.
FORMATS = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jpe": "JPEG",
    ".jfif": "JPEG",
    ".gif": "GIF",
    ".bmp": "BMP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".webp": "WEBP",
    ".ppm": "PPM",
    ".pgm": "PPM",
    ".pbm": "PPM",
    ".tga": "TGA",
    ".ico": "ICO",
    ".avif": "AVIF",
    ".jp2": "JPEG2000",
    ".j2k": "JPEG2000",
}

# Formats whose decoder some builds of Pillow lack.
_OPTIONAL = {"AVIF": "avif", "JPEG2000": "jpg_2000"}

# Photographs of telephones, where the package pillow-heif is there to decode them.
_HEIF = {".heic": "HEIF", ".heif": "HEIF"}

_MOST_PAGES = 100  # of a file, looked through for the first that shows something

_WORKING_SIDE = 1024  # pixels; a larger image is shrunk before anything is looked for in it
_ORIENTATION = 0x0112  # EXIF tag

Grey: TypeAlias = "NDArray[np.float32]"  # (H, W), 0…255
#: In the place of a file's name.
_THE_IMAGE = Message.of("image.this", "the image")


@functools.cache
def image_suffixes() -> tuple[str, ...]:
    """Ends of the names of images that can be read here."""
    heif = importlib.util.find_spec("pillow_heif") is not None
    return (*FORMATS, *(_HEIF if heif else ()))


def open_image(path: Path, *, page: int = 0) -> Image.Image:
    """The decoded image of a file, which is closed again. Of several frames it is the given one.

    Raises PictureError where there is no such file, it is no image, is truncated, or holds more than
    MOST_PIXELS pixels.
    """
    from PIL import Image

    with _failures(path.name), Image.open(path, formats=_formats(path)) as image:
        if page:
            image.seek(page)
        _decode(image)
        return image.copy() if getattr(image, "is_animated", False) else image


def open_pages(path: Path) -> Iterator[Image.Image]:
    """The pages of a TIFF file, the frames of a GIF, or the one image, decoded as they are asked for.

    The first thing on paper may be on the second page. Raises PictureError as open_image does.
    """
    yield open_image(path)
    for page in range(1, min(_page_count(path), _MOST_PAGES)):
        yield open_image(path, page=page)


def _page_count(path: Path) -> int:
    """How many pages or frames an image file has. Raises PictureError as open_image does."""
    from PIL import Image

    with _failures(path.name), Image.open(path, formats=_formats(path)) as image:
        return int(getattr(image, "n_frames", 1))


def _formats(path: Path) -> tuple[str, ...]:
    """Pillow's names of the formats that a file may have, whatever it is called.

    Raises PictureError where its name says one that this build of Pillow cannot decode.
    """
    from PIL import features

    lacking = {name for name, feature in _OPTIONAL.items() if not features.check(feature)}
    suffix = path.suffix.lower()
    if FORMATS.get(suffix) in lacking:
        raise PictureError(
            "image.no-decoder",
            "{name}: the installed Pillow cannot read {suffix}. Update it (pip install --upgrade pillow), or "
            "save the image as PNG or JPEG",
            name=path.name,
            suffix=suffix,
        )
    found = set(FORMATS.values()) - lacking
    if suffix in _HEIF:
        import pillow_heif  # type: ignore[import-not-found,unused-ignore]

        pillow_heif.register_heif_opener()
        found.add("HEIF")
    return tuple(sorted(found))


def grey_of(image: Image.Image) -> Grey | None:
    """One upright plane of grey, at most _WORKING_SIDE pixels a side. None where nothing is visible.

    Transparent images become their own ink on white (or, the other way round, on black): only the
    difference between ink and background is meant to be kept, not which of them is the darker.
    Raises PictureError where the image cannot be decoded.
    """
    with _failures(_THE_IMAGE):
        if 0 in image.size:
            return None
        _decode(image)
        return _visible(_upright(image))


@contextmanager
def _failures(name: str | Message) -> Iterator[None]:
    """Turns whatever Pillow raises into a PictureError."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about metadata that is not used here
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except PictureError:
        raise
    except FileNotFoundError as error:
        raise PictureError(
            "image.absent", "{name} does not exist: check its name and folder", name=name
        ) from error
    except PermissionError as error:
        raise PictureError(
            "image.forbidden", "{name} may not be read: check its permissions", name=name
        ) from error
    except IsADirectoryError as error:
        raise PictureError(
            "image.is-folder", "{name} is a folder, not an image", name=name
        ) from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _too_large(name) from error
    except UnidentifiedImageError as error:
        raise PictureError(
            "image.unreadable",
            "{name} is not a readable image: save it as PNG or JPEG",
            name=name,
        ) from error
    except Exception as error:  # decoders of broken files raise nearly every kind there is
        raise PictureError(
            "image.damaged",
            "{name} is damaged or incomplete ({reason}): save or copy it again",
            name=name,
            reason=str(error),
        ) from error


def _too_large(name: str | Message) -> PictureError:
    return PictureError(
        "image.too-large",
        "{name} has more than {millions} million pixels: scale it down first",
        name=name,
        millions=MOST_PIXELS // 1_000_000,
    )


def _decode(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MOST_PIXELS:
        file = getattr(image, "filename", "")
        raise _too_large(Path(file).name if file else _THE_IMAGE)
    if max(width, height) > 2 * _WORKING_SIDE:
        image.draft(
            image.mode, (_WORKING_SIDE, _WORKING_SIDE)
        )  # JPEG decodes to a half, … an eighth
    image.load()


def _upright(image: Image.Image) -> Image.Image:
    """The image in a mode with bands of its own, small enough to work on, turned as its EXIF data say."""
    from PIL import Image

    try:
        orientation = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # EXIF data are worth nothing where they are broken
        orientation = 1
    image = image.convert(_plain_mode(image)) if _plain_mode(image) != image.mode else image
    factor = -(-max(image.size) // _WORKING_SIDE)
    if factor > 1:
        image = image.reduce(factor)
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    return image.transpose(turns[orientation]) if orientation in turns else image


def _plain_mode(image: Image.Image) -> str:
    """The mode in which nothing that shows is lost: L, LA, RGB, RGBA, or F for deep greys."""
    mode = image.mode
    if mode in ("L", "LA", "RGB", "RGBA", "F", "LAB"):
        return mode
    if mode == "1":
        return "L"
    if mode == "I" or mode.startswith("I;16"):
        return "F"
    if mode == "La":
        return "LA"
    if mode in ("PA", "RGBa") or "transparency" in image.info:
        return "RGBA"
    return "RGB"


def _visible(image: Image.Image) -> Grey | None:
    """Grey of an image in a plain mode."""
    if image.mode == "F":
        return _scaled(np.asarray(image, np.float32))
    if image.mode in ("LA", "RGBA"):
        alpha = np.asarray(image.getchannel("A"), np.float32)
        grey = _grey(image.convert("L" if image.mode == "LA" else "RGB"))
        return _on_background(grey, alpha)
    return _grey(image)


def _grey(image: Image.Image) -> Grey:
    """Luminance, or the one channel in which the ink stands out where it is of a pale colour."""
    if image.mode == "L":
        return np.asarray(image, np.float32)
    if image.mode == "LAB":
        return np.asarray(image.getchannel(0), np.float32)
    luminance = np.asarray(image.convert("L"), np.float32)
    channels = np.moveaxis(np.asarray(image, np.float32), 2, 0)
    spreads = [float(np.ptp(channel)) for channel in channels]
    if float(np.ptp(luminance)) >= 0.5 * max(spreads):
        return luminance
    best: Grey = channels[int(np.argmax(spreads))]
    return best


def _scaled(values: NDArray[Any]) -> Grey:
    """Integers or floats of any range, brought into 0…255 by the smallest usual range that holds them."""
    finite = np.isfinite(values)
    if not finite.any():
        return np.zeros(values.shape, np.float32)
    lowest = float(values[finite].min())
    shifted = np.where(finite, values.astype(np.float64) - min(lowest, 0), 0)
    highest = float(shifted.max())
    for top in (1.0, 255.0, 65535.0):
        if highest <= top:
            return (shifted * (255 / top)).astype(np.float32)
    return (shifted * (255 / highest)).astype(np.float32)


def _on_background(grey: Grey, alpha: Grey) -> Grey | None:
    """A transparent image as a plane of grey, or None where all of it is transparent."""
    if float(alpha.max()) < 16:
        return None
    if float(np.ptp(alpha)) < 16:
        return grey
    seen = alpha > 127 if (alpha > 127).any() else alpha > 0
    visible = grey[seen]
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    area = (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1)
    covered = float(seen.sum())
    is_paper = np.ptp(visible) > 40 and covered > 0.6 * area and covered > 0.2 * seen.size
    if not is_paper:
        # What shows is the ink (or a sheet with the ink cut out of it), of whatever colour.
        return alpha
    share = alpha / 255
    return (grey * share + float(np.median(visible)) * (1 - share)).astype(np.float32)
