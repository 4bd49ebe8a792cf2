"""The engine as a program: JSON in, JSON out, one clear line for bad input, the best plan so far on SIGTERM."""

import copy
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.bench.instances import commune
from volunteers.planning.engine.checker import check
from volunteers.planning.engine.codec import dumps, read_plan, read_problem, write_plan, write_problem
from volunteers.planning.engine.problem import PlannerError
from volunteers.planning.engine.solve import solve

ROOT = Path(__file__).parents[4]
COMMAND = [sys.executable, "-m", "volunteers.planning.engine"]
PROBLEM = commune(40, 8, seed=2, matrix=True)


def engine(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, words)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def problem_file(tmp_path: Path) -> Path:
    path = tmp_path / "problem.json"
    path.write_text(dumps(write_problem(PROBLEM)), encoding="utf-8")
    return path


def test_solve_check_replan_go_through(problem_file: Path, tmp_path: Path) -> None:
    plan, plan2, problem2, events = (tmp_path / f"{n}.json" for n in ("plan", "plan2", "problem2", "events"))
    done = engine("solve", problem_file, "--iterations", 60, "--seed", 3, "--progress", "-o", plan)
    assert (done.returncode, done.stdout) == (0, "")
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert lines
    assert all(list(line) == ["seconds", "iterations", "objective"] for line in lines)
    assert [line["objective"] for line in lines] == sorted(line["objective"] for line in lines)

    again = engine("solve", problem_file, "--iterations", 60, "--seed", 3)
    assert again.stdout == plan.read_text(encoding="utf-8")

    checked = engine("check", problem_file, plan)
    assert (checked.returncode, checked.stdout) == (0, "0 hard rules broken\n")

    name = json.loads(again.stdout)["crews"][-1]["leader"]
    events.write_text(json.dumps([{"drop_out": name, "from": 1440}]))
    changed = engine("replan", problem_file, plan, events, "--iterations", 30, "-o", plan2, "--problem-out", problem2)
    assert changed.returncode == 0
    assert list(json.loads(changed.stdout)) == ["kept", "shifted", "moved", "dropped", "added", "people_changed"]
    assert engine("check", problem2, plan2, "--started-by", 1440).returncode == 0


def test_check_prints_every_broken_rule_and_fails(problem_file: Path, tmp_path: Path) -> None:
    plan = write_plan(solve(PROBLEM, iterations=20))
    plan["crews"][0]["visits"][0]["start"] -= 100
    plan["unserved"].append({"household": "H-none", "code": "time", "text": "", "would_help": ""})
    path = tmp_path / "plan.json"
    path.write_text(dumps(plan), encoding="utf-8")
    done = engine("check", problem_file, path)
    assert done.returncode == 1
    found = {line.split(":")[0] for line in done.stdout.splitlines()[:-1]}
    assert {"travel", "duration", "unknown_id"} <= found


def test_sigterm_writes_the_best_plan_so_far(problem_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.json"
    command = [*COMMAND, "solve", str(problem_file), "--seconds", "120", "--progress", "-o", str(out)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr is not None
        child.stderr.readline()  # the first plan is there
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=20) == 0
    plan = read_plan(json.loads(out.read_text(encoding="utf-8")))
    assert check(PROBLEM, plan) == []
    assert sorted(p.name for p in tmp_path.iterdir()) == ["plan.json", "problem.json"]


def test_what_is_written_reads_back_the_same() -> None:
    plan = solve(PROBLEM, iterations=20)
    assert read_plan(write_plan(plan)) == plan
    assert read_problem(write_problem(PROBLEM)) == PROBLEM
    assert json.loads(dumps(write_plan(plan))) == write_plan(plan)
    assert list(write_problem(PROBLEM)) == [
        *("format", "horizon", "rules", "travel", "households", "volunteers", "fixed", "previous")
    ]


def at(*path: str | int, value: object) -> Callable[[dict[str, Any]], None]:
    def change(problem: dict[str, Any]) -> None:
        where: Any = problem
        for key in path[:-1]:
            where = where[key]
        where[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (at("households", 3, "colour", value="red"), "households[3].colour: is not a known key"),
        (at("format", value="go-cua.problem/2"), "format: must be go-cua.problem/1"),
        (at("households", 0, "minutes", value=True), "households[0].minutes: must be a whole number"),
        (at("households", 0, "minutes", value=0), "households[0].minutes: must be between 1 and 1440"),
        (at("households", 0, "windows", 0, "end", value=0), "households[0].windows[0].end: must be later than start"),
        (at("households", 1, "id", value="H-0000"), "households[1].id: H-0000 is there twice"),
        (at("households", 0, "lat", value=None), "households[0].lat: lat and lon must both be given"),
        (at("households", 0, "lat", value=91), "households[0].lat: must be between -90 and 90"),
        (at("households", value={}), "households: must be a list"),
        (at("volunteers", 0, "slots", value=["d9-am"]), "volunteers[0].slots[0]: no slot d9-am"),
        (at("volunteers", 0, "adult", value="yes"), "volunteers[0].adult: must be true or false"),
        (at("volunteers", 0, "skills", value=["docs", "docs"]), "volunteers[0].skills: names something twice"),
        (at("rules", "crew_max", value=1), "rules.crew_max: must not be smaller than crew_min"),
        (at("travel", "walk_kmh", value=0), "travel.walk_kmh: must be between 0.1 and 100"),
        (at("travel", "matrix", value={"h1": {"h2": -1}}), "travel.matrix.h1.h2: must be between 0 and 1440"),
        (at("horizon", "slots", 0, "start", value=700), "horizon.slots[0]: must start before it ends"),
        (at("fixed", value=[{"household": "H-9", "slot": "d0-am", "crew": ["V-000"], "start": 1}]), "no household H-9"),
        (at("previous", value={"format": "x"}), "previous.format: must be go-cua.plan/1"),
    ],
)
def test_bad_problems_are_refused_with_the_place_of_the_fault(
    change: Callable[[dict[str, Any]], None], words: str
) -> None:
    problem = copy.deepcopy(write_problem(PROBLEM))
    change(problem)
    with pytest.raises(PlannerError) as refusal:
        read_problem(problem)
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not JSON (line 1)"),
        ('{"format": 1, "format": 2}', "the key format is there twice"),
        ('{"format": NaN}', "NaN is not a number of JSON"),
        ("[]", "must be an object"),
        ("{}", "format: is missing"),
    ],
)
def test_bad_files_are_one_line_and_exit_code_2(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "problem.json"
    path.write_text(text, encoding="utf-8")
    done = engine("solve", path)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert str(path) in done.stderr


def test_wrong_words_and_places_are_one_line_and_exit_code_2(problem_file: Path, tmp_path: Path) -> None:
    for words in (
        ("solve", tmp_path / "nothing.json"),
        ("solve", problem_file, "--seconds", "-1"),
        ("solve", problem_file, "--iterations", "many"),
        ("solve", problem_file, "-o", tmp_path / "no" / "such" / "plan.json"),
        ("plan", problem_file),
        (),
    ):
        done = engine(*words)
        assert done.returncode == 2, words
        assert done.stderr.count("\n") == 1, done.stderr
        assert "Traceback" not in done.stderr
