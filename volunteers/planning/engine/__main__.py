"""JSON in, JSON out: `solve`, `check` and `replan` of contract §8. Bad input is one line on stderr and exit
code 2.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from .checker import check
from .codec import dumps, read_plan, read_problem, write_plan, write_problem
from .problem import PlannerError
from .replan import read_events, replan
from .solve import Progress, baseline, solve


class _Stop:
    """Set by SIGTERM or Ctrl-C: the run ends and what is best so far is written."""

    def __init__(self) -> None:
        self.asked = False
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise PlannerError(message)


def _seconds(text: str) -> float:
    value = float(text)
    if not isfinite(value) or value < 0:
        raise argparse.ArgumentTypeError("must be a number of seconds, 0 or more")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("must be 0 or more")
    return value


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = _Parser(prog="python -m volunteers.planning.engine", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    solving = commands.add_parser("solve", help="plan a problem")
    checking = commands.add_parser("check", help="print every hard rule a plan breaks")
    again = commands.add_parser("replan", help="change a plan as little as events ask for; prints the difference")
    by_hand = commands.add_parser("baseline", help="the plan that a lead would make by hand, without mistakes")
    for command in (solving, checking, again, by_hand):
        command.add_argument("problem", metavar="PROBLEM.json")
    for command in (checking, again):
        command.add_argument("plan", metavar="PLAN.json")
    again.add_argument("events", metavar="EVENTS.json")
    again.add_argument(
        "--problem-out", metavar="FILE", help="also write the problem after the events, to check against"
    )
    checking.add_argument(
        "--started-by",
        type=_count,
        metavar="MINUTE",
        help="also check that `previous` is unchanged before this minute",
    )
    for command in (solving, again):
        command.add_argument("--seconds", type=_seconds, help="budget of time (10; replan: 2)")
        command.add_argument("--iterations", type=_count, help="budget of steps: same steps, same plan, byte for byte")
        command.add_argument("--seed", type=int, default=1)
        command.add_argument("--progress", action="store_true", help="one JSON line on stderr at each improvement")
        command.add_argument("-o", "--output", metavar="FILE", help="write the plan here, whole or not at all")
    return parser.parse_args(argv)


def _parse(text: str, name: str) -> Any:
    """Parsed JSON; doubled keys, NaN and broken text are refused with the file's name (`PlannerError`)."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise PlannerError(f"{name}: the key {key} is there twice in one object")
            found[key] = value
        return found

    def never(word: str) -> None:
        raise PlannerError(f"{name}: {word} is not a number of JSON")

    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=never)
    except (json.JSONDecodeError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise PlannerError(f"{name}: is not JSON{where}") from None


def _load(name: str) -> Any:
    try:
        return _parse(Path(name).read_text(encoding="utf-8"), name)
    except UnicodeDecodeError:
        raise PlannerError(f"{name}: is not UTF-8 text") from None
    except OSError as error:
        raise PlannerError(f"{name}: {error.strerror or error}") from None


def _save(name: str, text: str) -> None:
    """Write a file whole or not at all: beside its place first, then moved over it; readable by its owner only."""
    path = Path(name)
    try:
        if path.exists() and not path.is_file():  # a pipe or a device is written to, never replaced
            path.write_text(text, encoding="utf-8")
            return
        handle, rough = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(rough, path)
        except BaseException:
            os.unlink(rough)
            raise
    except OSError as error:
        raise PlannerError(f"{name}: {error.strerror or error}") from None


def _writable(name: str | None) -> None:
    """Refuse a place that cannot be written before the time is spent, not after."""
    if name is not None and (Path(name).is_dir() or not os.access(Path(name).parent, os.W_OK)):
        raise PlannerError(f"{name}: cannot be written")


def _run(options: argparse.Namespace, stop: _Stop) -> int:
    problem = _in(options.problem, read_problem)
    if options.command == "check":
        plan = _in(options.plan, read_plan)
        broken = check(problem, plan, started_by=options.started_by)
        for violation in broken:
            sys.stdout.write(f"{violation.code}: {violation.detail}\n")
        sys.stdout.write(f"{len(broken)} hard rules broken\n")
        return 1 if broken else 0
    if options.command == "baseline":
        sys.stdout.write(dumps(write_plan(baseline(problem))))
        return 0
    _writable(options.output)

    def on_progress(at: Progress) -> bool:
        if options.progress and at.better:
            line = {"seconds": round(at.seconds, 3), "iterations": at.iterations, "objective": at.objective}
            sys.stderr.write(json.dumps(line) + "\n")
            sys.stderr.flush()
        return not stop.asked

    budget = {"seed": options.seed, "seconds": options.seconds, "iterations": options.iterations}
    if options.command == "solve":
        text = dumps(write_plan(solve(problem, on_progress=on_progress, **budget)))
        if options.output is None:
            sys.stdout.write(text)
        else:
            _save(options.output, text)
        return 0
    _writable(options.problem_out)
    plan = _in(options.plan, read_plan)
    events, started_by = _in(options.events, read_events)
    new, change, changed = replan(problem, plan, events, started_by=started_by, on_progress=on_progress, **budget)
    if options.output is not None:
        _save(options.output, dumps(write_plan(new)))
    if options.problem_out is not None:
        _save(options.problem_out, dumps(write_problem(changed)))
    sys.stdout.write(dumps(change.as_json()))
    return 0


def _in(name: str, read: Any) -> Any:
    value = _load(name)
    try:
        return read(value)
    except PlannerError as error:
        raise PlannerError(f"{name}: {error}") from None


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 rules broken, 2 input that cannot be used."""
    stop = _Stop()
    try:
        return _run(_arguments(argv), stop)
    except PlannerError as error:
        sys.stderr.write(" ".join(str(error).split()) + "\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
