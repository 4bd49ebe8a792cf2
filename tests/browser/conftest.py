"""One served demo installation and one Chromium for all browser tests."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.site import CHROMIUM_ARGS, PASSWORD, Site, open_site
from tests.run import browser as installed_browser

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The installation; the browser tests share it and name what they make."""
    served = open_site(Path(tmp_path_factory.mktemp("site")))
    yield served
    served.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium, the one that `make test` found."""
    path = os.environ.get("CHROMIUM") or installed_browser() or None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(site: Site, chromium: Browser) -> Iterator[SignIn]:
    """`sign_in("lead.25396")` gives a page signed in as that demo user; without a name an anonymous one."""
    contexts: list[BrowserContext] = []

    def enter(name: str = "", viewport: dict[str, int] = DESK, **options: object) -> Page:
        context = chromium.new_context(viewport=viewport, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        if name:
            page.goto(f"{site.url}/accounts/login/")
            page.fill("input[name=login]", f"{name}@gocua.example")
            page.fill("input[name=password]", PASSWORD)
            page.click("main form button[type=submit]")
            page.wait_for_url(lambda url: "/accounts/login" not in url)
        return page

    yield enter
    for context in contexts:
        context.close()
