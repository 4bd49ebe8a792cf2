"""Bad pictures: each is refused with words at its field, or safely converted; nothing of the camera stays anywhere."""

import io
import re
import time
import zlib
from struct import pack
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageCms, PngImagePlugin
from wagtail.images.forms import get_image_form
from wagtail.models import Collection, GroupCollectionPermission, UploadedFile

from learning.media.images import LessonImage
from learning.media.pictures import BASE_FILTER, filters, make_sizes, picture_of_image
from learning.media.redraw import redraw
from project.accounts.models import User

TRACES = (b"Exif", b"http://ns.adobe.com/xap", b"Nokia", b"GPS", b"ICC_PROFILE", b"iCCP", b"tEXt", b"iTXt", b"eXIf")


def huge_png(side: int = 20_000, height: int = 10_000) -> bytes:
    """A one-colour PNG of `side` × `height` pixels in a few kB, made without ever holding it."""
    squeeze = zlib.compressobj(9)
    row = b"\0" + b"\0" * (side // 8)
    data = b"".join(squeeze.compress(row * 500) for _part in range(height // 500)) + squeeze.flush()

    def chunk(name: bytes, body: bytes) -> bytes:
        return pack(">I", len(body)) + name + body + pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", pack(">IIBBBBB", side, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def marked_jpeg() -> bytes:
    """A photograph that says everything: camera, place, XMP, a comment and a colour profile."""
    exif = Image.Exif()
    exif[0x010F] = "Nokia of somebody"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (11.0, 45.0, 30.0)
    out = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>GPS</x:xmpmeta>"
    picture = Image.new("RGB", (900, 600), "#0A5A54")
    picture.save(out, "JPEG", exif=exif, icc_profile=profile, comment=b"Nokia", xmp=xmp)
    return out.getvalue()


def form_for(data: bytes, name: str, **more: Any) -> Any:
    form = get_image_form(LessonImage)(
        {"title": "Màn hình", "alt_text": "Màn hình điện thoại", "tags": "", **more},
        {"file": SimpleUploadedFile(name, data)},
    )
    form.fields.pop("collection", None)
    return form


def saved(data: bytes, name: str) -> LessonImage:
    form = form_for(data, name)
    assert form.is_valid(), form.errors
    image: LessonImage = form.save()
    return image


def bytes_of(file: Any) -> bytes:
    with default_storage.open(file.name) as opened:
        return bytes(opened.read())


def test_it_refuses_200_megapixels_from_the_header(db: None) -> None:
    data = huge_png()
    assert len(data) < 100_000
    start = time.process_time()
    form = form_for(data, "lon.png")
    assert not form.is_valid()
    assert time.process_time() - start < 1.5  # unpacking it takes seconds and 200 MB at the least
    assert re.search(r"nhiều điểm ảnh|too many pixels", str(form.errors["file"]))


def test_it_refuses_what_pillow_only_warns_of(db: None) -> None:
    form = form_for(huge_png(12_000, 8_000), "lon.png")  # 96 megapixels: below Pillow's own limits
    assert not form.is_valid()
    assert "96" in str(form.errors["file"])


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + b"\0" * 200


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (SVG, "ve.svg"), (SVG, "ve.png"), (HEIC, "IMG_0001.HEIC"), (HEIC, "IMG_0001.jpg"), (b"<script>", "x.jpg"),
        (b"", "x.png"), (b"GIF89a" + b"\0" * 40, "x.gif"), (b"%PDF-1.7", "x.webp"),
    ],
)  # fmt: skip
def test_it_refuses_what_is_no_picture_for_a_lesson(db: None, data: bytes, name: str) -> None:
    form = form_for(data, name)
    assert not form.is_valid()
    assert set(form.errors) == {"file"}


def test_it_refuses_half_a_picture(db: None) -> None:
    data = marked_jpeg()
    form = form_for(data[: len(data) // 2], "nua.jpg")
    assert not form.is_valid()
    assert set(form.errors) == {"file"}


def test_it_turns_cmyk_into_what_phones_show(db: None) -> None:
    out = io.BytesIO()
    Image.new("CMYK", (300, 200), (0, 255, 255, 0)).save(out, "JPEG")
    image = saved(out.getvalue(), "in.jpg")
    with Image.open(io.BytesIO(bytes_of(image.file))) as picture:
        assert picture.mode == "RGB"
        red, green, blue = picture.getpixel((5, 5))  # type: ignore[misc]
    assert red > 200
    assert green < 60 > blue


def test_it_keeps_only_the_first_of_moving_pictures(db: None) -> None:
    frames = [Image.new("RGB", (90, 60), colour) for colour in ("#FF0000", "#0000FF")]
    for kind, name in (("WEBP", "dong.webp"), ("PNG", "dong.png")):
        out = io.BytesIO()
        frames[0].save(out, kind, save_all=True, append_images=frames[1:])
        with Image.open(io.BytesIO(bytes_of(saved(out.getvalue(), name).file))) as picture:
            assert getattr(picture, "n_frames", 1) == 1


def test_nothing_of_the_camera_stays_in_original_or_any_size(db: None) -> None:
    before = marked_jpeg()
    assert sum(trace in before for trace in TRACES) >= 4
    image = saved(before, "anh.jpg")
    make_sizes(image)
    files = [image.file, *(row.file for row in image.renditions.all())]
    assert len(files) == 1 + len(filters())  # the base size is one of them
    for file in files:
        data = bytes_of(file)
        assert [trace for trace in TRACES if trace in data] == [], file.name
        with Image.open(io.BytesIO(data)) as picture:
            assert not dict(picture.getexif())
            assert {"icc_profile", "xmp", "comment", "exif"} & set(picture.info) == set()


def test_words_written_into_a_png_go_too(db: None) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Nokia")
    info.add_itxt("XML:com.adobe.xmp", "GPS")
    out = io.BytesIO()
    Image.new("RGB", (90, 60)).save(out, "PNG", pnginfo=info)
    data = bytes_of(saved(out.getvalue(), "x.png").file)
    assert not [trace for trace in TRACES if trace in data]


def test_a_picture_with_a_wrong_ending_gets_the_right_one(db: None) -> None:
    out = io.BytesIO()
    Image.new("RGB", (90, 60)).save(out, "PNG")
    assert saved(out.getvalue(), "man hinh.JPG").file.name.endswith(".png")


def test_a_long_file_name_is_cut_and_a_number_in_it_goes(db: None) -> None:
    image = saved(marked_jpeg(), "Ảnh màn hình " * 30 + ".jpg")
    assert len(image.file.name) <= 100
    assert "anh-man-hinh" in image.file.name
    image = saved(marked_jpeg(), "cccd_001200012345.jpg")
    assert "001200012345" not in image.file.name


@pytest.mark.parametrize("field", ["title", "alt_text"])
def test_a_number_of_a_person_in_the_words_is_refused(db: None, field: str) -> None:
    form = form_for(marked_jpeg(), "x.jpg", **{field: "CCCD 001200012345"})
    assert not form.is_valid()
    assert set(form.errors) == {field}


def test_a_picture_without_a_title_is_called_by_what_it_shows(db: None) -> None:
    form = form_for(marked_jpeg(), "x.jpg", title="")
    assert form.is_valid(), form.errors
    assert form.save().title == "Màn hình điện thoại"


def test_a_title_of_300_letters_is_refused_at_its_field(db: None) -> None:
    form = form_for(marked_jpeg(), "x.jpg", title="a" * 300)
    assert set(form.errors) == {"title"}


def test_a_large_upload_in_a_file_of_its_own_is_redrawn_too(db: None) -> None:
    upload = TemporaryUploadedFile("x.jpg", "image/jpeg", 0, None)
    upload.write(marked_jpeg())
    upload.size = upload.tell()
    upload.seek(0)
    form = get_image_form(LessonImage)({"title": "x", "alt_text": "x", "tags": ""}, {"file": upload})
    form.fields.pop("collection", None)
    assert form.is_valid(), form.errors
    assert not [trace for trace in TRACES if trace in bytes_of(form.save().file)]


def test_several_at_once_are_redrawn_and_their_waiting_files_too(db: None, client: Client) -> None:
    user = User.objects.create(name="Người soạn", email="anh@example.org")
    group = Group.objects.create(name="Ảnh")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    permission = Permission.objects.get(content_type__app_label="wagtailimages", codename="add_image")
    GroupCollectionPermission.objects.create(group=group, collection=root, permission=permission)
    user.groups.add(group)
    client.force_login(user)
    upload = SimpleUploadedFile("x.jpg", marked_jpeg(), "image/jpeg")
    answer = client.post(reverse("wagtailimages:add_multiple"), {"files[]": upload, "title": "x.jpg"}).json()
    assert answer["success"], answer
    waiting = UploadedFile.objects.get()
    assert not [trace for trace in TRACES if trace in bytes_of(waiting.file)]
    prefix = f"uploaded-image-{waiting.pk}"
    done = client.post(
        reverse("wagtailimages:create_multiple_from_uploaded_image", args=[waiting.pk]),
        {f"{prefix}-title": "Màn hình", f"{prefix}-alt_text": "Màn hình", f"{prefix}-tags": ""},
    ).json()
    assert done["success"], done
    assert not [trace for trace in TRACES if trace in bytes_of(LessonImage.objects.get().file)]


def test_code_that_assigns_or_saves_a_file_is_held_to_the_same(db: None) -> None:
    image = LessonImage(title="x", alt_text="x")
    image.file.save("x.jpg", ContentFile(marked_jpeg()), save=False)
    image.save()
    assert not [trace for trace in TRACES if trace in bytes_of(image.file)]
    with pytest.raises(ValidationError):
        LessonImage(title="x", alt_text="x", file=ContentFile(SVG, name="x.svg"))


def test_a_learner_never_waits_for_a_size(db: None) -> None:
    image = saved(marked_jpeg(), "x.jpg")
    assert [row.filter_spec for row in image.renditions.all()] == [BASE_FILTER]  # made with the upload
    shown = picture_of_image(image, [{"x": 10, "y": 20}])
    assert shown is not None
    assert shown.src.endswith(".webp")
    image.renditions.all().delete()
    assert picture_of_image(image, []) is None  # lost files show no picture; nothing is drawn in a request
    assert not image.renditions.exists()


def test_sixteen_bits_of_grey_stay_grey() -> None:
    out = io.BytesIO()
    Image.new("I;16", (30, 20), 40_000).save(out, "PNG")
    with Image.open(io.BytesIO(redraw(out.getvalue()).data)) as picture:
        assert picture.getpixel((3, 3)) == (156, 156, 156)
