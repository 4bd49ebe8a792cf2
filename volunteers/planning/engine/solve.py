"""The anytime entry point: crews, routes, search, explanations, in that order, within a budget of steps or
seconds.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from time import monotonic

from .baseline import by_hand
from .crews import build, repair
from .explain import explain_all
from .moves import Board, Tour
from .problem import ENGINE, Crew, Plan, PlannerError, Problem, Run, validate
from .search import Search, recreate, upper_bound
from .solution import measure

PIN = 30  # minutes a promised visit of an earlier plan may shift
STAY_BONUS = 30  # half a weight unit for a visit that stays with its crew
TARGET_FACTOR = 1.3  # prize of doors in hamlets below their target
FIRST_LOOK = 400  # steps after which hamlets below their target are looked for
LOOK_EVERY = 16  # steps between two looks at the clock


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands; `better`: the objective has just risen (true for the first plan)."""

    seconds: float
    iterations: int
    objective: int
    better: bool


OnProgress = Callable[[Progress], object]


def solve(
    problem: Problem,
    *,
    seed: int = 1,
    seconds: float | None = None,
    iterations: int | None = None,
    on_progress: OnProgress | None = None,
    pin: int = PIN,
    stay_bonus: int = STAY_BONUS,
    started_by: int = 0,
    clock: Callable[[], float] = monotonic,
) -> Plan:
    """Plan a horizon; every plan returned keeps all hard rules of planner-json.

    With `iterations` the same problem and seed give the same plan bit for bit and `seconds` is not looked at;
    else it stops after `seconds` (10 if none are given). `on_progress` is called at each improvement and
    often between; the run ends early, with the best plan so far, when it returns False. A problem with an
    earlier plan changes it little: its visits stay within `pin` minutes of their time, staying with one's
    crew earns `stay_bonus`, and crews whose slot began before `started_by` (minutes after midnight of day 0)
    are kept word for word. Raises `PlannerError` for a problem that contradicts itself.
    """
    validate(problem)
    limit = None if iterations is not None else 10.0 if seconds is None else seconds
    began = clock()
    board = Board(problem, stay_bonus=stay_bonus if problem.previous is not None else 0)
    rng = Random(seed)
    _lay_out(board, rng, pin, started_by)
    stopped = False

    def keep_going(steps: int, objective: int, better: bool) -> bool:
        nonlocal stopped
        if iterations is not None and steps >= iterations:
            return False
        if better or steps % LOOK_EVERY == 0:
            now = clock() - began
            if on_progress is not None and on_progress(Progress(now, steps, objective, better)) is False:
                stopped = True
            if limit is not None and now >= limit:
                stopped = True
        return not stopped

    search = Search(board, rng)
    if keep_going(0, search.best, True):
        search.run(keep_going, until=FIRST_LOOK if problem.rules.targets else None)
        if problem.rules.targets and not stopped:
            _favour(board)
            search.rescore()
            search.run(keep_going)
    _finish(board)
    took = 0.0 if iterations is not None else round(clock() - began, 1)
    return to_plan(board, Run(seed, search.steps, took, ENGINE))


def baseline(problem: Problem, seed: int = 1) -> Plan:
    """The plan of the hand rule (`baseline.py`), with the same promises kept and the same explanations."""
    validate(problem)
    board = Board(problem)
    board.promise()
    by_hand(board, seed)
    return to_plan(board, Run(seed, 0, 0.0, ENGINE + " by hand"))


def to_plan(board: Board, run: Run) -> Plan:
    """The board as a plan with its figures and a reason for every door left out."""
    crews = tuple(board.crews())
    return Plan(crews, tuple(explain_all(board)), measure(board.problem, crews, upper_bound(board)), run)


def _lay_out(board: Board, rng: Random, pin: int, started_by: int) -> None:
    """The first plan: what has started, what is promised, what was planned before, then the rest."""
    problem, previous = board.problem, board.problem.previous
    board.offers = [frozenset(k for k in ks if problem.slots[k].start >= started_by) for ks in board.offers]
    if previous is None:
        board.promise()
        _send_out(board, rng)
        board.fill(board.unserved())
        return
    slots = {slot.id: slot for slot in problem.slots}
    promised = {f.household for f in problem.fixed}
    coming: list[Crew] = []
    for crew in previous.crews:
        if crew.slot in slots and slots[crew.slot].start < started_by:
            _freeze(board, crew)
        else:
            coming.append(crew)
    for crew in coming:
        for visit in crew.visits:
            h = board.number.get(visit.household)
            if h is not None and crew.slot in slots and visit.household not in promised and h not in board.closed:
                board.pins[h] = (board.slot[crew.slot], visit.start - pin, visit.start + pin)
    board.promise()
    lost = repair(board, coming)
    _take_up(board, coming)
    board.fill(board.unserved())
    _let_go(board)
    left_before = {u.household for u in previous.unserved}
    if any(problem.households[h].id not in left_before for h in board.unserved()):
        _send_out(board, rng, most=3 * lost + 2)
    board.fill(board.unserved())


