"""`make screens`: a picture of every page of the tour, as each role, at 360×740 and 1280×800, into screenshots/."""

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.site import BASE, CHROMIUM_ARGS, PASSWORD, Site, open_site
from tests.browser.tour import stops
from tests.run import install_browser

SIZES = {"360": {"width": 360, "height": 740}, "1280": {"width": 1280, "height": 800}}


def main(wanted: list[str]) -> None:
    """Take the pictures; words on the command line narrow the tour to names that hold one of them."""
    folder = BASE / "screenshots"
    folder.mkdir(exist_ok=True)
    running = os.environ.get("SITE")  # an installation that is served already, for a quick second look
    with tempfile.TemporaryDirectory(prefix="gocua-screens-") as data:
        if running:
            environment = os.environ | {"DATA_DIR": os.environ["SITE_DATA"]}
            site = Site(running, Path(os.environ["SITE_DATA"]), environment, None)  # type: ignore[arg-type]
        else:
            site = open_site(Path(data))
        try:
            shoot(site, folder, wanted)
        finally:
            if not running:
                site.stop()


def shoot(site: Site, folder: Path, wanted: list[str]) -> None:
    """Walk the tour with one browser."""
    tour = [stop for stop in stops(site) if not wanted or any(word in stop.name for word in wanted)]
    password = os.environ.get("SITE_PASSWORD", PASSWORD)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=install_browser() or None, args=CHROMIUM_ARGS)
        for size, viewport in SIZES.items():
            for role in dict.fromkeys(stop.role for stop in tour):
                context = browser.new_context(viewport=viewport, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")  # type: ignore[arg-type]
                page = context.new_page()
                if role:
                    page.goto(f"{site.url}/accounts/login/")
                    page.fill("input[name=login]", f"{role}@gocua.example")
                    page.fill("input[name=password]", password)
                    page.click("main form button[type=submit]")
                    page.wait_for_load_state()
                for stop in (stop for stop in tour if stop.role == role):
                    answer = page.goto(f"{site.url}{stop.address}", wait_until="load")
                    page.screenshot(path=str(folder / f"{stop.name}-{size}.png"), full_page=True)
                    print(f"{size:>5} {answer.status if answer else 0} {stop.name}", flush=True)
                context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
