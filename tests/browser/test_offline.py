"""A lesson kept on the phone, in Chromium: nothing before the tap, all of it in flight mode, fresh again afterwards."""

import os
import random
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import PHONE, SignIn
from tests.browser.site import Site

pytestmark = pytest.mark.browser

LESSON = "/bai-hoc/vneid/kich-hoat-vneid-muc-2/"
OTHER = "/bai-hoc/tranh-bi-lua/ba-dieu-khong-noi-cho-ai/"
NEVER_OPENED = "/bai-hoc/tranh-bi-lua/nhan-ra-lua-dao/"
REGISTRATIONS = (
    "() => navigator.serviceWorker.getRegistrations().then(all => all.map(one => new URL(one.scope).pathname))"
)
CACHES = "() => caches.keys()"
SPEAK = """
from learning.models import LessonPage, MachineVoice
from learning.serving import stamps
from learning.voice.actions import speak_rows
from learning.voice.models import ask_for_voices
page = LessonPage.objects.get(slug='kich-hoat-vneid-muc-2', locale__language_code='vi')
keys = ask_for_voices(page.spoken)
speak_rows(MachineVoice.objects.filter(key__in=keys).exclude(state='ready'))
stamps.touch(page.url)
result = {'steps': len(page.steps), 'screens': len(page.rehearsal), 'questions': len(page.quiz), 'title': page.title,
          'voices': MachineVoice.objects.filter(key__in=keys, state='ready').count()}
"""
REWRITE = """
from learning.models import LessonPage
page = LessonPage.objects.get(slug='kich-hoat-vneid-muc-2', locale__language_code='vi')
page.closing = {words!r}
page.save_revision().publish()
result = True
"""


@pytest.fixture(scope="module")
def lesson(site: Site) -> dict[str, Any]:
    """What the lesson holds; its voices are spoken."""
    told: dict[str, Any] = site.query(SPEAK)
    assert told["voices"] > 20
    return told


@pytest.fixture
def phone(site: Site, sign_in: SignIn, lesson: dict[str, Any]) -> Page:
    """An elder's phone on the lesson's cover."""
    page = sign_in(viewport=PHONE)
    page.goto(site.url + LESSON)
    return page


def keep(page: Page) -> None:
    """Tap, read the sentence about Wi-Fi, tap again, wait until the lesson is there."""
    page.get_by_role("button", name="Tải bài này về máy").click()
    expect(page.get_by_text("Tải bằng Wi-Fi thì không tốn tiền")).to_be_visible()
    page.get_by_role("button", name="Tải ngay").click()
    expect(page.get_by_text("Bài đã nằm trong máy")).to_be_visible(timeout=90_000)


def stop_worker(page: Page) -> None:
    """As a phone does after half a minute: the worker forgets everything that is not written down."""
    session = page.context.new_cdp_session(page)
    states: dict[str, str] = {}

    def note(event: dict[str, Any]) -> None:
        states.update({version["versionId"]: version["runningStatus"] for version in event["versions"]})

    session.on("ServiceWorker.workerVersionUpdated", note)
    session.send("ServiceWorker.enable")
    session.send("ServiceWorker.stopAllWorkers")
    deadline = time.monotonic() + 20
    while not states or set(states.values()) != {"stopped"}:
        assert time.monotonic() < deadline, states
        page.wait_for_timeout(100)
    session.detach()


def test_nothing_is_registered_before_the_tap(phone: Page, site: Site) -> None:
    for path in (LESSON, f"{LESSON}?buoc=1", "/bai-hoc/"):
        phone.goto(site.url + path)
        phone.wait_for_load_state("networkidle")
        assert phone.evaluate(REGISTRATIONS) == []
        assert phone.evaluate(CACHES) == []


def test_the_whole_lesson_works_in_flight_mode(phone: Page, site: Site, lesson: dict[str, Any]) -> None:
    keep(phone)
    assert phone.evaluate(REGISTRATIONS) == ["/bai-hoc/"]
    phone.context.set_offline(True)
    answer = phone.goto(site.url + LESSON)
    assert answer is not None
    assert answer.from_service_worker
    expect(phone.get_by_role("heading", level=1)).to_contain_text(lesson["title"])
    expect(phone.get_by_text("Bài đã nằm trong máy")).to_be_visible()
    phone.locator("a[data-next]").click()
    for number in range(1, lesson["steps"] + 1):
        phone.wait_for_url(lambda url, number=number: f"?buoc={number}" in url)
        expect(phone.locator(".step-text")).not_to_be_empty()
        hear(phone)
        phone.locator(".foot-bar a[rel=next]").click()
    for number in range(1, lesson["screens"] + 1):
        phone.wait_for_url(lambda url, number=number: f"?thu={number}" in url)
        practise(phone)
    for number in range(1, lesson["questions"] + 1):
        phone.wait_for_url(lambda url, number=number: f"?cau={number}" in url)
        answer_question(phone)
    phone.wait_for_url(lambda url: "?buoc=xong" in url)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("xong rồi")


