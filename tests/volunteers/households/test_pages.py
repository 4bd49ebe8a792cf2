"""The roster's pages: only for leads, words searched by POST, numbers hidden until asked for."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from project.accounts.models import User
from tests.cast import Cast
from tests.factories.people import make_grant, make_user
from tests.factories.work import make_household
from volunteers.areas.actions import AreaRefused, merge_hamlets, retire_hamlet
from volunteers.audit.models import AuditEntry
from volunteers.households.models import Consent, Household
from volunteers.households.queries import pool_counts, pool_for_planning
from volunteers.households.rules import same_key

pytestmark = pytest.mark.usefixtures("services")


def signed(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def told(cast: Cast, **overrides: Any) -> dict[str, Any]:
    return {
        "hamlet": cast.h1.pk, "lane": "Ngõ 3", "call_name": "bà Tư", "people": "2", "needs": ["docs"],
        "good_time": "sáng", "priority": "4", "language": "sti", "code": "",
    } | overrides  # fmt: skip


def addresses(household: Household) -> list[tuple[str, str]]:
    own = [(method, reverse(f"households:{name}", args=[household.pk])) for method, name in (
        ("get", "detail"), ("get", "edit"), ("post", "edit"), ("post", "show_phone"), ("post", "retire"),
        ("post", "reactivate"),
    )]  # fmt: skip
    return [*own, ("get", reverse("households:list")), ("get", reverse("households:create"))]


def test_volunteers_strangers_and_editors_never_get_these_pages(cast: Cast) -> None:
    household = make_household(cast.h1)
    editor = make_user()
    make_grant(editor, "content_editor", cast.province.scope)
    for user in (cast.tung, cast.hoa, cast.son, editor, make_user()):
        for method, address in addresses(household):
            assert getattr(signed(user), method)(address).status_code == 404, address


def test_leads_of_other_places_get_404_and_the_right_ones_the_page(cast: Cast) -> None:
    household = make_household(cast.h1, lane="Ngõ hoa giấy")
    twin_lead, elsewhere = make_user(), make_user()
    make_grant(twin_lead, "commune_lead", cast.twin.scope)
    make_grant(elsewhere, "province_coordinator", "VN/01/")
    for user in (twin_lead, elsewhere):
        for method, address in addresses(household)[:6]:
            assert getattr(signed(user), method)(address).status_code == 404
        assert "Ngõ hoa giấy" not in signed(user).get(reverse("households:list")).content.decode()
        area = f"{reverse('households:list')}?area={cast.commune.code}"
        assert signed(user).get(area).status_code == 404
    for user in (cast.minh, cast.lan):
        assert signed(user).get(reverse("households:detail", args=[household.pk])).status_code == 200
        assert "Ngõ hoa giấy" in signed(user).get(reverse("households:list")).content.decode()


def test_anonymous_people_are_sent_to_sign_in(cast: Cast) -> None:
    for method, address in addresses(make_household(cast.h1)):
        answer = getattr(Client(), method)(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


def test_the_list_is_narrowed_and_paged_with_few_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for number in range(60):
        make_household(
            cast.h1 if number else cast.h2, lane=f"Ngõ {number}", status="waiting" if number % 2 else "served"
        )
    client = signed(cast.minh)
    with django_assert_max_num_queries(20):
        first = client.get(reverse("households:list"))
    assert len(first.context["page_obj"].object_list) == 50
    assert len(client.get(reverse("households:list") + "?page=2").context["page_obj"].object_list) == 10
    served = client.get(f"{reverse('households:list')}?status=served")
    assert served.context["page_obj"].paginator.count == 30
    one = client.get(f"{reverse('households:list')}?hamlet={cast.h2.code}")
    assert one.context["page_obj"].paginator.count == 1


def test_an_empty_roster_leads_to_the_import(cast: Cast) -> None:
    text = signed(cast.minh).get(reverse("households:list")).content.decode()
    assert reverse("households:import_new") in text


@pytest.mark.parametrize("words", ["bà sáu", "BA SAU", "giếng", "hd-9", "0912 345 678", "345678"])
def test_words_are_searched_by_post(cast: Cast, words: str) -> None:
    make_household(cast.h1, lane="Ngõ 5", lane_folded="ngo 5")
    hit = make_household(
        cast.h1, code="HD-9", lane="Cạnh giếng", lane_folded="canh gieng", call_name="bà Sáu", phone="+84912345678"
    )
    answer = signed(cast.minh).post(reverse("households:list"), {"words": words})
    assert [row.pk for row in answer.context["page_obj"]] == [hit.pk]
    by_get = signed(cast.minh).get(reverse("households:list"), {"words": words})
    assert len(by_get.context["page_obj"].object_list) == 2


def test_the_number_is_hidden_until_asked_for_and_the_look_is_recorded(cast: Cast) -> None:
    household = make_household(cast.h1, phone="+84912345678")
    client = signed(cast.minh)
    for name in ("detail", "edit"):
        text = client.get(reverse(f"households:{name}", args=[household.pk])).content.decode()
        assert "912345678" not in text.replace(" ", "")
    shown = client.post(reverse("households:show_phone", args=[household.pk]))
    assert "0912 345 678" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    entry = AuditEntry.objects.get(action="household.phone_shown")
    assert (entry.actor_id, entry.object_id) == (cast.minh.pk, str(household.pk))


def test_a_lead_adds_a_household(cast: Cast) -> None:
    address = f"{reverse('households:create')}?area={cast.commune.code}"
    data = told(cast, phone="0912345678", consent="on", lat="11.81234", lon="107.21234")
    answer = signed(cast.minh).post(address, data)
    found = Household.objects.get()
    assert answer["Location"] == reverse("households:detail", args=[found.pk])
    assert (found.code, found.has_made_code, found.people, found.language) == ("H-0001", True, 2, "sti")
    assert (found.lat, found.lon, found.phone) == (11.812, 107.212, "+84912345678")
    assert found.same_key == same_key(cast.h1.code, "ngo 3", "BÀ TƯ")
    assert [service.code for service in found.needs.all()] == ["docs"]
    assert Consent.objects.filter(household=found, is_given=True).count() == 1
    again = signed(cast.minh).post(address, told(cast))
    assert again.status_code == 200
    assert again.context["form"].non_field_errors()
    assert signed(cast.minh).post(address, told(cast, lane="Ngõ 4", code="H-0001")).context["form"].errors["code"]


@pytest.mark.parametrize(
    ("field", "value", "blamed"),
    [
        ("lane", "Ngõ 3, CCCD 001200012345", "lane"),
        ("call_name", "mật khẩu: Abc12345", "call_name"),
        ("good_time", "hôm nào rảnh", "good_time"),
        ("people", "10", "people"),
        ("phone", "0912345678", "consent"),
        ("lat", "21.03", "lon"),
        ("hamlet", "26041-h1", "hamlet"),
        ("code", "001200012345", "code"),
    ],
)
def test_a_form_says_what_to_mend(cast: Cast, field: str, value: str, blamed: str) -> None:
    answer = signed(cast.minh).post(
        f"{reverse('households:create')}?area={cast.commune.code}", told(cast, **{field: value})
    )
    assert blamed in answer.context["form"].errors
    assert not Household.objects.exists()


def test_a_lead_corrects_a_household_and_the_trail_names_the_fields(cast: Cast) -> None:
    household = make_household(cast.h1, phone="+84912345678", people=1)
    client, address = signed(cast.minh), reverse("households:edit", args=[household.pk])
    assert client.get(address).status_code == 200
    client.post(address, told(cast, hamlet=cast.h2.pk))
    household.refresh_from_db()
    assert (household.hamlet_id, household.people, household.phone) == (cast.h2.code, 2, "+84912345678")
    detail = AuditEntry.objects.get(action="household.updated").detail
    assert {"hamlet_id", "people", "call_name", "needs"} & set(detail["fields"]) >= {"hamlet_id", "people", "needs"}
    assert "bà Tư" not in str(detail)
    client.post(address, told(cast, hamlet=cast.h2.pk, forget_phone="on"))
    household.refresh_from_db()
    assert household.phone == ""
    assert Consent.objects.get(household=household).is_given is False


def test_a_household_leaves_the_pool_and_comes_back(cast: Cast) -> None:
    household = make_household(cast.h1, not_home_count=3)
    client = signed(cast.minh)
    client.post(reverse("households:retire", args=[household.pk]), {"status": "waiting"})
    assert Household.objects.pool().count() == 1
    client.post(reverse("households:retire", args=[household.pk]), {"status": "moved"})
    household.refresh_from_db()
    assert household.status == "moved"
    client.post(reverse("households:reactivate", args=[household.pk]))
    household.refresh_from_db()
    assert (household.status, household.not_home_count) == ("waiting", 0)
    actions = list(AuditEntry.objects.filter(object_id=str(household.pk)).values_list("action", flat=True))
    assert actions == ["household.retired", "household.reactivated"]


def test_verbs_want_post(cast: Cast) -> None:
    household = make_household(cast.h1)
    for name in ("retire", "reactivate", "show_phone"):
        assert signed(cast.minh).get(reverse(f"households:{name}", args=[household.pk])).status_code == 405


def test_the_pool_is_what_waits_in_one_commune(cast: Cast, django_assert_num_queries: Any) -> None:
    first = make_household(cast.h1, people=3, good_time=[{"days": [6], "start": 480, "end": 600}], not_home_count=3)
    services: Any = Household._meta.get_field("needs").related_model
    first.needs.set(services.objects.filter(code__in=["docs", "safety"]))
    make_household(cast.h2)
    make_household(cast.h1, status="refused")
    make_household(cast.far_h1)
    with django_assert_num_queries(2):
        pool = pool_for_planning(cast.commune)
    assert len(pool) == 2
    assert (pool[0].id, pool[0].hamlet, pool[0].needs) == (first.pk, "25396-h1", ("docs", "safety"))
    assert pool[0].needs_call_first is True
    with django_assert_num_queries(1):
        counts = pool_counts(cast.province)
    assert (counts["waiting"], counts["refused"], counts["call_first"]) == (3, 1, 1)
    assert pool_counts(cast.h2)["waiting"] == 1


def test_households_go_along_when_hamlets_merge(cast: Cast) -> None:
    household = make_household(cast.h1, lane="Ngõ 3", call_name="bà Tư")
    with pytest.raises(AreaRefused):
        retire_hamlet(cast.h1, by=cast.minh)
    merge_hamlets(cast.h1, cast.h2, by=cast.minh)
    household.refresh_from_db()
    assert household.hamlet_id == cast.h2.code
    assert household.same_key == same_key(cast.h2.code, "Ngõ 3", "bà Tư")
