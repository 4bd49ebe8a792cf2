"""A person's own account page."""

import pytest
from django.core import mail
from django.test import Client

from project.accounts.models import User
from tests.factories.people import make_user

ADDRESS = "/volunteers/me/"


@pytest.fixture
def hoa(db: None) -> User:
    return make_user("Phạm Thị Hoa", email="hoa@gocua.example")


def test_it_sends_anonymous_people_to_the_sign_in(client: Client, db: None) -> None:
    assert client.get(ADDRESS)["Location"] == f"/accounts/login/?next={ADDRESS}"


def test_it_changes_the_login_names_with_the_password(client: Client, hoa: User) -> None:
    client.force_login(hoa)
    data = {"what": "contact", "email": "hoa.moi@gocua.example", "phone": "0912.345.678", "password": "mat-khau-thu"}
    assert client.post(ADDRESS, data).status_code == 302
    hoa.refresh_from_db()
    assert (hoa.email, hoa.phone, hoa.is_phone_verified) == ("hoa.moi@gocua.example", "+84912345678", False)
    assert mail.outbox[0].to == ["hoa@gocua.example"]  # the old mailbox is told


@pytest.mark.parametrize(
    "change",
    [
        {"password": "sai"},
        {"email": "lan@gocua.example"},
        {"phone": "0987654321"},
        {"email": "", "phone": ""},
        {"phone": "12"},
    ],
)
def test_it_refuses_wrong_and_foreign_addresses(client: Client, hoa: User, change: dict[str, str]) -> None:
    make_user("Lan", email="lan@gocua.example", phone="+84987654321")
    client.force_login(hoa)
    data = {"what": "contact", "email": "hoa@gocua.example", "phone": "", "password": "mat-khau-thu"} | change
    assert client.post(ADDRESS, data).status_code == 422
    hoa.refresh_from_db()
    assert (hoa.email, hoa.phone) == ("hoa@gocua.example", None)


def test_a_new_number_loses_the_mark_of_confirmation(client: Client, hoa: User) -> None:
    User.objects.filter(pk=hoa.pk).update(phone="+84987654321", is_phone_verified=True)
    client.force_login(hoa)
    kept = {"what": "contact", "email": "hoa@gocua.example", "phone": "0987 654 321", "password": "mat-khau-thu"}
    client.post(ADDRESS, kept)
    hoa.refresh_from_db()
    assert hoa.is_phone_verified
    client.post(ADDRESS, kept | {"phone": "0912345678"})
    hoa.refresh_from_db()
    assert not hoa.is_phone_verified
