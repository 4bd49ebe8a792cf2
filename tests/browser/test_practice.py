"""The practice phone and the questions in a real Chromium: with and without JavaScript, by keyboard, at the sizes of
cheap phones."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.site import Site

pytestmark = pytest.mark.browser

RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 640}
MAKE = """
from tests.factories.practice import EVERY_KIND, choice, make_image, make_practice_lesson, pictured, scam
area = {"x": 60, "y": 70, "w": 6, "h": 3}
rehearsal = [*EVERY_KIND, pictured("Bác chạm vào ô trên hình.", make_image(), area)]
quiz = [choice("Bác làm gì?"), scam(fake=True)]
page = make_practice_lesson(rehearsal=rehearsal, quiz=quiz, voices=True)
result = page.url
"""
# Places smaller than a finger, and boxes whose words stick out.
MEASURE = """() => {
  const all = [...document.querySelectorAll('main a')].filter(a => a.getClientRects().length);
  const small = all.filter(a => !a.closest('.step-bar')).map(a => [a, a.getBoundingClientRect()])
    .filter(([a, box]) => box.width < 48 || box.height < (a.classList.contains('cell') ? 48 : 56))
    .map(([a, box]) => [a.textContent.trim().slice(0, 20), box.width, box.height]);
  const wide = [...document.querySelectorAll('.phone a, .pick, .say')]
    .filter(a => a.scrollWidth > a.clientWidth + 1 && !a.ownerSVGElement && !a.classList.contains('here'))
    .map(a => a.textContent.trim().slice(0, 20));
  return {small, wide, page: document.documentElement.scrollWidth - window.innerWidth};
}"""


@pytest.fixture(scope="module")
def lesson(site: Site) -> str:
    """The address of a lesson of our own, on the served installation."""
    return site.url + urlsplit(str(site.query(MAKE))).path


Opened = Iterator[Page]


def opened(chromium: Browser, viewport: dict[str, int] = PHONE, **options: Any) -> Opened:
    context = chromium.new_context(viewport=viewport, locale="vi-VN", **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


@pytest.fixture
def page(chromium: Browser) -> Opened:
    """A cheap phone."""
    yield from opened(chromium)


@pytest.fixture
def plain(chromium: Browser) -> Opened:
    """The same without JavaScript."""
    yield from opened(chromium, java_script_enabled=False)


def wrong(page: Page) -> None:
    """Tap a place that is not the right one."""
    page.locator("a.k-item[data-miss]").first.click()


def test_without_javascript_help_grows_page_by_page_and_leads_on(plain: Page, lesson: str) -> None:
    plain.goto(f"{lesson}?thu=1")
    expect(plain.locator(".say")).to_be_hidden()
    for level, words in ((1, "Chưa phải chỗ ấy"), (2, "viền đậm"), (3, "chấm tròn")):
        wrong(plain)
        plain.wait_for_url(f"**?thu=1&sai={level}*")
        expect(plain.locator(".say")).to_contain_text(words)
        expect(plain.locator(".say")).to_contain_text("Gợi ý: Bác chạm «Kích hoạt».")
    plain.get_by_role("link", name="Cháu làm giúp").click()
    plain.wait_for_url("**?thu=2")
    plain.go_back()
    plain.wait_for_url("**?thu=1&sai=3")


def test_without_javascript_the_place_that_shows_itself_comes_into_sight(plain: Page, lesson: str) -> None:
    plain.goto(f"{lesson}?thu=1&sai=1")
    wrong(plain)
    plain.wait_for_url("**#cho")
    expect(plain.locator(".here")).to_be_in_viewport()


def test_with_javascript_a_wrong_tap_loads_nothing_and_the_address_goes_along(page: Page, lesson: str) -> None:
    page.goto(f"{lesson}?thu=1", wait_until="networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for level in (1, 2, 3, 3):
        wrong(page)
        expect(page.locator("article")).to_have_attribute("data-now", str(level))
        assert page.url == f"{lesson}?thu=1&sai={level}"
        expect(page.locator(".say [data-at]:visible").first).to_have_attribute("data-at", str(level))
        expect(page.locator(".here" if level == 2 else ".say")).to_be_in_viewport()
    assert asked == []
    page.locator(".here").click()
    page.wait_for_url("**?thu=2")
    page.go_back()
    page.wait_for_url("**?thu=1&sai=3")
    expect(page.get_by_role("link", name="Cháu làm giúp")).to_be_visible()


def test_a_kept_copy_shows_the_state_that_its_address_names(page: Page, lesson: str) -> None:
    def kept(route: Route) -> None:
        """As the offline copy: one page for every state of a screen."""
        route.fulfill(response=route.fetch(url=route.request.url.partition("&")[0]))

    page.route("**/tap-thu/?*", kept)
    page.goto(f"{lesson}?thu=1&sai=3")
    expect(page.get_by_role("link", name="Cháu làm giúp")).to_be_visible()
    page.goto(f"{lesson}?cau=1&chon=2")
    expect(page.get_by_text("Lời sau đáp án 2.")).to_be_visible()
    expect(page.get_by_text("Lời sau đáp án 1.")).to_be_hidden()
    page.unroute_all(behavior="ignoreErrors")  # the next page is fetched early: nobody waits for it


def test_the_hint_is_spoken_only_to_those_who_have_listened(page: Page, lesson: str) -> None:
    """`gocua:speak` asks the lesson's script to play a voice."""
    listen = "addEventListener('gocua:speak', event => { window.spoken = (window.spoken || 0) + 1 }, true)"
    for heard, spoken in (("", None), ("sessionStorage.setItem('gocua.heard', '1')", 1)):
        page.goto(f"{lesson}?thu=1")
        page.evaluate(f"{listen}; {heard}")
        wrong(page)
        expect(page.locator(".say")).to_be_visible()
        assert page.evaluate("window.spoken") == spoken


