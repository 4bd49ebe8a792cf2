"""The kiosk in real Chromium: it keeps nothing, forgets who went away, and works without JavaScript and by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.site import Site

pytestmark = pytest.mark.browser

SCREENS = [{"width": 1280, "height": 800}, {"width": 1024, "height": 600}, {"width": 800, "height": 1280}]
KEPT = """async () => [
  localStorage.length, sessionStorage.length, document.cookie.length, (await caches.keys()).length,
  (await indexedDB.databases()).length, (await navigator.serviceWorker.getRegistrations()).length]"""
ASKS = "Bác còn đó không? Chạm để học tiếp"


def walk(page: Page, site: Site) -> None:
    """From the first picture to the third step of a lesson."""
    page.goto(f"{site.url}/kiosk/")
    page.get_by_role("link", name="Tài khoản VNeID").click()
    page.get_by_role("link", name="Kích hoạt tài khoản VNeID mức 2").click()
    for number in (2, 3):
        page.get_by_role("link", name="Tiếp").click()
        page.wait_for_url(f"**/kiosk/bai/1/?buoc={number}")


def test_nothing_is_kept_in_the_browser(sign_in: SignIn, site: Site) -> None:
    page = sign_in()
    walk(page, site)
    assert page.evaluate(KEPT) == [0, 0, 0, 0, 0, 0]
    assert page.context.cookies() == []


def test_the_whole_visit_is_one_entry_of_history(sign_in: SignIn, site: Site) -> None:
    page = sign_in()
    page.goto(f"{site.url}/kiosk/")
    before = page.evaluate("history.length")
    walk_from_home(page)
    assert page.evaluate("history.length") == before
    page.go_back()
    assert "/kiosk/bai/" not in page.url


def walk_from_home(page: Page) -> None:
    """Into a lesson, and by a search to the papers."""
    page.get_by_role("link", name="Tài khoản VNeID").click()
    page.get_by_role("link", name="Kích hoạt tài khoản VNeID mức 2").click()
    page.get_by_role("link", name="Tiếp").click()
    page.wait_for_url("**/kiosk/bai/1/?buoc=2")
    page.get_by_role("navigation", name="Bước này").get_by_role("link", name="Về đầu").click()
    page.get_by_role("searchbox").fill("khai sinh")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="khai sinh").first.click()
    expect(page.get_by_role("heading", name="Bác mang theo")).to_be_visible()


def test_it_asks_after_45_seconds_and_goes_home_after_60(sign_in: SignIn, site: Site) -> None:
    page = sign_in()
    page.clock.install()
    walk(page, site)
    dialog = page.get_by_role("alertdialog")
    page.clock.run_for(44_000)
    expect(dialog).to_be_hidden()
    page.clock.run_for(1_500)
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name=ASKS)).to_be_focused()
    dialog.get_by_role("button").click()
    expect(dialog).to_be_hidden()
    page.clock.run_for(44_000)
    expect(dialog).to_be_hidden()  # the touch began a new minute
    page.clock.run_for(16_500)
    page.wait_for_url(f"{site.url}/kiosk/")
    page.go_back()
    assert "/kiosk/bai/" not in page.url


def test_the_first_screen_does_not_ask(sign_in: SignIn, site: Site) -> None:
    page = sign_in()
    page.clock.install()
    page.goto(f"{site.url}/kiosk/")
    page.get_by_role("searchbox").fill("số của tôi")
    page.clock.run_for(46_000)
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    page.clock.run_for(15_000)
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_everything_works_without_javascript(sign_in: SignIn, site: Site) -> None:
    page = sign_in(java_script_enabled=False)
    walk(page, site)
    assert page.locator("meta[http-equiv=refresh]").get_attribute("content") == "60;url=/kiosk/"
    assert page.get_by_role("alertdialog").count() == 0
    page.goto(f"{site.url}/kiosk/thu-tuc/")
    page.get_by_role("link", name="Đ", exact=True).click()
    page.get_by_role("main").locator(".big-button").first.click()
    expect(page.get_by_role("heading", name="Bác mang theo")).to_be_visible()


def test_the_keyboard_is_enough(sign_in: SignIn, site: Site) -> None:
    page = sign_in()
    page.goto(f"{site.url}/kiosk/")
    for _press in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('tile')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/kiosk/chu-de/**")


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: f"{screen['width']}x{screen['height']}")
def test_it_is_very_large_and_fits_the_screen(sign_in: SignIn, site: Site, screen: dict[str, int]) -> None:
    page = sign_in(viewport=screen)
    for address in ("/kiosk/", "/kiosk/bai/1/?buoc=2", "/kiosk/thu-tuc/", "/kiosk/bai/1/?buoc=xong"):
        page.goto(f"{site.url}{address}")
        assert page.evaluate("getComputedStyle(document.body).fontSize") == "30px"
        assert page.evaluate("document.documentElement.scrollWidth") == screen["width"]
        small = page.evaluate(
            "[...document.querySelectorAll('a[href], button, input, summary')].filter(one => one.offsetParent)"
            ".map(one => one.getBoundingClientRect()).filter(box => box.height < 56).length"
        )
        assert small == 0, address


def test_no_link_leads_out_even_when_clicked(sign_in: SignIn, site: Site) -> None:
    page = sign_in()
    page.goto(f"{site.url}/kiosk/thu-tuc/")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('afterbegin', '<a id=away href=\"/bai-hoc/\">x</a>')"
    )
    page.click("#away")
    page.wait_for_timeout(300)
    assert page.url == f"{site.url}/kiosk/thu-tuc/"


def test_the_papers_print_on_one_page(sign_in: SignIn, site: Site) -> None:
    page = sign_in()
    page.add_init_script("window.print = () => { window.printed = true }")
    page.goto(f"{site.url}/kiosk/thu-tuc/khai-sinh/")
    page.get_by_role("button", name="In", exact=True).click()
    assert page.evaluate("window.printed") is True
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.count(b"/MediaBox") == 1
