"""planner-json in and out, strictly: an unknown key, a wrong type or an id that leads nowhere is refused with
its path.
"""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from .problem import (
    ENGINE,
    PLAN_FORMAT,
    PROBLEM_FORMAT,
    UNSERVED_CODES,
    Crew,
    Fixed,
    Household,
    Metrics,
    Plan,
    PlannerError,
    Problem,
    Rules,
    Run,
    Slot,
    TravelRules,
    Unserved,
    Visit,
    Volunteer,
    Window,
    validate,
)

T = TypeVar("T")
DAY = 1440
_MISSING: Any = object()


def _fail(path: str, why: str) -> PlannerError:
    return PlannerError(f"{path}: {why}")


class _Record:
    """One JSON object being read: hands out typed fields, remembers which, refuses the rest."""

    def __init__(self, value: object, path: str) -> None:
        if not isinstance(value, dict):
            raise _fail(path, "must be an object")
        self.value: dict[str, Any] = value
        self.path = path
        self.seen: set[str] = set()

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def get(self, key: str, default: Any = _MISSING) -> Any:
        self.seen.add(key)
        if key in self.value:
            return self.value[key]
        if default is _MISSING:
            raise _fail(self.at(key), "is missing")
        return default

    def text(self, key: str, default: Any = _MISSING, *, empty: bool = False) -> str:
        value = self.get(key, default)
        if not isinstance(value, str) or not (value or empty):
            raise _fail(self.at(key), "must be text")
        return value

    def flag(self, key: str, default: Any = _MISSING) -> bool:
        value = self.get(key, default)
        if not isinstance(value, bool):
            raise _fail(self.at(key), "must be true or false")
        return value

    def whole(self, key: str, default: Any = _MISSING, low: int = 0, high: int = 10**9) -> int:
        value = self.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise _fail(self.at(key), "must be a whole number")
        if not low <= value <= high:
            raise _fail(self.at(key), f"must be between {low} and {high}")
        return value

    def number(self, key: str, default: Any = _MISSING, low: float = 0.0, high: float = 1e9) -> float:
        value = self.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _fail(self.at(key), "must be a number")
        if not low <= value <= high:
            raise _fail(self.at(key), f"must be between {low:g} and {high:g}")
        return float(value)

    def maybe(self, key: str, read: Callable[[str], T]) -> T | None:
        return None if self.get(key, None) is None else read(key)

    def many(self, key: str, read: Callable[[object, str], T], default: Any = _MISSING) -> tuple[T, ...]:
        value = self.get(key, default)
        if not isinstance(value, list | tuple):
            raise _fail(self.at(key), "must be a list")
        return tuple(read(item, f"{self.at(key)}[{i}]") for i, item in enumerate(value))

    def names(self, key: str, default: Any = _MISSING) -> tuple[str, ...]:
        found = self.many(key, _name, default)
        if len(set(found)) != len(found):
            raise _fail(self.at(key), "names something twice")
        return found

    def record(self, key: str, default: Any = _MISSING) -> "_Record":
        return _Record(self.get(key, default), self.at(key))

    def done(self) -> None:
        unknown = sorted(set(self.value) - self.seen)
        if unknown:
            raise _fail(self.at(unknown[0]), "is not a known key")


def _name(value: object, path: str) -> str:
    if not isinstance(value, str) or not value:
        raise _fail(path, "must be text")
    return value


def _slot(value: object, path: str) -> Slot:
    r = _Record(value, path)
    slot = Slot(r.text("id"), r.whole("day"), r.whole("start"), r.whole("end"), r.text("kind", "round"))
    r.done()
    if not slot.day * DAY <= slot.start < slot.end <= (slot.day + 1) * DAY:
        raise _fail(path, f"must start before it ends, within day {slot.day}")
    return slot


def read_window(value: object, path: str) -> Window:
    """A window from JSON; raises `PlannerError` naming `path`."""
    r = _Record(value, path)
    window = Window(r.whole("start"), r.whole("end"))
    r.done()
    if window.start >= window.end:
        raise _fail(f"{path}.end", "must be later than start")
    return window


def _point(r: _Record) -> tuple[float | None, float | None]:
    lat = r.maybe("lat", lambda key: r.number(key, low=-90, high=90))
    lon = r.maybe("lon", lambda key: r.number(key, low=-180, high=180))
    if (lat is None) != (lon is None):
        raise _fail(r.at("lat"), "lat and lon must both be given or both be null")
    return lat, lon


