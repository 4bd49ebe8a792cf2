"""Help is a person: a number to call at once wherever the commune is known and has written one down."""

import pytest
from django.test import Client

from learning.models import HelpContact
from project.lib.clock import FrozenClock
from tests.cast import Cast
from tests.factories.requests import make_request
from tests.volunteers.requests.test_ask import GOOD, file_one

pytestmark = pytest.mark.usefixtures("services")
CARD = "Số của người giúp ghi trên thẻ bác cầm về."
CALL = "Gọi ngay: Tổ giúp việc điện thoại"
SCREENS = {
    "hamlet": {"xa": "25396"},
    "need": {"xa": "25396", "thon": "h1"},
    "number": GOOD,
}


@pytest.fixture
def contact(db: None) -> HelpContact:
    """A number that the commune has written down."""
    row: HelpContact = HelpContact.objects.create(
        key="xa", name_vi="Tổ giúp việc điện thoại", note_vi="Giờ hành chính", phone="1900 0000", area_code="25396",
        source="x",
    )  # fmt: skip
    return row


@pytest.mark.parametrize("screen", SCREENS)
def test_each_screen_after_the_place_offers_the_call(
    client: Client, cast: Cast, contact: HelpContact, screen: str
) -> None:
    html = client.get("/nho-giup/", SCREENS[screen]).content.decode()
    assert CALL in html
    assert 'href="tel:19000000"' in html
    assert 'data-help-keep="always"' in html
    assert "learning/help.js" in html
    assert CARD not in html


@pytest.mark.parametrize("screen", SCREENS)
def test_without_a_contact_the_card_is_named(client: Client, cast: Cast, screen: str) -> None:
    HelpContact.objects.create(key="nuoc", name_vi="Cả nước", phone="113", source="x")
    HelpContact.objects.create(key="khac", name_vi="Nơi khác", phone="114", area_code="26041", source="x")
    html = client.get("/nho-giup/", SCREENS[screen]).content.decode()
    assert CARD in html
    assert "tel:11" not in html
    assert 'data-help-keep="always"' in html  # the phone forgets the number of another commune


def test_nothing_is_offered_before_a_place_is_known(client: Client, cast: Cast, contact: HelpContact) -> None:
    html = client.get("/nho-giup/").content.decode()
    assert CALL not in html
    assert CARD not in html


def test_who_comes_back_may_call_at_once(client: Client, cast: Cast, contact: HelpContact) -> None:
    client.get("/nho-giup/", {"xa": "25396"})
    assert CALL in client.get("/nho-giup/?bai=1&buoc=x").content.decode()
    assert CALL not in client.get("/nho-giup/?q=dak nhau").content.decode()


def test_the_answer_offers_the_call_to_the_phone_that_asked(
    client: Client, cast: Cast, contact: HelpContact, monday: FrozenClock
) -> None:
    client.get("/nho-giup/", SCREENS["need"])
    html = client.get(file_one(client, monday).url).content.decode()
    assert CALL in html
    assert CARD not in html


def test_the_code_alone_tells_nobody_which_commune_it_is(client: Client, cast: Cast, contact: HelpContact) -> None:
    row = make_request(cast.far)
    assert CARD in client.get(f"/nho-giup/{row.code}/").content.decode()
    client.get("/nho-giup/", {"xa": "25396"})  # another commune than that of the request
    assert CALL in client.get(f"/nho-giup/{row.code}/").content.decode()