def hear(page: Page) -> None:
    """The voice of what is shown comes out of the copy, whole and in parts, and can be played."""
    link = page.locator(".foot-bar a[data-voice]")
    told = page.evaluate(
        """async (url) => {
          const whole = await fetch(url), part = await fetch(url, { headers: { Range: "bytes=10-109" } });
          const sound = new Audio(url);
          await new Promise((done, fail) => { sound.oncanplaythrough = done; sound.onerror = fail; });
          return [whole.status, (await whole.arrayBuffer()).byteLength, part.status, part.headers.get("Content-Range"),
                  (await part.arrayBuffer()).byteLength, sound.duration];
        }""",
        link.get_attribute("href"),
    )
    status, size, part_status, span, part_size, seconds = told
    assert (status, part_status, part_size) == (200, 206, 100)
    assert span == f"bytes 10-109/{size}"
    assert 1 < seconds < 60


def practise(page: Page) -> None:
    """Three wrong taps bring hint, border and help; then the right place."""
    wrong = page.locator("a[data-miss]").first
    for misses in (1, 2, 3):
        wrong.click()
        page.wait_for_url(lambda url, misses=misses: f"sai={misses}" in url)
        expect(page.locator(f".say [data-at='{misses}']").first).to_be_visible()
    page.reload()  # an address that was never kept: the copy of its screen, with the help that it names
    expect(page.locator(".say [data-at='3']").first).to_be_visible()
    page.get_by_role("link", name="Cháu làm giúp").click()


def answer_question(page: Page) -> None:
    """Whatever is chosen is answered with words; then on."""
    page.locator("a[data-pick]").first.click()
    expect(page.locator(".say:not([hidden])").first).to_be_visible()
    page.locator(".foot-bar a[rel=next]").click()


def test_help_and_forms_say_kindly_what_to_do_without_a_network(phone: Page, site: Site) -> None:
    keep(phone)
    phone.context.set_offline(True)
    phone.goto(f"{site.url}{LESSON}?buoc=2")
    phone.get_by_role("link", name="Gọi giúp").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("không có mạng")
    assert phone.locator("a[href='tel:113']").count() == 1
    phone.get_by_role("link", name="Quay lại bài").click()
    phone.wait_for_url(site.url + LESSON)
    phone.goto(f"{site.url}{LESSON}?buoc=2")
    phone.get_by_role("button", name="Tôi bị vướng ở bước này").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("không có mạng")
    phone.context.set_offline(False)
    phone.goto(f"{site.url}{LESSON}?buoc=2")
    phone.get_by_role("link", name="Gọi giúp").click()
    phone.wait_for_url(lambda url: "/nho-giup/?bai=" in url)
    phone.goto(f"{site.url}{LESSON}?buoc=xong")
    phone.locator("#useful button").first.click()
    phone.wait_for_url(lambda url: "khong-mang" not in url)
    expect(phone.locator("#useful")).to_contain_text("cảm ơn bác")


def test_only_kept_lessons_are_answered(phone: Page, site: Site) -> None:
    keep(phone)
    for path, is_kept in (
        (LESSON, True),
        (f"{LESSON}?la=gi", True),
        (OTHER, False),
        ("/bai-hoc/", False),
        ("/", False),
    ):
        answer = phone.goto(site.url + path)
        assert answer is not None
        assert answer.from_service_worker is is_kept, path
    phone.context.set_offline(True)
    for path in (NEVER_OPENED, "/bai-hoc/tranh-bi-lua/", "/nho-giup/"):  # what was opened may still lie in the browser
        with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
            phone.goto(site.url + path)
    stop_worker(phone)
    phone.goto(f"{site.url}{LESSON}?buoc=1")  # also from a worker that has just woken up
    hear(phone)
    with pytest.raises(Error, match="ERR_"):
        phone.goto(site.url + NEVER_OPENED)


def test_a_new_version_is_shown_and_kept(phone: Page, site: Site) -> None:
    keep(phone)
    (before,) = phone.evaluate(CACHES)
    words = "Bác giỏi lắm: " + " ".join(random.choices(["hoa", "lá", "mưa", "nắng", "gió", "trăng"], k=8))
    site.query(REWRITE.format(words=words))
    stop_worker(phone)
    phone.goto(f"{site.url}{LESSON}?buoc=xong")
    expect(phone.get_by_text(words)).to_be_visible()
    deadline = time.monotonic() + 60
    while phone.evaluate(CACHES) == [before] or len(phone.evaluate(CACHES)) != 1:
        assert time.monotonic() < deadline, phone.evaluate(CACHES)
        phone.wait_for_timeout(200)
    phone.context.set_offline(True)
    phone.goto(f"{site.url}{LESSON}?buoc=xong")
    expect(phone.get_by_text(words)).to_be_visible()
    hear_first_step(phone, site)


