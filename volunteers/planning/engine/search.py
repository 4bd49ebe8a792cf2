"""Ruin and recreate: take doors out of a few tours, put better ones in, accept worse boards while it is warm.

The temperature follows the count of steps, never a clock: a run that was stopped by time is repeated by its
steps.
"""

from collections.abc import Callable
from math import log, sqrt
from random import Random

from .moves import Board, Tour

CYCLE = 1000  # steps from warm to cold; then it is warm again, from the best board
WARM = 60.0  # one weight unit at the usual prize
NEAR = 30  # neighbours of a door looked at
CANDIDATES = 20  # doors offered to a tour at once
MOST_OUT = 9  # doors taken out of one tour

KeepGoing = Callable[[int, int, bool], bool]  # steps done, best objective, better than before -> go on?


class Search:
    """The search over one board; `run` may be called again and goes on where it was."""

    def __init__(self, board: Board, rng: Random) -> None:
        self.board = board
        self.rng = rng
        self.steps = 0
        self.tours = [t for t in board.tours if t.frozen is None]
        promised = [board.number[f.household] for f in board.problem.fixed]
        self.locked = {h for h in promised if board.where[h] is not None}
        travel, n = board.travel, board.count
        self.near = [sorted(range(n), key=travel[h].__getitem__)[1 : NEAR + 1] for h in range(n)]
        self.homes: list[list[Tour]] = [[] for _ in range(n)]  # the tours that may serve a door
        for tour in self.tours:
            for h in tour.doors:
                self.homes[h].append(tour)
        self.now = board.objective()
        self.best = self.now
        self._keep()

    def _keep(self) -> None:
        self.kept = [list(tour.route) for tour in self.tours]

    def restore(self) -> None:
        """Put the best routes found back on the board."""
        for tour in self.tours:
            self.board.set_route(tour, [])
        for tour, route in zip(self.tours, self.kept, strict=True):
            self.board.set_route(tour, list(route))
        self.now = self.best

    def rescore(self) -> None:
        """Begin a new count after the prizes on the board have changed."""
        self.now = self.best = self.board.objective()

    def run(self, keep_going: KeepGoing, until: int | None = None) -> None:
        """Search until `keep_going` says no or `until` steps are done; leaves the best on the board."""
        active = bool(self.tours) and any(self.homes)
        while active and keep_going(self.steps, self.best, False) and (until is None or self.steps < until):
            phase = self.steps % CYCLE
            if phase == 0 and self.now != self.best:
                self.restore()
            self.step(WARM * (1 - phase / CYCLE) ** 2)
            self.steps += 1
            if self.now > self.best:
                self.best = self.now
                self._keep()
                if not keep_going(self.steps, self.best, True):
                    break
        self.restore()

    # ---- one step

    def step(self, temperature: float) -> None:
        """Ruin some tours, recreate them, keep the result or undo it."""
        board, rng = self.board, self.rng
        chosen = self._choose()
        if not chosen:
            return
        saved = [(tour, list(tour.route)) for tour in chosen]
        before = sum(board.worth(tour) for tour in chosen)
        out: list[int] = []
        for tour in chosen:
            out += self._ruin(tour)
        recreate(board, rng, chosen)
        # A door that found no way back may fit a tour that was left alone.
        for h in out:
            if board.where[h] is None:
                for tour in self.homes[h]:
                    if board.room(tour) > 0 and (place := board.best_place(tour, h)) is not None:
                        if tour not in chosen:
                            saved.append((tour, list(tour.route)))
                            before += board.worth(tour)
                            chosen.append(tour)
                        board.put(tour, h, place[1])
                        break
        gain = sum(board.worth(tour) for tour in chosen) - before
        if gain >= 0 or gain > temperature * log(rng.random() or 1e-300):
            self.now += gain
            return
        for tour, _ in saved:
            board.set_route(tour, [])
        for tour, route in saved:
            board.set_route(tour, route)

    def _pick(self, count: int) -> int:
        return int(self.rng.random() * count)

    def _choose(self) -> list[Tour]:
        """One to six tours: at random, near a served door, or those that could serve a door left out."""
        board, rng = self.board, self.rng
        kind = rng.random()
        want = 1 + self._pick(3) if rng.random() < 0.8 else 4 + self._pick(3)
        first = self.tours[self._pick(len(self.tours))]
        chosen = [first]
        if kind < 0.4 and first.route:
            seed = first.route[self._pick(len(first.route))]
            near = self.near[seed]
            for _ in range(4 * want):
                if len(chosen) >= want or not near:
                    break
                tour = board.where[near[self._pick(len(near))]]
                if tour is not None and tour.frozen is None and tour not in chosen:
                    chosen.append(tour)
        elif kind < 0.8:
            left = -1
            for _ in range(8):  # the dearest of a few unserved doors
                h = self._pick(board.count)
                if board.where[h] is None and self.homes[h] and (left < 0 or board.prize[h] > board.prize[left]):
                    left = h
            if left >= 0:
                homes = self.homes[left]
                chosen = []
                for _ in range(3 * want):
                    tour = homes[self._pick(len(homes))]
                    if tour not in chosen:
                        chosen.append(tour)
                    if len(chosen) >= want:
                        break
        else:
            for _ in range(want - 1):
                tour = self.tours[self._pick(len(self.tours))]
                if tour not in chosen:
                    chosen.append(tour)
        return chosen

    def _ruin(self, tour: Tour) -> list[int]:
        loose = [h for h in tour.route if h not in self.locked]
        if not loose:
            return []
        count = min(MOST_OUT, max(1, round(len(loose) * (0.3 + 0.7 * self.rng.random()))), len(loose))
        if self.rng.random() < 0.5:  # a stretch of the tour
            start = self._pick(len(loose) - count + 1)
            out = loose[start : start + count]
        else:
            out = []
            for _ in range(count):
                out.append(loose.pop(self._pick(len(loose))))
        gone = set(out)
        self.board.set_route(tour, [h for h in tour.route if h not in gone])
        return out


