"""A step as learners see it: iPhone twin, do and do not, words explained, official link, voices in other tongues."""

import json
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from learning.lessons.models import LessonPage
from learning.media.audio import LessonAudio
from learning.reference.models import GlossaryTerm
from learning.seeding.streams import NO_PICTURE
from learning.voice.models import MachineVoice, voice_key
from tests.learning.conftest import LESSON, SAFETY, Tree


def change_first_step(page: LessonPage, **values: Any) -> LessonPage:
    """The lesson published with other values in its first step."""
    raw = list(page.steps.raw_data)
    raw[0] = raw[0] | {"value": raw[0]["value"] | values}
    page.steps = json.dumps(raw)
    page.save_revision().publish()
    return LessonPage.objects.get(pk=page.pk)


def html(client: Client, query: str = "buoc=1") -> str:
    response = client.get(f"{LESSON}?{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_a_step_has_its_iphone_twin(tree: Tree, client: Client) -> None:
    screen = {"title": "App Store", "rows": [{"kind": "button", "text": "Nhận", "marked": True}]}
    iphone = {"text": "Bác chạm «Nhận».", "screen": screen, "image": NO_PICTURE, "marks": []}
    change_first_step(tree.vi, iphone=iphone)
    android, apple = html(client), html(client, "buoc=1&may=iphone")
    assert 'href="?buoc=1&amp;may=iphone"' in android
    assert "Bác chạm «Nhận»." not in android
    assert "Bác chạm «Nhận»." in apple
    assert "App Store" in apple
    assert 'href="?buoc=2&amp;may=iphone"' in apple  # the choice goes along


def test_a_step_without_a_twin_offers_no_switch(tree: Tree, client: Client) -> None:
    nothing = {"text": "", "screen": {"title": "", "rows": []}, "image": NO_PICTURE, "marks": []}
    change_first_step(tree.vi, iphone=nothing)
    assert "may=iphone" not in html(client)


def test_do_dont_terms_and_link_stand_on_the_step(tree: Tree, client: Client) -> None:
    term = GlossaryTerm.objects.get(key="otp")
    change_first_step(
        tree.vi, do=["Cầm máy của mình"], dont=["Đọc mã cho ai"], terms=[term.pk],
        link={"url": "https://dichvucong.gov.vn/", "label": "Mở Cổng"},
    )  # fmt: skip
    page = html(client)
    for words in ("Cầm máy của mình", "Đọc mã cho ai", term.meaning_vi, "Mở Cổng", "dichvucong.gov.vn"):
        assert words in page, words
    assert 'rel="noopener"' in page


def test_only_official_addresses_are_taken(tree: Tree) -> None:
    from wagtail.blocks import StructBlockValidationError

    from learning.lessons.blocks import LinkBlock

    for address in ("https://dichvucong.bvgov.com/", "http://dichvucong.gov.vn/", "https://gov.vn.example.com/"):
        block = LinkBlock()
        with pytest.raises(StructBlockValidationError):
            block.clean(block.to_python({"url": address, "label": "x"}))


def test_another_tongue_is_offered_as_a_marked_sample(tree: Tree, client: Client) -> None:
    page = LessonPage.objects.get(slug="ba-dieu-khong-noi-cho-ai", locale__language_code="vi")
    track = next(track for block in page.steps for track in block.value["tracks"])
    place = next(n for n, block in enumerate(page.steps, 1) if block.value["tracks"])
    before = client.get(f"{SAFETY}?buoc={place}").content.decode()
    assert "Quảng Đông" not in before
    name = default_storage.save("voices/x.mp3", ContentFile(b"x"))
    MachineVoice.objects.filter(key=voice_key(track["language"], track["says"])).update(state="ready", file=name)
    after = client.get(f"{SAFETY}?buoc={place}").content.decode()
    assert "Quảng Đông" in after
    assert "người bản ngữ" in after


def test_a_recorded_voice_goes_before_the_machines(tree: Tree, client: Client) -> None:
    name = default_storage.save("media/recorded.mp3", ContentFile(b"x"))
    audio = LessonAudio(title="Bước 1", language="vi", duration=4, type="audio")
    audio.file.name = name
    LessonAudio.objects.bulk_create([audio])
    audio = LessonAudio.objects.get(title="Bước 1")
    text = tree.vi.steps[0].value["text"]
    MachineVoice.objects.filter(key=voice_key("vi", text)).update(state="ready", file="voices/machine.mp3")
    assert "voices/machine.mp3" in html(client)
    change_first_step(tree.vi, voices=[audio.pk])
    page = html(client)
    assert "media/recorded.mp3" in page
    assert "voices/machine.mp3" not in page


def test_preparing_one_step_leaves_the_others_alone(tree: Tree, django_assert_num_queries: Any) -> None:
    page = LessonPage.objects.select_related("locale").get(pk=tree.vi.pk)
    with django_assert_num_queries(2):  # the step's glossary terms, and its voices
        step = page.step(2)
    assert step.number == 2
    with pytest.raises(IndexError):
        page.step(0)
    with pytest.raises(IndexError):
        page.step(99)
