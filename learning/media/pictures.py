"""Uploaded pictures as pages show them: AVIF before WebP before JPEG, sizes made on the queue, never for a learner."""

from dataclasses import dataclass, field
from typing import Any

WIDTHS = (360, 720)
FORMATS = ("avif", "webp", "jpeg")
QUALITY = {"avif": "avifquality-50", "webp": "webpquality-70", "jpeg": "jpegquality-70"}
TYPES = {"avif": "image/avif", "webp": "image/webp"}
BASE_FILTER = f"width-720|format-webp|{QUALITY['webp']}"  # made when the picture is saved: there is always one


@dataclass(frozen=True)
class Source:
    """One <source> of a <picture>: its type and its srcset."""

    type: str
    srcset: str


@dataclass(frozen=True)
class Picture:
    """What is seen: an address for <img>, words for those who do not see it, pixels, marks in percent."""

    src: str
    alt: str
    width: int
    height: int
    marks: tuple[dict[str, str], ...]  # text with a point: a template would write a Vietnamese comma
    sources: tuple[Source, ...] = field(default=())
    srcset: str = ""
    drawn: str = ""  # an SVG that stands in the page, marks included; then `src` is not asked for


def filters() -> list[str]:
    """The Wagtail filter of every size and format."""
    return [f"width-{width}|format-{kind}|{QUALITY[kind]}" for kind in FORMATS for width in WIDTHS]


def picture_of_image(image: Any, marks: Any) -> Picture | None:
    """A picture from an ImageBlock's value with its marks. Uses only sizes that exist and makes none.

    None without any size: upload form and publication make the base size, so that only a lost file has none.
    """
    made = {row.filter_spec: row for row in image.renditions.all()}
    alt = getattr(image, "contextual_alt_text", None) or image.default_alt_text
    sets: dict[str, list[Any]] = {}
    for kind in FORMATS:
        rows = [made.get(f"width-{width}|format-{kind}|{QUALITY[kind]}") for width in WIDTHS]
        sets[kind] = [row for row in rows if row is not None]
    base = sets["jpeg"][-1] if sets["jpeg"] else made.get(BASE_FILTER)
    if base is None:
        return None
    return Picture(
        src=base.url,
        alt="" if getattr(image, "decorative", False) else alt,
        width=base.width,
        height=base.height,
        marks=tuple({"x": str(mark["x"]), "y": str(mark["y"])} for mark in marks),
        sources=tuple(Source(TYPES[kind], _srcset(sets[kind])) for kind in ("avif", "webp") if sets[kind]),
        srcset=_srcset(sets["jpeg"]),
    )


def _srcset(rows: list[Any]) -> str:
    return ", ".join(f"{row.url} {row.width}w" for row in rows)


def make_base(image: Any) -> Any:
    """The one size that is always there, made when a picture is uploaded (a tenth of a second). Its rendition."""
    return image.get_rendition(BASE_FILTER)


def make_sizes(image: Any) -> None:
    """Every size and format of a picture; those that exist are kept. For the queue: AVIF takes a second."""
    image.get_renditions(*filters())