def recreate(board: Board, rng: Random, chosen: list[Tour]) -> None:
    """Greedy insertion by prize^a over added minutes, with noise, until nothing fits."""
    power, timed, noise = int(rng.random() * 3), rng.random() < 0.5, 0.3 * rng.random()
    prize, minutes, where, random = board.prize, board.minutes, board.where, rng.random
    lists: list[list[tuple[float, int, int]]] = []

    def score(tour: Tour, doors: list[int]) -> list[tuple[float, int, int]]:
        found = []
        stays = board.stays
        for h in doors:
            place = board.best_place(tour, h)
            if place is not None:
                p: float = prize[h]
                if stays and stays.get(h) is tour:
                    p += board.stay_bonus
                top = p if power == 0 else p * sqrt(p) if power == 1 else p * p
                spent = place[0] + 5 + (minutes[h] if timed else 0)
                found.append((top / max(spent, 1) * (1 + noise * random()), h, place[1]))
        return found

    for tour in chosen:
        doors = [h for h in tour.doors if where[h] is None]
        if len(doors) > CANDIDATES:
            way = board.travel[tour.home]
            rated = sorted((-prize[h] * random() / (minutes[h] + way[h] + 5), h) for h in doors)
            doors = [h for _, h in rated[:CANDIDATES]]
        lists.append(score(tour, doors) if board.room(tour) > 0 else [])
    while True:
        top: tuple[float, int, int] | None = None
        at = -1
        for i, entries in enumerate(lists):
            if entries:
                first = max(entries)
                if top is None or first > top:
                    top, at = first, i
        if top is None:
            return
        board.put(chosen[at], top[1], top[2])
        for i, tour in enumerate(chosen):
            if i == at or set(tour.members) & set(chosen[at].members):
                full = board.room(tour) <= 0
                lists[i] = [] if full else score(tour, [h for _, h, _ in lists[i] if where[h] is None])
            else:
                lists[i] = [entry for entry in lists[i] if entry[1] != top[1]]


def upper_bound(board: Board) -> int:
    """A weight no routes of these crews can exceed: the smaller of two relaxations, by visits and by minutes.

    By visits: each door once, each crew at most as many as its members' caps allow (a matching, grown
    heaviest door first, which is exact for such caps). By minutes: all crews' minutes as one purse, each door
    for its minutes and its cheapest way in, the last one in part.
    """
    problem, travel = board.problem, board.travel
    served = sum(problem.households[h].weight for h in board.closed if board.where[h] is not None)
    tours = [t for t in board.tours if t.frozen is None and t.route]
    homes: dict[int, list[int]] = {}
    for i, tour in enumerate(tours):
        for h in tour.doors:
            homes.setdefault(h, []).append(i)
    order = sorted(homes, key=lambda h: (-problem.households[h].weight, h))
    room = [min(problem.volunteers[v].max_visits_per_day for v in t.members) for t in tours]
    held: list[list[int]] = [[] for _ in tours]

    def seat(h: int, tried: set[int]) -> bool:
        fresh = [i for i in homes[h] if i not in tried]
        tried.update(fresh)
        for i in fresh:
            if len(held[i]) < room[i]:
                held[i].append(h)
                return True
        for i in fresh:
            for other in held[i]:
                if seat(other, tried):
                    held[i].remove(other)
                    held[i].append(h)
                    return True
        return False

    by_visits = sum(problem.households[h].weight for h in order if seat(h, set()))
    purse = float(sum(t.end - t.begin - min(travel[h][t.home] for h in t.doors) for t in tours))
    starts = sorted({t.home for t in tours})
    into = {h: min(travel[p][h] for p in [*starts, *order] if p != h) for h in order}
    by_minutes = 0.0
    for h in sorted(order, key=lambda h: (-problem.households[h].weight / (board.minutes[h] + into[h]), h)):
        share = min(1.0, purse / (board.minutes[h] + into[h]))
        by_minutes += share * problem.households[h].weight
        purse -= share * (board.minutes[h] + into[h])
        if purse <= 0:
            break
    return served + min(by_visits, int(by_minutes + 1e-6))
