"""A plan after something has happened: events change the problem, the plan changes as little as it must."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from .codec import read_household, read_window
from .problem import Household, Plan, PlannerError, Problem, Volunteer, Window
from .solution import places
from .solve import PIN, STAY_BONUS, OnProgress, solve


@dataclass(frozen=True, slots=True)
class DropOut:
    """A volunteer who comes no more, in slots that begin at `start` (minutes after midnight of day 0) or
    later.
    """

    volunteer: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class CancelSlot:
    """A slot that does not take place."""

    slot: str


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A door that was not in the problem."""

    household: Household


@dataclass(frozen=True, slots=True)
class WindowChange:
    """Other times at which a household can be visited."""

    household: str
    windows: tuple[Window, ...]


Event = DropOut | CancelSlot | NewHousehold | WindowChange


@dataclass(frozen=True, slots=True)
class Diff:
    """What became of the visits: households by id; `people_changed` as slot, volunteer, "in" or "out".

    Kept: same slot, start within the pin; shifted: same slot, further off; moved: another slot; dropped:
    visited before, not now; added: the reverse.
    """

    kept: tuple[str, ...]
    shifted: tuple[str, ...]
    moved: tuple[str, ...]
    dropped: tuple[str, ...]
    added: tuple[str, ...]
    people_changed: tuple[tuple[str, str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """The diff as the JSON value that `replan` prints."""
        lists: dict[str, Any] = {
            key: list(getattr(self, key)) for key in ("kept", "shifted", "moved", "dropped", "added")
        }
        lists["people_changed"] = [{"slot": s, "volunteer": v, "change": c} for s, v, c in self.people_changed]
        return lists


def read_events(value: object) -> tuple[list[Event], int]:
    """Events from parsed JSON (one or a list) and the moment from which the plan may change.

    That moment is the earliest `from` of the events, 0 if none has one. Raises `PlannerError` naming the
    path.
    """
    found = value if isinstance(value, list) else [value]
    events: list[Event] = []
    moments: list[int] = []
    for i, entry in enumerate(found):
        if not isinstance(entry, dict):
            raise PlannerError(f"[{i}]: must be an object")
        kinds = [key for key in ("drop_out", "cancel_slot", "new_household", "window_change") if key in entry]
        if len(kinds) != 1:
            raise PlannerError(f"[{i}]: must be one of drop_out, cancel_slot, new_household, window_change")
        unknown = sorted(set(entry) - {kinds[0], "from"})
        if unknown:
            raise PlannerError(f"[{i}].{unknown[0]}: is not a known key")
        if "from" in entry:
            if isinstance(entry["from"], bool) or not isinstance(entry["from"], int) or entry["from"] < 0:
                raise PlannerError(f"[{i}].from: must be a whole number of minutes")
            moments.append(entry["from"])
        events.append(_event(kinds[0], entry[kinds[0]], entry.get("from", 0), f"[{i}].{kinds[0]}"))
    return events, min(moments, default=0)


def _event(kind: str, value: object, start: int, path: str) -> Event:
    if kind == "new_household":
        return NewHousehold(read_household(value, path))
    if kind == "window_change":
        if not isinstance(value, dict) or set(value) != {"household", "windows"}:
            raise PlannerError(f"{path}: must have household and windows, nothing else")
        if not isinstance(value["household"], str) or not isinstance(value["windows"], list):
            raise PlannerError(f"{path}: household must be text, windows a list")
        windows = tuple(read_window(w, f"{path}.windows[{k}]") for k, w in enumerate(value["windows"]))
        return WindowChange(value["household"], windows)
    if not isinstance(value, str):
        raise PlannerError(f"{path}: must be an id")
    return DropOut(value, start) if kind == "drop_out" else CancelSlot(value)


def apply_events(problem: Problem, plan: Plan, events: Sequence[Event], started_by: int = 0) -> Problem:
    """The problem after the events, with `plan` as its earlier plan.

    What has started by `started_by` stays as it is; an event that would touch it, or names an id that is not
    there, raises `PlannerError`. Promises that an event makes impossible are no longer `fixed`.
    """
    slots = {s.id: s for s in problem.slots}
    begun = {s.id for s in problem.slots if s.start < started_by}
    done = {name for name, (crew, _) in places(plan).items() if crew.slot in begun}
    doors = {h.id: h for h in problem.households}
    people = {v.id: v for v in problem.volunteers}
    freed: set[str] = set()
    for event in events:
        match event:
            case DropOut(name, start):
                _there(name, people, "volunteer")
                staying = tuple(k for k in people[name].slots if k in begun or slots[k].start < start)
                people[name] = replace(people[name], slots=staying)
            case CancelSlot(name):
                _there(name, slots, "slot")
                if name in begun:
                    raise PlannerError(f"slot {name} has already started")
                del slots[name]
            case NewHousehold(door):
                if door.id in doors:
                    raise PlannerError(f"household {door.id} is there already")
                doors[door.id] = door
            case WindowChange(name, windows):
                _there(name, doors, "household")
                if name in done:
                    raise PlannerError(f"the visit to household {name} has already started")
                doors[name] = replace(doors[name], windows=windows)
                freed.add(name)
    volunteers = tuple(_only(person, slots) for person in people.values())
    fixed = tuple(
        promise
        for promise in problem.fixed
        if promise.slot in slots
        and (promise.household not in freed or _inside(promise.start, doors[promise.household]))
    )
    return replace(
        problem,
        slots=tuple(slots.values()),
        households=tuple(doors.values()),
        volunteers=volunteers,
        fixed=fixed,
        previous=plan,
    )


def _there(name: str, known: dict[str, Any], what: str) -> None:
    if name not in known:
        raise PlannerError(f"no {what} {name}")


def _only(person: Volunteer, slots: dict[str, Any]) -> Volunteer:
    return replace(person, slots=tuple(name for name in person.slots if name in slots))


def _inside(start: int, door: Household) -> bool:
    return any(w.start <= start and start + door.minutes <= w.end for w in door.windows)


def diff(old: Plan, new: Plan, pin: int = PIN) -> Diff:
    """What changed between two plans, in the old plan's order (added: in the new one's)."""
    before, after = places(old), places(new)
    kinds: dict[str, list[str]] = {"kept": [], "shifted": [], "moved": [], "dropped": []}
    for name, (crew, visit) in before.items():
        if name not in after:
            kinds["dropped"].append(name)
        elif after[name][0].slot != crew.slot:
            kinds["moved"].append(name)
        else:
            near = abs(after[name][1].start - visit.start) <= pin
            kinds["kept" if near else "shifted"].append(name)
    old_people = {(c.slot, name) for c in old.crews for name in c.members}
    new_people = {(c.slot, name) for c in new.crews for name in c.members}
    changed = [(slot, name, "out") for slot, name in old_people - new_people]
    changed += [(slot, name, "in") for slot, name in new_people - old_people]
    added = tuple(name for name in after if name not in before)
    return Diff(
        **{key: tuple(names) for key, names in kinds.items()},
        added=added,
        people_changed=tuple(sorted(changed)),
    )


def replan(
    problem: Problem,
    plan: Plan,
    events: Sequence[Event],
    *,
    started_by: int = 0,
    seed: int = 1,
    seconds: float | None = None,
    iterations: int | None = None,
    on_progress: OnProgress | None = None,
    pin: int = PIN,
    stay_bonus: int = STAY_BONUS,
    clock: Callable[[], float] = monotonic,
) -> tuple[Plan, Diff, Problem]:
    """A new plan after the events, what changed, and the problem it answers (the one to check it against).

    Crews that lost a member get a substitute or are dissolved; visits of the earlier plan keep their slot and
    their time within `pin` minutes, staying with the same crew earns `stay_bonus` (reference/planner.md,
    section 5); what has started by `started_by` is not touched. Budget and `PlannerError` as in `solve`.
    """
    changed = apply_events(problem, plan, events, started_by)
    new = solve(
        changed,
        seed=seed,
        seconds=2.0 if seconds is None and iterations is None else seconds,
        iterations=iterations,
        on_progress=on_progress,
        pin=pin,
        stay_bonus=stay_bonus,
        started_by=started_by,
        clock=clock,
    )
    return new, diff(plan, new, pin), changed
