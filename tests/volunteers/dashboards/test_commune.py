"""The lead's board: its numbers are the tallies, its sentence is true, its next act fits, and it is nobody else's."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from project.accounts.models import User
from project.lib.clock import FrozenClock, now, today
from tests.cast import Cast
from tests.factories.requests import make_request
from tests.factories.targets import make_campaign, make_tally, make_target
from tests.factories.work import make_household, make_person, make_session, make_visit
from volunteers.activations.actions import fold, record_outcome, withdraw
from volunteers.activations.queries import tallies_of
from volunteers.dashboards.adapter import commune_board
from volunteers.dashboards.cards import Facts, next_tasks
from volunteers.dashboards.queries import hamlet_rows, target_cards
from volunteers.targets.models import OfficialCount

pytestmark = pytest.mark.usefixtures("services", "monday")


def as_(user: User) -> Client:
    """A browser in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    return client


def page_of(user: User, code: str = "25396", name: str = "dashboards:commune") -> str:
    """The page's text with single spaces, in English."""
    user.language = "en"
    user.save(update_fields=["language"])
    answer = as_(user).get(reverse(name, args=[code]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def six_a_day(cast: Cast, days: int = 30) -> None:
    """Six persons on each of the last full days."""
    for back in range(1, days + 1):
        make_tally(cast.h1 if back % 2 else cast.h2, 6, day=today() - timedelta(days=back))


def test_the_sentence_says_what_is_left_what_is_needed_and_what_is_reached(cast: Cast) -> None:
    campaign = make_campaign(cast.commune, starts_on=today() - timedelta(days=60))
    make_target(campaign, number=500)
    for back in range(1, 53):
        make_tally(cast.h1, 6, day=today() - timedelta(days=back))
    page = page_of(cast.minh)
    assert "188 people to go, 24 days: 8 a day are needed, 6 a day are reached." in page
    assert "312</strong> / 500" in page


def test_the_printed_numbers_are_the_tallies(cast: Cast) -> None:
    campaign = make_campaign(cast.commune)
    make_target(campaign, number=500, base=620)
    make_target(campaign, service="portal", number=40)
    six_a_day(cast)
    make_tally(cast.h2, 7, service="portal")
    make_tally(cast.h1, 100, day=today() - timedelta(days=1), state="verified")
    make_tally(cast.h1, 9871, day=campaign.starts_on - timedelta(days=1))  # before the campaign: not its own
    make_tally(cast.far_h1, 5432)  # another commune's
    cards = {card.service: card for card in target_cards(cast.commune, campaign, day=today())}
    figures = tallies_of(cast.commune, from_on=campaign.starts_on, to_on=campaign.ends_on)
    assert cards["vneid_l2"].reported == figures[("vneid_l2", "activated", "reported")] == 180
    assert cards["vneid_l2"].verified == figures[("vneid_l2", "activated", "verified")] == 100
    assert cards["portal"].reported == 7
    page = page_of(cast.minh)
    assert "29% (180/620)" in page.replace(" %", "%")
    assert "100/180" in page
    assert "9,871" not in page
    assert "5,432" not in page


def test_a_percent_never_stands_without_its_base(cast: Cast) -> None:
    campaign = make_campaign(cast.commune)
    make_target(campaign, number=496, percent=80, base=620, base_source="Công an xã")
    six_a_day(cast)
    page = page_of(cast.minh)
    for start in [place for place in range(len(page)) if page.startswith(" %", place)]:
        after = page[start : start + 12]
        assert " (" in after or " of " in after, page[start - 40 : start + 40]


def test_hamlets_add_up_to_the_commune(cast: Cast) -> None:
    campaign = make_campaign(cast.commune)
    six_a_day(cast)
    make_tally(cast.commune.children.get(is_unlisted=True), 5)
    rows = hamlet_rows(cast.commune, campaign, [("vneid_l2", "activated")])
    assert sum(row.reported for row in rows) == 185
    assert [row.code for row in rows] == ["25396-h1", "25396-h2", "25396-h0"]


def test_the_unknown_hamlet_is_shown_only_with_a_figure(cast: Cast) -> None:
    rows = hamlet_rows(cast.commune, make_campaign(cast.commune), [("vneid_l2", "activated")])
    assert [row.code for row in rows] == ["25396-h1", "25396-h2"]


def test_a_recorded_outcome_shows_before_and_after_the_fold_and_goes_when_withdrawn(cast: Cast) -> None:
    campaign = make_campaign(cast.commune)
    make_target(campaign, number=10)
    visit = make_visit(make_session(cast.commune, cast.team), make_household(cast.h1))
    person = make_person(visit.household)
    done = record_outcome(person, "vneid_l2", "activated", by=cast.hoa, visit=visit, own_device=True, own_sim=True)
    assert target_cards(cast.commune, campaign, day=today())[0].reported == 1
    fold()
    assert target_cards(cast.commune, campaign, day=today())[0].reported == 1
    withdraw(done.event, by=cast.hoa)
    assert target_cards(cast.commune, campaign, day=today())[0].reported == 0


def test_official_counts_stand_beside_the_own(cast: Cast) -> None:
    campaign = make_campaign(cast.commune)
    make_target(campaign, number=500)
    for count, day in ((250, today() - timedelta(days=9)), (290, today() - timedelta(days=2))):
        OfficialCount.objects.create(
            campaign=campaign, area=cast.commune, service_id="vneid_l2", count=count, as_of=day, source="Công an tỉnh"
        )
    card = target_cards(cast.commune, campaign, day=today())[0]
    assert (card.official, card.official_source) == (290, "Công an tỉnh")
    assert "290" in page_of(cast.minh)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("ahead", "By 26/11 most likely"),
        ("behind", "is behind: plan more sessions"),
        ("silent", "nothing recorded yet. 500 people, 24 days: 21 a day are needed."),
        ("overdue", "the due date was 25/10/2026; 180 of 500 people reached."),
        ("reached", "reached, 180 of 150 people."),
    ],
)
def test_every_state_has_its_words(cast: Cast, kind: str, words: str) -> None:
    due = today() - timedelta(days=8) if kind == "overdue" else today() + timedelta(days=24)
    campaign = make_campaign(cast.commune, ends_on=today() + timedelta(days=24))
    make_target(campaign, number={"ahead": 200, "reached": 150}.get(kind, 500), due_on=due)
    make_household(cast.h1)
    make_session(cast.commune, cast.team)
    if kind != "silent":
        six_a_day(cast)
    assert words in page_of(cast.minh)


