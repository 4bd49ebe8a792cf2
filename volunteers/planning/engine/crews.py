"""Who goes out with whom in which slot: leader and partner chosen greedily by the doors they could still win.

`build` is the whole boundary: an exact solver may stand behind it later, the search does not notice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import chain

from .moves import Board, Tour
from .problem import Crew

LEFT_AFTER_PLANNING = 0.3  # share of its prize a door keeps for later crews once a crew counts on it
SPARE = 40  # doors already counted on that are kept in mind while a crew is weighed
HOP = 4  # minutes from door to door assumed while crews are built
PARTNERS = 12  # partners looked at for a leader, nearest home first
LOAD_WEIGHT = 0.7  # how strongly a share of work already given counts against giving more
LEADER_COST = 0.25  # share of a crew's worth lost when somebody who could lead goes as partner


@dataclass(slots=True)
class _Offer:
    """A crew that could go out: its worth in prize and the doors it counts on."""

    score: float
    members: tuple[int, ...]
    doors: list[int]


class _Builder:
    """The greedy choice of crews over one board; `left` is the prize still to be had at each door."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.left = [float(p) for p in board.prize]
        self.rankings: dict[tuple[int, int], list[int]] = {}
        self.shortest = min(board.minutes, default=0) + HOP
        self.planned: dict[tuple[int, int], int] = {}  # visits counted on, by person and day
        people = board.problem.volunteers
        lengths = [s.length for s in board.problem.slots]
        self.offered = [
            sum(lengths[k] for k in sorted(board.offers[v])) + people[v].past_minutes for v in range(len(people))
        ]
        self.given = [float(p.past_minutes) for p in people]
        for tour in board.tours:
            for v in tour.members:
                self.given[v] += lengths[tour.slot]
        first = board.count
        everybody = range(len(people))
        self.nearest: list[list[int]] = []
        for v in everybody:
            way = board.travel[first + v][first:]
            self.nearest.append(sorted(everybody, key=way.__getitem__))
        self.officer_cap = board.problem.rules.l2_visits_per_officer_slot

    def share(self, v: int) -> float:
        """Share of the offered minutes that a person has been given (with earlier weeks)."""
        return self.given[v] / self.offered[v] if self.offered[v] else 1.0

    def ranking(self, slot: int, leader: int) -> list[int]:
        """Doors of a slot this leader can reach and be back from, best prize for its minutes first."""
        found = self.rankings.get((slot, leader))
        if found is None:
            board, block = self.board, self.board.problem.slots[slot]
            way, minutes = board.travel[board.count + leader], board.minutes
            rated = []
            for h, spans in board.open[slot].items():
                there = way[h]
                if h in board.bound or h in board.closed or board.where[h] is not None:
                    continue
                if h in board.pins and board.pins[h][0] != slot:
                    continue
                if block.start + there <= spans[-1][1] and spans[0][0] + minutes[h] + there <= block.end:
                    rated.append((-board.prize[h] / (minutes[h] + HOP + there * 0.5), h))
            rated.sort()
            found = self.rankings[slot, leader] = [h for _, h in rated]
        return found

    def worth(self, slot: int, members: tuple[int, ...]) -> tuple[float, list[int]]:
        """Rough prize a crew can win in a slot and the doors it would go to (best prize for its minutes)."""
        board = self.board
        mask, room = 0, 1 << 30
        day, block = board.problem.slots[slot].day, board.problem.slots[slot]
        for v in members:
            mask |= board.can[v]
            room = min(room, self.cap(v, day))
        if room <= 0:
            return 0.0, []
        seen: set[int] = set()
        way, minutes, left = board.travel[board.count + members[0]], board.minutes, self.left
        time, total, chosen, officers, farthest = block.length, 0.0, [], 0, 0
        # Doors no crew counts on yet come first; the others are taken up only where there is room left.
        spare: list[int] = []
        for h in chain(self.ranking(slot, members[0]), spare):
            if board.asks[h] & ~mask or board.where[h] is not None:
                continue
            if left[h] < board.prize[h] and h not in seen:
                seen.add(h)
                if len(spare) < SPARE:
                    spare.append(h)
                continue
            police = board.problem.households[h].officer
            if police and officers >= self.officer_cap:
                continue
            farther = max(farthest, way[h])
            spent = minutes[h] + HOP + 2 * (farther - farthest)
            if spent > time:
                continue
            time -= spent
            farthest = farther
            officers += police
            total += left[h]
            chosen.append(h)
            if len(chosen) >= room or time < self.shortest:
                break
        return total - 2 * farthest - HOP * len(chosen), chosen

    def commit(self, slot: int, offer: _Offer) -> None:
        """Count a crew as sent: its people's minutes, its visits, the prizes it will take."""
        block = self.board.problem.slots[slot]
        for v in offer.members:
            self.given[v] += block.length
            self.planned[v, block.day] = self.planned.get((v, block.day), 0) + len(offer.doors)
        for h in offer.doors:
            self.left[h] *= LEFT_AFTER_PLANNING

    def cap(self, v: int, day: int) -> int:
        """Visits a person can still make on a day."""
        person, used = self.board.problem.volunteers[v], self.board.load[v][day]
        return person.max_visits_per_day - used - self.planned.get((v, day), 0)

    def offer(self, slot: int, leader: int) -> _Offer | None:
        """The best crew this leader could take out in this slot, or None."""
        board, rules, people = self.board, self.board.problem.rules, self.board.problem.volunteers
        if not board.is_free(leader, slot):
            return None
        free = [u for u in self.nearest[leader] if u != leader and board.is_free(u, slot)]
        crew: tuple[int, ...] = (leader,)
        worth, doors = self.worth(slot, crew)
        memo: dict[tuple[int, int], tuple[float, list[int]]] = {}
        while len(crew) < rules.crew_max:
            must = len(crew) < rules.crew_min
            best: tuple[float, int, float, list[int]] | None = None
            mask = 0
            for v in crew:
                mask |= board.can[v]
            looked = [u for u in free if u not in crew]
            if must:
                # The officer is wanted as the third person, where there is a place for one.
                if rules.crew_max > rules.crew_min and any(not people[u].officer for u in looked):
                    looked = [u for u in looked if not people[u].officer]
                looked = [*looked[:PARTNERS], *(u for u in looked[PARTNERS:] if board.can[u] & ~mask)]
            for u in looked:
                if not must and not board.can[u] & ~mask:
                    continue
                key = (board.can[u] | mask, self.cap(u, board.problem.slots[slot].day))
                if key not in memo:
                    memo[key] = self.worth(slot, (*crew, u))
                value, found = memo[key]
                rating = value * (1 - LOAD_WEIGHT * self.share(u))
                if board.may_lead(u):
                    rating -= LEADER_COST * value
                rating -= board.travel[board.count + leader][board.count + u] * 0.5
                if best is None or rating > best[0]:
                    best = (rating, u, value, found)
            if best is None or (not must and best[2] < worth * 1.1 + rules.prize_unit):
                break
            crew, worth, doors = (*crew, best[1]), best[2], best[3]
            memo.clear()
        if len(crew) < rules.crew_min or worth <= 0 or not doors:
            return None
        return _Offer(worth * (1 - LOAD_WEIGHT * self.share(leader)), crew, doors)


