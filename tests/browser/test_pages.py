"""The sweep: every page of the tour is walked once on the smallest phone, and each test asks one thing of all pages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from babel.messages.pofile import read_po
from playwright.sync_api import Browser, Page

from tests.browser.site import BASE, PASSWORD, Site
from tests.browser.tour import Stop, stops

pytestmark = pytest.mark.browser

SMALLEST_PHONE = {"width": 320, "height": 640}
CATALOGUE = BASE / "project/locale/vi/LC_MESSAGES/django.po"
GLOSSARY = BASE / "project/docs/glossary.md"
RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}  # off by default in axe: WCAG 2.2
NOT_FOUND = {"elder-badge-false", "elder-not-found"}
UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.I)
CODE_WORD = re.compile(r"(?<![\w./@-])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w.@-])")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

# All texts and labels, and the type size in px of those that are seen. Text in a drawing is scaled with the drawing.
READ = """() => {
  const spoken = [], small = [];
  document.querySelectorAll('details').forEach(one => { one.open = true });
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, text = node.data.replace(/\\s+/g, ' ').trim(), parent = node.parentElement;
    if (!text || parent.closest('script, style, template, noscript')) continue;
    spoken.push(text);
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect(), hidden = parent.closest('.visually-hidden, .skip');
    if (hidden || box.width <= 1 || box.height <= 1 || !parent.checkVisibility({visibilityProperty: true})) continue;
    const size = parseFloat(getComputedStyle(parent).fontSize) * (parent.ownerSVGElement ? parent.getScreenCTM().a : 1);
    small.push([text, Math.round(size * 10) / 10, !!parent.closest('.drawn')]);
  }
  for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
    for (const one of document.querySelectorAll(`[${name}]`)) {
      spoken.push(one.getAttribute(name).replace(/\\s+/g, ' ').trim());
    }
  }
  spoken.push(document.title);
  return {spoken, sized: small, width: document.documentElement.scrollWidth};
}"""


@dataclass(repr=False)  # pytest would print a whole page
class Seen:
    """What the walk found on one page."""

    stop: Stop
    status: int
    address: str
    violations: list[str]
    width: int
    width_open: int
    spoken: list[str]
    sized: list[tuple[str, float, bool]]  # text, px, whether it stands in the picture of a phone's screen


def look(page: Page, site: Site, stop: Stop) -> Seen:
    """Open one page, let axe read it as it comes, then open its folds and read the texts."""
    answer = page.goto(f"{site.url}{stop.address}", wait_until="load")
    axe: dict[str, Any] = Axe().run(page, options=RULES).response
    violations = [
        f"{rule['id']}: {node['target'][0]} {node['html'][:120]}"
        for rule in axe["violations"]
        for node in rule["nodes"][:4]
    ]
    width = page.evaluate("document.documentElement.scrollWidth")
    read = page.evaluate(READ)
    return Seen(
        stop, answer.status if answer else 0, page.url.removeprefix(site.url), violations, width, read["width"],
        read["spoken"], [(text, size, is_drawn) for text, size, is_drawn in read["sized"]],
    )  # fmt: skip


def walked(site: Site, chromium: Browser) -> Iterator[Seen]:
    """The whole tour, one context for each role."""
    tour = stops(site)
    for role in dict.fromkeys(stop.role for stop in tour):
        context = chromium.new_context(viewport=SMALLEST_PHONE, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(20_000)
        if role:
            page.goto(f"{site.url}/accounts/login/")
            page.fill("input[name=login]", f"{role}@gocua.example")
            page.fill("input[name=password]", PASSWORD)
            page.click("main form button[type=submit]")
            page.wait_for_url(lambda url: "/accounts/login" not in url)
        for stop in (stop for stop in tour if stop.role == role):
            yield look(page, site, stop)
        context.close()


@pytest.fixture(scope="session")
def walk(site: Site, chromium: Browser) -> list[Seen]:
    """Every page, seen once; the tests below read it."""
    return list(walked(site, chromium))


@cache
def source_strings() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """English source strings that are worded differently in Vietnamese: plain ones, and those with a gap in them.

    One short word may be a name, so a string counts with two words or twelve letters.
    """
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="vi")
    plain: set[str] = set()
    gapped: set[str] = set()
    for message in catalogue:
        sources = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
        wording = message.string[0] if isinstance(message.string, (tuple, list)) else message.string
        for source in sources:
            text = " ".join(source.split())
            words = PLACEHOLDER.sub(" ", text)
            if text == wording or not (len(words.split()) >= 2 or len(words.strip()) >= 12):
                continue
            (gapped if PLACEHOLDER.search(text) else plain).add(text)
    patterns = (re.compile(".+".join(map(re.escape, PLACEHOLDER.split(text)))) for text in sorted(gapped))
    return frozenset(plain), tuple(patterns)


@cache
def is_untranslated(text: str) -> bool:
    """Whether a text on a Vietnamese page is a source string as it stands in the code."""
    plain, gapped = source_strings()
    return text in plain or any(pattern.fullmatch(text) for pattern in gapped)


@cache
def glossary_codes() -> frozenset[str]:
    """Words of the code in the glossary's first column that nobody should read on a page."""
    rows = [line.split("|")[1] for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return frozenset(word for row in rows for word in re.findall(r"[a-z0-9]+(?:_[a-z0-9]+)+", row))


def codes_in(text: str) -> list[str]:
    """Words written as code is: those of the glossary anywhere, others where they stand alone."""
    known = glossary_codes().intersection(re.findall(r"[a-z0-9_]+", text))
    return sorted(known.union(CODE_WORD.findall(text)))


def told(faults: list[str]) -> str:
    """The faults one a line, each once, for the assertion."""
    return "\n" + "\n".join(dict.fromkeys(faults))


def test_every_page_answers_and_opens_for_its_role(walk: list[Seen]) -> None:
    faults = [
        f"{seen.stop.name}: {seen.status} {seen.stop.address} → {seen.address}"
        for seen in walk
        if seen.status != (404 if seen.stop.name in NOT_FOUND else 200)
        or (seen.address.startswith("/accounts/login/") and not seen.stop.address.startswith("/accounts/"))
    ]
    assert not faults, told(faults)


def test_axe_finds_nothing(walk: list[Seen]) -> None:
    faults = [f"{seen.stop.name}: {violation}" for seen in walk for violation in seen.violations]
    assert not faults, told(faults)


def test_no_page_scrolls_sideways_at_320(walk: list[Seen]) -> None:
    wide = [(seen, max(seen.width, seen.width_open)) for seen in walk]
    faults = [f"{seen.stop.name}: {width} px" for seen, width in wide if width > SMALLEST_PHONE["width"]]
    assert not faults, told(faults)


def test_vietnamese_pages_show_no_source_string(walk: list[Seen]) -> None:
    faults = [
        f"{seen.stop.name}: {text}"
        for seen in walk
        if not seen.stop.address.startswith("/en/")
        for text in seen.spoken
        if is_untranslated(text)
    ]
    assert not faults, told(faults)


def test_nobody_reads_a_uuid(walk: list[Seen]) -> None:
    faults = [f"{seen.stop.name}: {text[:160]}" for seen in walk for text in seen.spoken if UUID.search(text)]
    assert not faults, told(faults)


def test_nobody_reads_a_word_of_the_code(walk: list[Seen]) -> None:
    faults = [
        f"{seen.stop.name}: {', '.join(words)} in «{text[:120]}»"
        for seen in walk
        for text in seen.spoken
        if (words := codes_in(text))
    ]
    assert not faults, told(faults)


def test_type_is_large_enough_to_read(walk: list[Seen]) -> None:
    faults = [
        f"{seen.stop.name}: {size} px «{text[:80]}»"
        for seen in walk
        for text, size, is_drawn in seen.sized
        # A drawn phone is a picture, smaller than the phone it shows; what it says is also said below it.
        if size < (10 if is_drawn else 18 if seen.stop.is_elders else 16)
    ]
    assert not faults, told(faults)


def test_the_checks_of_the_sweep_see_what_they_look_for() -> None:
    assert is_untranslated("Skip to the content")
    assert not is_untranslated("Gõ Cửa")
    assert codes_in("Buổi level2_drive") == ["level2_drive"]
    assert codes_in("vneid_l2: đã kích hoạt") == ["vneid_l2"]
    assert not codes_in("leader1.25396@gocua.example K-01")
    assert UUID.search("hộ 01923f6e-8c1a-7000-8000-0123456789ab")
