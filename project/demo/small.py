"""The demo province at its usual size, put together: who, where, what was done, what comes."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from project.accounts.models import User
from project.demo import campaigns, names
from project.demo.blocks import Block, write_blocks
from project.demo.bulk import write_past, write_rounds
from project.demo.history import ALWAYS_IN, Past, play
from project.demo.passwords import MARK, password_hash
from project.demo.people import Staff, before, seat_commune, seat_leads
from project.demo.plans import BOM_BO, DAYS_BEFORE, MODEST, PROVINCE, RURAL, STAFFED, TOWN
from project.demo.points import open_points
from project.demo.roster import make_households
from project.demo.rounds import Roster, coming_blocks, past_blocks
from project.lib.clock import frozen, now
from volunteers.activations.actions import FOLD_BATCH, fold
from volunteers.areas.models import Area
from volunteers.audit.log import quietly
from volunteers.requests import actions as requests
from volunteers.sessions.models import Session

PLAYED_DAYS = 11  # how far back every knock goes through the verbs; older rounds are written in bulk


def seed_small(today: date) -> None:
    """Everything, in the caller's transaction. `today`: the day that all dates are relative to."""
    with quietly():
        at = before(DAYS_BEFORE + 10)
        password = password_hash()
        open_points()
        leads = seat_leads(password, at)
        coordinator = User.objects.get(email=MARK)
        staffs = {plan.code: seat_commune(plan, leads[plan.code], password, at) for plan in STAFFED}
        province = Area.objects.get(pk=PROVINCE)
        drives = {PROVINCE: campaigns.open_drive(province, coordinator, today)}
        for plan in (RURAL, TOWN, BOM_BO):
            staff = staffs[plan.code]
            drives[plan.code] = campaigns.open_drive(staff.commune, staff.lead, today)
        today_blocks = _live(staffs, today)
        for plan in MODEST:
            staff = staffs[plan.code]
            write_past(staff, make_households(staff, plan.households, before(DAYS_BEFORE + 5)), today)
        fold_all()
        total: Counter[str] = Counter()
        for plan in (RURAL, TOWN, BOM_BO):
            total.update(campaigns.set_targets(drives[plan.code], staffs[plan.code], staffs[plan.code].lead))
            if plan.is_lively:
                campaigns.publish_counts(drives[plan.code], staffs[plan.code].commune, today)
        for number, plan in enumerate(MODEST):
            share = 22 + number * 13 % 49
            total.update(campaigns.set_targets(drives[PROVINCE], staffs[plan.code], coordinator, share))
        campaigns.set_province_targets(drives[PROVINCE], dict(total), coordinator)
        campaigns.publish_counts(drives[PROVINCE], province, today)
    # From here on it is news: leads and volunteers find notices of it.
    for plan in (RURAL, TOWN):
        _ask_for_help(staffs[plan.code], today_blocks[plan.code])


def _live(staffs: dict[str, Staff], today: date) -> dict[str, Block]:
    """The two lively communes: doors, three weeks that were, a week to come. Returns the first round of today."""
    pasts, first = [], {}
    for plan in (RURAL, TOWN):
        staff = staffs[plan.code]
        households = make_households(staff, plan.households, before(DAYS_BEFORE + 5))
        roster = Roster(households)
        over = past_blocks(staff, roster, today)
        ahead = coming_blocks(staff, roster, today)
        write_blocks(staff, [*over, *ahead], today=today)
        old = [block for block in over if _is_plain(block, over, today)]
        write_rounds(old)
        drive = next(block for block in ahead if block.kind == Session.Kind.LEVEL2_DRIVE)
        pasts.append(Past(staff, roster, [block for block in over if block not in old], drive.session))
        first[plan.code] = ahead[0]
    play(pasts, today)
    return first


def _is_plain(block: Block, blocks: Sequence[Block], today: date) -> bool:
    """A round so old that nobody asks how it went, and without a door that has its own story: written in bulk."""
    if block.kind != Session.Kind.ROUND or (today - block.day).days <= PLAYED_DAYS:
        return False
    others = {door.pk for other in blocks if other is not block for door in other.households}
    return not any(door.pk in others or door.code == ALWAYS_IN for door in block.households)


def _ask_for_help(staff: Staff, block: Block) -> None:
    """Help requests in all three states: one late, one new, one promised for today, one done."""
    number = 500 + int(staff.plan.code) % 7 * 10
    hours = {"done": 100, "late": 31, "assigned": 20, "new": 1}
    rows = {}
    topics = ("health_book", "vneid_l2", "portal", "epay")
    times = ("morning", "any", "sunday", "evening")
    for turn, (state, ago) in enumerate(hours.items()):
        hamlet = block.hamlet if state == "assigned" else staff.hamlets[turn * 2]
        with frozen(now() - timedelta(hours=ago)):
            rows[state] = requests.receive_request(
                staff.commune,
                hamlet=hamlet,
                topic=topics[turn],
                phone=names.phone(number + turn),
                good_time=times[turn],
            )
    people = [member.user.given_name for member in block.crew]
    with frozen(now() - timedelta(hours=90)):
        day = now().date()
        requests.assign_request(rows["done"], by=staff.lead, team=staff.teams[1], comes_on=day, names=people[:1])
    with frozen(now() - timedelta(hours=70)):
        requests.close_request(rows["done"], by=staff.lead)
    requests.assign_request(rows["assigned"], by=staff.lead, team=block.team, comes_on=block.day, names=people)
    last = block.visits[-1]
    last.request = rows["assigned"]
    last.save(update_fields=["request"])


def fold_all() -> None:
    """Bring the rollup up to date."""
    while fold() == FOLD_BATCH:
        continue
