"""The words of planner-json: frozen dataclasses of a problem and of a plan.

A problem may carry an earlier plan, so the plan's words stand here too; `solution.py` says what they add up
to.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

PROBLEM_FORMAT = "go-cua.problem/1"
PLAN_FORMAT = "go-cua.plan/1"
ENGINE = "go-cua.engine/1"

UNSERVED_CODES = ("no_skill", "no_language", "no_woman", "no_officer", "no_window", "crews_full", "time")


class PlannerError(ValueError):
    """Input that cannot be planned; its message is one line, shown to people as it is."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A block of time to staff; `start` and `end` in minutes after midnight of day 0."""

    id: str
    day: int
    start: int
    end: int
    kind: str = "round"

    @property
    def length(self) -> int:
        """Minutes of the slot."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Rules:
    """Sizes and caps of crews; `targets` is (hamlet, visits wished) in the order of the hamlets' names."""

    crew_min: int = 2
    crew_max: int = 3
    prize_unit: int = 60
    max_slots_per_day: int = 2
    l2_visits_per_officer_slot: int = 4
    targets: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class TravelRules:
    """Figures of the travel formula (reference/planner.md, section 3); `matrix` is (from, to, minutes)."""

    walk_kmh: float = 4.5
    ride_kmh: float = 20.0
    ride_fixed: int = 4
    detour: float = 1.35
    inside_hamlet: int = 5
    hamlet_extra: int = 3
    matrix: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """A time in which a whole visit may lie, in minutes after midnight of day 0."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Household:
    """A door to knock on and what it takes; a place without a point is estimated by its hamlet."""

    id: str
    hamlet: str
    minutes: int
    weight: int
    windows: tuple[Window, ...]
    lat: float | None = None
    lon: float | None = None
    alley: int | None = None
    alley_order: int | None = None
    p_activation: float = 1.0
    language: str = "vi"
    needs: tuple[str, ...] = ()
    woman_wanted: bool = False
    officer: bool = False


@dataclass(frozen=True, slots=True)
class Volunteer:
    """A person with what they offer; `leader` means: may lead a crew."""

    id: str
    hamlet: str | None
    slots: tuple[str, ...]
    adult: bool
    leader: bool
    lat: float | None = None
    lon: float | None = None
    languages: tuple[str, ...] = ("vi",)
    skills: tuple[str, ...] = ()
    woman: bool = False
    officer: bool = False
    max_visits_per_day: int = 6
    max_slots: int = 4
    past_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Fixed:
    """A promised visit: this slot, these people, a start within `pin` minutes of `start`."""

    household: str
    slot: str
    crew: tuple[str, ...]
    start: int
    pin: int = 30


@dataclass(frozen=True, slots=True)
class Visit:
    """One stop of a crew; `travel` is the minutes from the stop (or home) before it."""

    household: str
    start: int
    end: int
    travel: int = 0


@dataclass(frozen=True, slots=True)
class Crew:
    """The people who go out together in one slot and the doors they knock on, in walking order."""

    slot: str
    leader: str
    members: tuple[str, ...]
    visits: tuple[Visit, ...]
    travel_home: int = 0


@dataclass(frozen=True, slots=True)
class Unserved:
    """A household left out: a code of `UNSERVED_CODES`, one sentence why, one sentence what would help."""

    household: str
    code: str
    text: str = ""
    would_help: str = ""


@dataclass(frozen=True, slots=True)
class Metrics:
    """Figures of a plan; travel in minutes, the bound holds for the crews of this plan."""

    weight_served: int = 0
    weight_total: int = 0
    visits: int = 0
    travel: int = 0
    jain: float = 1.0
    upper_bound: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """How a plan was made: enough to make it again."""

    seed: int = 0
    iterations: int = 0
    seconds: float = 0.0
    engine: str = ENGINE


@dataclass(frozen=True, slots=True)
class Plan:
    """Who goes to which doors, when, with whom, and who is left out and why."""

    crews: tuple[Crew, ...]
    unserved: tuple[Unserved, ...]
    metrics: Metrics = field(default_factory=Metrics)
    run: Run = field(default_factory=Run)


@dataclass(frozen=True, slots=True)
class Problem:
    """A horizon to plan: its slots, its doors, its people, its promises."""

    days: int
    slots: tuple[Slot, ...]
    households: tuple[Household, ...]
    volunteers: tuple[Volunteer, ...]
    rules: Rules = field(default_factory=Rules)
    travel: TravelRules = field(default_factory=TravelRules)
    fixed: tuple[Fixed, ...] = ()
    previous: Plan | None = None


def validate(problem: Problem) -> None:
    """Refuse ids that are double or lead nowhere and promises that contradict each other (`PlannerError`)."""
    _unique(problem.slots, "horizon.slots")
    _unique(problem.households, "households")
    _unique(problem.volunteers, "volunteers")
    _unique(problem.fixed, "fixed", "household")
    slots = {slot.id for slot in problem.slots}
    doors = {door.id for door in problem.households}
    for i, slot in enumerate(problem.slots):
        if slot.day >= problem.days:
            raise _fault(f"horizon.slots[{i}].day", f"is beyond the horizon of {problem.days} days")
    for i, person in enumerate(problem.volunteers):
        for k, name in enumerate(person.slots):
            if name not in slots:
                raise _fault(f"volunteers[{i}].slots[{k}]", f"no slot {name}")
    promised: dict[tuple[str, str], tuple[str, ...]] = {}
    for i, promise in enumerate(problem.fixed):
        if promise.household not in doors:
            raise _fault(f"fixed[{i}].household", f"no household {promise.household}")
        if promise.slot not in slots:
            raise _fault(f"fixed[{i}].slot", f"no slot {promise.slot}")
        crew = tuple(sorted(promise.crew))
        for name in crew:
            if promised.setdefault((promise.slot, name), crew) != crew:
                raise _fault(f"fixed[{i}].crew", f"{name} is promised to two crews in slot {promise.slot}")


def _unique(items: Iterable[Any], path: str, key: str = "id") -> None:
    seen: set[str] = set()
    for i, item in enumerate(items):
        name = getattr(item, key)
        if name in seen:
            raise _fault(f"{path}[{i}].{key}", f"{name} is there twice")
        seen.add(name)


def _fault(path: str, why: str) -> PlannerError:
    return PlannerError(f"{path}: {why}")
