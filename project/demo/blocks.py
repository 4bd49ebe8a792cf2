"""Sessions of the demo with their crews, places and planned visits: weeks that are over and days to come."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from project.demo.people import Staff
from project.lib.clock import now, start_of_day
from volunteers.areas.models import Area
from volunteers.households.models import Household
from volunteers.sessions.models import Crew, Session, SignUp
from volunteers.teams.models import Membership, Team
from volunteers.visits.models import Visit

BLOCKS = {"am": (480, 690), "pm": (810, 1020), "ev": (1050, 1230), "day": (450, 990)}  # minutes of the local day
KNOCK_EVERY = 40  # minutes from door to door


@dataclass(eq=False)
class Block:
    """One session to be, with the people who go and the doors they knock on."""

    kind: str
    area: Area
    team: Team
    day: date
    hours: str
    crew: Sequence[Membership]
    households: list[Household] = field(default_factory=list)
    hamlet: Area | None = None
    title: str = ""
    place: str = ""
    capacity: int | None = None
    is_public: bool = False
    others: Sequence[Membership] = ()  # who signed up without a crew
    session: Session = field(init=False)
    visits: list[Visit] = field(init=False, default_factory=list)

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        return start_of_day(self.day) + timedelta(minutes=BLOCKS[self.hours][0])

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        return start_of_day(self.day) + timedelta(minutes=BLOCKS[self.hours][1])


def write_blocks(staff: Staff, blocks: Sequence[Block], *, today: date) -> None:
    """Write sessions, crews, places and visits. In past ones people came and went, and every door was begun."""
    crews, members, places = [], [], []
    through = Crew.members.through
    for block in blocks:
        known = min(block.starts_at - timedelta(days=4), now())
        block.session = Session(
            kind=block.kind, area=block.area, hamlet=block.hamlet, team=block.team, title=block.title,
            place=block.place,
            starts_at=block.starts_at, ends_at=block.ends_at, capacity=block.capacity, is_public=block.is_public,
            created_by=staff.lead, created_at=known, updated_at=known,
        )  # fmt: skip
        crew = Crew(session=block.session, number=1, leader=block.crew[0])
        crews.append(crew)
        members += [through(crew=crew, membership=member) for member in block.crew]
        is_over = block.day < today
        places += [
            SignUp(
                session=block.session, membership=member, signed_up_at=known,
                checked_in_at=block.starts_at if is_over else None, checked_out_at=block.ends_at if is_over else None,
            )
            for member in (*block.crew, *block.others)
        ]  # fmt: skip
        for position, household in enumerate(block.households):
            start = block.starts_at + timedelta(minutes=5 + position * KNOCK_EVERY)
            block.visits.append(
                Visit(
                    household=household, session=block.session, team=block.team, crew=crew, position=position,
                    planned_start=start, planned_end=start + timedelta(minutes=KNOCK_EVERY - 10), assigned_at=known,
                    created_at=known, updated_at=known, started_at=start if is_over else None,
                    status=Visit.Status.STARTED if is_over else Visit.Status.PLANNED,
                )
            )  # fmt: skip
    Session.objects.bulk_create(block.session for block in blocks)
    Crew.objects.bulk_create(crews)
    through.objects.bulk_create(members)
    SignUp.objects.bulk_create(places)
    Visit.objects.bulk_create(visit for block in blocks for visit in block.visits)
