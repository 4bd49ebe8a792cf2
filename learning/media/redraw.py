"""Draws an uploaded picture anew: upright, sRGB, small, and without anything that a camera or a program wrote into it.

Pure: bytes in, bytes out. The number of pixels is read from the header, before anything is unpacked.
"""

import io
import warnings
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageCms, ImageOps

MAX_SIDE = 2000  # pixels; a step shows at most 720
MAX_PIXELS = 24_000_000  # 200 megapixels of one colour are a file of 20 kB and 600 MB of memory
# What is read → how it is written. MPO: two JPEGs in one file, as many phones write them.
KINDS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "WEBP": "WEBP"}


class NotAPicture(Exception):
    """The bytes are no picture that we take. `reason`: 'kind', 'pixels' or 'broken'; `detail` for the message."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Redrawn:
    """A clean picture: the bytes of the file, its format (JPEG, PNG, WEBP) and its size in pixels."""

    data: bytes
    kind: str
    width: int
    height: int


def redraw(data: bytes, *, max_pixels: int = MAX_PIXELS) -> Redrawn:
    """The picture drawn anew, at most MAX_SIDE pixels long; of a moving picture the first one. Raises NotAPicture."""
    with opened(data, max_pixels) as picture:
        kind = KINDS[picture.format or ""]
        if kind == "JPEG":
            picture.draft(None, (MAX_SIDE, MAX_SIDE))  # unpacks a large photograph at half or a quarter of its size
        try:
            clean = _plain(_in_srgb(ImageOps.exif_transpose(picture)), kind)
        except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError) as error:
            raise NotAPicture("broken") from error
    clean.thumbnail((MAX_SIDE, MAX_SIDE))
    out = io.BytesIO()
    options: dict[str, Any] = {"optimize": True} if kind == "PNG" else {"quality": 88}
    clean.save(out, kind, **options)
    return Redrawn(out.getvalue(), kind, clean.width, clean.height)


def opened(data: bytes, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """The picture with only its header read. Raises NotAPicture for another kind and for too many pixels."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
            picture = Image.open(io.BytesIO(data))
    except Image.DecompressionBombError as error:
        raise NotAPicture("pixels", "179+") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise NotAPicture("kind") from error
    if picture.format not in KINDS:
        raise NotAPicture("kind", picture.format or "")
    if picture.width * picture.height > max_pixels:
        raise NotAPicture("pixels", str(round(picture.width * picture.height / 1_000_000)))
    return picture


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Colours as a phone shows them: CMYK and wide colours by the file's own profile where it has one."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in {"RGB", "RGBA", "CMYK"}:
        return picture
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):  # a broken profile: the plain conversion does
        return picture
    return converted or picture


def _plain(picture: Image.Image, kind: str) -> Image.Image:
    """A new picture that holds the pixels and nothing else. JPEG knows no transparency: it stands on white."""
    if picture.mode.startswith("I"):  # sixteen bits of grey
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    if not has_alpha:
        clean = Image.new("RGB", picture.size)
        clean.paste(picture.convert("RGB"))
        return clean
    seen = picture.convert("RGBA")
    if kind == "JPEG":
        clean = Image.new("RGB", seen.size, "#FFFFFF")
        clean.paste(seen, mask=seen.getchannel("A"))
        return clean
    clean = Image.new("RGBA", seen.size)
    clean.paste(seen)
    return clean
