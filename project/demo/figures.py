"""One commune of the full-size province: doors, sessions, visits, claims and tallies, as rows for bulk loading."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from project.demo import names
from project.demo.loading import Ids, Row, Table, dashed, stamp
from project.demo.people import before
from project.demo.plans import SERVICES
from project.demo.roster import AGES
from project.lib.clock import start_of_day
from project.lib.secret import encrypt
from project.lib.vietnamese import fold
from volunteers.activations.models import Event, Rollup, Standing
from volunteers.activations.rules import REPORTED, RUNGS, VERIFIED
from volunteers.areas.models import Area
from volunteers.households.models import Consent, Household, Person
from volunteers.households.rules import CONSENT_VERSION, same_key
from volunteers.sessions.models import Crew, Session, SignUp
from volunteers.visits.models import Visit

DOORS = 50  # at most, in a session: a team's whole day
CREW = 3
CLAIMED = ("activated", "registered", "activated", "activated", "briefed", "did_alone", "activated", "referred")
VERIFIED_EVERY = 10
SERVED_EVERY = 5
LAST_ROUND = 3  # two services a round, nine services: the fifth round would claim a service twice
KIND = "round"


@dataclass(frozen=True)
class Filled:
    """The commune's frame and how much of everything it gets. Ids as 32 hex digits."""

    commune: str
    province: str
    lead: str
    hamlets: list[Area]
    teams: list[str]
    crews: dict[str, list[tuple[str, str]]]  # team → (membership, user)
    households: int
    visits: int
    outcomes: int
    is_town: bool
    services: dict[str, int]


