"""A topic on a memory card, a lesson for the loudspeaker: whole, silent towards the outside, always the same bytes."""

import io
import re
import zipfile
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import translation

from learning.lessons.models import LessonPage
from learning.lessons.tree import TopicPage
from learning.offline import tasks
from learning.offline.actions import clear_packs, steady
from learning.offline.bundle import bundle, size_words
from learning.offline.loudspeaker import loudspeaker
from learning.offline.models import PackFile
from learning.offline.queries import kept_bytes, loudspeaker_pack, loudspeaker_packs, topic_pack
from learning.serving import stamps
from learning.voice import mp3
from learning.voice.models import MachineVoice
from tests.learning.conftest import LESSON, Tree


@pytest.fixture
def spoken(tree: Tree, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """Every text has a voice of half a second; stamps are this test's own."""
    settings.STAMPS_DIR = tmp_path / "stamps"
    monkeypatch.setattr(tasks, "BREATH", 0)
    monkeypatch.setattr("learning.lessons.tasks.BREATH", 0)
    sound = mp3.encode(mp3.pause(0.5))
    quiet = mp3.frames(mp3.encode(mp3.pause(0.1)))[-1]
    for voice in MachineVoice.objects.all():
        name = f"voices/{voice.key}.mp3"
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(sound + quiet * (int(voice.key[:2], 16) % 7)))  # told apart
        voice.file, voice.state, voice.size = name, "ready", len(sound)
        voice.save()
    return tree


def topic_of(tree: Tree) -> TopicPage:
    """The main lesson's topic."""
    topic: TopicPage = tree.vi.get_parent().specific
    return topic


def lessons_of(topic: TopicPage) -> list[LessonPage]:
    return list(LessonPage.objects.live().child_of(topic).select_related("locale"))


