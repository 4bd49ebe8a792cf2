"""What a board shows, as plain values; and the rules that put one thing before another. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from volunteers.dashboards.forecast import Forecast

REACHED, ON_TRACK, BEHIND, SILENT, OVERDUE, UNSET = "reached", "on_track", "behind", "silent", "overdue", "unset"
_FIRST = {OVERDUE: 0, BEHIND: 1, SILENT: 2, ON_TRACK: 3, REACHED: 4, UNSET: 5}


@dataclass(frozen=True, slots=True)
class TargetCard:
    """One target of a board with its three numbers (reported, verified, official) and its forecast."""

    service: str
    name: str
    short: str
    icon: str
    rung: str
    rung_name: str
    number: int | None  # persons; None: no target, the figures are shown all the same
    due_on: date
    reported: int
    verified: int
    forecast: Forecast
    percent: float | None = None
    base: int | None = None
    base_source: str = ""
    document: str = ""
    official: int | None = None
    official_on: date | None = None
    official_source: str = ""
    is_sum: bool = False  # the number is the sum of the communes' targets
    picture: Any = ""

    @property
    def full(self) -> int:
        """The whole of the bar: the base where one is known, else the target; never less than the target."""
        return max(self.base or 0, self.number or 0, 1 if self.number else self.reported, 1)

    @property
    def state(self) -> str:
        """reached, on_track, behind, silent (nothing recorded yet), overdue, or unset (no target)."""
        if self.number is None:
            return UNSET
        if self.reported >= self.number:
            return REACHED
        if self.forecast.is_over:
            return OVERDUE
        if not self.reported:
            return SILENT
        pace, needed = self.forecast.pace_per_day, self.forecast.needed_per_day
        return BEHIND if pace is not None and needed is not None and pace < needed else ON_TRACK

    @property
    def shortfall(self) -> float:
        """How much of the needed pace is missing, 0 to 1: orders those that are behind."""
        pace, needed = self.forecast.pace_per_day or 0.0, self.forecast.needed_per_day or 0.0
        return max(0.0, 1 - pace / needed) if needed else 0.0


@dataclass(frozen=True, slots=True)
class TaskCard:
    """One thing to do next («việc nên làm»): its kind (the template has the words, the view the button) and figures."""

    kind: str
    count: int = 0
    other: int = 0
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a commune today, for the next things to do."""

    has_campaign: bool = False
    is_campaign_over: bool = False
    targets: int = 0
    teams: int = 0
    households: int = 0
    waiting: int = 0
    late_requests: int = 0
    new_requests: int = 0  # received, not yet assigned
    sessions: int = 0  # in the next seven days
    empty_sessions: int = 0  # of those, without one person
    flags: int = 0  # records that wait for a lead's look
    behind: TargetCard | None = None


@dataclass(frozen=True, slots=True)
class HamletRow:
    """A hamlet's figures: persons by target (summed over the services of the targets), and households."""

    code: str
    name: str
    reported: int
    verified: int
    households: int
    waiting: int
    is_unlisted: bool = False

    @property
    def served(self) -> int:
        """Households that no longer wait."""
        return self.households - self.waiting


@dataclass(frozen=True, slots=True)
class Freshness:
    """How much of the field has reported: devices seen in the last 24 hours, of all in use."""

    devices_synced_24h: int = 0
    devices: int = 0


@dataclass(frozen=True, slots=True)
class CommuneBoard:
    """Everything a commune's page shows."""

    area: Any
    campaign: Any | None
    targets: list[TargetCard]
    main: TargetCard | None
    burn_up: Any
    days: list[tuple[date, int, int]]  # newest first: day, persons that day, total so far
    tasks: list[TaskCard]
    hamlets: list[HamletRow]
    requests: list[Any]
    request_count: int
    sessions: list[Any]
    freshness: Freshness
    steps: list[tuple[str, bool]]  # the way of a new commune to its first figure: kind, done

    @property
    def has_begun(self) -> bool:
        """Whether the first steps are done: a campaign, a target, households and a team."""
        return all(is_done for _kind, is_done in self.steps)

    @property
    def coverage(self) -> list[dict[str, Any]]:
        """The hamlets for the coverage strip, those with households."""
        return [
            {"name": row.name, "done": row.served, "total": row.households, "url": ""}
            for row in self.hamlets
            if row.households
        ]


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """A commune in its province's list."""

    code: str
    name: str
    reported: int
    verified: int
    target: int
    remaining: int
    pace_per_day: float
    needed_per_day: float
    days_left: int
    late_requests: int
    lately: int  # persons reported in the last 14 days, today among them
    has_campaign: bool
    is_running: bool
    is_over: bool
    picture: Any = ""

    @property
    def state(self) -> str:
        """As of a target: over all services of the commune."""
        if not self.target:
            return UNSET
        if not self.remaining:
            return REACHED
        if self.is_over:
            return OVERDUE
        if not self.reported or (self.is_running and not self.lately):
            return SILENT
        return BEHIND if self.pace_per_day < self.needed_per_day else ON_TRACK

    @property
    def order(self) -> tuple[Any, ...]:
        """What needs attention first: late help requests, then overdue, behind (the worst first), silent, the rest."""
        missing = 1 - self.pace_per_day / self.needed_per_day if self.needed_per_day else 0.0
        state = _FIRST[self.state]
        return (0 if self.late_requests else 1, state, -missing, -self.remaining, self.name)


@dataclass(frozen=True, slots=True)
class ProvinceBoard:
    """Everything a province's page shows."""

    area: Any
    campaign: Any | None
    targets: list[TargetCard]
    communes: list[CommuneRow]
    late_requests: int
    freshness: Freshness

    @property
    def counts(self) -> dict[str, int]:
        """How many communes are in each state."""
        found: dict[str, int] = {}
        for row in self.communes:
            found[row.state] = found.get(row.state, 0) + 1
        return found


def main_target(cards: Iterable[TargetCard]) -> TargetCard | None:
    """The target that the sentence speaks of: what is overdue or most behind; of reached ones the first."""
    choice = [card for card in cards if card.number is not None]
    return min(choice, key=lambda card: (_FIRST[card.state], -card.shortfall), default=None)


def first_steps(facts: Facts) -> list[tuple[str, bool]]:
    """What a new commune does before its first visit, in order, with what is done."""
    return [
        ("campaign", facts.has_campaign),
        ("targets", facts.targets > 0),
        ("teams", facts.teams > 0),
        ("households", facts.households > 0),
    ]


def next_tasks(facts: Facts) -> list[TaskCard]:
    """The next things to do, the most pressing first: people who wait, then what everything else stands on."""
    tasks: list[TaskCard] = []
    if facts.late_requests:
        tasks.append(TaskCard("requests_late", facts.late_requests, is_urgent=True))
    if facts.is_campaign_over:
        tasks.append(TaskCard("campaign_over"))
    tasks += [TaskCard(kind) for kind, is_done in first_steps(facts) if not is_done]
    if facts.empty_sessions:
        tasks.append(TaskCard("sessions_empty", facts.empty_sessions, is_urgent=True))
    if facts.waiting and facts.teams:
        card = facts.behind
        if not facts.sessions:
            tasks.append(TaskCard("plan", facts.waiting))
        elif card is not None and card.forecast.needed is not None:
            tasks.append(TaskCard("pace", card.forecast.needed, card.forecast.pace or 0))
    if facts.new_requests > facts.late_requests:
        tasks.append(TaskCard("requests_new", facts.new_requests))
    if facts.flags:
        tasks.append(TaskCard("flags", facts.flags))
    return tasks
