"""Whom one may call: the commune's own contact first, then the country's; only numbers that editors wrote down."""

import pytest
from django.test import Client
from django.utils import translation

from learning import catalog
from learning.models import HelpContact
from tests.learning.conftest import Tree


def write_down(key: str, area_code: str = "", phone: str = "1022", **more: str) -> HelpContact:
    row: HelpContact = HelpContact.objects.create(
        key=key, name_vi=f"Số {key}", phone=phone, area_code=area_code, source="x", **more
    )
    return row


@pytest.mark.django_db
def test_the_communes_own_number_comes_first() -> None:
    write_down("a-nuoc")
    write_down("b-xa", "25396")
    write_down("c-noi-khac", "26041")
    cards = catalog.help_contacts("25396")
    assert [(card.name, card.is_local) for card in cards] == [("Số b-xa", True), ("Số a-nuoc", False)]
    assert catalog.local_contact(cards) == cards[0]


@pytest.mark.django_db
def test_a_commune_without_a_number_has_only_the_countrys() -> None:
    write_down("a-nuoc", note_vi="Ngày đêm", note_en="Day and night")
    cards = catalog.help_contacts("25396")
    assert [(card.name, card.note) for card in cards] == [("Số a-nuoc", "Ngày đêm")]
    assert catalog.local_contact(cards) is None
    with translation.override("en"):
        assert catalog.help_contacts("")[0].note == "Day and night"


@pytest.mark.parametrize(
    ("phone", "dialled"), [("113", "113"), ("0271 3000 111", "02713000111"), (" +84 (271) 300-0111", "+842713000111")]
)
def test_a_number_is_dialled_without_its_spaces(phone: str, dialled: str) -> None:
    assert catalog.HelpCard("x", "", phone, True).dial == dialled


def test_the_communes_page_offers_the_call_or_the_card(
    tree: Tree, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = catalog.PlaceHit("25396", "Xã Bù Đăng, Đồng Nai", "")
    monkeypatch.setattr("learning.search.views.place_named", lambda code: here if code == here.code else None)
    html = client.get("/diem-phuc-vu/25396/").content.decode()
    assert "Số của người giúp ghi trên thẻ bác cầm về." in html
    assert "data-phone" not in html
    write_down("b-xa", "25396", "0271 3000 111")
    html = client.get("/diem-phuc-vu/25396/").content.decode()
    assert 'href="tel:02713000111" data-help-keep="first" data-name="Số b-xa" data-phone="02713000111"' in html
    assert "Gọi ngay: Số b-xa" in html
    assert "Số của người giúp ghi" not in html
