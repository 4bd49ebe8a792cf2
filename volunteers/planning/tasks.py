"""Runs the engine as a child process, never in this interpreter (house.md D10)."""

import contextlib
import json
import logging
import os
import resource
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task, lock_task

from project.lib.clock import now
from project.lib.live import tell
from volunteers.planning.actions import claim_run, fail_run, store_proposal
from volunteers.planning.adapter import problem_for
from volunteers.planning.models import PlanRun

logger = logging.getLogger(__name__)
ENGINE = [sys.executable, "-m", "volunteers.planning.engine"]
MEMORY = 1_500_000_000  # bytes of address space; the search of 1,500 households needs a fraction
KEPT = 200  # points of the best-so-far curve
EVERY = 0.5  # seconds between two looks at the row and two words to the boards
GRACE = 60  # seconds beyond its budget before a run is ended by force
LOST_AFTER = timedelta(minutes=10)  # a run whose worker died: longer than the longest budget and its grace


@db_task(priority=10, retries=0)
@lock_task("planning")  # at most one plan at a time: the other worker stays free for notices and field records
def solve_plan(run_id: str) -> None:
    """Work on one waiting run."""
    run = claim_run(UUID(run_id))
    if run is not None:
        work_on(run)


@db_periodic_task(crontab(), priority=10)
def sweep_plans() -> None:
    """Once a minute: a nudge that was lost, and runs whose worker died."""
    for run in PlanRun.objects.filter(status=PlanRun.Status.RUNNING, started_at__lt=now() - LOST_AFTER):
        fail_run(run, "The worker stopped while this plan was being worked out. Ask for it once more.")
    waiting = PlanRun.objects.filter(status=PlanRun.Status.QUEUED, requested_at__lt=now() - timedelta(seconds=30))
    for key in waiting.order_by("requested_at").values_list("pk", flat=True)[:5]:
        solve_plan(str(key))


def work_on(run: PlanRun) -> None:
    """Pose the problem, let the engine solve and the checker check it, store what they say. Never raises."""
    try:
        problem = problem_for(run.area, run.from_on, run.to_on)
        with tempfile.TemporaryDirectory(prefix="gocua-plan-") as folder:
            given, solved = Path(folder) / "problem.json", Path(folder) / "plan.json"
            given.write_text(json.dumps(problem, ensure_ascii=False), encoding="utf-8")
            error = solve(run, given, solved)
            if error:
                fail_run(run, error)
                return
            plan = json.loads(solved.read_text(encoding="utf-8"))
            broken = check(given, solved)
            by_hand = baseline(given)
        store_proposal(run, problem=problem, plan=plan, baseline=by_hand, violations=broken)
    except Exception:
        logger.exception("plan %s failed", run.pk)
        fail_run(run, "The planner stopped with a fault. It has been noted; please ask for the plan once more.")
    finally:
        tell([f"plan:{run.pk}", run.area_id])


def solve(run: PlanRun, given: Path, solved: Path) -> str:
    """Run the search; its progress goes into the row. Returns '' or why there is no plan."""
    command = [*ENGINE, "solve", str(given), "--seconds", str(run.seconds), "--seed", str(run.seed), "--progress"]
    process = _start([*command, "-o", str(solved)])
    curve: list[dict[str, Any]] = []
    other: list[str] = []
    deadline = time.monotonic() + run.seconds + GRACE
    looked = 0.0
    assert process.stderr is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stderr, selectors.EVENT_READ)
        while True:
            ready = selector.select(timeout=EVERY)
            if ready:
                line = process.stderr.readline()
                if not line:
                    break
                _read(line, curve, other)
            if time.monotonic() > deadline:
                process.kill()
                break
            if time.monotonic() - looked >= EVERY:
                looked = time.monotonic()
                _show(run, curve)
                # Not before its first word: a signal during the interpreter's start would end it without a plan.
                if curve and PlanRun.objects.filter(pk=run.pk, is_stop_asked=True).exists():
                    process.send_signal(signal.SIGTERM)
    code = process.wait()
    _show(run, curve)
    if code != 0 or not solved.exists():
        return " ".join(other)[-280:] or "The planner ended without a plan."
    return ""


def check(given: Path, solved: Path) -> list[str]:
    """What the independent checker says: the broken hard rules, [] when none."""
    done = subprocess.run(
        [*ENGINE, "check", str(given), str(solved)], capture_output=True, text=True, check=False, **_how()
    )
    if done.returncode not in {0, 1}:
        raise RuntimeError(done.stderr.strip())
    return [line for line in done.stdout.splitlines() if line and not line.endswith("hard rules broken")]


def baseline(given: Path) -> dict[str, Any]:
    """The metrics of the plan that a lead would make by hand; {} when the engine cannot say."""
    done = subprocess.run([*ENGINE, "baseline", str(given)], capture_output=True, text=True, check=False, **_how())
    if done.returncode != 0:
        logger.warning("no baseline: %s", done.stderr.strip())
        return {}
    return dict(json.loads(done.stdout)["metrics"])


def _how() -> dict[str, Any]:
    """A child of low priority with a memory limit and nothing of our environment but what Python needs."""
    environment = {key: value for key, value in os.environ.items() if key in {"PATH", "LANG", "LC_ALL", "SYSTEMROOT"}}
    return {
        "cwd": str(settings.BASE_DIR),
        "env": environment | {"PYTHONUTF8": "1"},
        "preexec_fn": _lower,
        "timeout": GRACE + 300,
    }


def _start(command: list[str]) -> "subprocess.Popen[str]":
    how = _how()
    how.pop("timeout")
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, bufsize=1, **how)


def _lower() -> None:
    with contextlib.suppress(OSError, ValueError):
        os.nice(10)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _read(line: str, curve: list[dict[str, Any]], other: list[str]) -> None:
    try:
        curve.append(json.loads(line))
    except ValueError:
        other.append(line.strip())


def _show(run: PlanRun, curve: list[dict[str, Any]]) -> None:
    """Keep a thinned curve in the row and tell who watches."""
    step = -(-len(curve) // KEPT) or 1
    thinned = curve[::step]
    if curve and thinned[-1] is not curve[-1]:
        thinned.append(curve[-1])
    PlanRun.objects.filter(pk=run.pk).update(progress=thinned)
    tell([f"plan:{run.pk}"])
