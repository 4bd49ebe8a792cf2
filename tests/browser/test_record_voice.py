"""A volunteer reads a step in Ede with Chromium's own fake microphone, an editor accepts it, an elder hears it."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.site import CHROMIUM_ARGS, PASSWORD, Site
from tests.run import browser as installed_browser

pytestmark = pytest.mark.browser

SLOW = 60_000
MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
LESSON = 2


@pytest.fixture(scope="module")
def with_microphone(chromium: Browser) -> Iterator[Browser]:
    """A second Chromium: its microphone is a beep each second, and nobody is asked."""
    path = os.environ.get("CHROMIUM") or installed_browser() or None
    browser = chromium.browser_type.launch(executable_path=path, headless=True, args=[*CHROMIUM_ARGS, *MICROPHONE])
    yield browser
    browser.close()


def enter(browser: Browser, site: Site, name: str, viewport: dict[str, int], **options: object) -> Page:
    """A page of that browser, signed in; '' for an anonymous one."""
    context = browser.new_context(viewport=viewport, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(SLOW)
    if name:
        page.goto(f"{site.url}/accounts/login/")
        page.fill("input[name=login]", f"{name}@gocua.example")
        page.fill("input[name=password]", PASSWORD)
        page.click("main form button[type=submit]")
        page.wait_for_url(lambda url: "/accounts/login" not in url)
    return page


def look(page: Page, name: str) -> None:
    """A picture of the screen, where SCREENS names a folder."""
    if folder := os.environ.get("SCREENS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def fits(page: Page) -> bool:
    """Whether nothing sticks out at the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_recorded_step_reaches_an_elder(site: Site, with_microphone: Browser) -> None:
    phone = enter(with_microphone, site, "volunteer1.25396", PHONE)
    phone.goto(f"{site.url}/doi/thuc-dia/bai/{LESSON}/?buoc=1")
    look(phone, "1-companion")
    phone.get_by_role("link", name=re.compile("Thu giọng đọc")).click()
    words = phone.locator(".to-read").inner_text()
    look(phone, "2-empty")
    phone.get_by_label("Bạn đọc bằng tiếng nào?").select_option(label="tiếng Ê-đê")
    phone.get_by_label("Tiếng vùng nào?").fill("Đắk Lắk")
    phone.get_by_role("button", name="Gửi", exact=True).click()
    agree = phone.get_by_label("Tôi đồng ý cho dùng giọng này")
    agree.check()
    phone.get_by_role("button", name="Gửi", exact=True).click()
    expect(phone.get_by_text("Bạn chạm «Thu» trước nhé")).to_be_visible()  # nothing was sent
    phone.get_by_role("button", name="Thu", exact=True).click()
    stop = phone.get_by_role("button", name="Dừng")
    expect(stop).to_be_focused()
    expect(phone.locator("[data-do=clock]")).to_have_text("0:03")
    look(phone, "3-recording")
    stop.click()
    expect(phone.get_by_role("button", name="Nghe lại")).to_be_focused()
    look(phone, "4-recorded")
    size = phone.evaluate("document.querySelector('[type=file]').files[0].size")
    assert 100_000 < size < 400_000  # some seconds at 22 050 Hz in 16 bits
    phone.get_by_role("button", name="Nghe lại").click()
    phone.get_by_role("button", name="Gửi", exact=True).click()
    expect(phone.get_by_text("Đã gửi. Cảm ơn bạn!")).to_be_visible()
    expect(phone.get_by_text("chờ biên tập viên nghe")).to_be_visible()
    assert phone.get_by_label("Tiếng vùng nào?").input_value() == "Đắk Lắk"
    look(phone, "5-sent")
    own = phone.request.get(site.url + str(phone.locator(".own-voices a[data-voice]").first.get_attribute("href")))
    assert (own.status, own.headers["content-type"]) == (200, "audio/mpeg")
    phone.set_viewport_size({"width": 320, "height": 640})
    assert fits(phone)

    desk = enter(with_microphone, site, "province", DESK)
    desk.goto(f"{site.url}/cms/")
    entry = desk.get_by_role("link", name=re.compile(r"\d+ giọng đọc gửi đến"))
    entry.click()
    offer = desk.locator(".voice-offer").filter(has_text="iếng Ê-đê (Đắk Lắk)").last
    expect(offer).to_contain_text(words[:30])
    expect(offer.locator("audio")).to_be_visible()
    look(desk, "6-cms")
    offer.get_by_text("Từ chối…").click()
    look(desk, "7-cms-decline")
    offer.get_by_role("button", name="Nhận", exact=True).click()
    expect(desk.get_by_text("Bản ghi đã vào bài")).to_be_visible()
    look(desk, "8-cms-done")
    desk.set_viewport_size({"width": 360, "height": 740})
    look(desk, "9-cms-phone")

    elder = enter(with_microphone, site, "", PHONE)
    elder.goto(f"{site.url}/b/{LESSON}/")
    elder.goto(f"{elder.url.partition('?')[0]}?buoc=1")
    voice = elder.get_by_role("link", name=re.compile("Nghe: .*Ê-đê.*Đắk Lắk"))
    expect(voice).to_be_visible()
    look(elder, "10-elder")
    heard = elder.request.get(site.url + str(voice.get_attribute("href")))
    assert (heard.status, heard.headers["content-type"]) == (200, "audio/mpeg")
    assert 5_000 < len(heard.body()) <= 80_000

    phone.reload()
    expect(phone.get_by_text("đã đưa vào bài").first).to_be_visible()
    look(phone, "11-accepted")


def test_a_refused_microphone_is_told_kindly(site: Site, chromium: Browser) -> None:
    page = enter(chromium, site, "volunteer1.25396", PHONE)  # here nobody allows anything
    page.goto(f"{site.url}/doi/thuc-dia/bai/{LESSON}/thu-giong/?buoc=2")
    page.get_by_role("button", name="Thu", exact=True).click()
    told = page.get_by_text(re.compile("chưa được dùng micro|không có micro|Chưa dùng được micro"))
    expect(told).to_be_visible()
    expect(page.get_by_label("Bản ghi âm có sẵn trong máy")).to_be_visible()
    look(page, "12-refused")


def test_without_javascript_a_file_is_sent(site: Site, chromium: Browser, tmp_path: Path) -> None:
    page = enter(chromium, site, "volunteer1.25396", PHONE, java_script_enabled=False)
    page.goto(f"{site.url}/doi/thuc-dia/bai/{LESSON}/thu-giong/?buoc=3")
    expect(page.get_by_role("button", name="Thu", exact=True)).to_be_hidden()
    file = tmp_path / "ghi am.m4a"
    file.write_bytes(b"\0\0\0\x20ftypM4A " + b"\0" * 300)
    page.get_by_label("Bạn đọc bằng tiếng nào?").select_option(label="tiếng Ê-đê")
    page.get_by_label("Bản ghi âm có sẵn trong máy").set_input_files(file)
    page.get_by_label("Tôi đồng ý cho dùng giọng này").check()
    look(page, "13-plain")
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_text("M4A, AAC, AMR", exact=False)).to_be_visible()
    look(page, "14-m4a")
