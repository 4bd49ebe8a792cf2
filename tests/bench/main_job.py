"""The main job over HTTP alone: a roster goes in, a week is planned, a door is knocked on, an account is counted, an
elder asks for help. Every step is asserted; the figures say how long each took. Plays in Bom Bo (25405).
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from project.lib.ids import new_id
from tests.bench.client import Visitor, big_numbers, form_with, program_of, served, sign_in, wait_for
from tests.browser.site import Site

COMMUNE = "25405"
HEADER = "Mã hộ,Thôn,Ngõ,Gọi là,Số người cần giúp,Việc cần,Giờ tiện,Điện thoại,Đồng ý\n"
BAD_ROWS = (
    "X-01,Thôn Không Có,Ngõ 1,bà Ba,1,vneid_l2,,,\n"
    "X-02,Thôn 1,Ngõ 2,ông Tư,12,vneid_l2,,,\n"
    "X-03,Thôn 1,Ngõ 3,bà Sáu,1,vneid_l2,,0912345678,\n"
)
BAD = 3
GOOD = {"small": 24, "full": 240}
SECONDS = {"small": 5, "full": 30}  # the planner's budgets, as the form offers them
PEOPLE = [*(f"volunteer{n}" for n in range(1, 19)), *(f"leader{n}" for n in range(1, 4))]
COUNTED = {("vneid_l2", "activated"), ("safety", "briefed")}  # what the visit of this bench moves
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock:
    """Seconds of each step, in their order."""

    def __init__(self) -> None:
        self.figures: dict[str, float | int | str] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what is inside."""
        began = time.perf_counter()
        yield
        self.figures[f"{name}_s"] = round(time.perf_counter() - began, 3)


def main(size: str) -> dict[str, float | int | str]:
    """Seconds of each step and the counts at the end; AssertionError at the first step that is not as promised."""
    with served() as site:
        clock = Clock()
        with clock.step("sign_in"):
            lead = sign_in(site, f"lead.{COMMUNE}")
        take_in(lead, clock, GOOD[size])
        doors = plan(lead, clock, SECONDS[size])
        events = record(site, lead, clock)
        ask(site, lead, clock)
        return clock.figures | {"households": GOOD[size], "rows_left_out": BAD, "doors_planned": doors} | events


def roster(good: int) -> bytes:
    """So many good rows and three bad ones, as a commune would write them."""
    rows = "".join(f"K-{n:03},Thôn {n % 11 + 1},Ngõ {n},bà số {n},2,vneid_l2;safety,,,\n" for n in range(1, good + 1))
    return (HEADER + rows + BAD_ROWS).encode()


def take_in(lead: Visitor, clock: Clock, good: int) -> None:
    """Upload, wait for the check, take in, wait for the report, fetch the rows that were left out."""
    at = f"/volunteers/imports/new/?area={COMMUNE}"
    with clock.step("upload"):
        answer = lead.send(at, form_with(lead.page(at), "kind"), file=("danh-sach.csv", roster(good), "text/csv"))
    run = answer.url.path
    assert re.fullmatch(r"/volunteers/imports/[0-9a-f-]{36}/", run), f"the upload led to {run}"

    with clock.step("check"):
        page = wait_for(lambda: _with(lead.page(run), 'id="columns"'), "the check of the roster")
    assert big_numbers(page) == [good + BAD, good, 0, 0, BAD], f"the check says {big_numbers(page)}"
    assert "Thôn Không Có" in page, "the check does not show the row that cannot be taken"
    assert len(_household_links(lead)) == 0, "a check wrote households"

    with clock.step("take_in"):
        lead.send(run, form_with(page, "columns"))
        page = wait_for(lambda: _with(lead.page(run), f"{run}rejected/"), "the report of the import")
    assert big_numbers(page) == [good + BAD, good, 0, 0, BAD], f"the report says {big_numbers(page)}"
    assert len(_household_links(lead)) > 0, "no household on the list"

    left_out = lead.http.get(f"{run}rejected/")
    lines = left_out.content.decode("utf-8-sig").splitlines()
    assert left_out.status_code == 200, f"the rows left out: {left_out.status_code}"
    assert "Lỗi" in lines[0], "the file of the rows left out lacks the column «Lỗi»"
    assert [line.split(",")[0] for line in lines[1:]] == ["X-01", "X-02", "X-03"], lines


def plan(lead: Visitor, clock: Clock, seconds: int) -> int:
    """Order a plan from tomorrow on, wait for the proposal, publish it; how many doors it reaches."""
    at = f"/volunteers/plans/?area={COMMUNE}"
    with clock.step("plan"):
        answer = lead.send(at, form_with(lead.page(at), "from_on"), seconds=str(seconds))
        run = answer.url.path
        assert re.fullmatch(r"/volunteers/plans/[0-9a-f-]{36}/", run), f"the order led to {run}"
        page = wait_for(lambda: _with(lead.page(run), "big-number"), "the proposal", seconds=seconds + 120)
    doors, crews, people, _left = big_numbers(page)[:4]
    assert doors > 0, "the plan reaches no door"
    assert crews > 0, "the plan has no crew"
    assert people >= 2, "somebody would go alone"
    publish = form_with(page, f"{run}publish/")
    assert publish is not None, "the proposal cannot be published: it breaks a hard rule"
    with clock.step("publish"):
        page = lead.send(run, publish).text
    assert form_with(page, f"{run}publish/") is None, "the plan was not published"
    return doors


