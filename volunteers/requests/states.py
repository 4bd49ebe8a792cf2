"""The clock of a help request: received → assigned → done; when it is late, and when help is welcome. Pure."""

import re
from datetime import date, datetime, timedelta

RECEIVED, ASSIGNED, DONE, CANCELLED = "received", "assigned", "done", "cancelled"
MOVES: dict[str, frozenset[str]] = {
    RECEIVED: frozenset({ASSIGNED, DONE, CANCELLED}),
    ASSIGNED: frozenset({ASSIGNED, RECEIVED, DONE, CANCELLED}),
    # Closed by mistake: the elder still waits, so it goes back to the start of the clock.
    DONE: frozenset({RECEIVED}),
    CANCELLED: frozenset({RECEIVED}),
}
ANSWER_WITHIN = timedelta(hours=24)  # an elder who asked today is told a day by tomorrow
FARTHEST = timedelta(days=60)  # a promise beyond two months is none

MORNING, AFTERNOON, EVENING, SUNDAY, ANY = "morning", "afternoon", "evening", "sunday", "any"
GOOD_TIMES = (MORNING, AFTERNOON, EVENING, SUNDAY, ANY)
# The words of the files that people bring (contract §3), folded; programs may send them too.
_WORDS = {
    "sang": MORNING, "buoi sang": MORNING, "chieu": AFTERNOON, "buoi chieu": AFTERNOON, "toi": EVENING,
    "buoi toi": EVENING, "chu nhat": SUNDAY, "cuoi tuan": "weekend", "weekend": "weekend", "luc nao cung duoc": ANY,
}  # fmt: skip
_RANGE = re.compile(r"(\d{1,2}):(\d{2}) ?- ?(\d{1,2}):(\d{2})")


class MoveRefused(ValueError):
    """A request in this state cannot become that; `state` and `new` say which."""

    def __init__(self, state: str, new: str) -> None:
        super().__init__(f"a request that is {state} cannot become {new}")
        self.state, self.new = state, new


def may_become(state: str, new: str) -> bool:
    """Whether a request in `state` may become `new`."""
    return new in MOVES.get(state, frozenset())


def is_late(status: str, *, received_at: datetime, comes_on: date | None, now: datetime) -> bool:
    """Nobody took it for a day; or the promised day has gone by and it is still open."""
    if status == RECEIVED:
        return now - received_at > ANSWER_WITHIN
    return status == ASSIGNED and comes_on is not None and comes_on < now.date()


def good_time_of(folded: str) -> str | None:
    """A time as stored, from a folded text: one of GOOD_TIMES, 'weekend' or '08:00-10:30'; '' stays ''; else None."""
    if not folded or folded in GOOD_TIMES:
        return folded
    if folded in _WORDS:
        return _WORDS[folded]
    if found := _RANGE.fullmatch(folded):
        hours = [int(part) for part in found.groups()]
        begin, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
        if hours[1] < 60 and hours[3] < 60 and begin < end <= 24 * 60:
            return f"{hours[0]:02d}:{hours[1]:02d}-{hours[2]:02d}:{hours[3]:02d}"
    return None


def given_name(full_name: str) -> str:
    """'Nguyễn Thị Hoa' → 'Hoa': the last word of a Vietnamese name, all that a public page may show of a person."""
    return full_name.split()[-1] if full_name.split() else ""
