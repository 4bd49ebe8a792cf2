"""How long the server takes for four pages, in quiet and while a plan is being solved; quiet and busy take turns."""

import re
import time
from statistics import median

from tests.bench.client import Visitor, form_with, served, sign_in, wait_for
from tests.browser.site import Site

COMMUNE = "25396"
LESSON = "/bai-hoc/vneid/kich-hoat-vneid-muc-2/?buoc=3"
TURNS = {"small": 2, "full": 4}  # pairs of quiet and busy
ROUNDS = {"small": 60, "full": 120}  # requests a page and turn, at most
WARM = 10
BUSY_SECONDS = 25  # measured within a plan of 30 seconds, so that it is solved all the time
Times = dict[str, list[float]]


def main(size: str) -> dict[str, float | int | str]:
    """Medians in ms by page, quiet and busy, their ratio, `ratio_worst`, and how many requests they rest on."""
    with served() as site:
        lead = sign_in(site, f"lead.{COMMUNE}")
        pages = _pages(site, lead)
        quiet: Times = {name: [] for name in pages}
        busy: Times = {name: [] for name in pages}
        _measure(pages, {name: [] for name in pages}, rounds=WARM)
        for _turn in range(TURNS[size]):
            _measure(pages, quiet, rounds=ROUNDS[size])
            run = _order(lead)
            _measure(pages, busy, rounds=ROUNDS[size], seconds=BUSY_SECONDS)
            assert _percent(lead.page(f"{run}progress/")) is not None, "the plan ended before the measuring did"
            _stop(lead, run)
    return _figures(quiet, busy)


def _pages(site: Site, lead: Visitor) -> dict[str, tuple[Visitor, str]]:
    elder = Visitor(site)
    return {
        "front": (elder, "/"),
        "lesson": (elder, LESSON),
        "commune": (lead, f"/xa/{COMMUNE}/"),
        "day": (sign_in(site, f"volunteer1.{COMMUNE}"), "/doi/"),
    }


def _measure(pages: dict[str, tuple[Visitor, str]], times: Times, *, rounds: int, seconds: float = 600) -> None:
    """Ask for each page in turn, so that whatever else the machine does falls on all of them alike."""
    end = time.monotonic() + seconds
    for _round in range(rounds):
        for name, (visitor, address) in pages.items():
            began = time.perf_counter()
            answer = visitor.http.get(address, follow_redirects=False)
            times[name].append(1000 * (time.perf_counter() - began))
            assert answer.status_code == 200, f"{address}: {answer.status_code}"
        if time.monotonic() > end:
            return


def _order(lead: Visitor) -> str:
    """Order a plan of 30 seconds; returns once the search is at work."""
    at = f"/volunteers/plans/?area={COMMUNE}"
    answer = lead.send(at, form_with(lead.page(at), "from_on"), seconds="30")
    run = answer.url.path
    assert re.fullmatch(r"/volunteers/plans/[0-9a-f-]{36}/", run), f"the order led to {run}"

    def at_work() -> bool | None:
        percent = _percent(lead.page(f"{run}progress/"))
        assert percent is not None, "the plan ended at once"
        return True if percent > 0 else None

    wait_for(at_work, "the search")
    return run


def _percent(fragment: str) -> int | None:
    """How far the search is, in percent; None when it is not under way."""
    found = re.search(r'role="progressbar"[^>]*aria-valuenow="(\d+)"', fragment)
    return int(found[1]) if found else None


def _stop(lead: Visitor, run: str) -> None:
    """End the search and put its proposal away, so that the next turn finds things as they were."""
    lead.send(run, form_with(lead.page(run), f"{run}stop/"))
    page = wait_for(lambda: _ended(lead.page(run)), "the end of the plan")
    lead.send(run, form_with(page, f"{run}discard/"))


def _ended(page: str) -> str | None:
    return page if _percent(page) is None else None


def _figures(quiet: Times, busy: Times) -> dict[str, float | int | str]:
    figures: dict[str, float | int | str] = {}
    ratios = []
    for name in quiet:
        calm, loaded = median(quiet[name]), median(busy[name])
        ratios.append(loaded / calm)
        figures |= {
            f"{name}_ratio": round(loaded / calm, 2),
            f"{name}_quiet_ms": round(calm, 1),
            f"{name}_busy_ms": round(loaded, 1),
        }
    counts = {"requests_quiet": sum(map(len, quiet.values())), "requests_busy": sum(map(len, busy.values()))}
    return {"ratio_worst": round(max(ratios), 2)} | figures | counts