def read_household(value: object, path: str) -> Household:
    """A household from JSON; raises `PlannerError` naming `path`."""
    r = _Record(value, path)
    lat, lon = _point(r)
    door = Household(
        id=r.text("id"),
        hamlet=r.text("hamlet"),
        lat=lat,
        lon=lon,
        alley=r.maybe("alley", lambda key: r.whole(key)),
        alley_order=r.maybe("alley_order", lambda key: r.whole(key)),
        minutes=r.whole("minutes", low=1, high=DAY),
        weight=r.whole("weight", high=10**6),
        p_activation=r.number("p_activation", 1.0, 0.0, 1.0),
        windows=r.many("windows", read_window),
        language=r.text("language", "vi"),
        needs=r.names("needs", ()),
        woman_wanted=r.flag("woman_wanted", False),
        officer=r.flag("officer", False),
    )
    r.done()
    return door


def _volunteer(value: object, path: str) -> Volunteer:
    r = _Record(value, path)
    lat, lon = _point(r)
    person = Volunteer(
        id=r.text("id"),
        hamlet=r.maybe("hamlet", lambda key: r.text(key)),
        lat=lat,
        lon=lon,
        slots=r.names("slots"),
        languages=r.names("languages", ("vi",)),
        skills=r.names("skills", ()),
        woman=r.flag("woman", False),
        adult=r.flag("adult"),
        leader=r.flag("leader"),
        officer=r.flag("officer", False),
        max_visits_per_day=r.whole("max_visits_per_day", 6),
        max_slots=r.whole("max_slots", 4),
        past_minutes=r.whole("past_minutes", 0),
    )
    r.done()
    return person


def _fixed(value: object, path: str) -> Fixed:
    r = _Record(value, path)
    promise = Fixed(
        r.text("household"), r.text("slot"), r.names("crew"), r.whole("start"), r.whole("pin", 30, high=DAY)
    )
    r.done()
    if not promise.crew:
        raise _fail(f"{path}.crew", "names nobody")
    return promise


def _rules(r: _Record) -> Rules:
    wished = r.record("targets", {})
    targets = tuple((name, wished.whole(name)) for name in sorted(wished.value))
    rules = Rules(
        crew_min=r.whole("crew_min", 2, 1, 20),
        crew_max=r.whole("crew_max", 3, 1, 20),
        prize_unit=r.whole("prize_unit", 60, 1, 10**6),
        max_slots_per_day=r.whole("max_slots_per_day", 2),
        l2_visits_per_officer_slot=r.whole("l2_visits_per_officer_slot", 4),
        targets=targets,
    )
    r.done()
    if rules.crew_max < rules.crew_min:
        raise _fail(r.at("crew_max"), "must not be smaller than crew_min")
    return rules


def _travel(r: _Record) -> TravelRules:
    table = r.record("matrix", {})
    entries = []
    for here in sorted(table.value):
        row = table.record(here)
        entries += [(here, there, row.whole(there, high=DAY)) for there in sorted(row.value)]
    rules = TravelRules(
        walk_kmh=r.number("walk_kmh", 4.5, 0.1, 100),
        ride_kmh=r.number("ride_kmh", 20.0, 0.1, 200),
        ride_fixed=r.whole("ride_fixed", 4, high=DAY),
        detour=r.number("detour", 1.35, 1.0, 10),
        inside_hamlet=r.whole("inside_hamlet", 5, high=DAY),
        hamlet_extra=r.whole("hamlet_extra", 3, high=DAY),
        matrix=tuple(entries),
    )
    r.done()
    return rules


def read_problem(value: object) -> Problem:
    """A problem from parsed JSON; raises `PlannerError` with one line that names the place of the fault."""
    r = _Record(value, "")
    _format(r, PROBLEM_FORMAT)
    horizon = r.record("horizon")
    days = horizon.whole("days", low=1, high=366)
    slots = horizon.many("slots", _slot)
    horizon.done()
    previous = r.get("previous", None)
    problem = Problem(
        days=days,
        slots=slots,
        rules=_rules(r.record("rules", {})),
        travel=_travel(r.record("travel", {})),
        households=r.many("households", read_household),
        volunteers=r.many("volunteers", _volunteer),
        fixed=r.many("fixed", _fixed, ()),
        previous=None if previous is None else read_plan(previous, "previous"),
    )
    r.done()
    validate(problem)
    return problem


def _format(r: _Record, wanted: str) -> None:
    if r.get("format") != wanted:
        raise _fail(r.at("format"), f"must be {wanted}")