def build(board: Board, *, most: int | None = None) -> list[Tour]:
    """Send out crews beside those already on the board, best first, at most `most`; returns the new tours.

    Honours availability, caps of slots and visits, an adult leader, the crew's size; prefers those who have
    been given the smallest share of what they offered. Only doors that are in no tour count.
    """
    builder = _Builder(board)
    heap: list[tuple[float, int, int]] = []
    for v in range(len(board.problem.volunteers)):
        for slot in sorted(board.offers[v]) if board.may_lead(v) else ():
            offer = builder.offer(slot, v)
            if offer is not None:
                heap.append((-offer.score, slot, v))
    heapify(heap)
    made: list[Tour] = []
    while heap and (most is None or len(made) < most):
        score, slot, v = heappop(heap)
        offer = builder.offer(slot, v)  # worths only fall, so the first that keeps its place is the best
        if offer is None:
            continue
        if heap and -offer.score > max(score, heap[0][0]):
            heappush(heap, (-offer.score, slot, v))
            continue
        made.append(board.new_tour(slot, offer.members))
        builder.commit(slot, offer)
    return made


def repair(board: Board, previous: Sequence[Crew]) -> int:
    """Put an earlier plan's crews on the board: whole ones as they were, others with substitutes; returns the
    dissolved.

    A crew whose slot is gone or that finds nobody for a missing member is dissolved. Its doors keep their
    slot and, within the pins set by the caller, their time.
    """
    dissolved, rules = 0, board.problem.rules
    waiting: list[tuple[Crew, int, list[int]]] = []
    order = sorted(previous, key=lambda c: (c.slot, c.leader))
    for crew in order:
        slot = board.slot.get(crew.slot)
        names = list(dict.fromkeys((crew.leader, *crew.members)))
        people = [board.person[name] for name in names if name in board.person]
        if slot is None:
            dissolved += 1
            continue
        if any(t.slot == slot and sorted(t.members) == sorted(people) for t in board.tours):
            continue  # a promised crew that is already out
        people = [v for v in people if board.is_free(v, slot)]
        fits = rules.crew_min <= len(names) <= rules.crew_max
        if fits and len(people) == len(names) and board.may_lead(people[0]):
            board.new_tour(slot, people)
        else:
            waiting.append((crew, slot, people))
    for crew, slot, people in waiting:
        found = _substitute(board, crew, slot, people)
        if found is None:
            dissolved += 1
        else:
            board.new_tour(slot, found)
    return dissolved


def _substitute(board: Board, crew: Crew, slot: int, people: list[int]) -> list[int] | None:
    """The crew's remaining people with as few others as needed to cover every door they had."""
    asks = 0
    for visit in crew.visits:
        if visit.household in board.number:
            asks |= board.asks[board.number[visit.household]]
    rules = board.problem.rules
    wanted = min(max(len(crew.members), rules.crew_min), rules.crew_max)
    people = [v for v in people if board.is_free(v, slot)][: rules.crew_max]
    free = [u for u in range(len(board.problem.volunteers)) if u not in people and board.is_free(u, slot)]
    home = board.person.get(crew.leader)
    while people or free:
        leaders = [v for v in people if board.may_lead(v)]
        mask = 0
        for v in people:
            mask |= board.can[v]
        if leaders and len(people) >= rules.crew_min and not asks & ~mask:
            return [leaders[0], *(v for v in people if v != leaders[0])]
        if len(people) >= wanted or not free:
            break
        start = board.count + (home if home is not None else people[0] if people else free[0])

        def rank(
            u: int, mask: int = mask, lead: bool = not leaders, start: int = start
        ) -> tuple[bool, int, bool, int, int]:
            missing = (asks & ~mask & ~board.can[u]).bit_count()
            return (
                lead and not board.may_lead(u),
                missing,
                board.may_lead(u),
                board.travel[start][board.count + u],
                u,
            )

        best = min(free, key=rank)
        people.append(best)
        free.remove(best)
    # Not every door can be kept: a crew that can still go out is better than none.
    leaders = [v for v in people if board.may_lead(v)]
    if leaders and rules.crew_min <= len(people) <= rules.crew_max:
        return [leaders[0], *(v for v in people if v != leaders[0])]
    return None
