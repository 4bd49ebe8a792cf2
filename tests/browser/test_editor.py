"""An approver writes and publishes a lesson with what stands on the screen: Vietnamese words, clicks and fields."""

import io
import re
import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, SignIn
from tests.browser.site import Site

pytestmark = pytest.mark.browser

SLOW = 60_000  # milliseconds: publishing draws, weighs and speaks, on a machine that may be busy
MOST = 60  # interactions, from the CMS's home page to «published»
TITLE = "Nối điện thoại vào Wi-Fi"
STEPS = ("Bác mở phần «Cài đặt» trên máy.", "Bác chạm dòng «Wi-Fi».", "Bác chạm tên mạng của nhà mình.")


@dataclass
class Hand:
    """Clicks and fields, counted."""

    page: Page
    done: list[str] = field(default_factory=list)

    def click(self, what: Locator, **more: Any) -> None:
        self.done.append(f"click {what}")
        what.click(**more)

    def fill(self, what: Locator, words: str) -> None:
        self.done.append(f"fill {what}")
        what.fill(words)

    def tick(self, what: Locator) -> None:
        self.done.append(f"tick {what}")
        what.check()

    def give(self, what: Locator, name: str, data: bytes) -> None:
        self.done.append(f"file {what}")
        what.set_input_files({"name": name, "mimeType": "image/png", "buffer": data})


def screenshot() -> bytes:
    """A phone's screen, as somebody would upload it."""
    picture = Image.new("RGB", (720, 1280), "#FFFFFF")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((40, 200, 680, 340), fill="#0A5A54")
    draw.rectangle((40, 400, 680, 540), outline="#1C1B18", width=4)
    draw.text((60, 460), str(time.time_ns()), fill="#1C1B18")  # the same picture again would only raise a question
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def part(page: Page, name: str) -> Locator:
    """The part of the form under a heading."""
    return page.get_by_role("region", name=re.compile(f"^{name}"))


def write_lesson(hand: Hand) -> None:
    """From the CMS's home page to a published lesson of three steps and a rehearsal."""
    page = hand.page
    hand.click(page.get_by_role("link", name="Viết bài mới"))
    hand.click(page.get_by_role("link", name="Dùng điện thoại", exact=True))
    hand.fill(page.get_by_role("textbox", name=re.compile("^Tiêu đề")), TITLE)
    hand.fill(page.get_by_role("textbox", name="Tóm trong một câu"), "Bác nối điện thoại vào mạng Wi-Fi của nhà.")

    steps = part(page, "Các bước").first
    acts = steps.get_by_role("textbox", name="Việc cần làm")
    # The first step stands ready: an uploaded picture with a mark.
    hand.fill(acts.nth(0), STEPS[0])
    hand.click(steps.get_by_role("button", name="Chọn ảnh").first)
    dialogue = page.get_by_role("dialog").filter(has=page.get_by_role("heading", name="Chọn ảnh"))
    hand.click(dialogue.get_by_role("tab", name="Tải lên"))
    hand.give(dialogue.get_by_label("Tệp"), "man-hinh.png", screenshot())
    expect(dialogue.get_by_role("textbox", name="Tiêu đề")).not_to_have_value("", timeout=SLOW)  # the file's name
    hand.fill(dialogue.get_by_role("textbox", name="Trong hình có gì"), "Màn hình có ô Cài đặt màu xanh")
    hand.click(dialogue.get_by_role("button", name="Tải lên"))
    picture = steps.get_by_role("img", name="Màn hình có ô Cài đặt màu xanh").last
    expect(picture).to_be_visible(timeout=SLOW)
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box is not None
    hand.click(picture, position={"x": box["width"] * 0.5, "y": box["height"] * 0.2})
    expect(steps.get_by_role("button", name="Dấu 1", exact=True)).to_be_visible(timeout=SLOW)

    # Two drawn ones.
    for number, (act, row) in enumerate(zip(STEPS[1:], ("Wi-Fi", "Nhà tôi"), strict=True), 1):
        hand.click(steps.get_by_role("button", name="Chèn khối").last)
        expect(acts).to_have_count(number + 1, timeout=SLOW)
        hand.fill(acts.nth(number), act)
        screen = steps.get_by_role("region", name=re.compile("^Màn hình vẽ")).nth(number)
        draw_row(hand, screen, row, is_target=True)

    # And one screen to practise on.
    practice = part(page, "Máy tập thử").first
    hand.click(practice.get_by_role("button", name="Chèn khối").last)
    hand.fill(practice.get_by_role("textbox", name="Cần chạm vào đâu"), "Bác chạm dòng «Wi-Fi».")
    hand.fill(practice.get_by_role("textbox", name="Gợi ý khi chạm chưa đúng"), "Bác tìm dòng có chữ Wi-Fi.")
    screen = practice.get_by_role("region", name=re.compile("^Màn hình vẽ"))
    draw_row(hand, screen, "Bluetooth", is_target=False)
    draw_row(hand, screen, "Wi-Fi", is_target=True)

    hand.click(page.get_by_role("button", name="Thao tác khác").last)
    hand.click(page.get_by_role("button", name="Đăng", exact=True))