def record(site: Site, lead: Visitor, clock: Clock) -> dict[str, int]:
    """A volunteer's program records a visit with two people, sends it twice; the lead's figures move by one each."""
    with clock.step("find_visit"):
        program, visit, person_of = _first_visit(site)
    before = _reported(lead)
    batch = _visit_batch(visit)
    with clock.step("ops"):
        first = program.api("POST", "sync/ops", body=batch)
    results = first["results"]
    assert [row["op_id"] for row in results] == [op["op_id"] for op in batch["ops"]], "an answer is missing"
    assert all(row["status"] == "applied" for row in results), results
    outcomes = {op["op_id"] for op in batch["ops"] if op["kind"] == "outcome.recorded"}
    counted = [row["counted"] for row in results if row["op_id"] in outcomes]
    assert counted == [True, True], f"counted {counted}"

    with clock.step("replay"):
        again = program.api("POST", "sync/ops", body=batch)["results"]
    assert [row["status"] for row in again] == ["duplicate"] * len(results), again
    assert [row | {"status": "applied"} for row in again] == results, "a replay was answered otherwise"

    expected = {pair: count + (pair in COUNTED) for pair, count in before.items()}
    with clock.step("progress"):
        wait_for(lambda: True if _reported(lead) == expected else None, f"the figures {expected}", seconds=15)
    pack = program.api("GET", "sync/pack")
    mine = next(row for row in pack["visits"] if row["id"] == visit["id"])
    assert (mine["status"], mine["result"]) == ("completed", "done"), mine
    assert sum(row["household"] == visit["household"] for row in pack["persons"]) == person_of + 2
    return {"ops": len(results), "duplicates": len(again), "counted": sum(counted)}


def _first_visit(site: Site) -> tuple[Visitor, dict[str, Any], int]:
    """Whoever of the commune's volunteers has a planned visit: program, visit, persons known at that door."""
    for name in PEOPLE:
        program = program_of(site, f"{name}.{COMMUNE}")
        pack = program.api("GET", "sync/pack")
        planned = [row for row in pack["visits"] if row["status"] == "planned"]
        if planned:
            known = sum(row["household"] == planned[0]["household"] for row in pack["persons"])
            return program, planned[0], known
    raise AssertionError("nobody's pack has a visit of the published plan")


def _visit_batch(visit: dict[str, Any]) -> dict[str, Any]:
    """Two people agree; one activates the account on the own phone, the other hears about scams."""
    moment = datetime.now(ZONE)
    if not 7 <= moment.hour < 20:  # at night the server flags records: then yesterday's afternoon is sent now
        at = moment.replace(hour=15, minute=0) - timedelta(days=1)
    else:
        at = moment
    one, two, door = str(new_id()), str(new_id()), visit["household"]
    about = {"visit": visit["id"], "own_device": True, "own_sim": True}
    kinds: list[tuple[str, dict[str, Any]]] = [
        ("visit.started", {"visit": visit["id"]}),
        ("person.added", {"person": one, "household": door, "call_name": "bà Hai", "age_band": "70_79"}),
        ("person.added", {"person": two, "household": door, "call_name": "ông Hai", "age_band": "80_up"}),
        ("outcome.recorded", about | {"person": one, "service": "vneid_l2", "rung": "activated"}),
        ("outcome.recorded", about | {"person": two, "service": "safety", "rung": "briefed"}),
        ("visit.finished", {"visit": visit["id"], "result": "done", "minutes": 25, "faces": 3}),
    ]
    ops = [
        {
            "op_id": str(new_id()), "kind": kind, "schema": 1, "seq": seq, "recorded_at": at.isoformat(),
            "payload": payload,
        }
        for seq, (kind, payload) in enumerate(kinds, start=1)
    ]  # fmt: skip
    return {"device_id": str(new_id()), "batch_id": str(new_id()), "sent_at": moment.isoformat(), "ops": ops}


def _reported(lead: Visitor) -> dict[tuple[str, str], int]:
    """What the commune's progress says: persons by service and rung."""
    found = lead.api("GET", f"areas/{COMMUNE}/progress")
    assert found["area"] == COMMUNE, found["area"]
    figures = {(row["service"], row["rung"]): int(row["reported"]) for row in found["targets"]}
    assert figures.keys() >= COUNTED, f"no target for {COUNTED - figures.keys()}"
    return figures


def ask(site: Site, lead: Visitor, clock: Clock) -> None:
    """An elder's request comes in by a program; its status answers; the lead's list has one more, with its code."""
    elder = Visitor(site)
    before = _request_links(lead)
    with clock.step("ask"):
        filed = elder.api(
            "POST", "requests", expect=201,
            body={
                "commune": COMMUNE, "hamlet": f"{COMMUNE}-h2", "topic": "vneid_l2", "phone": "0912 345 671",
                "good_time": "morning", "lesson": 1, "step": 3,
            },
        )  # fmt: skip
    assert filed["status"] == "received", filed
    with clock.step("ask_status"):
        status = elder.api("GET", f"requests/{filed['code']}")
    assert status == filed, status
    with clock.step("lead_sees"):
        fresh = _request_links(lead) - before
    assert len(fresh) == 1, f"{len(fresh)} new requests on the lead's list"
    assert filed["code"] in lead.page(fresh.pop()), "the lead's page is of another request"


def _with(page: str, part: str) -> str | None:
    return page if part in page else None


def _household_links(lead: Visitor) -> set[str]:
    return set(re.findall(r'href="(/volunteers/households/[0-9a-f-]{36}/)"', lead.page("/volunteers/households/")))


def _request_links(lead: Visitor) -> set[str]:
    return set(re.findall(r'href="(/volunteers/requests/[0-9a-f-]{36}/)"', lead.page("/volunteers/requests/")))
