"""What a phone counts while somebody walks through a lesson, and that it tells only that, once, when it is left."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, SignIn
from tests.browser.site import Site

pytestmark = pytest.mark.browser
LESSON = "/bai-hoc/vneid/kich-hoat-vneid-muc-2/"

# Writes down each letter that the page sends (the browser's tools do not see those of a page that is being left),
# and lets every voice play in silence.
WATCH = """() => {
  const send = navigator.sendBeacon.bind(navigator);
  navigator.sendBeacon = (to, body) => {
    localStorage.setItem('sent', JSON.stringify([...JSON.parse(localStorage.getItem('sent') || '[]'), [to, body]]));
    return send(to, body);
  };
  window.Audio = function () { this.play = () => Promise.resolve(); this.pause = () => undefined; };
}"""
VOICE = """() => { document.querySelector('article').insertAdjacentHTML('beforeend',
  '<p><a id="voice" href="/media/x.mp3" data-voice>Nghe</a></p>') }"""

KEPT = "JSON.parse(localStorage.getItem('gocua.counts'))"


@pytest.fixture
def phone(sign_in: SignIn) -> Page:
    """A phone that nobody has signed in on."""
    page = sign_in(viewport=PHONE)
    page.add_init_script(f"({WATCH})()")
    return page


def sent(page: Page) -> list[tuple[str, dict[str, str]]]:
    letters = page.evaluate("JSON.parse(localStorage.getItem('sent') || '[]')")
    return [(to, json.loads(body)) for to, body in letters]


def door_of(page: Page) -> str:
    return f"/b/{page.get_attribute('article', 'data-number')}/dem/"


def tallies(site: Site) -> dict[str, int]:
    """'<place> <kind>' → how often so far, for this lesson in Vietnamese."""
    found: dict[str, int] = site.query(
        "from learning.models import Tally, LessonNumber, LessonPage\n"
        f"page = LessonPage.objects.get(slug='{LESSON.split('/')[-2]}', locale__language_code='vi')\n"
        "rows = Tally.objects.filter(number=page.number, language='vi')\n"
        "result = {f'{row.step} {row.kind}': row.count for row in rows}"
    )
    return found


def leave(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/rieng-tu/")


def test_one_letter_tells_what_happened_in_the_lesson(site: Site, phone: Page) -> None:
    before = tallies(site)
    phone.goto(f"{site.url}{LESSON}")
    phone.click("a[data-next]")
    phone.wait_for_url("**buoc=1")
    one = phone.get_attribute("article", "data-id")
    hint = phone.locator("details.hint > summary").first
    hint.click()
    hint.click()  # closing it is no second look
    phone.evaluate(VOICE)
    for _tap in range(3):  # plays, stops, plays again
        phone.click("#voice")
    phone.click(".foot-bar a[rel=next]")
    phone.wait_for_url("**buoc=2")
    two = phone.get_attribute("article", "data-id")
    phone.click(".foot-bar a[rel=prev]")
    phone.wait_for_url("**buoc=1")
    phone.goto(f"{site.url}{LESSON}?thu=1")
    screen = phone.get_attribute("article", "data-id")
    phone.locator("a[data-miss]:visible").first.click()
    phone.locator("a.here:visible").first.click()
    phone.wait_for_load_state()
    leave(phone, site)
    letters = sent(phone)
    told: dict[str, Any] = {}
    for to, report in letters:
        assert to.endswith("/dem/")
        for place, letters_of in report.items():
            told[place] = told.get(place, "") + letters_of
    assert told["cover"] == "s"
    assert (told[str(one)], told[str(two)]) == ("stha", "sb")
    assert told[str(screen)] in {"sm", "shm"}  # where its voice is ready, the hint is heard: this phone has listened
    # Typing the address of the practice phone is leaving too; tapping from screen to screen is not.
    assert len(letters) == 2
    after = tallies(site)
    grown = {key: after[key] - before.get(key, 0) for key in after if after[key] != before.get(key, 0)}
    for key in ("cover shown", f"{one} shown", f"{one} hint", f"{one} heard", f"{one} again", f"{two} shown",
                f"{two} back", f"{screen} shown", f"{screen} missed"):  # fmt: skip
        assert grown[key] == 1, key


def test_the_letter_holds_counts_and_nothing_else(site: Site, phone: Page) -> None:
    phone.goto(f"{site.url}{LESSON}?buoc=1")
    step, door = phone.get_attribute("article", "data-id"), door_of(phone)
    assert phone.evaluate(KEPT) == {door: {step: "s"}}
    leave(phone, site)
    assert sent(phone) == [(door, {step: "s"})]
    assert phone.evaluate("localStorage.getItem('gocua.counts')") is None
    assert phone.context.cookies() == []


def test_the_same_step_is_shown_once_a_visit(site: Site, phone: Page) -> None:
    for _look in range(3):
        phone.goto(f"{site.url}{LESSON}?buoc=1")
    leave(phone, site)
    assert [list(report.values()) for _to, report in sent(phone)] == [["s"]]


def test_without_a_network_the_counts_wait_for_the_next_page(site: Site, phone: Page) -> None:
    phone.goto(f"{site.url}{LESSON}?buoc=1")
    step = str(phone.get_attribute("article", "data-id"))
    phone.context.set_offline(True)
    phone.locator("details.hint > summary").first.click()
    phone.evaluate("window.dispatchEvent(new Event('pagehide'))")
    assert sent(phone) == []
    assert phone.evaluate(KEPT) == {door_of(phone): {step: "st"}}
    phone.context.set_offline(False)
    before = tallies(site)
    phone.goto(f"{site.url}{LESSON}?buoc=2")
    leave(phone, site)
    assert [report[step] for _to, report in sent(phone) if step in report] == ["st"]
    assert tallies(site)[f"{step} hint"] == before.get(f"{step} hint", 0) + 1


def test_a_phone_without_storage_reads_on_and_tells_nothing(site: Site, phone: Page) -> None:
    phone.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, {get() { throw new Error('refused'); }});"
    )
    failures: list[str] = []
    phone.on("pageerror", lambda error: failures.append(str(error)))
    phone.goto(f"{site.url}{LESSON}?buoc=1")
    phone.locator("details.hint > summary").first.click()
    phone.click(".foot-bar a[rel=next]")
    phone.wait_for_url("**buoc=2")
    assert failures == []
