"""Old names of places in the search, and a commune's page: where to go, whom to call, how to ask for a visit."""

from collections.abc import Iterator

import pytest
from django.test import Client

from learning import catalog
from learning.models import HelpContact, ServicePoint
from learning.reference.actions import search_key_of_point
from learning.search import places
from learning.search.queries import search_all
from tests.learning.conftest import Tree

HERE = catalog.PlaceHit("25396", "Xã Bù Đăng, Đồng Nai", "trước là thị trấn Đức Phong")
GONE = "99901"  # was merged into it


@pytest.fixture(autouse=True)
def finder() -> Iterator[None]:
    """One commune that is known by an old name too; the installation's own finder afterwards."""
    before = list(places._FINDERS)
    catalog.offer_places(
        lambda text, limit: [HERE] if "duc phong" in text.lower() else [],
        lambda code: HERE if code in (HERE.code, GONE) else None,
    )
    yield
    places._FINDERS[:] = before


def point(**values: str) -> ServicePoint:
    filled = {
        "area_code": "25396", "name_vi": "Trung tâm phục vụ hành chính công", "name_en": "Service centre",
        "address": "Đường số 1", "hours_vi": "Thứ hai: 7 giờ 30\nThứ ba: 13 giờ 30",
    }  # fmt: skip
    row = ServicePoint(**(filled | values))
    row.folded = search_key_of_point(row)
    row.save()
    return row


def test_an_old_name_leads_to_the_commune_of_today(tree: Tree, client: Client) -> None:
    html = client.get("/tim/", {"q": "duc phong"}).content.decode()
    assert 'href="/diem-phuc-vu/25396/"' in html
    assert "Xã Bù Đăng, Đồng Nai<small>(trước là thị trấn Đức Phong)</small>" in html
    english = client.get("/en/tim/", {"q": "duc phong"}).content.decode()
    assert 'href="/en/diem-phuc-vu/25396/"' in english


def test_the_commune_page_tells_where_when_and_whom(tree: Tree, client: Client) -> None:
    point()
    point(area_code="26041", name_vi="Nơi khác")
    HelpContact.objects.create(key="xa", name_vi="Tổ công nghệ xã", phone="02713000111", area_code="25396", source="x")
    HelpContact.objects.create(
        key="khac", name_vi="Tổ công nghệ láng giềng", phone="02713000222", area_code="26041", source="x"
    )
    HelpContact.objects.create(key="nuoc", name_vi="Cả nước", phone="1022", source="x")
    html = client.get("/diem-phuc-vu/25396/").content.decode()
    for words in ("Trung tâm phục vụ hành chính công", "Đường số 1", "Thứ ba: 13 giờ 30", "Cả nước"):
        assert words in html
    assert html.index("Tổ công nghệ xã") < html.index("Cả nước")
    assert "Nơi khác" not in html
    assert "láng giềng" not in html
    for href in ("/nho-giup/?xa=25396", "/lich/?xa=25396", "tel:1022", "/en/diem-phuc-vu/25396/"):
        assert f'href="{href}"' in html


def test_a_commune_without_points_offers_a_visit(tree: Tree, client: Client) -> None:
    html = client.get("/diem-phuc-vu/25396/").content.decode()
    assert 'href="/nho-giup/?xa=25396"' in html
    assert "Opening hours" not in html


def test_a_merged_commune_leads_on_and_an_unknown_one_is_404(tree: Tree, client: Client) -> None:
    assert client.get(f"/diem-phuc-vu/{GONE}/")["Location"] == "/diem-phuc-vu/25396/"
    assert client.get(f"/en/diem-phuc-vu/{GONE}/")["Location"] == "/en/diem-phuc-vu/25396/"
    assert client.get("/diem-phuc-vu/12345/").status_code == 404


def test_a_commune_is_found_by_its_name(tree: Tree, client: Client) -> None:
    assert 'href="/diem-phuc-vu/25396/"' in client.get("/diem-phuc-vu/", {"q": "Duc Phong"}).content.decode()
    assert 'href="/nho-giup/"' in client.get("/diem-phuc-vu/", {"q": "xyzzy"}).content.decode()


def test_points_are_found_by_their_names_and_addresses(tree: Tree) -> None:
    row = point(address="Cạnh chợ Bom Bo")
    assert search_all("cho bom bo", "vi").points == [row]


def test_without_anybody_who_knows_places_nothing_breaks(tree: Tree, client: Client) -> None:
    places._FINDERS.clear()
    assert client.get("/tim/", {"q": "duc phong"}).status_code == 200
    assert client.get("/diem-phuc-vu/25396/").status_code == 404
