"""The kiosk: nothing kept, nothing that leads out, tiles and letters instead of typing, home again by itself."""

import re

import pytest
from django.test import Client

from learning.models import LessonNumber, LessonPage, Procedure
from learning.reference.actions import search_key_of_procedure
from tests.learning.conftest import Tree


@pytest.fixture
def number(tree: Tree) -> int:
    row = Procedure(key="nuoi-ong", name_vi="Đăng ký nuôi ong", papers_vi="Thẻ căn cước", place="commune")
    row.link, row.lesson_number = "https://dichvucong.gov.vn/", 1
    row.folded = search_key_of_procedure(row)
    row.save()
    return LessonNumber.objects.get(translation_key=tree.vi.translation_key).number


def pages(number: int) -> list[str]:
    return [
        "/kiosk/", "/kiosk/chu-de/vneid/", f"/kiosk/bai/{number}/", f"/kiosk/bai/{number}/?buoc=xong",
        "/kiosk/tim/?q=vneid", "/kiosk/tim/?q=xyzzy", "/kiosk/thu-tuc/", "/kiosk/thu-tuc/nuoi-ong/",
    ]  # fmt: skip


def test_nothing_is_kept_and_nothing_leads_out(number: int, client: Client) -> None:
    for address in pages(number):
        for prefix in ("", "/en"):
            response = client.get(f"{prefix}{address}")
            html = response.content.decode()
            assert response.status_code == 200, address
            assert not response.cookies, address
            assert response["Cache-Control"] == "public, max-age=300"
            assert "localStorage" not in html  # the script for text size and theme is not here
            assert "serviceWorker" not in html
            assert "manifest" not in html
            links = re.findall(r'<a [^>]*href="([^"]+)"', html)
            assert links
            outside = [link for link in links if not re.match(r"/(en/)?kiosk/|/media/", link)]
            assert outside == [], address


def test_without_javascript_the_page_goes_home_by_itself(number: int, client: Client) -> None:
    for address, home in (("/kiosk/thu-tuc/", "/kiosk/"), ("/en/kiosk/thu-tuc/", "/en/kiosk/")):
        html = client.get(address).content.decode()
        assert f'<noscript><meta http-equiv="refresh" content="60;url={home}"></noscript>' in html


def test_a_visitor_walks_from_the_first_picture_to_the_end(number: int, client: Client) -> None:
    html = client.get("/kiosk/").content.decode()
    assert 'href="/kiosk/chu-de/vneid/"' in html
    assert 'href="/kiosk/thu-tuc/"' in html
    assert f'href="/kiosk/bai/{number}/"' in client.get("/kiosk/chu-de/vneid/").content.decode()
    place, seen = f"/kiosk/bai/{number}/", 0
    while not place.endswith("buoc=xong"):
        html = client.get(place).content.decode()
        following = re.search(r'<a class="button" href="([^"]+)" rel="next"', html)
        assert following is not None
        place, seen = following[1].replace("&amp;", "&"), seen + 1
    steps = LessonPage.objects.get(slug="kich-hoat-vneid-muc-2", locale__language_code="vi").steps
    assert seen == len(steps)
    end = client.get(place).content.decode()
    assert 'class="qr"' in end
    assert f"testserver/b/{number}/" in end


def test_back_leads_to_the_step_before_and_from_the_first_to_the_topic(number: int, client: Client) -> None:
    assert f'href="/kiosk/bai/{number}/?buoc=1"' in client.get(f"/kiosk/bai/{number}/?buoc=2").content.decode()
    assert 'href="/kiosk/chu-de/vneid/"' in client.get(f"/kiosk/bai/{number}/").content.decode()


def test_places_that_do_not_exist_are_404(number: int, client: Client) -> None:
    for address in (
        f"/kiosk/bai/{number}/?buoc=99", "/kiosk/bai/9999/", "/kiosk/chu-de/khong-co/", "/kiosk/thu-tuc/khong-co/",
    ):  # fmt: skip
        assert client.get(address).status_code == 404


def test_papers_are_found_by_letters_and_by_words(number: int, client: Client) -> None:
    assert 'href="/kiosk/thu-tuc/?chu=%C4%90"' in client.get("/kiosk/thu-tuc/").content.decode()
    for query in ({"chu": "Đ"}, {"q": "nuoi ong"}):
        assert 'href="/kiosk/thu-tuc/nuoi-ong/"' in client.get("/kiosk/thu-tuc/", query).content.decode()
    html = client.get("/kiosk/thu-tuc/nuoi-ong/").content.decode()
    assert "<li>Thẻ căn cước</li>" in html
    assert "dichvucong.gov.vn" in html
    assert "data-print" in html


def test_the_twin_keeps_the_place(number: int, client: Client) -> None:
    assert f'href="/en/kiosk/bai/{number}/?buoc=3"' in client.get(f"/kiosk/bai/{number}/?buoc=3").content.decode()
    assert 'href="/kiosk/tim/?q=vneid"' in client.get("/en/kiosk/tim/", {"q": "vneid"}).content.decode()