class Figures:
    """Collects the rows of one commune and writes them, table by table."""

    def __init__(self, frame: Filled, today: date) -> None:
        self.frame, self.today, self.ids = frame, today, Ids()
        self.rng = Random(f"go-cua figures {frame.commune}")
        self.doors: dict[str, list[str]] = {hamlet.pk: [] for hamlet in frame.hamlets}
        self.offsets = {hamlet.pk: place for place, hamlet in enumerate(frame.hamlets)}
        self.persons: dict[str, str] = {}
        self.sums: Counter[tuple[str, str, str, str, str, str]] = Counter()
        self.rows: dict[str, list[Row]] = {name: [] for name in _NAMES}
        self.at = before(230)

    def write(self) -> None:
        """Everything into the database."""
        self._households()
        self._sessions()
        for (hamlet, team, service, rung, state, day), count in self.sums.items():
            self.rows["rollup"].append((hamlet, team, service, rung, state, day, count))
        for name, table in self._tables().items():
            table.write(self.rows[name])

    def _tables(self) -> dict[str, Table]:
        frame, at = self.frame, self.at
        made = {"created_at": at, "updated_at": at}
        visit = ("id", "household_id", "session_id", "team_id", "crew_id", "position", "planned_start", "planned_end",
                 "status", "result", "started_at", "finished_at", "finished_by_id", "minutes", "faces")  # fmt: skip
        event = ("id", "number", "kind", "claim_id", "person_id", "service_id", "rung", "hamlet_id", "team_id",
                 "visit_id", "day", "happened_at", "recorded_at", "recorded_by_id")  # fmt: skip
        places = {"province_code": frame.province, "commune_code": frame.commune, "session_kind": KIND}
        return {
            "household": Table(
                Household,
                ("id", "code", "hamlet_id", "lane", "lane_folded", "call_name", "same_key", "people", "lat", "lon",
                 "lane_order", "status"),
                made | {"commune_id": frame.commune, "created_by_id": frame.lead},
            ),
            "need": Table(Household.needs.through, ("household_id", "service_id")),
            "session": Table(
                Session, ("id", "hamlet_id", "team_id", "starts_at", "ends_at"),
                made | {"kind": KIND, "area_id": frame.commune, "created_by_id": frame.lead},
            ),
            "crew": Table(Crew, ("id", "session_id", "leader_id"), {"number": 1}),
            "crew_member": Table(Crew.members.through, ("crew_id", "membership_id")),
            "signup": Table(
                SignUp, ("id", "session_id", "membership_id", "checked_in_at", "checked_out_at"), {"signed_up_at": at}
            ),
            "visit": Table(Visit, visit, made | {"assigned_at": at}),
            "person": Table(
                Person, ("id", "household_id", "age_band", "created_by_id"), {"slot": "A", "created_at": at}
            ),
            "consent": Table(
                Consent, ("id", "household_id", "person_id", "recorded_by_id", "recorded_at"),
                {"purpose": "help_record", "is_given": True, "text_version": CONSENT_VERSION, "channel": "spoken"},
            ),
            "event": Table(Event, event, {"session_kind": KIND, "is_own_device": True, "is_own_sim": True}),
            "standing": Table(Standing, ("person_id", "service_id", "last_number", "reached")),
            "rollup": Table(
                Rollup, ("hamlet_code", "team_id", "service_code", "rung", "state", "day", "count"), places
            ),
        }  # fmt: skip

    def _households(self) -> None:
        frame, rng = self.frame, self.rng
        size = len(frame.hamlets)
        calls = {text: encrypt(text) for text in (names.call_name(rng, AGES[number % 7]) for number in range(40))}
        words = list(calls)
        lanes = [names.lane(number, is_town=frame.is_town) for number in range(-(-frame.households // size))]
        folded = [fold(lane) for lane in lanes]
        wanted = list(frame.services.values())
        for number in range(frame.households):
            key, hamlet, nth = self.ids.take(), frame.hamlets[number % size], number // size
            call = words[number % len(words)]
            status = "served" if number % SERVED_EVERY == 4 else "waiting"
            self.doors[hamlet.pk].append(key)
            self.rows["household"].append((
                key, f"H-{number + 1:05}", hamlet.pk, lanes[nth], folded[nth], calls[call],
                same_key(hamlet.pk, lanes[nth], call), 1 + number % 3 // 2,
                round((hamlet.lat or 11.2) + nth % 17 / 2000, 3), round((hamlet.lon or 107.0) + nth % 13 / 2000, 3),
                nth + 1, status,
            ))  # fmt: skip
            self.rows["need"].append((key, wanted[number % 9]))
            if number % 3 == 0:
                self.rows["need"].append((key, wanted[(number + 4) % 9]))

    def _sessions(self) -> None:
        """Hamlet by hamlet, week by week, until all visits are made; claims are spread evenly over them."""
        frame = self.frame
        nexts = dict.fromkeys(self.doors, 0)
        hamlets = [hamlet.pk for hamlet in frame.hamlets if self.doors[hamlet.pk]]
        made = number = 0
        while made < frame.visits:
            hamlet = hamlets[number % len(hamlets)]
            turn, seat = divmod(number, len(frame.teams))
            day = self.today - timedelta(days=1 + turn * 7 % 210 + seat % 7)
            count = min(DOORS, len(self.doors[hamlet]), frame.visits - made)
            self._session(frame.teams[seat], hamlet, number, day, nexts[hamlet], count, made)
            nexts[hamlet] += count
            made += count
            number += 1

    def _session(self, team: str, hamlet: str, number: int, day: date, first: int, count: int, made: int) -> None:
        session, crew = self.ids.take(), self.ids.take()
        starts = start_of_day(day) + timedelta(hours=8)
        begin, end = stamp(starts), stamp(starts + timedelta(hours=9))
        people = self.frame.crews[team]
        members = [people[(number + step) % len(people)] for step in range(min(CREW, len(people)))]
        self.rows["session"].append((session, hamlet, team, begin, end))
        self.rows["crew"].append((crew, session, members[0][0]))
        self.rows["crew_member"] += [(crew, member) for member, _user in members]
        self.rows["signup"] += [(self.ids.take(), session, member, begin, end) for member, _user in members]
        doors, frame = self.doors[hamlet], self.frame
        for position in range(count):
            turn, index = divmod(first + position, len(doors))
            household, by = doors[index], members[position % len(members)][1]
            nth = made + position
            is_claimed = (nth + 1) * frame.outcomes // frame.visits > nth * frame.outcomes // frame.visits
            is_claimed = is_claimed and turn <= LAST_ROUND
            visit, moment = self.ids.take(), starts + timedelta(minutes=10 * position)
            at, over = stamp(moment), stamp(moment + timedelta(minutes=25))
            is_done = is_claimed or nth % 2 == 0
            self.rows["visit"].append((
                visit, household, session, team, crew, position, at, over, "completed" if is_done else "missed",
                "done" if is_done else "not_home", at, over, by, 25 if is_done else 5, 3 if is_done else None,
            ))  # fmt: skip
            if is_claimed:
                # Two services a round and others each time: nobody claims one service twice.
                code = SERVICES[(turn * 2 + index % 2 + self.offsets[hamlet]) % len(SERVICES)]
                self._claim(household, code, hamlet, team, visit, day, over, by, nth)

    def _claim(
        self, household: str, code: str, hamlet: str, team: str, visit: str, day: date, at: str, by: str, nth: int
    ) -> None:
        """One event (every tenth verified by the lead), its standing, and what it adds to the tallies."""
        person = self.persons.get(household)
        if person is None:
            person = self.persons[household] = self.ids.take()
            self.rows["person"].append((person, household, AGES[nth % len(AGES)], by))
            self.rows["consent"].append((self.ids.take(), household, person, by, at))
        rung = "briefed" if code == "safety" else CLAIMED[nth % len(CLAIMED)]
        claim, on, is_verified = self.ids.take(), day.isoformat(), nth % VERIFIED_EVERY == 0
        self.rows["event"].append((claim, 1, "claim", None, person, code, rung, hamlet, team, visit, on, at, at, by))
        if is_verified:
            self.rows["event"].append((
                self.ids.take(), 2, "verification", claim, person, code, rung, hamlet, team, visit, on, at, at,
                self.frame.lead,
            ))  # fmt: skip
        vouched = "true" if is_verified else "false"
        key = f'["{hamlet}", "{dashed(team)}", "{KIND}", "{on}"]'
        reach = f'{{"event": "{dashed(claim)}", "key": {key}, "verified": {vouched}}}'
        reached = RUNGS[: RUNGS.index(rung) + 1]
        text = "{" + ", ".join(f'"{name}": {reach}' for name in reached) + "}"
        self.rows["standing"].append((person, code, 2 if is_verified else 1, text))
        for name in reached:
            self.sums[(hamlet, team, code, name, REPORTED, on)] += 1
            if is_verified:
                self.sums[(hamlet, team, code, name, VERIFIED, on)] += 1


_NAMES = (
    "household", "need", "session", "crew", "crew_member", "signup", "visit", "person", "consent", "event", "standing",
    "rollup",
)  # fmt: skip
