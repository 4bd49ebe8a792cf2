"""Going on without account or typing, in Chromium: three taps without a script, one phone for several learners, and a
number to call that the phone remembers."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, SignIn
from tests.browser.site import Site

pytestmark = pytest.mark.browser

LESSON = "/bai-hoc/vneid/kich-hoat-vneid-muc-2/"
OTHER = "/bai-hoc/tranh-bi-lua/ba-dieu-khong-noi-cho-ai/"
PLACES = "document.documentElement.scrollWidth"
KEPT = "name => JSON.parse(localStorage.getItem('gocua.' + name))"
SMALL = """() => [...document.querySelectorAll('main a, main button')].filter(one => one.checkVisibility())
  .map(one => one.getBoundingClientRect()).filter(box => box.height < 56 || box.width < 56).length"""


@pytest.fixture
def number(site: Site) -> int:
    """The short number of the main lesson."""
    slug = LESSON.split("/")[3]
    rows = f"LessonPage.objects.get(slug='{slug}', locale__language_code='vi')"
    return int(site.query(f"from learning.models import LessonPage\nresult = {rows}.number"))


@pytest.fixture
def contact(site: Site) -> Iterator[str]:
    """A commune with a number that may be called, for one test."""
    make = (
        "from learning.models import HelpContact\n"
        "row = HelpContact.objects.create(key='thu', name_vi='Tổ giúp việc', phone='1900 0000', area_code='25396',"
        " source='x')\nresult = row.pk"
    )
    pk = site.query(make)
    yield "Tổ giúp việc"
    site.query(f"from learning.models import HelpContact\nresult = HelpContact.objects.filter(pk={pk}).delete()[0]")


def test_three_taps_open_the_step_without_a_script(site: Site, sign_in: SignIn, number: int) -> None:
    page = sign_in(viewport=PHONE, java_script_enabled=False)
    page.goto(f"{site.url}{LESSON}?buoc=4")
    page.get_by_role("link", name="Nghỉ tay một lát").click()
    words = page.locator(".trio .picture span").all_inner_texts()
    assert len(words) == 3
    other = sign_in(viewport=PHONE, java_script_enabled=False)  # another phone
    other.goto(site.url)
    other.get_by_role("link", name="Học tiếp bằng ba hình").click()
    other.locator(".pictures a").first.click()  # a wrong one
    other.get_by_role("link", name="Chọn lại").click()
    for word in words:
        other.locator(".pictures").get_by_role("link", name=word, exact=True).click()
    assert other.url == f"{site.url}{LESSON}?buoc=4"
    assert not other.context.cookies()


@pytest.mark.parametrize("size", ["1", "3"])
def test_the_pages_fit_the_smallest_phone_and_the_largest_letters(
    site: Site, sign_in: SignIn, number: int, size: str
) -> None:
    page = sign_in(viewport={"width": 320, "height": 640})
    page.add_init_script(f"localStorage.setItem('gocua.size', '{size}')")
    for address in ("/tiep/", "/tiep/?hinh=ga-nha", f"/b/{number}/nghi/?buoc=4"):
        page.goto(f"{site.url}{address}")
        assert page.evaluate(PLACES) == 320, address
        assert page.locator(".picture").evaluate_all("all => all.every(one => one.scrollWidth <= one.clientWidth)")
    page.goto(f"{site.url}/tiep/?hinh=ga")
    assert page.evaluate(SMALL) == 0


def test_several_people_learn_on_one_phone(site: Site, sign_in: SignIn) -> None:
    page = sign_in(viewport=PHONE)
    page.goto(site.url)
    shared, door = page.locator("[data-add] > summary"), page.locator("[data-continue] a")
    expect(shared).to_be_hidden()  # nobody has begun a lesson
    page.goto(f"{site.url}{LESSON}?buoc=3")
    page.goto(site.url)
    shared.click()
    choose(page, "mèo")
    expect(door).to_have_attribute("href", f"{LESSON}?buoc=3")  # the first one takes over what was begun
    expect(page.locator("[data-row] [aria-pressed=true]")).to_be_focused()
    shared.click()
    choose(page, "cá")
    expect(door).to_be_hidden()
    page.goto(f"{site.url}{OTHER}?buoc=2")
    page.goto(f"{site.url}/bai-hoc/")
    expect(door).to_have_attribute("href", f"{OTHER}?buoc=2")
    row = page.locator("[data-row]")
    assert row.locator("button span").all_inner_texts() == ["cá", "mèo"]
    row.get_by_role("button", name="mèo").click()
    expect(door).to_have_attribute("href", f"{LESSON}?buoc=3")
    row.get_by_role("button", name="cá").click()
    expect(door).to_have_attribute("href", f"{OTHER}?buoc=2")
    page.goto(f"{site.url}{OTHER}?buoc=xong")  # finished
    page.goto(site.url)
    expect(door).to_be_hidden()
    row.get_by_role("button", name="mèo").click()
    expect(door).to_have_attribute("href", f"{LESSON}?buoc=3")


def choose(page: Page, word: str) -> None:
    """Tap a picture among those that nobody has taken."""
    page.locator("[data-add] .pictures").get_by_role("button", name=word, exact=True).click()


def test_a_taken_picture_is_not_offered_again(site: Site, sign_in: SignIn) -> None:
    page = begun(site, sign_in)
    page.locator("[data-add] > summary").click()
    choose(page, "gà")
    page.locator("[data-add] > summary").click()
    free = page.locator("[data-add] .pictures button:visible span").all_inner_texts()
    assert len(free) == 11
    assert "gà" not in free


def begun(site: Site, sign_in: SignIn) -> Page:
    """The front page of a phone on which a lesson was begun."""
    page = sign_in(viewport=PHONE)
    page.goto(f"{site.url}{LESSON}?buoc=3")
    page.goto(site.url)
    return page


def test_the_phone_forgets_everything_only_after_a_second_tap(site: Site, sign_in: SignIn) -> None:
    page = begun(site, sign_in)
    page.evaluate("localStorage.setItem('gocua.help', '{}'); localStorage.setItem('gocua.size', '2')")
    page.locator("[data-add] > summary").click()
    choose(page, "sao")
    page.locator("[data-add] > summary").click()
    page.get_by_text("Quên hết trên máy này").click()
    assert page.evaluate(KEPT, "people")["now"] == "sao"
    page.get_by_role("button", name="Đúng, quên hết đi").click()
    expect(page.get_by_role("status")).to_have_text("Máy này đã quên hết rồi ạ.")
    for name in ("people", "lesson", "help"):
        assert page.evaluate(KEPT, name) is None, name
    assert page.evaluate(KEPT, "size") == 2  # eyes are no secret
    expect(page.locator("[data-row]")).to_be_hidden()
    expect(page.locator("[data-continue]")).to_be_hidden()


@pytest.mark.parametrize(
    "kept", ["null", "[]", "{", '{"now":"ga"}', '{"now":"ga","of":{}}', '{"now":"toString","of":{}}']
)
def test_what_somebody_else_wrote_there_does_no_harm(site: Site, sign_in: SignIn, kept: str) -> None:
    page = sign_in(viewport=PHONE)
    faults: list[Any] = []
    page.on("pageerror", lambda fault: faults.append(fault))
    page.goto(f"{site.url}/rieng-tu/")
    page.evaluate("text => localStorage.setItem('gocua.people', text)", kept)
    page.evaluate("localStorage.setItem('gocua.lesson', JSON.stringify({url: 'javascript:alert(1)', title: 'x'}))")
    page.goto(site.url)
    expect(page.locator("[data-continue]")).to_be_hidden()
    page.locator("[data-add] > summary").click()
    choose(page, "nhà")
    assert page.evaluate(KEPT, "people")["now"] == "nha"
    assert not faults


def test_going_back_to_the_front_page_shows_the_newest_place(site: Site, sign_in: SignIn) -> None:
    page = begun(site, sign_in)
    page.locator("[data-continue] a").click()
    page.get_by_role("link", name="Tiếp", exact=True).click()
    page.wait_for_url("**buoc=4")
    page.go_back()
    page.go_back()
    place = page.evaluate(KEPT, "lesson")["url"]
    expect(page.locator("[data-continue] a")).to_have_attribute("href", place)


HOOK = """() => document.querySelector('main').insertAdjacentHTML('beforeend',
  '<a class="big-button" href="#" hidden data-help-contact>Gọi ngay: <b data-help-name></b></a>' +
  '<p data-help-unknown>thẻ</p>')"""


def test_the_phone_remembers_whom_to_call(site: Site, sign_in: SignIn, contact: str) -> None:
    page = sign_in(viewport=PHONE)
    page.goto(f"{site.url}/nho-giup/?xa=25396")
    expect(page.get_by_role("link", name=f"Gọi ngay: {contact}")).to_have_attribute("href", "tel:19000000")
    assert page.evaluate(KEPT, "help") == {"name": contact, "phone": "19000000"}
    page.goto(f"{site.url}/rieng-tu/")
    page.evaluate(HOOK)  # as the page without network has it
    page.add_script_tag(url="/static/learning/help.js")
    shown = page.locator("[data-help-contact]")
    expect(shown).to_have_attribute("href", "tel:19000000")
    expect(shown).to_have_text(f"Gọi ngay: {contact}")
    expect(page.locator("[data-help-unknown]")).to_be_hidden()
    page.goto(f"{site.url}/diem-phuc-vu/25405/")  # only looked at: whom one calls stays the same
    assert page.evaluate(KEPT, "help") == {"name": contact, "phone": "19000000"}
    page.goto(f"{site.url}/nho-giup/?xa=25405")  # lives there now, and it has written down nobody
    assert page.evaluate(KEPT, "help") is None


def test_a_lesson_leads_to_the_number_in_one_tap(site: Site, sign_in: SignIn, contact: str) -> None:
    page = sign_in(viewport=PHONE, java_script_enabled=False)
    page.goto(f"{site.url}/nho-giup/?xa=25396")  # once chosen, the phone knows the commune
    page.goto(f"{site.url}{LESSON}?buoc=2")
    page.get_by_role("link", name="Gọi giúp").click()
    expect(page.get_by_role("link", name=f"Gọi ngay: {contact}")).to_be_in_viewport()
