"""The doors of the demo: households with lanes, needs, good times; the persons behind those that were visited."""

from datetime import datetime
from random import Random

from learning.models import Service
from project.demo import names
from project.demo.people import Staff
from project.demo.plans import SERVICES
from project.lib.vietnamese import fold
from volunteers.households.models import Consent, Household, HouseholdNote
from volunteers.households.rules import CONSENT_VERSION, good_time_windows, same_key

GOOD_TIMES = ("", "sáng", "chiều", "tối", "chủ nhật", "08:00-10:30", "cuối tuần", "")
# How often each service is asked for: level 2 and the portal most, signatures least.
WEIGHTS = {
    "vneid_l1": 3, "vneid_l2": 9, "portal": 6, "esign": 2, "epay": 4, "docs": 5, "health_book": 5, "ssa": 4,
    "safety": 7,
}  # fmt: skip
AGES = ("60_69", "60_69", "70_79", "u60", "70_79", "80_up", "60_69")
PHONE_EVERY = 14  # one household in so many agreed to a call back


def make_households(staff: Staff, count: int, at: datetime) -> list[Household]:
    """`count` doors spread over the hamlets in turn, with needs and, for a few, a phone and its consent."""
    rng = Random(f"go-cua doors {staff.plan.code}")
    households = [_household(staff, number, rng, at) for number in range(count)]
    Household.objects.bulk_create(households)
    _give_needs(households, rng)
    Consent.objects.bulk_create(
        Consent(
            household=household, purpose=Consent.Purpose.CALL_BACK, is_given=True, text_version=CONSENT_VERSION,
            channel=Consent.Channel.LIST, recorded_by=staff.lead, recorded_at=at,
        )
        for household in households
        if household.phone
    )  # fmt: skip
    HouseholdNote.objects.bulk_create(
        HouseholdNote(household=household, text=rng.choice(names.NOTES), recorded_by=staff.lead, recorded_at=at)
        for household in households[::11]
    )
    return households


def _household(staff: Staff, number: int, rng: Random, at: datetime) -> Household:
    plan, hamlets = staff.plan, staff.hamlets
    hamlet, nth = hamlets[number % len(hamlets)], number // len(hamlets)
    lane = names.lane(nth, is_town=plan.is_town)
    call = names.call_name(rng, AGES[number % len(AGES)])
    spread = 0.004 if plan.is_town else 0.008
    return Household(
        code=f"H-{number + 1:04}",
        commune=staff.commune,
        hamlet=hamlet,
        lane=lane,
        lane_folded=fold(lane),
        call_name=call,
        same_key=same_key(hamlet.code, lane, call),
        people=(1, 2, 1, 1, 2, 1, 3)[number % 7] if number != 16 else 2,  # H-0017 has A and B
        good_time=good_time_windows(GOOD_TIMES[number % len(GOOD_TIMES)]),
        priority=(3, 3, 4, 2, 3, 5, 3, 1)[number % 8],
        language=plan.language if plan.language and number % 7 == 3 else "vi",
        woman_wanted=number % 9 == 4,
        phone=names.phone(int(plan.code) % 100 * 1000 + number) if number % PHONE_EVERY == 6 else "",
        lat=round((hamlet.lat or plan.lat) + rng.uniform(-spread, spread), 3),
        lon=round((hamlet.lon or plan.lon) + rng.uniform(-spread, spread), 3),
        lane_order=nth + 1,
        created_by=staff.lead,
        created_at=at,
        updated_at=at,
    )


def _give_needs(households: list[Household], rng: Random) -> None:
    """One to three services each, by their weights; what was chosen is kept on the row as `wanted`."""
    ids = dict(Service.objects.filter(code__in=SERVICES).values_list("code", "pk"))
    through = Household.needs.through
    rows = []
    for number, household in enumerate(households):
        chosen: list[str] = []
        while len(chosen) < (2, 1, 3, 1, 2)[number % 5]:
            code = rng.choices(SERVICES, [WEIGHTS[code] for code in SERVICES])[0]
            if code not in chosen:
                chosen.append(code)
        household.wanted = chosen  # type: ignore[attr-defined]
        rows += [through(household_id=household.pk, service_id=ids[code]) for code in chosen]
    through.objects.bulk_create(rows)


def ages_of(household: Household) -> tuple[str, ...]:
    """The age bands of the household's people, the same at each call."""
    first = int(household.code.removeprefix("H-")) - 1
    return tuple(AGES[(first + number * 2) % len(AGES)] for number in range(household.people))