def test_the_whole_practice_can_be_done_with_tab_and_enter(page: Page, lesson: str) -> None:
    page.goto(f"{lesson}?thu=1")

    def reach(selector: str) -> None:
        for _try in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("s => document.activeElement.closest('a') && document.activeElement.matches(s)", selector):
                return
        raise AssertionError(selector)

    reach("a[data-miss]")
    page.keyboard.press("Enter")
    expect(page.locator(".say")).to_be_visible()
    for number in range(2, 7):
        reach("a.here")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        page.keyboard.press("Enter")
        page.wait_for_url(f"**?thu={number}")
    reach(".shot a.here")
    page.keyboard.press("Enter")
    page.wait_for_url("**?cau=1")
    reach("a[data-pick='1']")
    page.keyboard.press("Enter")
    reach("a[data-pick='0']")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.pick") == "1"  # the focus is not lost with the words
    reach("a[data-pick='2']")
    page.keyboard.press("Enter")
    reach(".say a.button.wide")
    page.keyboard.press("Enter")
    page.wait_for_url("**?cau=2")


def test_answers_open_in_place_and_can_be_chosen_again(page: Page, lesson: str) -> None:
    page.goto(f"{lesson}?cau=1", wait_until="networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("link", name="Đáp án 1").click()
    expect(page.get_by_text("Lời sau đáp án 1.")).to_be_visible()
    assert page.url.startswith(f"{lesson}?cau=1&chon=1")
    page.get_by_role("link", name="Chọn lại").click()
    expect(page.locator(".say:visible")).to_have_count(0)
    assert page.url == f"{lesson}?cau=1"
    page.get_by_role("link", name="Đáp án 2").click()
    expect(page.locator("[aria-current]")).to_have_text("Đáp án 2")
    assert asked == []
    page.locator(".say:visible").get_by_role("link", name="Tiếp").click()
    page.get_by_role("link", name="Thật", exact=True).click()
    expect(page.get_by_role("heading", name="Vì sao biết là giả")).to_be_visible()
    page.get_by_role("link", name="Chọn lại").click()
    page.get_by_role("link", name="Giả", exact=True).click()
    expect(page.get_by_text("Bác tinh lắm.")).to_be_visible()


def test_the_place_pulses_unless_the_phone_asks_for_stillness(chromium: Browser, lesson: str) -> None:
    for motion, name in (("no-preference", "show"), ("reduce", "none")):
        for page in opened(chromium, reduced_motion=motion):
            page.goto(f"{lesson}?thu=1&sai=2")
            style = page.locator(".here").evaluate(
                "e => [getComputedStyle(e).animationName, getComputedStyle(e).boxShadow]"
            )
            assert style[0] == name
            assert "rgb(245, 185, 33)" in page.locator(".here").evaluate(
                "e => { e.style.animation = 'none'; return getComputedStyle(e).boxShadow }"
            )


STATES = [
    *(f"thu={number}" for number in range(1, 7)), "thu=1&sai=1", "thu=2&sai=3", "thu=3&sai=2", "thu=6&sai=3",
    "cau=1", "cau=1&chon=1", "cau=2&chon=1", "cau=2&chon=2",
]  # fmt: skip


@pytest.mark.parametrize(
    ("viewport", "size", "theme"),
    [(PHONE, "1", "day"), (SMALLEST, "3", "day"), (PHONE, "1", "night"), (PHONE, "2", "plain")],
)
def test_every_state_fits_the_phone_is_large_enough_to_tap_and_satisfies_axe(
    chromium: Browser, lesson: str, viewport: dict[str, int], size: str, theme: str
) -> None:
    for page in opened(chromium, viewport):
        page.add_init_script(
            f"localStorage.setItem('gocua.size', '{size}'); localStorage.setItem('gocua.theme', '{theme}')"
        )
        for state in STATES if theme == "day" else STATES[1::3]:
            page.goto(f"{lesson}?{state}")
            found = page.evaluate(MEASURE)
            assert found == {"small": [], "wide": [], "page": 0}, (state, found)
            # Seen whole: what the foot bar happens to cover now is not a small target.
            page.set_viewport_size({"width": viewport["width"], "height": 4000})
            violations = Axe().run(page, options=RULES).response["violations"]
            assert [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in violations] == [], state
            page.set_viewport_size(viewport)  # type: ignore[arg-type]
