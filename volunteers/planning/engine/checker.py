"""Every hard rule of planner-json, recomputed from the raw data; leans on nobody who made the plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import asin, ceil, cos, pi, sin, sqrt

from .problem import Crew, Household, Plan, Problem, Slot, Visit, Volunteer

CODES = (
    *(
        "crew_size",
        "no_adult_leader",
        "minor_alone",
        "not_available",
        "double_booked",
        "slots_per_day",
        "max_slots",
    ),
    *(
        "visits_per_day",
        "visited_twice",
        "skill",
        "language",
        "woman",
        "officer",
        "travel",
        "window",
        "slot_end",
    ),
    *("fixed_broken", "unknown_id", "missing_household", "duration", "past_changed"),
)


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: its code and one line that says who, where and by how much."""

    code: str
    detail: str


def check(problem: Problem, plan: Plan, *, started_by: int | None = None) -> list[Violation]:
    """All broken hard rules of a plan, in the order they are met; an empty list is a good plan.

    With `started_by` (minutes after midnight of day 0) the plan must also leave alone what `problem.previous`
    holds in slots that began before.
    """
    return list(_Check(problem, plan).all(started_by))


class _Check:
    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.slots = {s.id: s for s in problem.slots}
        self.doors = {h.id: h for h in problem.households}
        self.people = {v.id: v for v in problem.volunteers}
        self.hand = {(a, b): cost for a, b, cost in problem.travel.matrix}
        self.middle: dict[str, tuple[float, float]] = {}
        for name in sorted({h.hamlet for h in problem.households}):
            points = [(h.lat, h.lon) for h in problem.households if h.hamlet == name]
            known = [(lat, lon) for lat, lon in points if lat is not None and lon is not None]
            if known:
                self.middle[name] = (
                    sum(p[0] for p in known) / len(known),
                    sum(p[1] for p in known) / len(known),
                )

    def all(self, started_by: int | None) -> Iterator[Violation]:
        yield from self._unknown()
        for crew in self.plan.crews:
            yield from self._crew(crew)
            yield from self._walk(crew)
            for visit in crew.visits:
                yield from self._visit(crew, visit)
        for person in self.problem.volunteers:
            yield from self._person(person)
        yield from self._each_once()
        yield from self._promises()
        if started_by is not None:
            yield from self._past(started_by)

    def _unknown(self) -> Iterator[Violation]:
        for crew in self.plan.crews:
            if crew.slot not in self.slots:
                yield Violation("unknown_id", f"no slot {crew.slot}")
            for name in dict.fromkeys((crew.leader, *crew.members)):
                if name not in self.people:
                    yield Violation("unknown_id", f"no volunteer {name} (slot {crew.slot})")
        named = [v.household for c in self.plan.crews for v in c.visits] + [u.household for u in self.plan.unserved]
        for name in dict.fromkeys(named):
            if name not in self.doors:
                yield Violation("unknown_id", f"no household {name}")

    # ---- people

    def _crew(self, crew: Crew) -> Iterator[Violation]:
        rules, where = self.problem.rules, f"crew of {crew.leader} in {crew.slot}"
        size = len(set(crew.members))
        if not rules.crew_min <= size <= rules.crew_max:
            yield Violation("crew_size", f"{where}: {size} people, not {rules.crew_min}-{rules.crew_max}")
        leader = self.people.get(crew.leader)
        if leader is not None and (crew.leader not in crew.members or not leader.leader or not leader.adult):
            yield Violation("no_adult_leader", f"{where}: the leader must be a member, of age, and may lead")
        known = [self.people[name] for name in crew.members if name in self.people]
        if any(not p.adult for p in known) and not any(p.adult for p in known):
            yield Violation("minor_alone", f"{where}: no adult is with the minor")
        for name in crew.members:
            if name in self.people and crew.slot in self.slots and crew.slot not in self.people[name].slots:
                yield Violation("not_available", f"{where}: {name} did not offer this slot")

    def _person(self, person: Volunteer) -> Iterator[Violation]:
        taken: list[Slot] = []
        visits: dict[int, int] = {}
        for crew in self.plan.crews:
            slot = self.slots.get(crew.slot)
            if slot is None:
                continue
            for name in crew.members:
                if name == person.id:
                    if any(slot.start < other.end and other.start < slot.end for other in taken):
                        yield Violation("double_booked", f"{person.id} is in two places in {slot.id}")
                    taken.append(slot)
            if person.id in crew.members:
                visits[slot.day] = visits.get(slot.day, 0) + len(crew.visits)
        for day in sorted(visits):
            turns = sum(slot.day == day for slot in taken)
            if turns > self.problem.rules.max_slots_per_day:
                yield Violation("slots_per_day", f"{person.id}: {turns} slots on day {day}")
            if visits[day] > person.max_visits_per_day:
                yield Violation("visits_per_day", f"{person.id}: {visits[day]} visits on day {day}")
        if len(taken) > person.max_slots:
            yield Violation("max_slots", f"{person.id}: {len(taken)} slots, at most {person.max_slots}")

    # ---- visits

    def _visit(self, crew: Crew, visit: Visit) -> Iterator[Violation]:
        door = self.doors.get(visit.household)
        if door is None:
            return
        present = [self.people[name] for name in crew.members if name in self.people]
        where = f"{door.id} in {crew.slot}"
        able = {skill for p in present for skill in p.skills}
        missing = [need for need in door.needs if need not in able]
        if missing:
            yield Violation("skill", f"{where}: nobody knows {', '.join(missing)}")
        if not any(door.language in p.languages for p in present):
            yield Violation("language", f"{where}: nobody speaks {door.language}")
        if door.woman_wanted and not any(p.woman for p in present):
            yield Violation("woman", f"{where}: no woman in the crew")
        if door.officer and not any(p.officer for p in present):
            yield Violation("officer", f"{where}: no police officer in the crew")
        if visit.end - visit.start != door.minutes:
            yield Violation("duration", f"{where}: {visit.end - visit.start} minutes, not {door.minutes}")
        if not any(w.start <= visit.start and visit.end <= w.end for w in door.windows):
            yield Violation("window", f"{where}: {visit.start}-{visit.end} lies in none of its windows")

    def _walk(self, crew: Crew) -> Iterator[Violation]:
        slot, leader = self.slots.get(crew.slot), self.people.get(crew.leader)
        if slot is None or leader is None:
            return
        here: Household | Volunteer = leader
        now = slot.start
        for visit in crew.visits:
            there = self.doors.get(visit.household)
            if there is None:
                return
            ready = now + self._minutes(here, there)
            if visit.start < ready:
                yield Violation("travel", f"{there.id} in {slot.id}: starts at {visit.start}, reached at {ready}")
            here, now = there, visit.end
        back = now + (self._minutes(here, leader) if crew.visits else 0)
        if back > slot.end:
            yield Violation("slot_end", f"crew of {crew.leader} in {slot.id}: home at {back}, slot ends at {slot.end}")

    def _minutes(self, a: Household | Volunteer, b: Household | Volunteer) -> int:
        """Minutes from a to b by planner-json: by hand, by the map, by flat figures, in that order."""
        rules = self.problem.travel
        if a is b:
            return 0
        apart = a.hamlet != b.hamlet or a.hamlet is None
        if apart and a.hamlet is not None and b.hamlet is not None:
            given = self.hand.get((a.hamlet, b.hamlet), self.hand.get((b.hamlet, a.hamlet)))
            if given is not None:
                return given + rules.hamlet_extra
        if a.lat is not None and a.lon is not None and b.lat is not None and b.lon is not None:
            return self._way((a.lat, a.lon), (b.lat, b.lon))
        if not apart:
            return rules.inside_hamlet
        p = (a.lat, a.lon) if a.lat is not None and a.lon is not None else self.middle.get(a.hamlet or "")
        q = (b.lat, b.lon) if b.lat is not None and b.lon is not None else self.middle.get(b.hamlet or "")
        flat = rules.inside_hamlet + rules.hamlet_extra
        return flat if p is None or q is None else max(flat, self._way(p, q) + rules.hamlet_extra)

    def _way(self, a: tuple[float, float], b: tuple[float, float]) -> int:
        rules, degree = self.problem.travel, pi / 180
        half_lat, half_lon = (b[0] - a[0]) * degree / 2, (b[1] - a[1]) * degree / 2
        bow = sin(half_lat) ** 2 + cos(a[0] * degree) * cos(b[0] * degree) * sin(half_lon) ** 2
        road = rules.detour * 6371.0088 * 2 * asin(sqrt(min(bow, 1.0)))
        on_foot, by_bike = road / rules.walk_kmh * 60, rules.ride_fixed + road / rules.ride_kmh * 60
        # The last bits of two ways to write one formula may differ: a billionth of a minute is no rule
        # broken.
        return ceil(min(on_foot, by_bike) - 1e-9)

    # ---- the whole

    def _each_once(self) -> Iterator[Violation]:
        seen: dict[str, int] = {}
        for name in [v.household for c in self.plan.crews for v in c.visits] + [
            u.household for u in self.plan.unserved
        ]:
            seen[name] = seen.get(name, 0) + 1
        for name in self.doors:
            if seen.get(name, 0) == 0:
                yield Violation("missing_household", f"{name} is neither visited nor unserved")
            if seen.get(name, 0) > 1:
                yield Violation("visited_twice", f"{name} is there {seen[name]} times")

    def _promises(self) -> Iterator[Violation]:
        for promise in self.problem.fixed:
            there = all(name in self.people and promise.slot in self.people[name].slots for name in promise.crew)
            found = [(c, v) for c in self.plan.crews for v in c.visits if v.household == promise.household]
            if not found:
                # With a member gone there may be nobody left who could go.
                if there and promise.household in self.doors:
                    yield Violation("fixed_broken", f"{promise.household} was promised in {promise.slot}, not visited")
                continue
            crew, visit = found[0]
            if there and (crew.slot != promise.slot or set(crew.members) != set(promise.crew)):
                yield Violation("fixed_broken", f"{promise.household} was promised {'+'.join(promise.crew)}")
            elif abs(visit.start - promise.start) > promise.pin:
                yield Violation("fixed_broken", f"{promise.household}: {visit.start}, promised {promise.start}")

    def _past(self, started_by: int) -> Iterator[Violation]:
        begun = {s.id for s in self.problem.slots if s.start < started_by}
        old, new = (
            {
                (
                    c.slot,
                    c.leader,
                    tuple(sorted(c.members)),
                    tuple((v.household, v.start, v.end) for v in c.visits),
                )
                for c in crews
                if c.slot in begun
            }
            for crews in (self.problem.previous.crews if self.problem.previous else (), self.plan.crews)
        )
        for crew in sorted(old ^ new):
            yield Violation("past_changed", f"the crew of {crew[1]} in {crew[0]} had started")
