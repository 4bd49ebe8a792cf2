"""What a plan adds up to: its figures, the fairness of its work, what can be had at most, who goes where."""

from collections.abc import Iterable, Sequence

from .problem import Crew, Metrics, Plan, Problem, Unserved, Visit

__all__ = ["Crew", "Metrics", "Plan", "Unserved", "Visit", "jain", "measure", "places", "shortfall"]


def jain(shares: Iterable[float]) -> float:
    """Jain's index of fairness of non-negative shares: 1 when all are equal, 1/n when one has all; 1 for
    none.
    """
    found = list(shares)
    squares = sum(x * x for x in found)
    if not found or squares == 0:
        return 1.0
    return sum(found) ** 2 / (len(found) * squares)


def measure(problem: Problem, crews: Sequence[Crew], upper_bound: int) -> Metrics:
    """The figures of a plan; fairness compares minutes given with minutes offered, person by person."""
    weight = {h.id: h.weight for h in problem.households}
    length = {s.id: s.length for s in problem.slots}
    given: dict[str, int] = {}
    for crew in crews:
        for name in crew.members:
            given[name] = given.get(name, 0) + length.get(crew.slot, 0)
    shares = []
    for person in problem.volunteers:
        offered = sum(length[name] for name in person.slots)
        if offered and person.max_slots:
            shares.append(given.get(person.id, 0) / offered)
    visits = [visit for crew in crews for visit in crew.visits]
    served = sum(weight.get(visit.household, 0) for visit in visits)
    return Metrics(
        weight_served=served,
        weight_total=sum(weight.values()),
        visits=len(visits),
        travel=sum(v.travel for v in visits) + sum(crew.travel_home for crew in crews),
        jain=round(jain(shares), 4),
        upper_bound=max(upper_bound, served),
    )


def places(plan: Plan) -> dict[str, tuple[Crew, Visit]]:
    """Each served household with its crew and visit."""
    return {visit.household: (crew, visit) for crew in plan.crews for visit in crew.visits}


def shortfall(problem: Problem, plan: Plan) -> dict[str, int]:
    """Hamlets below their target of `rules.targets`, with the visits they lack."""
    hamlet = {h.id: h.hamlet for h in problem.households}
    done: dict[str, int] = {}
    for name in places(plan):
        where = hamlet.get(name, "")
        done[where] = done.get(where, 0) + 1
    return {name: wished - done.get(name, 0) for name, wished in problem.rules.targets if done.get(name, 0) < wished}
