"""The pages of campaigns and targets: who sees them, and that the forms do what the verbs do."""

import pytest
from django.test import Client
from django.urls import reverse

from project.accounts.models import User
from tests.cast import Cast
from tests.factories.targets import make_campaign, make_target
from volunteers.targets.models import Campaign, Target

pytestmark = pytest.mark.usefixtures("services")


def as_(user: User) -> Client:
    """A browser in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    return client


def test_the_list_shows_own_and_the_provinces_campaigns(cast: Cast) -> None:
    make_campaign(cast.commune, name="Đợt của xã")
    make_campaign(cast.province, name="Đợt của tỉnh")
    make_campaign(cast.far, name="Đợt của Trấn Biên")
    page = as_(cast.minh).get(reverse("targets:list")).content.decode()
    assert "Đợt của xã" in page
    assert "Đợt của tỉnh" in page
    assert "Trấn Biên" not in page


def test_anonymous_people_sign_in_first(cast: Cast) -> None:
    campaign = make_campaign(cast.commune)
    for url in (reverse("targets:list"), reverse("targets:create"), reverse("targets:detail", args=[campaign.pk])):
        answer = Client().get(url)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


def test_a_stranger_finds_nothing_and_a_weak_role_is_refused(cast: Cast) -> None:
    campaign = make_campaign(cast.commune, name="Đợt của xã")
    target = make_target(campaign)
    urls = [
        reverse("targets:detail", args=[campaign.pk]),
        reverse("targets:edit", args=[campaign.pk]),
        reverse("targets:target", args=[target.pk]),
    ]
    for url in urls:
        assert as_(cast.son).get(url).status_code == 404, url
        assert as_(cast.tung).get(url).status_code == 403, url
        assert as_(cast.minh).get(url).status_code == 200, url
    assert as_(cast.son).post(reverse("targets:set_target", args=[campaign.pk])).status_code == 404
    assert as_(cast.tung).post(reverse("targets:set_target", args=[campaign.pk])).status_code == 403
    assert as_(cast.tung).get(reverse("targets:list")).status_code == 403
    empty = as_(cast.son).get(reverse("targets:list"))
    assert empty.status_code == 200
    assert "Đợt của xã" not in empty.content.decode()


def test_a_lead_reads_the_provinces_campaign_but_not_the_neighbours_target(cast: Cast) -> None:
    campaign = make_campaign(cast.province)
    own = make_target(campaign, cast.commune, number=12345)
    other = make_target(campaign, cast.far, number=98765)
    minh = as_(cast.minh)
    page = minh.get(reverse("targets:detail", args=[campaign.pk])).content.decode()
    assert "12.345" in page
    assert "98.765" not in page
    assert minh.get(reverse("targets:target", args=[own.pk])).status_code == 200
    assert minh.get(reverse("targets:target", args=[other.pk])).status_code == 404
    assert minh.get(reverse("targets:edit", args=[campaign.pk])).status_code == 403


def test_a_campaign_is_opened_in_the_browser(cast: Cast) -> None:
    minh = as_(cast.minh)
    answer = minh.post(
        reverse("targets:create") + "?area=25396",
        {
            "name": "Đợt mùa thu", "starts_on": "2026-11-01", "ends_on": "2026-12-31", "blocks": ["am", "ev"],
            "required_lessons": "3, 7",
        },
    )  # fmt: skip
    campaign = Campaign.objects.get()
    assert answer["Location"] == reverse("targets:detail", args=[campaign.pk])
    assert [slot["id"] for slot in campaign.slots] == ["am", "ev"]
    assert campaign.required_lessons == [3, 7]
    assert campaign.area == cast.commune
    assert as_(cast.minh).get(reverse("targets:create") + "?area=26041").status_code == 404
    assert as_(cast.tung).get(reverse("targets:create")).status_code == 403


def test_wrong_days_stand_beside_their_field(cast: Cast) -> None:
    answer = as_(cast.minh).post(
        reverse("targets:create"), {"name": "x", "starts_on": "2026-12-01", "ends_on": "2026-11-01", "blocks": ["am"]}
    )
    assert answer.status_code == 200
    assert "ends_on" in answer.context["form"].errors
    assert not Campaign.objects.exists()


def test_a_target_is_set_changed_and_dropped_in_the_browser(cast: Cast) -> None:
    campaign = make_campaign(cast.commune)
    minh = as_(cast.minh)
    url = reverse("targets:set_target", args=[campaign.pk])
    assert minh.post(url, {"area": "25396", "service": "epay", "number": "100"}).status_code == 302
    refused = minh.post(url, {"area": "25396", "service": "epay", "number": "120"})
    assert refused.status_code == 422
    assert "reason" in refused.context["form"].errors
    both = minh.post(url, {"area": "25396", "service": "ssa", "number": "120", "percent": "50", "base": "9"})
    assert "percent" in both.context["form"].errors
    outside = minh.post(url, {"area": "26041", "service": "ssa", "number": "120"})
    assert "area" in outside.context["form"].errors
    assert minh.post(url, {"area": "25396", "service": "epay", "number": "120", "reason": "Thêm"}).status_code == 302
    target = Target.objects.current().get()
    page = reverse("targets:target", args=[target.pk])
    assert "Thêm" in minh.get(page).content.decode()
    minh.post(page, {"reason": ""})
    assert Target.objects.current().exists()
    minh.post(page, {"reason": "Bỏ"})
    assert not Target.objects.current().exists()
