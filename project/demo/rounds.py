"""Which teams of a lively commune go where on which day: three weeks back, a week ahead."""

from collections import deque
from datetime import date, timedelta

from project.demo.blocks import Block
from project.demo.people import Staff
from project.demo.plans import DAYS_BEFORE
from volunteers.households.models import Household
from volunteers.sessions.models import Session
from volunteers.teams.models import Membership

Kind = Session.Kind
HALL = "Nhà văn hóa"
# kind, team, hours, title, place, public: the blocks that are no rounds, by days from today
Special = tuple[Kind, int, str, str, str, bool]
PAST_SPECIALS: dict[int, Special] = {
    -12: (Kind.MOBILE_DAY, 1, "day", "Ngày lưu động: mang quầy hỗ trợ về thôn", HALL, True),
    -6: (Kind.LEVEL2_DRIVE, 3, "day", "Cấp định danh mức 2 lưu động", "Hội trường Ủy ban", True),
    -4: (Kind.COUNTER_SHIFT, 4, "am", "Trực quầy hỗ trợ dịch vụ công", "Trung tâm phục vụ hành chính công", False),
}
COMING_SPECIALS: dict[int, Special] = {
    2: (Kind.COUNTER_SHIFT, 4, "am", "Trực quầy hỗ trợ dịch vụ công", "Trung tâm phục vụ hành chính công", False),
    3: (Kind.MOBILE_DAY, 1, "day", "Ngày lưu động: mang quầy hỗ trợ về thôn", HALL, True),
    5: (Kind.LEVEL2_DRIVE, 3, "day", "Cấp định danh mức 2 lưu động cùng công an", "Hội trường Ủy ban", True),
    9: (Kind.MARKET_DAY, 1, "am", "Bàn hỗ trợ ở chợ phiên", "Cổng chợ", True),
}
OFFICE_KINDS = (Kind.COUNTER_SHIFT, Kind.LEVEL2_DRIVE)
SUNDAY_TEAM = 2
AHEAD = 7


class Roster:
    """The doors that nobody has been sent to yet, by hamlet, in the order of their lanes."""

    def __init__(self, households: list[Household]) -> None:
        self.waiting: dict[str, deque[Household]] = {}
        for household in households:
            self.waiting.setdefault(household.hamlet_id, deque()).append(household)

    def take(self, hamlet: str, count: int) -> list[Household]:
        """The next doors of a hamlet; from the fullest one when it has run out."""
        queue = self.waiting[hamlet]
        if len(queue) < count:
            queue = max(self.waiting.values(), key=len)
        return [queue.popleft() for _ in range(min(count, len(queue)))]


def crew_of(staff: Staff, team: int, turn: int) -> list[Membership]:
    """Two or three of a team, somebody who may lead first; others each time."""
    members = staff.of_team(team)
    leads = [member for member in members if member.may_lead]
    lead = leads[turn % len(leads)]
    rest = [member for member in members if member is not lead]
    size = 2 if turn % 3 else 1
    return [lead, *(rest[(turn + step) % len(rest)] for step in range(size))]


def past_blocks(staff: Staff, roster: Roster, today: date) -> list[Block]:
    """The rounds and other sessions of the last three weeks; the rounds hold their doors already.

    The first door of the first team's first round is knocked on three times in vain («cần gọi trước»).
    """
    blocks: list[Block] = []
    absent, again = None, 0
    specials = specials_by_day(today, PAST_SPECIALS, first=1 - DAYS_BEFORE, last=-1)
    for ago in range(DAYS_BEFORE - 1, 0, -1):
        day = today - timedelta(days=ago)
        busy = _special(staff, blocks, day, specials)
        for team in range(len(staff.teams)):
            if team in busy or (ago + team) % staff.plan.round_every:
                continue
            block = _round(staff, roster, team, day, len(blocks), 5 if len(blocks) % 3 == 0 else 4)
            if team == 0 and absent is None:
                absent = block.households[0]
            elif team == 0 and absent is not None and again < 2:
                block.households[-1:] = [absent]
                again += 1
            blocks.append(block)
    return blocks


def coming_blocks(staff: Staff, roster: Roster, today: date) -> list[Block]:
    """Today and the days to come; leader1 and volunteer1 walk today (twice) and tomorrow."""
    blocks: list[Block] = []
    first = [*staff.of_team(0)[:2], *staff.of_team(0)[3:4]]
    for ahead, hours, doors in ((0, "am", 4), (0, "ev", 3), (1, "pm", 4)):
        block = _round(staff, roster, 0, today + timedelta(days=ahead), len(blocks) + 1, doors)
        block.hours, block.crew = hours, first
        blocks.append(block)
    specials = specials_by_day(today, COMING_SPECIALS, first=0, last=AHEAD + 4)
    for ahead in range(AHEAD + 5):
        day = today + timedelta(days=ahead)
        busy = _special(staff, blocks, day, specials)
        for team in range(len(staff.teams)):
            if team in busy or (team - ahead) % staff.plan.round_every or (team == 0 and ahead < 2) or ahead > AHEAD:
                continue
            blocks.append(_round(staff, roster, team, day, len(blocks), 3))
    return blocks


def _round(staff: Staff, roster: Roster, team: int, day: date, turn: int, doors: int) -> Block:
    hamlet = staff.hamlets[turn % len(staff.hamlets)]
    hours = "am" if day.weekday() >= 5 else ("am", "pm", "ev")[turn % 3]
    return Block(
        kind=Kind.ROUND, area=staff.commune, team=staff.teams[team], day=day, hours=hours, hamlet=hamlet,
        crew=crew_of(staff, team, turn), households=roster.take(hamlet.code, doors),
    )  # fmt: skip


def specials_by_day(today: date, wanted: dict[int, Special], *, first: int, last: int) -> dict[date, Special]:
    """The other sessions between two offsets: what needs an open office moves off a weekend; free Sundays are used."""
    days: dict[date, Special] = {}
    for offset, special in wanted.items():
        day = today + timedelta(days=offset)
        while day in days or (special[0] in OFFICE_KINDS and day.weekday() >= 5):
            day += timedelta(days=1 if offset > 0 else -1)
        days[day] = special
    for offset in range(first, last + 1):
        day = today + timedelta(days=offset)
        if day.weekday() == 6:
            days.setdefault(day, (Kind.SUNDAY, SUNDAY_TEAM, "am", "Chủ nhật gần dân", HALL, True))
    return days


def _special(staff: Staff, blocks: list[Block], day: date, days: dict[date, Special]) -> set[int]:
    """Put the day's other session into `blocks`; which teams are busy with it."""
    found = days.get(day)
    if found is None:
        return set()
    kind, team, hours, title, place, is_public = found
    crew = staff.of_team(team)[:3]
    hamlet = staff.hamlets[day.toordinal() * 5 % len(staff.hamlets)]
    at_hall = f"{place} {hamlet.full_name[:1].lower()}{hamlet.full_name[1:]}" if place == HALL else place
    blocks.append(
        Block(
            kind=kind, area=staff.commune, team=staff.teams[team], day=day, hours=hours, hamlet=hamlet, crew=crew,
            title=title, place=at_hall, capacity=12 if is_public else 4, is_public=is_public,
            others=staff.of_team(team)[3:5],
        )
    )  # fmt: skip
    return {team}