def hear_first_step(page: Page, site: Site) -> None:
    page.goto(f"{site.url}{LESSON}?buoc=1")
    hear(page)


def test_a_spoilt_copy_gives_way_to_the_network(phone: Page, site: Site) -> None:
    keep(phone)
    (name,) = phone.evaluate(CACHES)
    spoil = "([name, url]) => caches.open(name).then(cache => cache.put(url, new Response('rubbish')))"
    phone.evaluate(spoil, [name, f"{LESSON}?buoc=2"])
    phone.goto(f"{site.url}{LESSON}?buoc=2")
    expect(phone.locator(".step-text")).not_to_be_empty()
    phone.wait_for_function("() => caches.keys().then(names => !names.length)")


def test_a_download_that_breaks_off_leaves_nothing(phone: Page) -> None:
    phone.get_by_role("button", name="Tải bài này về máy").click()
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Tải ngay").click()
    expect(phone.get_by_text("mạng yếu quá")).to_be_visible(timeout=30_000)
    assert phone.evaluate(CACHES) == []
    phone.context.set_offline(False)
    keep(phone)


def test_the_lesson_not_opened_for_the_longest_time_makes_room(phone: Page) -> None:
    phone.evaluate(
        """async () => {
          const url = "/bai-hoc/giay-to/bai-cu/", cache = await caches.open(`gocua-bai|${url}|1`);
          const pack = { url, title: "Bài cũ nhất", version: "1", pages: [], files: [], bytes: 0 };
          await cache.put(`${url}goi.json`, new Response(JSON.stringify({ ...pack, voice_bytes: 19500000 })));
        }"""
    )
    keep(phone)
    expect(phone.get_by_text("bài lâu nhất bác chưa mở đã được bỏ ra: Bài cũ nhất")).to_be_visible()
    (left,) = phone.evaluate(CACHES)
    assert LESSON in left


def test_a_full_phone_is_told_so_before_anything_is_written(phone: Page, site: Site) -> None:
    session = phone.context.new_cdp_session(phone)
    session.send("Storage.overrideQuotaForOrigin", {"origin": site.url, "quotaSize": 300_000})
    phone.get_by_role("button", name="Tải bài này về máy").click()
    phone.get_by_role("button", name="Tải ngay").click()
    expect(phone.get_by_text("Máy hết chỗ chứa rồi")).to_be_visible(timeout=30_000)
    assert phone.evaluate(CACHES) == []


def test_a_kept_lesson_is_listed_and_can_be_removed(phone: Page, site: Site, lesson: dict[str, Any]) -> None:
    keep(phone)
    phone.goto(f"{site.url}/bai-hoc/")
    shelf = phone.locator("[data-kept]")
    expect(shelf.get_by_role("link", name=lesson["title"])).to_be_visible()
    shelf.get_by_role("button", name="Xoá khỏi máy").click()
    expect(shelf).to_be_hidden()
    phone.wait_for_function("() => navigator.serviceWorker.getRegistrations().then(all => !all.length)")
    assert phone.evaluate(CACHES) == []
    phone.goto(site.url + LESSON)
    expect(phone.get_by_role("button", name="Tải bài này về máy")).to_be_visible()


def test_a_phone_that_cannot_keep_lessons_hears_of_other_ways(site: Site, sign_in: SignIn) -> None:
    page = sign_in(viewport=PHONE)
    page.add_init_script("Object.defineProperty(navigator, 'serviceWorker', { value: undefined })")
    page.goto(site.url + LESSON)
    expect(page.get_by_text("Máy này không giữ bài được")).to_be_visible()
    expect(page.get_by_role("link", name="thẻ nhớ")).to_be_visible()
    bare = sign_in(viewport=PHONE, java_script_enabled=False)
    bare.goto(site.url + LESSON)
    expect(bare.locator("[data-keep]")).to_be_hidden()


@pytest.fixture
def frozen(site: Site) -> Iterator[None]:
    """A server that takes connections and never answers: one bar of signal."""
    os.kill(site.process.pid, signal.SIGSTOP)
    yield
    os.kill(site.process.pid, signal.SIGCONT)


def test_a_dead_signal_costs_seconds_once_and_not_at_every_step(
    phone: Page, site: Site, request: pytest.FixtureRequest
) -> None:
    keep(phone)
    stop_worker(phone)
    request.getfixturevalue("frozen")
    times = []
    for path in (LESSON, f"{LESSON}?buoc=1", f"{LESSON}?buoc=2"):
        begun = time.monotonic()
        phone.goto(site.url + path, wait_until="commit")
        phone.locator("main").wait_for()
        times.append(time.monotonic() - begun)
    assert 2 < times[0] < 8
    assert max(times[1:]) < 2
