"""A volunteer reads a step aloud: the page, what it asks, what it tells, and whose recordings it shows."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from learning.models import LessonPage, VoiceOffer
from tests.cast import Cast
from tests.factories.practice import make_practice_lesson

SCRIPT = Path(__file__).resolve().parents[3] / "volunteers/static/volunteers/record_voice.js"


@pytest.fixture
def lesson(cast: Cast) -> LessonPage:
    return make_practice_lesson(rehearsal=())


@pytest.fixture
def tung(client: Client, cast: Cast) -> Client:
    client.force_login(cast.tung)
    return client


def address(lesson: LessonPage, step: int = 1) -> str:
    return f"{reverse('field:record_voice', args=[lesson.number])}?buoc={step}"


def recording(name: str = "thu.wav", data: bytes = b"") -> SimpleUploadedFile:
    import numpy
    import soundfile

    out = io.BytesIO()
    soundfile.write(out, 0.2 * numpy.sin(numpy.arange(33_000) / 9), 22_050, format="WAV")
    return SimpleUploadedFile(name, data or out.getvalue())


def filled(lesson: LessonPage, number: int = 1, **more: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "step": str(lesson.steps[number - 1].id),
        "language": "rad",
        "region": "Đắk Lắk",
        "agree": "on",
    }
    return base | {"file": recording()} | more


def test_the_page_shows_the_words_and_says_what_it_is_for(tung: Client, lesson: LessonPage) -> None:
    html = tung.get(address(lesson, 2)).content.decode()
    for words in ("Bác làm việc số 2.", "công khai", "Không ghi tên", "chậm", "Tôi đồng ý cho dùng giọng này"):
        assert words in html
    assert re.search(r'<section[^>]+data-recorder hidden[^>]+data-most="20"', html)
    assert 'type="file"' in html
    assert 'rel="prev" href="?buoc=1"' in html
    for odd in ("0", "99", "x", "²", ""):
        assert tung.get(address(lesson).partition("?")[0], {"buoc": odd}).status_code == 200


def test_a_lesson_that_is_not_there(tung: Client, lesson: LessonPage) -> None:
    assert tung.get(reverse("field:record_voice", args=[99])).status_code == 404


def test_the_companion_leads_here(tung: Client, lesson: LessonPage) -> None:
    html = tung.get(f"{reverse('field:companion', args=[lesson.number])}?buoc=2").content.decode()
    assert address(lesson, 2) in html


def test_a_recording_is_offered_and_listed(tung: Client, cast: Cast, lesson: LessonPage) -> None:
    answer = tung.post(address(lesson, 2), filled(lesson, 2))
    assert (answer.status_code, answer["Location"]) == (302, address(lesson, 2))
    offer = VoiceOffer.objects.get()
    assert (offer.number, offer.step, offer.language, offer.region) == (
        lesson.number, str(lesson.steps[1].id), "rad", "Đắk Lắk",
    )  # fmt: skip
    assert offer.offered_by == cast.tung
    html = tung.get(address(lesson, 2)).content.decode()
    assert "chờ biên tập viên nghe" in html
    assert reverse("field:own_voice", args=[offer.pk]) in html
    played = tung.get(reverse("field:own_voice", args=[offer.pk]))
    assert (played.status_code, played["Content-Type"]) == (200, "audio/mpeg")
    assert "no-store" in played["Cache-Control"]


def test_language_and_region_are_remembered(tung: Client, lesson: LessonPage) -> None:
    assert '<option value="rad" selected' not in tung.get(address(lesson)).content.decode()
    tung.post(address(lesson), filled(lesson))
    html = tung.get(address(lesson, 2)).content.decode()
    assert '<option value="rad" selected' in html
    assert 'value="Đắk Lắk"' in html


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"agree": ""}, "Bạn chưa đồng ý"), ({"file": ""}, "Chưa có bản ghi nào"),
        ({"language": ""}, "errorlist"), ({"language": "en"}, "errorlist"),
        ({"region": "gọi 0912345678"}, "errorlist"), ({"region": "a" * 25}, "errorlist"),
        ({"file": recording("x.m4a", b"\0\0\0\x20ftypM4A " + b"\0" * 200)}, "M4A"),
        ({"file": recording("x.mp3", b"no sound" * 40)}, "errorlist"),
        ({"step": "gone"}, "không còn"),  # the lesson has changed since
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_place(tung: Client, lesson: LessonPage, more: dict[str, Any], words: str) -> None:
    answer = tung.post(address(lesson), filled(lesson, **more))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Chưa gửi được" in html
    assert words in html
    assert not VoiceOffer.objects.exists()


def test_a_recording_is_for_the_step_that_was_read(tung: Client, lesson: LessonPage) -> None:
    """The step's own id decides, whatever number it has by now."""
    tung.post(address(lesson, 1), filled(lesson, 2))
    assert VoiceOffer.objects.get().step == str(lesson.steps[1].id)


def test_it_is_taken_back_by_its_owner_only(tung: Client, cast: Cast, lesson: LessonPage) -> None:
    tung.post(address(lesson), filled(lesson))
    pk = VoiceOffer.objects.get().pk
    other = Client()
    other.force_login(cast.son)
    other.post(address(lesson), {"back": pk})
    assert VoiceOffer.objects.exists()
    assert other.get(reverse("field:own_voice", args=[pk])).status_code == 404
    assert "Đắk Lắk" not in other.get(address(lesson)).content.decode().partition("own-head")[2]
    for odd in ("x", "²", "-1", "9" * 30):
        tung.post(address(lesson), {"back": odd})
    assert VoiceOffer.objects.exists()
    tung.post(address(lesson), {"back": pk})
    assert not VoiceOffer.objects.exists()


def test_anonymous_people_go_to_the_sign_in_page(client: Client, lesson: LessonPage) -> None:
    assert client.get(address(lesson)).status_code == 302
    assert client.post(address(lesson), filled(lesson)).status_code == 302
    assert not VoiceOffer.objects.exists()


def test_the_microphone_is_not_forbidden_and_own_sounds_may_play(tung: Client, lesson: LessonPage) -> None:
    answer = tung.get(address(lesson))
    assert "microphone=()" not in answer.get("Permissions-Policy", "")
    assert "media-src 'self' blob:" in answer["Content-Security-Policy"]


def test_the_script_is_small_and_has_no_sentence() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(text.encode()) <= 4096
    assert not re.search(r"[À-ỹ]", re.sub(r"//.*", "", text))
