"""The coordinator's board: every commune once, those that need attention first."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from project.accounts.models import User
from project.lib.clock import now, today
from tests.cast import Cast
from tests.factories.requests import make_request
from tests.factories.targets import make_campaign, make_tally, make_target
from volunteers.activations.queries import tallies_of
from volunteers.dashboards.adapter import province_board

pytestmark = pytest.mark.usefixtures("services", "monday")


def as_(user: User) -> Client:
    """A browser in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    return client


def test_communes_stand_in_the_order_of_what_needs_attention(cast: Cast) -> None:
    campaign = make_campaign(cast.province)
    for commune, number in ((cast.commune, 1000), (cast.far, 60)):
        make_target(campaign, commune, number=number)
    for back in range(1, 15):
        make_tally(cast.h1, 3, day=today() - timedelta(days=back))  # behind: 958 to go in 24 days
        make_tally(cast.far_h1, 4, day=today() - timedelta(days=back))  # nearly there
    rows = province_board(cast.province, day=today()).communes
    assert [(row.code, row.state) for row in rows] == [("25396", "behind"), ("26041", "on_track"), ("25397", "unset")]
    make_request(cast.far, received_at=now() - timedelta(days=9))
    rows = province_board(cast.province, day=today()).communes
    assert (rows[0].code, rows[0].late_requests) == ("26041", 1)


def test_the_communes_add_up_to_the_province(cast: Cast) -> None:
    campaign = make_campaign(cast.province)
    make_target(campaign, cast.province, number=5000)
    make_target(campaign, cast.commune, number=300)
    make_target(campaign, cast.far, number=200)
    make_tally(cast.h1, 40)
    make_tally(cast.h2, 2)
    make_tally(cast.far_h1, 8)
    board = province_board(cast.province, day=today())
    figures = tallies_of(cast.province, from_on=campaign.starts_on, to_on=campaign.ends_on)
    assert sum(row.reported for row in board.communes) == 50 == figures[("vneid_l2", "activated", "reported")]
    assert [(card.number, card.reported, card.is_sum) for card in board.targets] == [(5000, 50, False)]


def test_without_own_targets_the_province_shows_the_sum(cast: Cast) -> None:
    campaign = make_campaign(cast.province)
    make_target(campaign, cast.commune, number=300)
    make_target(campaign, cast.far, number=200)
    make_target(make_campaign(cast.twin), number=20)  # a campaign of its own counts as well
    for hamlet, count in ((cast.h1, 7), (cast.far_h1, 5)):
        make_tally(hamlet, count)
    board = province_board(cast.province, day=today())
    assert [(card.number, card.reported, card.is_sum) for card in board.targets] == [(520, 12, True)]


def test_a_communes_own_campaign_is_counted_by_its_own_days(cast: Cast) -> None:
    make_target(make_campaign(cast.province), cast.far, number=100)
    own = make_campaign(cast.commune, starts_on=today() - timedelta(days=3))
    make_target(own, number=50)
    make_tally(cast.h1, 9, day=today() - timedelta(days=10))
    make_tally(cast.h1, 4)
    rows = {row.code: row for row in province_board(cast.province, day=today()).communes}
    assert (rows["25396"].reported, rows["25396"].target) == (4, 50)
    assert rows["26041"].target == 100


def test_one_service_can_be_chosen(cast: Cast) -> None:
    campaign = make_campaign(cast.province)
    make_target(campaign, cast.commune, number=300)
    make_target(campaign, cast.commune, number=40, service="portal")
    make_tally(cast.h1, 7, service="portal")
    make_tally(cast.h1, 70)
    row = next(row for row in province_board(cast.province, day=today(), service="portal").communes if row.target)
    assert (row.reported, row.target) == (7, 40)
    lan = as_(cast.lan)
    url = reverse("dashboards:province", args=["75"])
    assert "7/40" in lan.get(url, {"service": "portal"}).content.decode()
    assert lan.get(url, {"service": "no_such"}).status_code == 404


def test_who_may_open_it(cast: Cast) -> None:
    for name in ("dashboards:province", "dashboards:province_progress"):
        url = reverse(name, args=["75"])
        assert Client().get(url).status_code == 302
        for person, status in ((cast.lan, 200), (cast.minh, 404), (cast.tung, 404), (cast.son, 404)):
            assert as_(person).get(url).status_code == status, (name, person)
    assert as_(cast.lan).get(reverse("dashboards:province", args=["25396"])).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_communes(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    campaign = make_campaign(cast.province)
    for commune in (cast.commune, cast.far, cast.twin):
        for service in ("vneid_l2", "portal", "epay"):
            make_target(campaign, commune, service=service)
        make_request(commune, received_at=now() - timedelta(days=9))
    make_tally(cast.h1, 5)
    with django_assert_max_num_queries(11):  # type: ignore[operator]
        province_board(cast.province, day=today())


def test_the_page_links_to_each_commune(cast: Cast) -> None:
    make_target(make_campaign(cast.province), cast.commune, number=300)
    page = as_(cast.lan).get(reverse("dashboards:province", args=["75"])).content.decode()
    for code in ("25396", "25397", "26041"):
        assert reverse("dashboards:commune", args=[code]) in page
    assert 'data-watch="75"' in page
