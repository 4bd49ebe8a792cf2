"""Paper in real Chromium: no box of any lesson is cut in two, cards hold everything, codes can be scanned."""

import math
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PHONE, SignIn
from tests.browser.site import Site

pytestmark = pytest.mark.browser

MM = 96 / 25.4  # CSS pixels
POINT = 96 / 72
# Width and height within the margins of sheet.css, in millimetres.
AREAS = {"A4": (210 - 26, 297 - 24), "A5": (148 - 18, 210 - 18)}
NUMBERS = """
from learning.models import LessonNumber, LessonPage
keys = LessonPage.objects.live().filter(locale__language_code='vi').values('translation_key')
result = list(LessonNumber.objects.filter(translation_key__in=keys).values_list('number', flat=True))
"""
HEIGHTS = """() => [...document.querySelectorAll('.sheet header, .box, .closing, .sheet-foot')].map(
  one => [one.className || 'header', one.getBoundingClientRect().height])"""
SMALL = """() => {
  const found = [], walker = document.createTreeWalker(document.querySelector('.sheet'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement, size = parseFloat(getComputedStyle(parent).fontSize);
    if (walker.currentNode.data.trim() && !parent.ownerSVGElement) found.push([size, walker.currentNode.data.trim()]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def numbers(site: Site) -> list[int]:
    """Every published lesson."""
    found: list[int] = site.query(NUMBERS)
    assert found
    return found


@pytest.fixture
def paper(chromium: Browser) -> Iterator[Page]:
    """A page that is looked at as a printer sees it."""
    context = chromium.new_context(locale="vi-VN")
    page = context.new_page()
    page.emulate_media(media="print")
    yield page
    context.close()


def sides(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of every page of a PDF, in points."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == len(boxes)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def on_paper(page: Page, site: Site, number: int, size: str) -> list[tuple[str, float]]:
    """What stands on the sheet with its heights in pixels, laid out as wide as the paper."""
    width, height = AREAS[size]
    page.set_viewport_size({"width": math.floor(width * MM), "height": math.floor(height * MM)})
    page.goto(f"{site.url}/b/{number}/in/?co={size}")
    rows: list[Any] = page.evaluate(HEIGHTS)
    return [(name, tall) for name, tall in rows]


@pytest.mark.parametrize("size", ["A4", "A5"])
def test_no_box_of_any_lesson_is_taller_than_a_page(paper: Page, site: Site, numbers: list[int], size: str) -> None:
    faults = []
    for number in numbers:
        rows = on_paper(paper, site, number, size)
        foot = next(tall for name, tall in rows if name == "sheet-foot")
        room = AREAS[size][1] * MM - foot
        faults += [f"{number}: {name} {tall / MM:.0f} mm" for name, tall in rows if tall > room]
        assert paper.evaluate("getComputedStyle(document.querySelector('.box')).breakInside") == "avoid"
    assert faults == []


@pytest.mark.parametrize(("size", "points"), [("A4", (595, 842)), ("A5", (420, 595))])
def test_the_printed_pages_are_those_that_the_boxes_need(
    paper: Page, site: Site, size: str, points: tuple[int, int]
) -> None:
    rows = on_paper(paper, site, 1, size)
    foot = next(tall for name, tall in rows if name == "sheet-foot")
    room, used, pages = AREAS[size][1] * MM - foot, 0.0, 1
    for name, tall in rows:
        if name == "sheet-foot":
            continue
        gap = 4 * MM if used else 0
        if used + gap + tall > room:
            pages, used = pages + 1, tall
        else:
            used += gap + tall
    printed = sides(paper.pdf(prefer_css_page_size=True))
    assert abs(len(printed) - pages) <= 1  # the last words may take the box before them along
    assert set(printed) == {points}


def test_letters_are_large_and_black(paper: Page, site: Site) -> None:
    on_paper(paper, site, 1, "A4")
    sizes = paper.evaluate(SMALL)
    assert len(sizes) > 30
    assert [text for size, text in sizes if size < 16 * POINT - 0.1] == []
    colours = paper.evaluate(
        "[...document.querySelectorAll('.sheet *')].map(one => getComputedStyle(one).color)"
        ".filter(colour => colour !== 'rgb(0, 0, 0)' && colour !== 'rgb(255, 255, 255)')"
    )
    assert colours == []
    pictures = paper.evaluate("[...document.querySelectorAll('.ink:not(.photo) img')].map(one => decodeURI(one.src))")
    assert pictures
    for src in pictures:
        assert set(re.findall(r"(?:%23|#)[0-9a-fA-F]{3,6}\b", src)) <= {"%23000", "%23fff", "#000", "#fff"}


@pytest.mark.parametrize("address", ["/b/1/in/", "/b/1/in/?co=A5", "/b/1/the/", "/b/1/the/?ban=4"])
def test_the_code_is_large_enough_to_scan(paper: Page, site: Site, address: str) -> None:
    paper.goto(f"{site.url}{address}")
    codes = paper.evaluate(
        "[...document.querySelectorAll('.qr')]"
        ".map(one => [one.getBoundingClientRect().width, one.viewBox.baseVal.width])"
    )
    assert codes
    for width, box in codes:
        assert width * (box - 8) / box >= 25 * MM  # without the quiet zone of four modules on either side


def test_cards_are_one_page_each_and_hold_everything(paper: Page, site: Site, numbers: list[int]) -> None:
    for number in numbers:
        paper.goto(f"{site.url}/b/{number}/the/")
        whole = paper.evaluate(
            "[...document.querySelectorAll('.home-card')].every(one => one.scrollHeight <= one.clientHeight + 1)"
        )
        assert whole, number
    assert sides(paper.pdf(prefer_css_page_size=True)) == [(420, 298)]
    paper.goto(f"{site.url}/b/1/the/?ban=4")
    assert sides(paper.pdf(prefer_css_page_size=True)) == [(842, 595)]


def test_a_volunteer_shows_the_card_on_the_first_screen(sign_in: SignIn, site: Site) -> None:
    page = sign_in(viewport=PHONE)
    page.goto(f"{site.url}/b/1/the/")
    code = page.locator(".qr").first.bounding_box()
    assert code is not None
    assert code["y"] + code["height"] <= PHONE["height"]
    assert code["width"] >= 200
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_the_button_prints_and_without_javascript_there_is_none(sign_in: SignIn, site: Site) -> None:
    page = sign_in(viewport=PHONE)
    page.add_init_script("window.print = () => { window.printed = true }")
    page.goto(f"{site.url}/b/1/in/")
    page.get_by_role("button", name="In", exact=True).click()
    assert page.evaluate("window.printed") is True
    bare = sign_in(viewport=PHONE, java_script_enabled=False)
    bare.goto(f"{site.url}/b/1/in/")
    assert bare.get_by_role("button", name="In", exact=True).count() == 0
    assert bare.get_by_text("trình đơn của trình duyệt").is_visible()


def test_a_procedure_prints_on_one_page(paper: Page, site: Site) -> None:
    paper.goto(f"{site.url}/thu-tuc/khai-sinh/")
    assert sides(paper.pdf(prefer_css_page_size=True)) == [(595, 842)]
    assert not paper.get_by_role("link", name="Mọi thủ tục").is_visible()
