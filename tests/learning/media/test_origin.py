"""Where a screenshot comes from: app and version, kind of phone, day; and what a new version of the app does."""

import io
import json
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image as Pillow
from wagtail.images.forms import get_image_form

from learning.media.images import LessonImage
from learning.models import AppVersion, LessonPage
from learning.reference.actions import app_version_changed
from tests.factories.people import make_user
from tests.factories.practice import make_image, make_practice_lesson, pictured


@pytest.fixture
def app(db: None) -> AppVersion:
    return AppVersion.objects.create(key="app-thu", name="VNeID", version="2.2")


def upload() -> SimpleUploadedFile:
    out = io.BytesIO()
    Pillow.new("RGB", (200, 300), "#CCD").save(out, "PNG")
    return SimpleUploadedFile("man-hinh.png", out.getvalue(), content_type="image/png")


def saved(image: LessonImage | None, app: AppVersion | None, file: bool = True, **more: Any) -> LessonImage:
    data = {"title": "Màn hình", "alt_text": "Màn hình chính", "app": app.pk if app else "", "tags": ""} | more
    form = get_image_form(LessonImage)(data, {"file": upload()} if file else {}, instance=image or LessonImage())
    form.fields.pop("collection", None)
    assert form.is_valid(), form.errors
    kept = form.save()
    return LessonImage.objects.get(pk=kept.pk)


def test_the_version_is_the_one_of_the_day_of_choosing(app: AppVersion) -> None:
    image = saved(None, app, phone="android", captured_on="2026-11-03")
    assert (image.app_version, image.phone, image.captured_on) == ("VNeID 2.2", "android", date(2026, 11, 3))
    AppVersion.objects.filter(pk=app.pk).update(version="2.3")
    app.refresh_from_db()
    assert saved(image, app, file=False, title="Tên khác").app_version == "VNeID 2.2"
    assert saved(image, app).app_version == "VNeID 2.3"  # another screenshot
    assert saved(image, None, file=False).app_version == ""


def test_the_words_stay_when_the_app_goes(app: AppVersion) -> None:
    image = saved(None, app)
    app.delete()
    image.refresh_from_db()
    assert (image.app, image.app_version) == (None, "VNeID 2.2")


def test_nothing_of_it_must_be_told(db: None) -> None:
    image = saved(None, None)
    assert (image.origin, str(image)) == ("", "Màn hình")


def test_who_chooses_a_picture_reads_where_it_comes_from(app: AppVersion, client: Client) -> None:
    image = make_image()
    image.app, image.app_version, image.phone, image.captured_on = app, "VNeID 2.2", "iphone", date(2026, 11, 3)
    image.save()
    assert str(image) == "Màn hình (VNeID 2.2, iPhone, 03/11/2026)"
    client.force_login(make_user(is_superuser=True))
    for layout in ("grid", "list"):
        html = client.get(reverse("wagtailimages_chooser:choose_results"), {"layout": layout}).content.decode()
        assert "VNeID 2.2, iPhone, 03/11/2026" in html
        assert reverse("wagtailimages_chooser:chosen", args=[image.pk]) in html
    chosen = client.get(reverse("wagtailimages_chooser:chosen", args=[image.pk])).json()["result"]
    assert chosen["title"] == str(image)


def test_a_new_version_marks_the_lessons_that_show_its_pictures(app: AppVersion) -> None:
    image, area = make_image(), {"x": 10, "y": 10, "w": 30, "h": 10}
    LessonImage.objects.filter(pk=image.pk).update(app=app)
    lesson = make_practice_lesson(rehearsal=[pictured("Bác chạm ô xanh.", image, area)])
    assert app_version_changed(app, by=None) == 1
    lesson.refresh_from_db()
    assert lesson.is_to_recheck
    assert "VNeID 2.2" in lesson.recheck_reason


def test_a_picture_of_another_app_marks_nothing(app: AppVersion) -> None:
    image, area = make_image(), {"x": 10, "y": 10, "w": 30, "h": 10}
    other = AppVersion.objects.create(key="app-khac", name="Khác", version="1")
    LessonImage.objects.filter(pk=image.pk).update(app=other)
    make_practice_lesson(rehearsal=[pictured("Bác chạm ô xanh.", image, area)])
    assert app_version_changed(app, by=None) == 0


def test_a_picture_that_only_the_draft_shows_counts_too(app: AppVersion) -> None:
    lesson = make_practice_lesson(rehearsal=())
    image = make_image()
    LessonImage.objects.filter(pk=image.pk).update(app=app)
    draft = LessonPage.objects.get(pk=lesson.pk)
    draft.rehearsal = json.dumps([pictured("Bác chạm.", image, {"x": 1, "y": 1, "w": 30, "h": 10})])
    draft.save_revision(clean=False)
    assert app_version_changed(app, by=None) == 1
    assert LessonPage.objects.get(pk=lesson.pk).is_to_recheck
