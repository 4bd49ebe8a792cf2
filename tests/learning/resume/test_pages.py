"""A page to rest at, and a page where three taps lead back: no account, no typing, no script."""

import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from learning.models import LessonPage
from learning.resume.code import PICTURES, pictures_of
from tests.learning.conftest import LESSON, Tree


def code(tree: Tree, step: int) -> str:
    """The three pictures of a step of the seeded lesson, as the address has them."""
    assert tree.vi.number
    return "-".join(pictures_of(tree.vi.number, step))


def test_three_taps_lead_to_the_step(tree: Tree, client: Client) -> None:
    wanted, place = code(tree, 3).split("-"), "/tiep/"
    for tap in range(3):
        html = client.get(place).content.decode()
        links = re.findall(r'class="picture" href="([^"]+)"', html)
        assert len(links) == len(PICTURES)
        place = next(link for link in links if link.endswith("-".join(wanted[: tap + 1])))
    answer = client.get(place)
    assert answer.status_code == 302
    assert answer["Location"] == f"{LESSON}?buoc=3"
    assert client.get(answer["Location"]).status_code == 200


def test_every_picture_has_its_word_and_is_drawn(tree: Tree, client: Client) -> None:
    html = client.get("/tiep/").content.decode()
    for word in ("nhà", "gà", "dừa", "nón", "xe đạp", "cá", "mèo", "lúa", "ấm trà", "thuyền", "sao"):
        assert f"<span>{word}</span>" in html
    assert "<span>quạt</span>" in html
    drawn = re.findall(r'class="picture"[^>]*><svg[^>]*>(.*?)</svg>', html)
    assert len(set(drawn)) == len(PICTURES)
    assert "" not in drawn


def test_what_was_tapped_stands_there_and_can_be_chosen_again(tree: Tree, client: Client) -> None:
    html = client.get("/tiep/?hinh=ga-nha").content.decode()
    tapped = re.search(r'<ol class="trio".*?</ol>', html, re.S)
    assert tapped
    assert re.findall(r"<span>([^<]+)</span>", tapped[0]) == ["gà", "nhà"]
    assert "Giờ đến hình thứ ba" in html
    assert re.search(r'href="/tiep/">.*?Chọn lại</a>', html, re.S)


def test_the_english_page_leads_to_the_english_lesson(tree: Tree, client: Client) -> None:
    html = client.get("/en/tiep/?hinh=ga").content.decode()
    assert 'href="/en/tiep/?hinh=ga-nha"' in html
    assert 'href="/tiep/?hinh=ga"' in html  # the same place in Vietnamese
    assert client.get(f"/en/tiep/?hinh={code(tree, 2)}")["Location"] == f"/en{LESSON}?buoc=2"


def test_a_lesson_that_is_not_in_english_opens_in_vietnamese(tree: Tree, client: Client) -> None:
    LessonPage.objects.filter(pk=tree.en.pk).update(live=False)
    assert client.get(f"/en/tiep/?hinh={code(tree, 2)}")["Location"] == f"{LESSON}?buoc=2"


def test_three_pictures_without_a_lesson_get_kind_words_and_the_list(tree: Tree, client: Client) -> None:
    answer = client.get("/tiep/?hinh=" + "-".join(pictures_of(140, 1)))
    html = answer.content.decode()
    assert answer.status_code == 404
    assert answer["Cache-Control"] == "no-store"
    assert "Bác xem lại ba hình" in html
    assert LESSON in html
    assert re.search(r'href="/tiep/">.*?Chọn lại</a>', html, re.S)


def test_a_step_that_the_lesson_no_longer_has_opens_its_cover(tree: Tree, client: Client) -> None:
    assert len(tree.vi.steps) < 12
    assert client.get(f"/tiep/?hinh={code(tree, 12)}")["Location"] == LESSON


@pytest.mark.parametrize("text", ["bo", "ga-", "ga-nha-ca-meo", "%C3%A0", "GA", "ga-nha%0d%0ax", "<script>"])
def test_an_address_that_nobody_taps_leads_to_the_beginning(tree: Tree, client: Client, text: str) -> None:
    answer = client.get(f"/tiep/?hinh={text}")
    assert answer.status_code == 303
    assert answer["Location"] == "/tiep/"