class Links(HTMLParser):
    """Every address of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"script", "iframe", "form", "link"}
        self.found += [value or "" for name, value in attrs if name in {"href", "src", "srcset", "action"}]


# The ZIP ----------------------------------------------------------------------------------------------------------


def test_a_topic_opens_without_any_network(spoken: Tree) -> None:
    topic = topic_of(spoken)
    lessons = lessons_of(topic)
    made = bundle(topic, lessons)
    assert made is not None
    assert re.fullmatch(r"vneid-vi-[0-9a-f]{8}\.zip", made.name)
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        assert all(name.startswith("vneid-vi/") for name in names)
        pages = [name for name in names if name.endswith(".html")]
        assert len(pages) == 1 + len(lessons)
        used = set()
        for name in pages:
            html = archive.read(name).decode()
            assert "http:" not in html.replace("http://www.w3.org/2000/svg", "")
            assert "https:" not in html
            for link in Links(html).found:
                if not link.startswith(("data:image/svg+xml", "#")):
                    assert f"vneid-vi/{link}" in names, (name, link)
                    used.add(f"vneid-vi/{link}")
        assert {name for name in names if name.startswith("vneid-vi/tieng/")} == {
            name for name in used if "/tieng/" in name
        }
        page = next(name for name in pages if "kich-hoat-vneid-muc-2" in name)
        html = archive.read(page).decode()
        assert html.count('class="step"') == len(spoken.vi.steps)
        assert html.count("<figure") == html.count("<svg class='drawn'") == len(spoken.vi.steps)
        assert html.count("<audio controls") >= len(spoken.vi.steps)
        for step in spoken.vi.all_steps():
            assert step.text in html
        assert len([name for name in names if name.startswith("vneid-vi/loa/")]) == len(lessons)


def test_the_first_file_tells_vietnamese_people_what_to_do(spoken: Tree) -> None:
    for page in (spoken.vi, spoken.en):
        topic = page.get_parent().specific
        made = bundle(topic, lessons_of(topic))
        assert made is not None
        with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
            names = archive.namelist()
            text = archive.read(next(name for name in names if name.endswith("README.txt"))).decode("utf-8-sig")
        assert "Mở tệp index.html" in text
        assert "\r\n" in text
        assert "&" not in text
        assert "{" not in text


def test_the_same_lessons_give_the_same_bytes(spoken: Tree) -> None:
    topic = topic_of(spoken)
    first, second = (bundle(topic, lessons_of(topic)) for _time in range(2))
    assert first == second


def test_a_topic_without_lessons_has_none(spoken: Tree) -> None:
    assert bundle(topic_of(spoken), []) is None


# The loudspeaker --------------------------------------------------------------------------------------------------


def test_the_loudspeaker_says_the_title_and_every_step_with_pauses(spoken: Tree) -> None:
    sound = loudspeaker(spoken.vi)
    assert sound is not None
    steps = len(spoken.vi.steps)
    assert mp3.seconds_of(sound) == pytest.approx(3 + 0.55 + steps * (0.55 + 2.5), rel=0.1)


def test_half_a_lesson_is_not_sent_over_a_village(spoken: Tree) -> None:
    default_storage.delete(spoken.vi.step(2).voice_url.removeprefix("/media/"))
    assert loudspeaker(spoken.vi) is None


def test_a_recording_of_another_kind_fits_in(spoken: Tree) -> None:
    import numpy
    import soundfile

    file = io.BytesIO()
    soundfile.write(file, numpy.random.default_rng(1).normal(0, 0.1, 44_100 * 2), 44_100, format="MP3")
    name = spoken.vi.step(2).voice_url.removeprefix("/media/")
    before = loudspeaker(spoken.vi)
    default_storage.delete(name)
    default_storage.save(name, ContentFile(file.getvalue()))
    after = loudspeaker(spoken.vi)
    assert before is not None
    assert after is not None
    assert mp3.seconds_of(after) == pytest.approx(mp3.seconds_of(before) + 1.5, abs=0.2)


# The queue --------------------------------------------------------------------------------------------------------


def test_packs_are_made_and_shown_and_old_ones_go(spoken: Tree, client: Client) -> None:
    topic = topic_of(spoken)
    assert topic_pack(topic) is None
    assert tasks.make_packs()
    pack = topic_pack(topic)
    assert pack is not None
    html = client.get(topic.url).content.decode()
    assert f'href="{pack.url}" download' in html
    assert f"({size_words(pack.bytes)})" in html
    sounds = loudspeaker_packs(topic)
    assert [lesson.pk for lesson, _sound in sounds] == [lesson.pk for lesson in lessons_of(topic)]
    sound = loudspeaker_pack(spoken.vi)
    assert sound is not None
    assert sound.url in html
    assert default_storage.size(pack.url.removeprefix("/media/")) == pack.bytes
    spoken.vi.closing = "Chúc bác khoẻ."
    spoken.vi.save_revision().publish()
    stamps._write({stamps.name_of(LESSON): "later"})  # what the commit would do
    assert tasks.make_packs()
    newer = topic_pack(topic)
    assert newer is not None
    assert newer.url != pack.url
    assert not default_storage.exists(pack.url.removeprefix("/media/"))
    assert loudspeaker_pack(spoken.vi) == sound  # its words are the same: so is the file


def test_a_phone_learns_the_size_before_it_downloads(spoken: Tree, client: Client) -> None:
    assert 'data-bytes="0"' in client.get(LESSON).content.decode()
    tasks.make_packs()
    told = client.get(LESSON + "goi.json").json()
    weight = kept_bytes(spoken.vi)
    assert weight % 10_000 == 0
    assert weight == pytest.approx(told["bytes"] + told["voice_bytes"], abs=15_000)
    assert f'data-bytes="{weight}"' in client.get(LESSON).content.decode()


def test_the_size_on_the_cover_does_not_chase_itself() -> None:
    assert steady(0, 123_456) == 130_000
    assert steady(130_000, 116_000) == 130_000
    assert steady(130_000, 144_999) == 130_000
    assert steady(130_000, 200_001) == 210_000


def test_what_is_not_published_any_more_is_carried_no_more(spoken: Tree) -> None:
    topic = topic_of(spoken)
    tasks.make_packs()
    files = set(PackFile.objects.exclude(file="").values_list("file", flat=True))
    for lesson in lessons_of(topic):
        lesson.unpublish()
    stamps._write({stamps.SITE: "later"})
    tasks.make_packs()
    assert topic_pack(topic) is None
    left = set(PackFile.objects.exclude(file="").values_list("file", flat=True))
    assert left < files
    assert not any(default_storage.exists(name) for name in files - left)


def test_files_that_no_row_names_are_cleared_away(spoken: Tree) -> None:
    default_storage.save("packs/vneid-vi-00000000.zip", ContentFile(b"old"))
    assert clear_packs() >= 1
    assert not default_storage.exists("packs/vneid-vi-00000000.zip")


def test_the_sweep_waits_for_voices_and_for_a_quiet_minute(spoken: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[float] = []
    monkeypatch.setattr(tasks, "make_packs", lambda until: not calls.append(until))
    waiting = MachineVoice.objects.first()
    assert waiting is not None
    MachineVoice.objects.filter(pk=waiting.pk).update(state="waiting")
    for _minute in range(3):
        tasks.sweep_packs.call_local()
    assert calls == []
    MachineVoice.objects.filter(pk=waiting.pk).update(state="ready")
    tasks.sweep_packs.call_local()
    assert calls == []  # seen; somebody may still be publishing
    stamps._write({stamps.ANY: "1"})
    tasks.sweep_packs.call_local()
    assert calls == []
    for _minute in range(3):
        tasks.sweep_packs.call_local()
    assert len(calls) == 1  # then nothing until something moves
    cache.clear()


def test_work_that_takes_long_goes_on_next_minute(spoken: Tree) -> None:
    assert not tasks.make_packs(until=0)
    assert PackFile.objects.count() == 1
    assert not tasks.make_packs(until=0)
    assert PackFile.objects.count() == 2


def test_private_lessons_are_not_carried(spoken: Tree) -> None:
    from wagtail.models import PageViewRestriction

    PageViewRestriction.objects.create(page=topic_of(spoken), restriction_type="login")
    tasks.make_packs()
    assert topic_pack(topic_of(spoken)) is None
    assert loudspeaker_pack(spoken.vi) is None


@pytest.mark.parametrize(
    ("size", "vi", "en"),
    [
        (1, "0,1 MB", "0.1 MB"),
        (612_345, "0,6 MB", "0.6 MB"),
        (1_960_000, "2,0 MB", "2.0 MB"),
        (31_500_000, "32 MB", "32 MB"),
    ],
)
def test_sizes_are_words(size: int, vi: str, en: str) -> None:
    for language, words in (("vi", vi), ("en", en)):
        with translation.override(language):
            assert size_words(size) == words