def test_a_new_commune_is_led_through_its_first_steps(cast: Cast) -> None:
    page = page_of(cast.minh)
    assert "Four steps to the first visit" in page
    assert reverse("targets:create") + "?area=25396" in page


def test_the_first_task_is_who_waits(cast: Cast) -> None:
    make_request(cast.commune, received_at=now() - timedelta(days=5))
    campaign = make_campaign(cast.commune)
    page = page_of(cast.minh)
    assert page.index("has waited too long") < page.index("Four steps to the first visit")
    make_target(campaign)
    page = page_of(cast.minh)
    assert page.index("has waited too long") < page.index("No household on the list yet")
    assert "Waits too long" in page


def test_tasks_follow_the_facts() -> None:
    assert [task.kind for task in next_tasks(Facts())] == ["campaign", "targets", "teams", "households"]
    ready = {"has_campaign": True, "targets": 3, "teams": 2, "households": 40}
    assert next_tasks(Facts(**ready)) == []
    assert [task.kind for task in next_tasks(Facts(**ready, waiting=12))] == ["plan"]
    alone = Facts(**ready, waiting=12, sessions=2, empty_sessions=1)
    assert [task.kind for task in next_tasks(alone)] == ["sessions_empty"]
    busy = Facts(**ready, late_requests=1, new_requests=3, flags=2)
    assert [task.kind for task in next_tasks(busy)] == ["requests_late", "requests_new", "flags"]
    assert [task.is_urgent for task in next_tasks(busy)] == [True, False, False]


def test_the_campaign_of_the_address_is_shown(cast: Cast) -> None:
    make_campaign(cast.commune, name="Đợt đang chạy")
    other = make_campaign(
        cast.province, slug="tinh-cu", name="Đợt cũ của tỉnh", starts_on=today() - timedelta(days=99),
        ends_on=today() - timedelta(days=60),
    )  # fmt: skip
    make_target(other, cast.commune, number=77)
    url = reverse("dashboards:commune", args=["25396"])
    minh = as_(cast.minh)
    assert "/ 77" in minh.get(url, {"campaign": "tinh-cu"}).content.decode()
    assert "/ 77" not in minh.get(url).content.decode()
    make_campaign(cast.far, slug="cua-nguoi-khac")
    assert minh.get(url, {"campaign": "cua-nguoi-khac"}).status_code == 404


def test_who_may_open_it(cast: Cast) -> None:
    for name in ("dashboards:commune", "dashboards:commune_progress"):
        url = reverse(name, args=["25396"])
        assert Client().get(url).status_code == 302
        for person, status in ((cast.minh, 200), (cast.lan, 200), (cast.hoa, 403), (cast.tung, 403), (cast.son, 404)):
            assert as_(person).get(url).status_code == status, (name, person)
        assert as_(cast.minh).post(url).status_code == 405
    for code in ("25397", "26041", "75", "25396-h1", "99999"):
        assert as_(cast.minh).get(reverse("dashboards:commune", args=[code])).status_code == 404


def test_the_fragment_costs_nothing_while_nothing_moves(cast: Cast, monday: FrozenClock) -> None:
    campaign = make_campaign(cast.commune)
    make_target(campaign)
    make_request(cast.commune)
    minh = as_(cast.minh)
    url = reverse("dashboards:commune_progress", args=["25396"])
    first = minh.get(url)
    again = minh.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "private" in first["Cache-Control"]
    make_tally(cast.h1, 1)
    moved = minh.get(url, headers={"If-None-Match": first["ETag"]})
    assert moved.status_code == 200
    assert moved["ETag"] != first["ETag"]
    page = minh.get(reverse("dashboards:commune", args=["25396"])).content.decode()
    assert f'data-fragment="{url}"' in page
    assert 'data-watch="25396"' in page


def test_the_number_of_queries_does_not_grow(cast: Cast, django_assert_max_num_queries: object) -> None:
    campaign = make_campaign(cast.commune)
    for service in ("vneid_l2", "portal", "epay", "docs", "ssa", "vneid_l1", "esign", "health_book"):
        make_target(campaign, service=service)
    six_a_day(cast)
    for _turn in range(4):
        make_household(cast.h1)
        make_request(cast.commune)
        make_session(cast.commune, cast.team, starts_at=now() + timedelta(days=1, hours=_turn))
    with django_assert_max_num_queries(17):  # type: ignore[operator]
        commune_board(User.objects.get(pk=cast.minh.pk), cast.commune, campaign, day=today())


def test_the_board_speaks_vietnamese(cast: Cast) -> None:
    make_target(make_campaign(cast.commune))
    with translation.override("vi"):
        page = as_(cast.minh).get(reverse("dashboards:commune", args=["25396"])).content.decode()
    assert '<html lang="vi"' in page
    assert "Bù Đăng" in page
