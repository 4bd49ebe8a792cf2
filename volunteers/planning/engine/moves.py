"""The board on which a plan is made: crews as tours with times, and every way to put a door in or take one
out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from .problem import Crew, Fixed, Problem, Visit
from .travel import matrix

Span = tuple[int, int]  # earliest and latest start of a visit, in minutes
Spans = tuple[Span, ...]
Place = tuple[int, int]  # minutes of travel added, position in the tour


@dataclass(slots=True, eq=False)
class Tour:
    """A crew at work: who, when, and the doors in order. People, slots and doors are positions in the
    problem.
    """

    slot: int
    members: tuple[int, ...]  # the leader first
    home: int  # node of the leader's home
    day: int
    begin: int
    end: int
    mask: int
    doors: dict[int, Spans]  # the doors this crew may serve and when such a visit may start
    route: list[int] = field(default_factory=list)
    leave: list[int] = field(default_factory=list)  # when the crew leaves each stop; [0] is home
    latest: list[int] = field(default_factory=list)  # latest arrival at each stop; the last one is home
    frozen: Crew | None = None  # a crew that has started: kept word for word


class Board:
    """A problem in numbers, with its tours. All keys are numbered in the problem's order: no set of strings
    is walked.
    """

    def __init__(self, problem: Problem, *, stay_bonus: int = 0) -> None:
        self.problem = problem
        self.travel = matrix(problem)
        self.count = len(problem.households)
        self.stay_bonus = stay_bonus
        self.number = {h.id: i for i, h in enumerate(problem.households)}
        self.person = {v.id: i for i, v in enumerate(problem.volunteers)}
        self.slot = {s.id: i for i, s in enumerate(problem.slots)}
        self.minutes = [h.minutes for h in problem.households]
        unit = problem.rules.prize_unit
        self.prize = [max(1, round(unit * h.weight * h.p_activation)) for h in problem.households]
        self._name_abilities(problem)
        self.offers = [frozenset(self.slot[name] for name in v.slots) for v in problem.volunteers]
        # By slot: the doors with a window in it and when their visits could start, without regard to travel.
        self.open: list[dict[int, Spans]] = [{} for _ in problem.slots]
        for k, slot in enumerate(problem.slots):
            for h, door in enumerate(problem.households):
                spans = _spans([(max(w.start, slot.start), min(w.end, slot.end)) for w in door.windows], door.minutes)
                if spans:
                    self.open[k][h] = spans
        self.tours: list[Tour] = []
        self.where: list[Tour | None] = [None] * self.count
        self.load = [[0] * problem.days for _ in problem.volunteers]  # visits of a person on a day
        self.turns = [[0] * problem.days for _ in problem.volunteers]  # slots of a person on a day
        self.pins: dict[int, tuple[int, int, int]] = {}  # door -> its slot and the span promised
        self.bound: dict[int, tuple[int, ...]] = {}  # door -> the sorted people it was promised to
        self.closed: set[int] = set()  # doors that belong to the past
        self.stays: dict[int, Tour] = {}  # door -> the tour it was planned in before

    def _name_abilities(self, problem: Problem) -> None:
        """Give every language and skill a bit, so that 'the crew covers the door' is one operation on
        integers.
        """
        doors, people = problem.households, problem.volunteers
        words = sorted({f"l:{h.language}" for h in doors} | {f"s:{n}" for h in doors for n in h.needs})
        self.bits = {"woman": 1, "officer": 2} | {word: 4 << i for i, word in enumerate(words)}
        self.asks = [
            self._mask([f"l:{h.language}", *(f"s:{n}" for n in h.needs)], h.woman_wanted, h.officer) for h in doors
        ]
        self.can = [
            self._mask([*(f"l:{n}" for n in v.languages), *(f"s:{n}" for n in v.skills)], v.woman, v.officer)
            for v in people
        ]

    def _mask(self, words: Iterable[str], woman: bool, officer: bool) -> int:
        mask = (1 if woman else 0) | (2 if officer else 0)
        for word in words:
            mask |= self.bits.get(word, 0)
        return mask

    # ---- people

    def may_lead(self, v: int) -> bool:
        """Whether this person may lead a crew: chosen for it and of age."""
        person = self.problem.volunteers[v]
        return person.leader and person.adult

    def is_free(self, v: int, slot: int) -> bool:
        """Whether this person offers the slot and can still take it: own cap, the day's cap, no overlap."""
        if slot not in self.offers[v]:
            return False
        block, rules = self.problem.slots[slot], self.problem.rules
        if self.turns[v][block.day] >= rules.max_slots_per_day:
            return False
        if sum(self.turns[v]) >= self.problem.volunteers[v].max_slots:
            return False
        return all(v not in t.members or t.end <= block.start or t.begin >= block.end for t in self.tours)

    def room(self, tour: Tour) -> int:
        """How many more visits the caps of the crew's members allow that day."""
        people = self.problem.volunteers
        return min(people[v].max_visits_per_day - self.load[v][tour.day] for v in tour.members)

    # ---- tours

    def new_tour(self, slot: int, members: Sequence[int]) -> Tour:
        """Send these people (leader first) out in a slot, with no doors yet."""
        block = self.problem.slots[slot]
        mask = 0
        for v in members:
            mask |= self.can[v]
        home = self.count + members[0]
        tour = Tour(slot, tuple(members), home, block.day, block.start, block.end, mask, {})
        self.tours.append(tour)
        for v in members:
            self.turns[v][block.day] += 1
        for h, spans in self.open[slot].items():
            if not self.asks[h] & ~mask:
                self._admit(tour, h, spans)
        self.retime(tour)
        return tour

    def _admit(self, tour: Tour, h: int, spans: Spans) -> None:
        if h in self.closed:
            return
        low = tour.begin + self.travel[tour.home][h]
        high = tour.end - self.travel[h][tour.home] - self.minutes[h]
        pin = self.pins.get(h)
        if pin is not None:
            if pin[0] != tour.slot or (h in self.bound and self.bound[h] != tuple(sorted(tour.members))):
                return
            low, high = max(low, pin[1]), min(high, pin[2])
        fitting = tuple((max(a, low), min(b, high)) for a, b in spans if max(a, low) <= min(b, high))
        if fitting:
            tour.doors[h] = fitting

    def freeze(self, crew: Crew) -> None:
        """Keep a crew that has started exactly as it is; its doors and its people's day are taken."""
        slot = self.slot[crew.slot]
        members = [self.person[crew.leader]]
        members += [self.person[name] for name in crew.members if name != crew.leader]
        tour = self.new_tour(slot, members)
        tour.doors, tour.frozen = {}, crew
        for visit in crew.visits:
            h = self.number[visit.household]
            self.closed.add(h)
            self.where[h] = tour
            tour.route.append(h)
            for v in members:
                self.load[v][tour.day] += 1

    def drop(self, tour: Tour) -> None:
        """Send a crew home: its doors are unserved again, its people free."""
        self.set_route(tour, [])
        self.tours = [t for t in self.tours if t is not tour]
        for v in tour.members:
            self.turns[v][tour.day] -= 1

    def release(self, h: int) -> None:
        """Forget the pin of a door, so that every capable crew may take it."""
        self.pins.pop(h, None)
        self.bound.pop(h, None)
        for tour in self.tours:
            if tour.frozen is None and not self.asks[h] & ~tour.mask and h in self.open[tour.slot]:
                self._admit(tour, h, self.open[tour.slot][h])

    # ---- times

    def retime(self, tour: Tour) -> bool:
        """Earliest departures and latest arrivals along the route; False if the route cannot be kept."""
        travel, minutes, doors, route = self.travel, self.minutes, tour.doors, tour.route
        here, now = tour.home, tour.begin
        leave = [now]
        for h in route:
            start = _fit(doors[h], now + travel[here][h])
            if start < 0:
                return False
            here, now = h, start + minutes[h]
            leave.append(now)
        there, limit = tour.home, tour.end
        latest = [limit]
        for h in reversed(route):
            limit = _last(doors[h], limit - travel[h][there] - minutes[h])
            latest.append(limit)
            there = h
        latest.reverse()
        if now + travel[here][tour.home] > tour.end:
            return False
        tour.leave, tour.latest = leave, latest
        return True

    def best_place(self, tour: Tour, h: int) -> Place | None:
        """The cheapest place for a door in a tour, or None. The cap of visits is `room`'s to judge."""
        spans = tour.doors.get(h)
        if spans is None:
            return None
        travel, stay = self.travel, self.minutes[h]
        out, leave, latest, home = travel[h], tour.leave, tour.latest, tour.home
        best, place = 1 << 30, -1
        here = home
        last = spans[-1][1]
        single = len(spans) == 1
        first = spans[0][0]
        for position, there in enumerate((*tour.route, home)):
            gone = leave[position]
            if gone > last:
                break
            way = travel[here][h]
            start = gone + way
            if start <= last:
                if single:
                    if start < first:
                        start = first
                else:
                    start = _fit(spans, start)
                onward = out[there]
                if start + stay + onward <= latest[position]:
                    added = way + onward - travel[here][there]
                    if added < best:
                        best, place = added, position
            here = there
        return None if place < 0 else (best, place)

    def put(self, tour: Tour, h: int, position: int) -> None:
        """Add a door at a position that `best_place` gave."""
        tour.route.insert(position, h)
        self.where[h] = tour
        load, day = self.load, tour.day
        for v in tour.members:
            load[v][day] += 1
        self.retime(tour)

    def set_route(self, tour: Tour, route: list[int]) -> None:
        """Give a tour a whole route known to be possible (a part of what it had, or what it had before)."""
        where = self.where
        for h in tour.route:
            if where[h] is tour:
                where[h] = None
        for h in route:
            where[h] = tour
        more, day = len(route) - len(tour.route), tour.day
        for v in tour.members:
            self.load[v][day] += more
        tour.route = route
        self.retime(tour)

    # ---- worth

    def cost(self, tour: Tour) -> int:
        """Minutes of travel of a tour, home to home."""
        here, total = tour.home, 0
        for h in tour.route:
            total += self.travel[here][h]
            here = h
        return total + self.travel[here][tour.home]

    def worth(self, tour: Tour) -> int:
        """Prizes of the doors served, with the bonus for those that stay with their crew, minus travel."""
        total = sum(self.prize[h] for h in tour.route) - self.cost(tour)
        if self.stays:
            total += self.stay_bonus * sum(1 for h in tour.route if self.stays.get(h) is tour)
        return total

    def objective(self) -> int:
        """Worth of all tours that may still change."""
        return sum(self.worth(tour) for tour in self.tours if tour.frozen is None)

    # ---- whole-board moves

    def unserved(self) -> list[int]:
        """Doors in no tour, in the problem's order."""
        return [h for h in range(self.count) if self.where[h] is None and h not in self.closed]

    def fill(self, doors: Iterable[int]) -> int:
        """Put in every door that fits anywhere, dearest first, at its cheapest place; returns how many went
        in.
        """
        done = 0
        for h in sorted(doors, key=lambda h: (-self.prize[h], h)):
            found: tuple[int, int, int] | None = None
            for i, tour in enumerate(self.tours):
                if h in tour.doors and tour.frozen is None and self.room(tour) > 0:
                    place = self.best_place(tour, h)
                    if place is not None and (found is None or (place[0], i) < found[:2]):
                        found = (place[0], i, place[1])
            if found is not None:
                self.put(self.tours[found[1]], h, found[2])
                done += 1
        return done

    def pin_promises(self) -> list[Fixed]:
        """Bind the doors of `problem.fixed` to their slot, time and (unless a member is gone) crew; sorted by
        start.
        """
        order = [f for f in self.problem.fixed if self.number[f.household] not in self.closed]
        order.sort(key=lambda f: (f.start, f.household))
        for promise in order:
            h, slot = self.number[promise.household], self.slot[promise.slot]
            self.pins[h] = (slot, promise.start - promise.pin, promise.start + promise.pin)
            people = [self.person.get(name, -1) for name in promise.crew]
            if all(v >= 0 and slot in self.offers[v] for v in people):
                self.bound[h] = tuple(sorted(people))
            else:
                self.prize[h] *= 10  # the crew is gone, the word given is not
        return order

    def promise(self) -> list[str]:
        """Open the promised crews and put their visits in; returns the households whose promise cannot be
        kept.

        A promise with a member gone keeps its time but takes any crew of the slot: it is left to `fill`.
        """
        broken: list[str] = []
        for promise in self.pin_promises():
            h, slot = self.number[promise.household], self.slot[promise.slot]
            if h not in self.bound:
                continue
            tour = self._promised_tour(slot, [self.person[name] for name in promise.crew])
            place = self.best_place(tour, h) if tour is not None and self.room(tour) > 0 else None
            if tour is None or place is None:
                broken.append(promise.household)
            else:
                self.put(tour, h, place[1])
        return broken

    def _promised_tour(self, slot: int, people: list[int]) -> Tour | None:
        for tour in self.tours:
            if tour.slot == slot and sorted(tour.members) == sorted(people):
                return None if tour.frozen else tour
        leader = next((v for v in people if self.may_lead(v)), None)
        fits = self.problem.rules.crew_min <= len(people) <= self.problem.rules.crew_max
        if leader is None or not fits or not all(self.is_free(v, slot) for v in people):
            return None
        return self.new_tour(slot, [leader, *(v for v in people if v != leader)])

    def crews(self) -> Iterator[Crew]:
        """The tours as crews of a plan, in the order of slots and leaders; crews without a visit stay at
        home.
        """
        ids = self.problem.households
        names = [v.id for v in self.problem.volunteers]
        for tour in sorted(self.tours, key=lambda t: (t.begin, t.slot, names[t.members[0]])):
            if tour.frozen is not None:
                yield tour.frozen
                continue
            if not tour.route:
                continue
            visits, here = [], tour.home
            for h, end in zip(tour.route, tour.leave[1:], strict=True):
                visits.append(Visit(ids[h].id, end - self.minutes[h], end, self.travel[here][h]))
                here = h
            yield Crew(
                self.problem.slots[tour.slot].id,
                names[tour.members[0]],
                tuple(names[v] for v in tour.members),
                tuple(visits),
                self.travel[here][tour.home],
            )


def _spans(windows: list[tuple[int, int]], minutes: int) -> Spans:
    """Spans of starts such that the visit lies wholly in one window; overlapping spans become one."""
    merged: list[Span] = []
    for low, high in sorted((a, b - minutes) for a, b in windows if b - minutes >= a):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def _fit(spans: Spans, arrival: int) -> int:
    """Earliest start at or after the arrival, or -1."""
    for low, high in spans:
        if arrival <= high:
            return low if low > arrival else arrival
    return -1


def _last(spans: Spans, limit: int) -> int:
    """Latest start not after the limit, or -1."""
    for low, high in reversed(spans):
        if low <= limit:
            return high if high < limit else limit
    return -1
