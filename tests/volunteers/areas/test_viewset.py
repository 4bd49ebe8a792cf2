"""Places in Wagtail's admin: narrowed by the grants, renamed by the verb."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from project.accounts.models import User
from tests.cast import Cast
from tests.factories.areas import make_commune, make_province
from tests.factories.people import make_grant
from volunteers.areas.models import Area, AreaName


def into_cms(user: User) -> Client:
    user.user_permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def elsewhere(cast: Cast) -> Area:
    return make_commune("20001", "Xa Lạ", parent=make_province("48", "Đà Nẵng"))


def test_a_coordinator_sees_the_own_province_and_not_one_name_of_another(cast: Cast, elsewhere: Area) -> None:
    body = into_cms(cast.lan).get("/cms/places/").content.decode()
    assert "Xã Bù Đăng" in body
    assert "Xa Lạ" not in body
    assert "Đà Nẵng" not in body


def test_a_search_stays_inside_the_grant(cast: Cast, elsewhere: Area) -> None:
    client = into_cms(cast.lan)
    assert "Xa Lạ" not in client.get("/cms/places/results/?q=Lạ").content.decode()
    assert "Bù Đăng" in client.get("/cms/places/results/?q=Bù").content.decode()


def test_renaming_keeps_the_old_name_with_its_days(cast: Cast) -> None:
    client = into_cms(cast.lan)
    assert client.get("/cms/places/edit/25396/").status_code == 200
    answer = client.post("/cms/places/edit/25396/", {"kind": "phuong", "name": "Bù Đăng Mới"})
    assert answer.status_code == 302
    area = Area.objects.get(pk="25396")
    assert (area.full_name, area.scope) == ("Phường Bù Đăng Mới", "VN/75/25396/")
    assert AreaName.objects.filter(area=area).count() == 2


def test_a_name_that_cannot_be_is_told_in_the_form(cast: Cast) -> None:
    answer = into_cms(cast.lan).post("/cms/places/edit/25396/", {"kind": "xa", "name": "001200012345"})
    assert answer.status_code == 200
    assert Area.objects.get(pk="25396").name == "Bù Đăng"


def test_a_place_of_another_province_is_not_there(cast: Cast, elsewhere: Area) -> None:
    client = into_cms(cast.lan)
    assert client.get("/cms/places/edit/20001/").status_code == 404
    assert client.post("/cms/places/edit/20001/", {"kind": "xa", "name": "Nào Đó"}).status_code == 404


def test_a_commune_lead_has_no_door_here(cast: Cast) -> None:
    client = into_cms(cast.minh)
    assert client.get("/cms/places/").status_code == 302
    assert client.get("/cms/places/edit/25396/").status_code == 302
    assert Area.objects.get(pk="25396").name == "Bù Đăng"


def test_an_administrator_sees_the_country(cast: Cast, elsewhere: Area) -> None:
    make_grant(cast.son, "administrator", "VN/")
    body = into_cms(cast.son).get("/cms/places/").content.decode()
    assert "Xa Lạ" in body
    assert "Bù Đăng" in body


def test_nothing_is_added_or_deleted_here(cast: Cast) -> None:
    client = into_cms(cast.lan)
    for path in ("new/", "delete/25396/", "history/25396/", "usage/25396/"):
        assert client.get(f"/cms/places/{path}").status_code == 404
