"""A lesson on a cheap phone: 360×740, 400 kbit/s, 400 ms, a processor four times slower, cold and again; beside a bare
page of the same weight from a bare server, in turns in one run. Look at the ratios, not at the milliseconds."""

import gzip
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from playwright.sync_api import Browser, CDPSession, sync_playwright

from tests.bench.client import served
from tests.browser.site import CHROMIUM_ARGS
from tests.run import install_browser

LESSON = "/bai-hoc/vneid/kich-hoat-vneid-muc-2/"
TURNS = {"small": 3, "full": 9}
BYTES_A_SECOND, LATENCY_MS, SLOWER = 50_000, 400, 4
WATCH = """(() => {
  const seen = window.__seen = {lcp: 0, fcp: 0, cls: 0, blocked: 0};
  const watch = (type, take) => new PerformanceObserver(list => list.getEntries().forEach(take))
    .observe({type, buffered: true});
  watch('largest-contentful-paint', one => { seen.lcp = one.startTime });
  watch('paint', one => { if (one.name === 'first-contentful-paint') seen.fcp = one.startTime });
  watch('layout-shift', one => { if (!one.hadRecentInput) seen.cls += one.value });
  watch('longtask', one => { seen.blocked += Math.max(0, one.duration - 50) });
})()"""
Seen = dict[str, float]


def main(size: str) -> dict[str, float | int | str]:
    """Medians: first paint, largest paint and blocked time in ms, layout shift, kB and requests; ratio to the floor."""
    found: dict[str, list[Seen]] = {"floor": [], "step": [], "cover": [], "practice": []}
    again: list[Seen] = []
    with served(VOICE_PROVIDER="tests.bench.mute.Mute") as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=install_browser() or None, args=CHROMIUM_ARGS)
        with floor(f"{site.url}{LESSON}?buoc=2") as bare:
            pages = {
                "floor": bare,
                "step": f"{site.url}{LESSON}?buoc=2",
                "cover": f"{site.url}{LESSON}",
                "practice": f"{site.url}{LESSON}?thu=1",
            }
            for _turn in range(TURNS[size] + 1):  # the first turn warms the server and is dropped
                for name, url in pages.items():
                    first, second = visit(browser, url)
                    found[name].append(first)
                    if name == "step":
                        again.append(second)
        browser.close()
    figures: dict[str, float | int | str] = {}
    for name, seen in found.items():
        for what in ("fcp", "lcp", "blocked", "kb", "requests"):
            figures[f"{name}_{what}"] = round(median(one[what] for one in seen[1:]), 1)
    figures["step_shift"] = round(median(one["cls"] for one in found["step"][1:]), 3)
    figures["step_again_lcp"] = round(median(one["lcp"] for one in again[1:]), 1)
    figures["step_again_kb"] = round(median(one["kb"] for one in again[1:]), 1)
    figures["step_lcp_of_floor"] = round(float(figures["step_lcp"]) / float(figures["floor_lcp"]), 2)
    return figures


def visit(browser: Browser, url: str) -> tuple[Seen, Seen]:
    """A cold visit, and a second one in the same profile."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, device_scale_factor=2, is_mobile=True)
    page = context.new_page()
    page.add_init_script(WATCH)
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False, "latency": LATENCY_MS, "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )  # fmt: skip
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    seen = [one_visit(page, wire, url) for _time in range(2)]
    context.close()
    return seen[0], seen[1]


def one_visit(page: Any, wire: CDPSession, url: str) -> Seen:
    """Open the page and wait until nothing more comes."""
    taken: Seen = {"kb": 0, "requests": 0}

    def finished(event: dict[str, Any]) -> None:
        taken["kb"] += event["encodedDataLength"] / 1000

    def sent(event: dict[str, Any]) -> None:
        taken["requests"] += event["request"]["url"].startswith("http")

    wire.on("Network.loadingFinished", finished)
    wire.on("Network.requestWillBeSent", sent)
    page.goto(url, wait_until="load")
    page.wait_for_timeout(1500)
    seen: Seen = page.evaluate("window.__seen")
    wire.remove_listener("Network.loadingFinished", finished)
    wire.remove_listener("Network.requestWillBeSent", sent)
    return seen | taken


@contextmanager
def floor(url: str) -> Iterator[str]:
    """A bare page with as many packed bytes of plain Vietnamese words as the page at `url`, served by a bare server."""
    import urllib.request  # only here: the bench itself speaks through the browser

    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    weight = len(urllib.request.urlopen(request).read())
    words, number = "", 0
    while len(gzip.compress(words.encode())) < weight:
        number += 1
        words += f"<p>Bước {number * 7919 % 9973}. Bác chạm vào ô có chữ «{number * 104729 % 99991:x}».</p>"
    head = '<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    body = gzip.compress((head + words).encode())

    class Bare(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """The page, whatever is asked."""
            self.send_response(200)
            for name, value in (
                ("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"),
                ("Cache-Control", "max-age=300"), ("Content-Length", str(len(body))),
            ):  # fmt: skip
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Bare)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
