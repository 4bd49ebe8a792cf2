"""Targets: a number or a percent with its base, versioned with author and reason, handed down level by level."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from project.lib.clock import today
from tests.cast import Cast
from tests.factories.people import make_team
from tests.factories.targets import make_campaign, make_target
from volunteers.audit.models import AuditEntry
from volunteers.targets.actions import drop_target, edit_campaign, open_campaign, set_target
from volunteers.targets.models import Target
from volunteers.targets.queries import current_campaign, shown_campaign, versions_of
from volunteers.targets.rules import default_slots, number_of

pytestmark = pytest.mark.usefixtures("services")


def test_it_sets_a_number(cast: Cast) -> None:
    campaign = make_campaign(cast.commune)
    target, fate = set_target(campaign, area=cast.commune, service="vneid_l2", number=500, by=cast.minh)
    assert fate == "created"
    assert (target.number, target.rung, target.due_on) == (500, "activated", campaign.ends_on)
    entry = AuditEntry.objects.get(action="target.set")
    assert (entry.actor_id, entry.scope, entry.detail["number"]) == (cast.minh.pk, cast.commune.scope, 500)


def test_a_percent_is_counted_from_its_base_and_rounded_up(cast: Cast) -> None:
    target, _fate = set_target(
        make_campaign(cast.commune), area=cast.commune, service="portal", percent=Decimal("97.5"), base=250,
        base_source="Công an xã", by=cast.minh,
    )  # fmt: skip
    assert (target.number, target.base, target.base_source) == (244, 250, "Công an xã")
    assert number_of(Decimal("80"), 620) == 496


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"percent": Decimal(80)}, "base"),
        ({"number": 0}, "number"),
        ({"percent": Decimal(101), "base": 10}, "percent"),
        ({"number": 5, "rung": "registered", "service": "safety"}, "rung"),
        ({"number": 5, "rung": "half"}, "rung"),
        ({"number": 5, "service": "no_such"}, "service"),
        ({"number": 5, "due_on": date(2020, 1, 1)}, "due_on"),
        ({"number": 5, "document": "CCCD 001200012345"}, "document"),
    ],
)
def test_it_refuses_what_cannot_be(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        set_target(
            make_campaign(cast.commune), **{"area": cast.commune, "service": "vneid_l2", "by": cast.minh} | wrong
        )
    assert field in refused.value.message_dict
    assert not Target.objects.exists()


def test_a_change_is_a_new_version_with_its_reason(cast: Cast) -> None:
    campaign = make_campaign(cast.commune)
    first = set_target(campaign, area=cast.commune, service="epay", number=100, by=cast.minh)[0]
    with pytest.raises(ValidationError) as refused:
        set_target(campaign, area=cast.commune, service="epay", number=120, by=cast.minh)
    assert "reason" in refused.value.message_dict
    second, fate = set_target(
        campaign, area=cast.commune, service="epay", number=120, reason="Thêm thôn 5", by=cast.lan
    )
    assert fate == "updated"
    assert list(Target.objects.current().filter(campaign=campaign)) == [second]
    assert [(row.number, row.created_by) for row in versions_of(second)] == [(120, cast.lan), (100, cast.minh)]
    first.refresh_from_db()
    assert first.superseded_at is not None


def test_the_same_target_again_changes_nothing(cast: Cast) -> None:
    campaign = make_campaign(cast.commune)
    first = set_target(campaign, area=cast.commune, service="epay", number=100, by=cast.minh)
    assert set_target(campaign, area=cast.commune, service="epay", number=100, by=cast.minh) == (first[0], "duplicates")
    assert AuditEntry.objects.filter(action="target.set").count() == 1


def test_the_province_hands_down_and_the_commune_splits(cast: Cast) -> None:
    campaign = make_campaign(cast.province)
    set_target(campaign, area=cast.commune, service="ssa", number=300, by=cast.lan)
    with pytest.raises(PermissionDenied):
        set_target(campaign, area=cast.commune, service="docs", number=1, by=cast.minh)
    set_target(campaign, area=cast.h1, service="ssa", number=120, by=cast.minh)
    set_target(campaign, area=cast.commune, team=cast.team, service="ssa", number=50, by=cast.minh)
    with pytest.raises(PermissionDenied):
        set_target(campaign, area=cast.far_h1, service="ssa", number=1, by=cast.minh)
    with pytest.raises(PermissionDenied):
        set_target(campaign, area=cast.h1, service="ssa", number=1, by=cast.hoa)


def test_a_place_outside_the_campaign_is_refused(cast: Cast) -> None:
    campaign = make_campaign(cast.commune)
    with pytest.raises(ValidationError):
        set_target(campaign, area=cast.far, service="ssa", number=300, by=cast.lan)
    with pytest.raises(ValidationError):
        set_target(campaign, area=cast.commune, team=make_team(cast.far), service="ssa", number=3, by=cast.lan)


def test_dropping_needs_a_reason_and_keeps_the_row(cast: Cast) -> None:
    target = make_target(make_campaign(cast.commune))
    with pytest.raises(ValidationError):
        drop_target(target, by=cast.minh, reason=" ")
    drop_target(target, by=cast.minh, reason="Tỉnh bỏ chỉ tiêu")
    assert not Target.objects.current().exists()
    assert Target.objects.count() == 1
    assert "Tỉnh" not in str(AuditEntry.objects.get(action="target.dropped").detail)


def test_a_campaign_opens_with_the_three_blocks_of_a_day(cast: Cast) -> None:
    campaign = open_campaign(
        cast.commune, by=cast.minh, name="Đợt 30 ngày", starts_on=today(), ends_on=today() + timedelta(days=30)
    )
    assert campaign.slug == "dot-30-ngay-25396"
    assert [(slot["id"], slot["start"], slot["end"]) for slot in campaign.slots] == [
        ("am", 480, 690), ("pm", 810, 1020), ("ev", 1050, 1260),
    ]  # fmt: skip
    assert all(slot["days"] == [0, 1, 2, 3, 4, 5, 6] for slot in campaign.slots)
    again = open_campaign(
        cast.commune, by=cast.minh, name="Đợt 30 ngày", starts_on=today(), ends_on=today() + timedelta(days=30)
    )
    assert again.slug == "dot-30-ngay-25396-2"


def test_only_leads_and_above_open_and_edit(cast: Cast) -> None:
    days = {"starts_on": today(), "ends_on": today() + timedelta(days=9)}
    for person, place in ((cast.hoa, cast.commune), (cast.minh, cast.province), (cast.minh, cast.far)):
        with pytest.raises(PermissionDenied):
            open_campaign(place, by=person, name="Đợt", **days)
    campaign = make_campaign(cast.province)
    with pytest.raises(PermissionDenied):
        edit_campaign(campaign, by=cast.minh, name="Của tôi")
    edit_campaign(campaign, by=cast.lan, name="Đợt 2", slots=default_slots()[:1])
    campaign.refresh_from_db()
    assert (campaign.name, len(campaign.slots)) == ("Đợt 2", 1)
    assert AuditEntry.objects.get(action="campaign.edited").detail == {"fields": ["name", "slots"]}


def test_a_hamlet_has_no_campaign_and_days_run_forward(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        open_campaign(cast.h1, by=cast.minh, name="Đợt", starts_on=today(), ends_on=today())
    with pytest.raises(ValidationError):
        open_campaign(cast.commune, by=cast.minh, name="Đợt", starts_on=today(), ends_on=today() - timedelta(days=1))


def test_the_communes_own_campaign_comes_before_its_provinces(cast: Cast) -> None:
    of_province = make_campaign(cast.province)
    assert current_campaign(cast.commune, today()) == of_province
    assert current_campaign(cast.h1, today()) == of_province
    own = make_campaign(cast.commune)
    assert current_campaign(cast.commune, today()) == own
    assert current_campaign(cast.h2, today()) == own
    assert current_campaign(cast.far, today()) == of_province
    assert current_campaign(cast.province, today()) == of_province


def test_a_board_falls_back_to_the_last_campaign_and_the_plan_does_not(cast: Cast) -> None:
    past = make_campaign(cast.commune, starts_on=today() - timedelta(days=90), ends_on=today() - timedelta(days=10))
    make_campaign(cast.commune, starts_on=today() + timedelta(days=90), ends_on=today() + timedelta(days=99))
    assert current_campaign(cast.commune, today()) is None
    assert shown_campaign(cast.commune, today()) == past
    assert shown_campaign(cast.far, today()) is None
