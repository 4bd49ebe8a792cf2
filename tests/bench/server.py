"""Server CPU of a lesson's step: kept and drawn anew, beside the smallest view of the site, in turns in one run."""

import http.client
import os
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from tests.bench.client import served

STEP = "/bai-hoc/vneid/kich-hoat-vneid-muc-2/?buoc=3"
TURNS = {"small": 5, "full": 15}
KEPT, DRAWN = 400, 40  # requests a turn
TICKS = os.sysconf("SC_CLK_TCK")


def main(size: str) -> dict[str, float | int | str]:
    """CPU ms a request (user + system, of the serving process and its children): medians of the turns, and ratios."""
    redis = os.environ.get("BENCH_REDIS_URL", "")  # set: the cache (and two processes) of the Redis installation
    environment = {"VOICE_PROVIDER": "tests.bench.mute.Mute"} | ({"REDIS_URL": redis} if redis else {})
    with served(**environment) as site:
        pid = site.process.pid
        times: dict[str, list[float]] = {"smallest": [], "kept": [], "drawn": []}
        rates: dict[str, list[float]] = {"smallest": [], "kept": [], "drawn": []}
        fresh = _numbers()
        _ask(site.url, [STEP] * 50)
        _settle(pid)
        for _turn in range(TURNS[size]):
            for name, addresses in (
                ("smallest", ["/healthz"] * KEPT),
                ("kept", [STEP] * KEPT),
                # A parameter that nobody keeps: the page is drawn for each request.
                ("drawn", [f"{STEP}&x={next(fresh)}" for _ in range(DRAWN)]),
            ):
                before, began = _cpu(pid), time.perf_counter()
                _ask(site.url, addresses)
                times[name].append(1000 * (_cpu(pid) - before) / len(addresses))
                rates[name].append(len(addresses) / (time.perf_counter() - began))
    figures: dict[str, float | int | str] = {f"{name}_cpu_ms": round(median(found), 2) for name, found in times.items()}
    figures |= {f"{name}_per_second": round(median(found)) for name, found in rates.items()}
    figures["kept_rate_of_smallest"] = round(median(rates["kept"]) / median(rates["smallest"]), 2)
    figures["drawn_over_kept"] = round(median(times["drawn"]) / median(times["kept"]), 1)
    figures["cache"] = "redis" if redis else "embedded"
    return figures


def _numbers() -> Iterator[int]:
    number = 0
    while True:
        number += 1
        yield number


def _ask(url: str, addresses: list[str]) -> None:
    """One request after another on one connection, packed; each must be 200."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    for address in addresses:
        connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, f"{address}: {answer.status}"
    connection.close()


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process and its children have used."""
    total = 0
    for one in [pid, *_children(pid)]:
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def _children(pid: int) -> list[int]:
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                parent = int(Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == pid:
                found += [int(entry), *_children(int(entry))]
    return found


def _settle(pid: int) -> None:
    """Wait until the queue has done what a new installation has to do: its work would count as the pages'.

    Packs are made a minute after the voices; so quiet means seventy seconds without work.
    """
    quiet = 0
    for _second in range(600):
        before = _cpu(pid)
        time.sleep(1)
        quiet = quiet + 1 if _cpu(pid) - before < 0.1 else 0
        if quiet >= 70:
            return
