"""Lesson pages in Chromium: no JavaScript, the smallest phone in the largest type, by keyboard, in every theme."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE, SignIn
from tests.browser.site import Site

pytestmark = pytest.mark.browser

LESSON = "/bai-hoc/vneid/kich-hoat-vneid-muc-2/"
STEPS = 9
SMALLEST = {"width": 320, "height": 640}
# WCAG 1.4.6 (7:1) and 2.5.8 are off by default in axe.
RULES = {
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}, "color-contrast-enhanced": {"enabled": True}},
}
SHIFTS = """new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(one => { if (!one.hadRecentInput) sum += one.value }))
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(sum), 300);
})"""


def faults(page: Page) -> list[str]:
    """What axe finds, one a line."""
    found: dict[str, Any] = Axe().run(page, options=RULES).response
    return [f"{rule['id']}: {node['html'][:140]}" for rule in found["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize("theme", ["", "night", "plain"])
def test_axe_finds_nothing_in_any_theme(site: Site, sign_in: SignIn, theme: str) -> None:
    page = sign_in(viewport={"width": 360, "height": 1600})  # tall: a link under the sticky foot is no small target
    page.add_init_script(f"localStorage.setItem('gocua.theme', '{theme}')")
    for query in ("", "?buoc=1", "?buoc=2", "?buoc=5", "?buoc=xong"):
        page.goto(f"{site.url}{LESSON}{query}")
        assert faults(page) == [], query


def test_a_lesson_is_walked_forth_and_back_without_javascript(site: Site, sign_in: SignIn) -> None:
    page = sign_in(viewport=PHONE, java_script_enabled=False)
    page.goto(site.url + LESSON)
    page.get_by_role("link", name="Bắt đầu").click()
    for number in range(1, STEPS + 1):
        assert page.get_by_text(f"Bước {number}/{STEPS}", exact=True).is_visible()
        page.locator(".foot-bar a[rel=next]").click()
    assert "?thu=1" in page.url
    page.go_back()
    assert page.get_by_text(f"Bước {STEPS}/{STEPS}", exact=True).is_visible()
    page.get_by_role("link", name="Quay lại").click()
    assert page.get_by_text(f"Bước {STEPS - 1}/{STEPS}", exact=True).is_visible()
    page.get_by_role("link", name="Gọi giúp").click()
    assert "/nho-giup/" in page.url


def test_the_four_acts_stand_in_the_same_places_on_every_step(site: Site, sign_in: SignIn) -> None:
    page = sign_in(viewport=PHONE)
    places = set()
    for number in range(1, STEPS + 1):
        page.goto(f"{site.url}{LESSON}?buoc={number}")
        boxes = page.locator(".foot-bar > *").evaluate_all(
            "all => all.map(one => { const box = one.getBoundingClientRect();"
            " return [box.x, box.width, Math.round(innerHeight - box.bottom)] })"
        )
        assert len(boxes) == 4
        places.add(str([box[:2] for box in boxes]))
    assert len(places) == 1


@pytest.mark.parametrize("query", ["", "?buoc=2", "?buoc=5", "?buoc=xong", "?thu=1", "?cau=1"])
def test_the_largest_type_fits_the_smallest_phone(site: Site, sign_in: SignIn, query: str) -> None:
    page = sign_in(viewport=SMALLEST)
    page.add_init_script("localStorage.setItem('gocua.size', '3')")
    page.goto(f"{site.url}{LESSON}{query}")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "24px"  # 150 %
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"]
    text = page.locator(".step-text, .lead").first
    size = text.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert 30 <= size <= 36
    # 200 % zoom is the same page on half the width in CSS pixels: 320 is 640 at 200 %.
    page.set_viewport_size({"width": 320, "height": 400})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_lesson_can_be_learned_with_the_keyboard_alone(site: Site, sign_in: SignIn) -> None:
    page = sign_in(viewport=DESK)
    page.goto(site.url + LESSON)
    _reach(page, "Bắt đầu")
    page.keyboard.press("Enter")
    page.wait_for_url("**?buoc=1*")
    _reach(page, "Có thể gặp", starts=True)
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1
    _reach(page, "Tiếp")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"  # the focus is always seen
    page.keyboard.press("Enter")
    page.wait_for_url("**?buoc=2*")


def _reach(page: Page, words: str, *, starts: bool = False) -> None:
    """Tab until what has the focus carries the words."""
    for _press in range(40):
        page.keyboard.press("Tab")
        text = page.evaluate("(document.activeElement.innerText || '').trim()")
        if text == words or (starts and text.startswith(words)):
            return
    raise AssertionError(f"the keyboard does not reach «{words}»")


def test_the_phone_remembers_the_place_and_the_server_nothing(site: Site, sign_in: SignIn) -> None:
    page = sign_in(viewport=PHONE)
    page.goto(f"{site.url}{LESSON}?buoc=4")
    page.goto(f"{site.url}/bai-hoc/")
    page.locator("[data-continue] a").first.click()
    assert page.url.endswith("?buoc=4")
    assert page.context.cookies() == []


def test_the_next_step_comes_without_a_byte_and_nothing_shifts(site: Site, sign_in: SignIn) -> None:
    page = sign_in(viewport=PHONE)
    with page.expect_response(lambda answer: answer.url.endswith("?buoc=3")):
        page.goto(f"{site.url}{LESSON}?buoc=2")  # fetched early, once the page has nothing else to do
    page.locator(".foot-bar a[rel=next]").click()
    page.wait_for_url("**?buoc=3")
    taken = page.evaluate("performance.getEntriesByType('navigation')[0].transferSize")
    assert taken == 0
    assert page.evaluate(SHIFTS) == 0


def test_a_phone_that_saves_data_fetches_nothing_early(site: Site, sign_in: SignIn) -> None:
    page = sign_in(viewport=PHONE)
    page.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.url}{LESSON}?buoc=2", wait_until="load")
    page.wait_for_timeout(800)
    assert [url for url in asked if "buoc=3" in url] == []
    assert len([url for url in asked if url.startswith("http")]) <= 3


def test_a_step_asks_for_at_most_three_things_and_ten_kilobytes(site: Site, sign_in: SignIn) -> None:
    page = sign_in(viewport=PHONE)
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(_bytes(request)))
    page.goto(f"{site.url}{LESSON}?buoc=1", wait_until="load")
    page.wait_for_timeout(800)
    assert len(sizes) <= 3
    assert sum(sizes) <= 30_000
    assert sizes[0] <= 10_000  # the step with its picture


def _bytes(request: Any) -> int:
    sizes = request.sizes()
    return int(sizes["responseBodySize"]) + int(sizes["responseHeadersSize"])
