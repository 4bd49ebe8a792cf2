"""A large roster by command into a fresh installation: how long, how much memory at its peak, what was left out."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from openpyxl import Workbook

from tests.bench.client import served
from tests.browser.site import BASE

COMMUNE = "25405"
ROWS = {"small": 2_000, "full": 10_000}
BAD_EVERY = 500  # one row in so many names a hamlet that is not there
HEADERS = (
    "Mã hộ", "Thôn", "Ngõ", "Gọi là", "Số người cần giúp", "Việc cần", "Giờ tiện", "Ưu tiên", "Điện thoại", "Đồng ý",
)  # fmt: skip
NEEDS = ("vneid_l2", "vneid_l2;safety", "portal", "health_book;safety", "ssa")
TIMES = ("sáng", "chiều", "tối", "chủ nhật", "08:00-10:30", "")


@dataclass(frozen=True)
class Done:
    """A command that has ended: its exit code and standard output, and what it took."""

    code: int
    out: str
    seconds: float
    cpu: float  # seconds on a processor: what a loaded machine leaves alone
    peak_mb: float


def main(size: str) -> dict[str, float | int | str]:
    """Time and peak memory of the whole command, what of it is Python's and Django's start, the report's counts."""
    rows = ROWS[size]
    with served() as site:
        site.stop()  # the command has the installation to itself
        file = site.folder / "danh-sach.xlsx"
        bad = write_roster(file, rows)
        start = timed(["shell", "--no-imports", "-c", "pass"], site.environment)
        done = timed(["import_households", str(file), "--commune", COMMUNE, "--json"], site.environment)
    told = json.loads(done.out)
    rejected = len({one["row"] for one in told["rejected"]})
    assert (told["read"], told["created"], rejected) == (rows, rows - bad, bad), {**told, "rejected": rejected}
    assert done.code == 1, f"exit code {done.code} although rows were left out"
    return {
        "peak_rss_mb": round(done.peak_mb, 1), "seconds": round(done.seconds, 2), "cpu_s": round(done.cpu, 2),
        "start_s": round(start.seconds, 2), "start_cpu_s": round(start.cpu, 2),
        "rows_per_cpu_s": round(rows / max(done.cpu - start.cpu, 0.01)),
        "rows": rows, "created": told["created"], "rejected": rejected,
    }  # fmt: skip


def write_roster(file: Path, rows: int, seed: int = 7) -> int:
    """An XLSX roster of invented doors of the commune's eleven hamlets; how many rows are bad."""
    rng, bad = Random(seed), 0
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Danh sách")
    sheet.append(HEADERS)
    for n in range(1, rows + 1):
        is_bad = n % BAD_EVERY == 0
        bad += is_bad
        hamlet = "Thôn Không Có" if is_bad else f"Thôn {rng.randint(1, 11)}"
        phone = f"09{rng.randint(10_000_000, 19_999_999)}" if rng.random() < 0.2 else ""
        sheet.append(
            (
                f"N-{n:05}", hamlet, f"Ngõ {rng.randint(1, 60)}", f"bà số {n}", rng.randint(1, 3), rng.choice(NEEDS),
                rng.choice(TIMES), rng.randint(1, 5), phone, "có" if phone else "",
            )
        )  # fmt: skip
    book.save(file)
    return bad


def timed(arguments: list[str], environment: dict[str, str]) -> Done:
    """Run a management command and measure that child alone; AssertionError for an exit code other than 0 and 1."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments], cwd=BASE, env=environment, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    out = process.stdout.read().decode()
    _pid, status, usage = os.wait4(process.pid, 0)  # the child's own peak: getrusage would mix all children
    seconds = time.perf_counter() - began
    code = process.returncode = os.waitstatus_to_exitcode(status)
    assert code in {0, 1}, f"{' '.join(arguments)}: exit code {code}"
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024  # ru_maxrss: bytes there, kilobytes here
    return Done(code, out, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)