def _visit(value: object, path: str) -> Visit:
    r = _Record(value, path)
    # A faulty time is the checker's to report, so nothing is refused here but what is no number at all.
    visit = Visit(
        r.text("household"),
        r.whole("start", low=-(10**9)),
        r.whole("end", low=-(10**9)),
        r.whole("travel", 0),
    )
    r.done()
    return visit


def _crew(value: object, path: str) -> Crew:
    r = _Record(value, path)
    crew = Crew(
        r.text("slot"),
        r.text("leader"),
        r.many("members", _name),
        r.many("visits", _visit),
        r.whole("travel_home", 0),
    )
    r.done()
    return crew


def _unserved(value: object, path: str) -> Unserved:
    r = _Record(value, path)
    left = Unserved(
        r.text("household"),
        r.text("code"),
        r.text("text", "", empty=True),
        r.text("would_help", "", empty=True),
    )
    r.done()
    if left.code not in UNSERVED_CODES:
        raise _fail(f"{path}.code", f"must be one of {', '.join(UNSERVED_CODES)}")
    return left


def read_plan(value: object, path: str = "") -> Plan:
    """A plan from parsed JSON; only its shape is judged here, its rules by the checker. Raises
    `PlannerError`.
    """
    r = _Record(value, path)
    _format(r, PLAN_FORMAT)
    m, run = r.record("metrics", {}), r.record("run", {})
    plan = Plan(
        crews=r.many("crews", _crew),
        unserved=r.many("unserved", _unserved),
        metrics=Metrics(
            m.whole("weight_served", 0),
            m.whole("weight_total", 0),
            m.whole("visits", 0),
            m.whole("travel", 0),
            m.number("jain", 1.0, 0.0, 1.0),
            m.whole("upper_bound", 0),
        ),
        run=Run(
            run.whole("seed", 0, low=-(2**63), high=2**63),
            run.whole("iterations", 0),
            run.number("seconds", 0.0),
            run.text("engine", ENGINE),
        ),
    )
    for part in (m, run, r):
        part.done()
    return plan


def write_problem(problem: Problem) -> dict[str, Any]:
    """The JSON value of a problem, its keys in the order of planner-json."""
    rules, travel = problem.rules, problem.travel
    table: dict[str, dict[str, int]] = {}
    for here, there, cost in travel.matrix:
        table.setdefault(here, {})[there] = cost
    return {
        "format": PROBLEM_FORMAT,
        "horizon": {
            "days": problem.days,
            "slots": [_plain(s, "id day start end kind") for s in problem.slots],
        },
        "rules": _plain(rules, "crew_min crew_max prize_unit max_slots_per_day l2_visits_per_officer_slot")
        | {"targets": dict(rules.targets)},
        "travel": _plain(travel, "walk_kmh ride_kmh ride_fixed detour inside_hamlet hamlet_extra") | {"matrix": table},
        "households": [
            _plain(h, "id hamlet lat lon alley alley_order minutes weight p_activation")
            | {"windows": [_plain(w, "start end") for w in h.windows]}
            | _plain(h, "language needs woman_wanted officer")
            for h in problem.households
        ],
        "volunteers": [
            _plain(v, "id hamlet lat lon slots languages skills woman adult leader officer")
            | _plain(v, "max_visits_per_day max_slots past_minutes")
            for v in problem.volunteers
        ],
        "fixed": [_plain(f, "household slot crew start pin") for f in problem.fixed],
        "previous": None if problem.previous is None else write_plan(problem.previous),
    }


def write_plan(plan: Plan) -> dict[str, Any]:
    """The JSON value of a plan, its keys in the order of planner-json."""
    return {
        "format": PLAN_FORMAT,
        "crews": [
            _plain(c, "slot leader members")
            | {
                "visits": [_plain(v, "household start end travel") for v in c.visits],
                "travel_home": c.travel_home,
            }
            for c in plan.crews
        ],
        "unserved": [_plain(u, "household code text would_help") for u in plan.unserved],
        "metrics": _plain(plan.metrics, "weight_served weight_total visits travel jain upper_bound"),
        "run": _plain(plan.run, "seed iterations seconds engine"),
    }


def _plain(item: object, keys: str) -> dict[str, Any]:
    values = {key: getattr(item, key) for key in keys.split()}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


def dumps(value: object) -> str:
    """JSON text of a value: UTF-8 letters as they are, one line, equal values are equal bytes."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n"