def test_the_resting_page_shows_the_pictures_and_a_code_to_scan(tree: Tree, client: Client) -> None:
    number = tree.vi.number
    html = client.get(f"/b/{number}/nghi/?buoc=3").content.decode()
    trio = re.search(r'<ol class="trio large".*?</ol>', html, re.S)
    assert trio
    drawn = re.findall(r"<li class=\"picture\"><svg[^>]*>(.*?)</svg>", trio[0])
    tapped = client.get(f"/tiep/?hinh={code(tree, 3).rpartition('-')[0]}").content.decode()
    assert all(shape in tapped for shape in drawn)
    assert len(drawn) == 3
    assert 'class="qr"' in html
    assert f'href="{LESSON}?buoc=3"' in html
    assert "testserver/tiep/" in html
    assert f'href="/en/b/{number}/nghi/?buoc=3"' in html


def test_the_code_to_scan_carries_the_short_address_of_the_step(
    tree: Tree, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned: list[str] = []
    monkeypatch.setattr("learning.resume.views.qr", lambda address: scanned.append(address) or "")
    client.get(f"/b/{tree.vi.number}/nghi/?buoc=3")
    client.get(f"/en/b/{tree.vi.number}/nghi/")
    start = "http://testserver"
    assert scanned == [f"{start}/b/{tree.vi.number}/?buoc=3", f"{start}/en/b/{tree.vi.number}/?buoc=1"]
    assert client.get(scanned[0].removeprefix(start))["Location"].endswith(f"{LESSON}?buoc=3")


def test_the_step_is_also_known_by_its_lasting_id(tree: Tree, client: Client) -> None:
    step = str(tree.vi.steps[1].id)
    assert "Bước 2/" in client.get(f"/b/{tree.vi.number}/nghi/?buoc={step}").content.decode()


@pytest.mark.parametrize("place", ["/b/1/nghi/?buoc=99", "/b/1/nghi/?buoc=x", "/b/999/nghi/"])
def test_there_is_no_rest_at_a_step_that_does_not_exist(tree: Tree, client: Client, place: str) -> None:
    assert tree.vi.number
    assert client.get(place.replace("/b/1/", f"/b/{tree.vi.number}/")).status_code == 404


def test_a_lesson_beyond_the_pictures_still_has_its_code_to_scan(
    tree: Tree, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("learning.templatetags.resume_tags.has_code", lambda number, step: False)
    html = client.get(f"/b/{tree.vi.number}/nghi/?buoc=3").content.decode()
    assert 'class="trio' not in html
    assert 'class="qr"' in html


def test_every_step_leads_to_its_resting_page(tree: Tree, client: Client) -> None:
    for path, start in ((LESSON, ""), (f"/en{LESSON}", "/en")):
        html = client.get(f"{path}?buoc=4").content.decode()
        assert html.count(f'href="{start}/b/{tree.vi.number}/nghi/?buoc=4"') == 1


@pytest.mark.parametrize("path", ["/tiep/", "/tiep/?hinh=ga-nha", "/b/{number}/nghi/?buoc=2", "/en/tiep/"])
def test_it_is_the_same_for_everybody_and_kept(
    tree: Tree, client: Client, settings: Any, tmp_path: Any, path: str
) -> None:
    settings.CACHES = settings.CACHES | {
        "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)}
    }
    settings.STAMPS_DIR, settings.REDIS_URL = tmp_path / "stamps", ""
    caches["pages"].clear()
    path = path.format(number=tree.vi.number)
    first = client.get(path)
    assert not first.cookies
    assert "csrf" not in first.content.decode()
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).content == first.content
    assert not caught.captured_queries


def test_the_front_page_and_the_list_offer_both_ways_back(tree: Tree, client: Client) -> None:
    for path in ("/", "/bai-hoc/"):
        html = client.get(path).content.decode()
        assert 'href="/tiep/"' in html
        box = re.search(r"<div[^>]*data-people>.*?</summary>", html, re.S)
        assert box
        for part in ("section", "p", "details"):  # without a script there is nothing to choose
            assert " hidden" in re.findall(rf"<{part} [^>]*>", box[0])[0]
        assert html.count("data-picture=") == len(PICTURES)
        assert "learning/people.js" in html


def test_the_scripts_stay_small() -> None:
    for name, most in (("people", 3000), ("help", 1500)):
        with open(str(finders.find(f"learning/{name}.js")), "rb") as file:
            assert len(file.read()) <= most
