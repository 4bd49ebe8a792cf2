"""The hand rule: what a careful lead does on paper, without a mistake; shown beside every plan."""

from random import Random

from .moves import Board, Tour


def by_hand(board: Board, seed: int = 1) -> None:
    """Fill the board as a lead would: slot by slot, leader with a partner of the same hamlet, own hamlet
    first.

    In each tour the next door is the highest weight of the leader's hamlet that can still be reached, then
    the nearest door elsewhere; a tour is only ever made longer at its end. `seed` breaks ties between
    leaders.
    """
    problem, rng = board.problem, Random(seed)
    people = problem.volunteers
    order = [(rng.random(), v) for v in range(len(people)) if board.may_lead(v)]
    leaders = [v for _, v in sorted(order)]
    for slot in sorted(range(len(problem.slots)), key=lambda k: (problem.slots[k].start, k)):
        for leader in leaders:
            if board.is_free(leader, slot):
                crew = _partners(board, slot, leader)
                if crew is not None:
                    tour = board.new_tour(slot, crew)
                    _walk(board, tour)
                    if not tour.route:
                        board.drop(tour)
    # A careful lead goes over the list once more before handing it out.
    board.fill(board.unserved())


def _partners(board: Board, slot: int, leader: int) -> list[int] | None:
    people, rules = board.problem.volunteers, board.problem.rules
    home = board.count + leader

    def rank(u: int) -> tuple[bool, bool, bool, int, int]:
        elsewhere = people[u].hamlet != people[leader].hamlet
        return (people[u].officer, board.may_lead(u), elsewhere, board.travel[home][board.count + u], u)

    free = sorted((u for u in range(len(people)) if u != leader and board.is_free(u, slot)), key=rank)
    crew = [leader, *free[: rules.crew_min - 1]]
    if len(crew) < rules.crew_min:
        return None
    if len(crew) < rules.crew_max:
        officer = next((u for u in free if people[u].officer and u not in crew), None)
        if officer is not None:
            crew.append(officer)
    return crew


def _walk(board: Board, tour: Tour) -> None:
    problem = board.problem
    own = problem.volunteers[tour.members[0]].hamlet
    left = {h for h in tour.doors if board.where[h] is None}
    while board.room(tour) > 0:
        here = tour.route[-1] if tour.route else tour.home
        best: tuple[bool, int, int] | None = None
        for h in sorted(left):
            door, way = problem.households[h], board.travel[here][h]
            local = door.hamlet == own
            key = (not local, -door.weight if local else way, h)
            if (best is None or key < best) and board.best_place(tour, h) is not None:
                tour.route.append(h)
                possible = board.retime(tour)
                tour.route.pop()
                board.retime(tour)
                if possible:
                    best = key
        if best is None:
            return
        board.put(tour, best[2], len(tour.route))
        left.discard(best[2])