def _send_out(board: Board, rng: Random, most: int | None = None) -> None:
    """Build crews and give them doors, again while there are people and doors that suit each other."""
    for _ in range(3):
        fresh = build(board, most=most)
        for tour in fresh:
            recreate(board, rng, [tour])
        if most is not None or not any(tour.route for tour in fresh):
            break
        for tour in fresh:
            if not tour.route:
                board.drop(tour)
    for tour in [t for t in board.tours if not t.route and t.frozen is None]:
        board.drop(tour)


def _freeze(board: Board, crew: Crew) -> None:
    names = [crew.leader, *crew.members]
    strangers = [n for n in names if n not in board.person]
    strangers += [v.household for v in crew.visits if v.household not in board.number]
    if strangers:
        raise PlannerError(
            f"previous: the crew of {crew.leader} in slot {crew.slot} has started; {strangers[0]} is unknown"
        )
    board.freeze(crew)


def _take_up(board: Board, coming: Iterable[Crew]) -> None:
    """Give the repaired crews the doors they had, earliest first, and remember whose they were."""
    for crew in coming:
        names = {crew.leader, *crew.members}
        slot = board.slot.get(crew.slot)
        near: list[tuple[int, int, Tour]] = []
        for i, tour in enumerate(board.tours):
            if tour.slot == slot and tour.frozen is None:
                same = sum(board.problem.volunteers[v].id in names for v in tour.members)
                near.append((-same, i, tour))
        if not near or min(near, key=lambda entry: entry[:2])[0] == 0:
            continue
        tour = min(near, key=lambda entry: entry[:2])[2]
        for visit in sorted(crew.visits, key=lambda v: (v.start, v.household)):
            h = board.number.get(visit.household)
            if h is None or h in board.closed:
                continue
            board.stays[h] = tour
            place = board.best_place(tour, h) if board.where[h] is None and board.room(tour) > 0 else None
            if place is not None:
                board.put(tour, h, place[1])


def _let_go(board: Board) -> None:
    """Unpin the doors whose earlier time cannot be kept; promises of `fixed` stay pinned."""
    promised = {board.number[f.household] for f in board.problem.fixed}
    for h in board.unserved():
        if h in board.pins and h not in promised:
            board.release(h)


def _favour(board: Board) -> None:
    """Raise the prize of doors in hamlets below their target (`rules.targets`)."""
    done: dict[str, int] = {}
    for h, door in enumerate(board.problem.households):
        if board.where[h] is not None:
            done[door.hamlet] = done.get(door.hamlet, 0) + 1
    low = {name for name, wished in board.problem.rules.targets if done.get(name, 0) < wished}
    for h, door in enumerate(board.problem.households):
        if door.hamlet in low:
            board.prize[h] = round(board.prize[h] * TARGET_FACTOR)


def _finish(board: Board) -> None:
    """Nothing that still fits is left out; doors without a point are walked in the order of their alley."""
    _let_go(board)
    board.fill(board.unserved())
    doors = board.problem.households
    for tour in board.tours:
        if tour.frozen is not None:
            continue
        start = 0
        while start < len(tour.route):
            stop = start + 1
            first = doors[tour.route[start]]
            while stop < len(tour.route) and first.lat is None and _neighbours(board, tour, start, stop):
                stop += 1
            walk = sorted(tour.route[start:stop], key=lambda h: (doors[h].alley or 0, doors[h].alley_order or 0))
            old = list(tour.route)
            tour.route[start:stop] = walk
            if walk != old[start:stop] and not board.retime(tour):
                tour.route = old
                board.retime(tour)
            start = stop


def _neighbours(board: Board, tour: Tour, start: int, at: int) -> bool:
    first, other = board.problem.households[tour.route[start]], board.problem.households[tour.route[at]]
    return other.lat is None and other.hamlet == first.hamlet
