"""Uploaded pictures: nothing of the camera stays, not even in originals; words for the blind are required."""

import io
from typing import Any

import pytest
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.images.forms import get_image_form

from learning.media.images import LessonImage
from tests.learning.conftest import Tree


def photo(kind: str = "JPEG", size: tuple[int, int] = (300, 200)) -> bytes:
    """A picture with a camera's name, an orientation and a place in its EXIF data."""
    exif = Image.Exif()
    exif[0x010F] = "Camera of somebody"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (11.0, 45.0, 30.0)
    out = io.BytesIO()
    Image.new("RGB", size, "#0A5A54").save(out, kind, exif=exif)
    return out.getvalue()


def stored(image: LessonImage) -> Any:
    with image.file.open("rb") as file:
        return Image.open(io.BytesIO(file.read()))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_original_carries_no_metadata(tree: Tree, kind: str) -> None:
    image = LessonImage(title="x", alt_text="x", file=ImageFile(io.BytesIO(photo(kind)), name=f"x.{kind.lower()}"))
    image.save()
    picture = stored(image)
    assert not dict(picture.getexif())
    assert not picture.info.get("exif")
    assert picture.size == (200, 300) == (image.width, image.height)  # set upright before the sign was dropped


def test_the_editors_form_redraws_too(tree: Tree) -> None:
    form = get_image_form(LessonImage)(
        {"title": "Màn hình", "alt_text": "Màn hình điện thoại", "collection": "1", "tags": ""},
        {"file": SimpleUploadedFile("x.jpg", photo(size=(4200, 1400)), "image/jpeg")},
    )
    form.fields.pop("collection", None)
    assert form.is_valid(), form.errors
    image = form.save()
    assert not dict(stored(image).getexif())
    assert max(image.width, image.height) == 2000
    assert image.file_size == image.file.size


def test_words_for_the_picture_are_required(tree: Tree) -> None:
    form = get_image_form(LessonImage)(
        {"title": "x", "alt_text": ""}, {"file": SimpleUploadedFile("x.png", photo("PNG"), "image/png")}
    )
    assert "alt_text" in form.errors


def test_what_is_no_picture_is_refused(tree: Tree) -> None:
    form = get_image_form(LessonImage)(
        {"title": "x", "alt_text": "x"}, {"file": SimpleUploadedFile("x.jpg", b"<script>", "image/jpeg")}
    )
    assert "file" in form.errors