def draw_row(hand: Hand, screen: Locator, words: str, *, is_target: bool) -> None:
    """One more button on a drawn screen."""
    rows = screen.get_by_role("textbox", name="Chữ trên đó")
    count = rows.count()
    hand.click(screen.get_by_role("button", name="Thêm", exact=True).last)
    expect(rows).to_have_count(count + 1, timeout=SLOW)
    hand.fill(rows.nth(count), words)
    if is_target:
        hand.tick(screen.get_by_role("checkbox", name="Đây là chỗ cần chạm").nth(count))


def test_it_takes_sixty_interactions_at_most_to_publish_a_lesson(site: Site, sign_in: SignIn) -> None:
    page = sign_in("province")
    page.goto(f"{site.url}/cms/")
    page.set_default_timeout(SLOW)
    hand = Hand(page)
    write_lesson(hand)
    expect(page.get_by_text(re.compile(f"{TITLE}.*đã được đăng|đã đăng", re.I)).first).to_be_visible(timeout=SLOW)
    assert len(hand.done) <= MOST, hand.done

    # As an elder reads it.
    elder = sign_in(viewport=PHONE)
    elder.set_default_timeout(SLOW)
    elder.goto(f"{site.url}/bai-hoc/dung-dien-thoai/")
    elder.get_by_role("link", name=TITLE).last.click()
    expect(elder.get_by_role("heading", name=TITLE)).to_be_visible(timeout=SLOW)
    address = elder.url
    assert "/noi-dien-thoai-vao-wi-fi" in address  # no slug was asked for, and it reads well
    elder.goto(f"{address}?buoc=1")
    expect(elder.get_by_text(STEPS[0])).to_be_visible(timeout=SLOW)
    expect(elder.get_by_role("img", name="Màn hình có ô Cài đặt màu xanh")).to_be_visible(timeout=SLOW)
    expect(elder.locator("article").get_by_text("1", exact=True).first).to_be_visible(timeout=SLOW)  # the mark
    elder.goto(f"{address}?buoc=3")
    expect(elder.get_by_text(STEPS[2])).to_be_visible(timeout=SLOW)
    elder.get_by_role("link", name=re.compile("^Tiếp")).click()
    expect(elder.get_by_text("TẬP THỬ", exact=False).first).to_be_visible(timeout=SLOW)
    until_spoken(elder, f"{address}?buoc=2")


def until_spoken(page: Page, address: str) -> None:
    """The queue reads the steps aloud."""
    deadline = time.monotonic() + 300  # a new installation has its shipped lessons to read first
    turn = 0
    while time.monotonic() < deadline:
        turn += 1
        page.goto(f"{address}&lan={turn}")  # another address each time: the browser keeps a page for five minutes
        voice = page.locator("[data-voice]").first
        if voice.count():
            answer = page.request.get(f"{page.url.split('/bai-hoc/')[0]}{voice.get_attribute('href')}")
            assert answer.headers["content-type"] == "audio/mpeg"
            assert len(answer.body()) > 2_000
            return
        time.sleep(2)
    raise AssertionError("no voice was made")
