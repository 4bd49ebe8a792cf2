"""goi.json: everything that one lesson needs, exactly as a phone will get it, and no heavier than it may be."""

import gzip
import hashlib
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from learning.lessons.models import LessonPage
from learning.offline.files import bytes_at
from learning.offline.parts import parts_of
from learning.voice.espeak import Espeak
from learning.voice.models import MachineVoice
from tests.learning.conftest import LESSON, Tree


def speak_all(size: int = 24_000) -> None:
    """Every asked voice has a file."""
    for voice in MachineVoice.objects.exclude(state="ready"):
        voice.file = default_storage.save(f"voices/{voice.key}.mp3", ContentFile(voice.key.encode().ljust(size, b"\0")))
        voice.state, voice.size = "ready", size
        voice.save()


@pytest.fixture
def pack(tree: Tree, client: Client) -> dict[str, Any]:
    """The main lesson's pack, with voices."""
    speak_all()
    answer = client.get(LESSON + "goi.json")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def test_it_names_the_lesson(tree: Tree, pack: dict[str, Any]) -> None:
    assert (pack["number"], pack["title"], pack["language"], pack["url"]) == (
        tree.vi.number, tree.vi.title, "vi", LESSON,
    )  # fmt: skip


def test_it_names_every_screen_once_in_walking_order(tree: Tree, pack: dict[str, Any]) -> None:
    lesson = tree.vi
    urls = [entry["url"] for entry in pack["pages"]]
    assert len(set(urls)) == len(urls)
    assert urls[0] == LESSON
    assert urls[-2:] == [f"{LESSON}?buoc=xong", "/bai-hoc/khong-mang/"]
    variants = [step.number for step in lesson.all_steps() if step.has_variant]
    expected = {f"{LESSON}?buoc={number}" for number in range(1, len(lesson.steps) + 1)}
    expected |= {f"{LESSON}?buoc={number}&may=iphone" for number in variants}
    expected |= {f"{LESSON}?thu={number}" for number in range(1, len(lesson.rehearsal) + 1)}
    expected |= {f"{LESSON}?cau={number}" for number in range(1, len(lesson.quiz) + 1)}
    assert set(urls[1:-2]) == expected
    assert len(lesson.rehearsal) > 0
    assert len(lesson.quiz) > 0
    assert variants


def test_sizes_and_hashes_are_those_of_the_served_pages_and_files(client: Client, pack: dict[str, Any]) -> None:
    for entry in pack["pages"]:
        answer = client.get(entry["url"], headers={"accept-encoding": "gzip"})
        assert len(answer.content) == entry["bytes"], entry["url"]
        assert hashlib.sha256(gzip.decompress(answer.content)).hexdigest() == entry["sha256"]
    for entry in pack["files"]:
        body = bytes_at(entry["url"])
        assert body is not None
        assert hashlib.sha256(body).hexdigest() == entry["sha256"]
        assert entry["bytes"] == (len(body) if entry["kind"] == "voice" else len(gzip.compress(body, 6, mtime=0)))
    assert pack["bytes"] + pack["voice_bytes"] == sum(entry["bytes"] for entry in (*pack["pages"], *pack["files"]))
    assert pack["voice_bytes"] == sum(entry["bytes"] for entry in pack["files"] if entry["kind"] == "voice")


def test_everything_that_the_pages_point_to_is_in_it(client: Client, pack: dict[str, Any]) -> None:
    held = {entry["url"] for entry in pack["files"]}
    needed = {part.url for entry in pack["pages"] for part in parts_of(client.get(entry["url"]).content.decode())}
    assert needed == held
    kinds = [entry["kind"] for entry in pack["files"]]
    assert kinds.count("script") >= 3
    assert kinds.count("voice") > 20


def test_the_version_changes_with_the_words_and_only_then(tree: Tree, client: Client, pack: dict[str, Any]) -> None:
    assert client.get(LESSON + "goi.json").json()["version"] == pack["version"]
    tree.vi.closing = "Chúc bác khoẻ."
    tree.vi.save_revision().publish()
    assert client.get(LESSON + "goi.json").json()["version"] != pack["version"]


def test_a_lost_voice_is_left_out(client: Client, pack: dict[str, Any]) -> None:
    lost = next(entry["url"] for entry in pack["files"] if entry["kind"] == "voice")
    default_storage.delete(lost.removeprefix("/media/"))
    after = client.get(LESSON + "goi.json").json()
    assert lost not in {entry["url"] for entry in after["files"]}
    assert after["version"] != pack["version"]


def test_the_english_twin_has_a_pack_of_its_own(tree: Tree, client: Client) -> None:
    told = client.get(f"/en{LESSON}goi.json").json()
    assert (told["language"], told["url"]) == ("en", f"/en{LESSON}")
    assert all(entry["url"].startswith("/en/bai-hoc/") for entry in told["pages"])


def test_only_published_lessons_have_one(tree: Tree, client: Client) -> None:
    assert client.get("/bai-hoc/vneid/khong-co/goi.json").status_code == 404
    assert client.get("/bai-hoc/tranh-bi-lua/kich-hoat-vneid-muc-2/goi.json").status_code == 404
    tree.vi.unpublish()
    assert client.get(LESSON + "goi.json").status_code == 404


def test_it_is_asked_for_anew_and_sets_no_cookie(client: Client, pack: dict[str, Any]) -> None:
    answer = client.get(LESSON + "goi.json")
    assert answer["Cache-Control"] == "no-cache"
    assert not answer.cookies
    again = client.get(LESSON + "goi.json", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_shipped_lessons_are_light_enough_to_keep(tree: Tree, client: Client) -> None:
    pages = list(LessonPage.objects.live().select_related("locale"))
    assert len(pages) >= 4
    for page in pages:
        told = client.get(f"{page.address}goi.json").json()
        # The bar is that of an eight-step lesson; a longer one may weigh more in proportion.
        assert told["bytes"] <= 150_000 * max(8, len(page.steps)) / 8, (page.slug, len(page.steps), told["bytes"])


def test_the_most_talkative_shipped_lesson_stays_under_two_megabytes_with_its_voice(tree: Tree) -> None:
    pages = LessonPage.objects.live().filter(locale__language_code="vi").select_related("locale")
    texts = max((set(page.spoken) for page in pages), key=lambda texts: sum(len(text) for _tongue, text in texts))
    assert len(texts) > 30
    voice = Espeak()
    sizes = [len(voice.speak(text, tongue).mp3) for tongue, text in texts]
    assert max(sizes) <= 80_000
    assert sum(sizes) + 250_000 <= 2_000_000, (len(texts), sum(sizes))


def test_pictures_stand_in_for_their_other_sizes() -> None:
    html = (
        '<picture><source type="image/avif" srcset="/media/images/a.avif 360w, /media/images/b.avif 720w">'
        '<source type="image/webp" srcset="/media/images/c.webp 360w">'
        '<img src="/media/images/d.jpg" srcset="/media/images/e.jpg 360w, /media/images/d.jpg 720w"></picture>'
        '<img src="data:image/svg+xml,x"><script src="https://elsewhere.example/x.js"></script>'
        '<a href="//elsewhere.example/x.mp3"></a><a href="/media/voices/v.mp3" data-voice></a>'
    )
    picture, voice = parts_of(html)
    assert (picture.url, picture.kind) == ("/media/images/d.jpg", "picture")
    assert picture.instead_of == [f"/media/images/{name}" for name in ("a.avif", "b.avif", "c.webp", "e.jpg")]
    assert (voice.url, voice.kind) == ("/media/voices/v.mp3", "voice")
