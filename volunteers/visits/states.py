"""The life of a visit, and what a result does to it and to the household (contract §6). Pure."""

from dataclasses import dataclass

PLANNED, STARTED, COMPLETED, MISSED, CANCELLED = "planned", "started", "completed", "missed", "cancelled"
OPEN = frozenset({PLANNED, STARTED})


@dataclass(frozen=True)
class Effect:
    """What a result means: the visit's new status, and the household's new status ('' = decided by its needs)."""

    visit: str
    household: str
    counts_not_home: bool = False
    is_promise: bool = False


RESULTS: dict[str, Effect] = {
    "done": Effect(COMPLETED, ""),
    "not_home": Effect(MISSED, "waiting", counts_not_home=True),
    "come_back": Effect(MISSED, "waiting", is_promise=True),
    "refused": Effect(COMPLETED, "refused"),
    "moved_away": Effect(COMPLETED, "moved"),
    "cannot_serve": Effect(MISSED, "waiting"),
    "not_reached": Effect(MISSED, "waiting"),
}


def may_start(status: str) -> bool:
    """A visit starts once; starting one that is under way again is harmless."""
    return status in OPEN


def may_finish(status: str) -> bool:
    """A visit may be finished from planned too: the tap on «Bắt đầu» may never have arrived."""
    return status in OPEN


def may_cancel(status: str) -> bool:
    """Only what has not begun can be cancelled."""
    return status == PLANNED


def needs_done(needs: frozenset[str], goal: dict[str, str], reached: list[dict[str, frozenset[str]]]) -> bool:
    """Whether the household leaves the pool: every need has its goal rung reached for every consenting person.

    `reached` holds, for each consenting person, service → rungs reached. Nobody recorded: the need stands.
    """
    if not reached:
        return False
    return all(goal[need] in person.get(need, frozenset()) for need in needs for person in reached)
