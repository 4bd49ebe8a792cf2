"""Signing in: by e-mail, by phone in any writing, by code, by programs; what allauth offers and we do not."""

import json
import re

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from project.accounts.models import User
from tests.cast import Cast
from tests.factories.people import make_user

PASSWORD = "mat-khau-thu"
LOGIN = "/accounts/login/"
SENT: list[tuple[str, str]] = []


def keep_sms(phone: str, text: str) -> None:
    """A text-message transport for tests."""
    SENT.append((phone, text))


@pytest.fixture
def hoa(db: None) -> User:
    return make_user("Phạm Thị Hoa", email="hoa@gocua.example", phone="+84912345678")


@pytest.mark.parametrize(
    "name", ["hoa@gocua.example", "HOA@gocua.example", "0912345678", "0912 345 678", "+84912345678", "84912.345.678"]
)
def test_it_signs_in_with_any_usual_writing_of_the_login_name(client: Client, hoa: User, name: str) -> None:
    response = client.post(LOGIN, {"login": name, "password": PASSWORD})
    assert response.status_code == 302
    assert response["Location"] == "/volunteers/"
    assert client.session["_auth_user_id"] == str(hoa.pk)


@pytest.mark.parametrize("name", ["hoa@gocua.example", "0912345678", "0999999999", "khong-ai", "nobody@gocua.example"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_words(client: Client, hoa: User, name: str) -> None:
    response = client.post(LOGIN, {"login": name, "password": "sai-mat-khau"})
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
    assert [str(error) for error in response.context["form"].non_field_errors()] == [
        str(response.context["form"].non_field_errors()[0])
    ]
    assert response.context["form"].errors.as_data()["__all__"][0].code in {
        "email_password_mismatch", "phone_password_mismatch", "username_password_mismatch",
    }  # fmt: skip


def test_sign_in_returns_to_the_page_that_asked_for_it(client: Client, hoa: User) -> None:
    response = client.post(LOGIN, {"login": "0912345678", "password": PASSWORD, "next": "/volunteers/me/"})
    assert response["Location"] == "/volunteers/me/"
    response = Client().post(LOGIN, {"login": "0912345678", "password": PASSWORD, "next": "https://evil.example/"})
    assert response["Location"] == "/volunteers/"


def test_wrong_tries_on_one_number_do_not_lock_another(client: Client, hoa: User, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/300s/key"}
    make_user("Khác", phone="+84987654321")
    for _try in range(4):
        client.post(LOGIN, {"login": "0987654321", "password": "sai-mat-khau"})
    assert client.post(LOGIN, {"login": "0987654321", "password": PASSWORD}).status_code == 200  # locked
    assert client.post(LOGIN, {"login": "0912345678", "password": PASSWORD}).status_code == 302
    cache.clear()


@pytest.mark.parametrize(
    "credentials", [{"email": "hoa@gocua.example"}, {"phone": "+84912345678"}, {"phone": "0912 345 678"}]
)
def test_a_program_signs_in_and_gets_a_session_token(client: Client, hoa: User, credentials: dict[str, str]) -> None:
    address = "/_allauth/app/v1/auth/login"
    response = client.post(address, json.dumps(credentials | {"password": PASSWORD}), content_type="application/json")
    assert response.status_code == 200, response.content
    token = response.json()["meta"]["session_token"]
    session = client.get("/_allauth/app/v1/auth/session", headers={"X-Session-Token": token})
    assert session.json()["meta"]["is_authenticated"] is True


def test_a_program_with_a_wrong_password_gets_no_token(client: Client, hoa: User) -> None:
    body = json.dumps({"phone": "0912345678", "password": "sai-mat-khau"})
    response = client.post("/_allauth/app/v1/auth/login", body, content_type="application/json")
    assert response.status_code == 400
    assert "session_token" not in response.content.decode()


@pytest.mark.parametrize("address", ["account/email", "account/phone", "auth/signup", "auth/phone/verify"])
def test_operations_that_would_claim_an_address_are_closed(client: Client, hoa: User, address: str) -> None:
    client.force_login(hoa)
    body = json.dumps({"email": "lan@gocua.example", "phone": "+84900000000", "password": PASSWORD})
    response = client.post(f"/_allauth/app/v1/{address}", body, content_type="application/json")
    assert response.status_code == 404


def test_sign_up_is_closed_and_shows_the_way_in(client: Client, db: None) -> None:
    page = client.get("/accounts/signup/")
    assert "/loi-moi/" in page.content.decode()
    client.post(
        "/accounts/signup/", {"email": "x@gocua.example", "password1": "mot-mat-khau-dai", "phone": "0912345679"}
    )
    assert not User.objects.exists()


def test_a_code_by_mail_signs_in_once(client: Client, hoa: User) -> None:
    client.post("/accounts/login/code/", {"email": "hoa@gocua.example"})
    code = re.search(r"^\d{6}$", mail.outbox[0].body, re.M)
    assert code is not None
    confirm = "/accounts/login/code/confirm/"
    assert client.post(confirm, {"code": "000000" if code[0] != "000000" else "111111"}).status_code == 200
    assert client.post(confirm, {"code": code[0]}).status_code == 302
    assert client.session["_auth_user_id"] == str(hoa.pk)
    other = Client()
    other.post("/accounts/login/code/", {"email": "hoa@gocua.example"})
    other.post(confirm, {"code": code[0]})  # another session's code
    assert "_auth_user_id" not in other.session


def test_three_wrong_codes_end_the_try(client: Client, hoa: User) -> None:
    client.post("/accounts/login/code/", {"email": "hoa@gocua.example"})
    code = re.search(r"^\d{6}$", mail.outbox[0].body, re.M)
    assert code is not None
    wrong = "123456" if code[0] != "123456" else "654321"
    for _try in range(3):
        client.post("/accounts/login/code/confirm/", {"code": wrong})
    client.post("/accounts/login/code/confirm/", {"code": code[0]})
    assert "_auth_user_id" not in client.session


def test_a_code_by_phone_is_offered_only_where_a_transport_is_set(
    client: Client, hoa: User, settings: Settings
) -> None:
    assert "phone" not in client.get("/accounts/login/code/").context["form"].fields
    settings.SMS_TRANSPORT = "tests.project.accounts.test_sign_in.keep_sms"
    SENT.clear()
    client.post("/accounts/login/code/", {"phone": "0912 345 678"})
    assert SENT[0][0] == "+84912345678"
    code = re.search(r"\d{6}", SENT[0][1])
    assert code is not None
    assert "http" not in SENT[0][1]
    assert client.post("/accounts/login/code/confirm/", {"code": code[0]}).status_code == 302
    hoa.refresh_from_db()
    assert hoa.is_phone_verified


def test_a_forgotten_password_is_replaced_by_a_code(client: Client, hoa: User) -> None:
    client.post("/accounts/password/reset/", {"email": "hoa@gocua.example"})
    code = re.search(r"^\d{6}$", mail.outbox[0].body, re.M)
    assert code is not None
    client.post("/accounts/password/reset/confirm/", {"code": code[0]})
    new = {"password1": "con-meo-nha-toi-2026", "password2": "con-meo-nha-toi-2026"}
    assert client.post("/accounts/password/reset/complete/", new).status_code == 302
    hoa.refresh_from_db()
    assert hoa.check_password("con-meo-nha-toi-2026")


def test_an_unknown_address_gets_the_same_page_for_a_new_password(client: Client, hoa: User) -> None:
    known = client.post("/accounts/password/reset/", {"email": "hoa@gocua.example"})
    unknown = Client().post("/accounts/password/reset/", {"email": "ai-do@gocua.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_wagtails_own_sign_in_is_not_a_way_around_the_second_step(client: Client, hoa: User) -> None:
    hoa.is_superuser = hoa.is_staff = True
    hoa.save()
    response = client.post("/cms/login/", {"username": "hoa@gocua.example", "password": PASSWORD})
    assert response.status_code == 302
    assert response["Location"].startswith(LOGIN)
    assert "_auth_user_id" not in client.session


def test_the_second_step_is_asked_for_once_it_is_set_up(client: Client, hoa: User) -> None:
    TOTP.activate(hoa, generate_totp_secret())
    client.post(LOGIN, {"login": "0912345678", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_second_step_is_set_up_with_spare_codes(client: Client, hoa: User) -> None:
    client.post(LOGIN, {"login": "0912345678", "password": PASSWORD})
    address = "/accounts/2fa/totp/activate/"
    assert client.get(address)["Location"].startswith("/accounts/reauthenticate/")  # weighty: the password once more
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get(address)
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.post(address, {"code": code}).status_code == 302
    assert len(client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]) == 10
    assert client.get("/accounts/2fa/").status_code == 200
    for page_address in ("recovery-codes/generate/", "recovery-codes/download/", "totp/deactivate/"):
        assert client.get(f"/accounts/2fa/{page_address}").status_code == 200


@pytest.mark.parametrize(
    "address", ["password/change/", "sessions/", "2fa/", "logout/", "reauthenticate/", "inactive/"]
)
def test_every_page_of_the_account_draws(client: Client, hoa: User, address: str) -> None:
    client.post(LOGIN, {"login": "0912345678", "password": PASSWORD})
    assert client.get(f"/accounts/{address}").status_code == 200


@pytest.mark.parametrize("address", ["email/", "password/set/", "phone/change/", "phone/verify/", "confirm-email/"])
def test_allauths_address_pages_lead_to_the_profile(client: Client, hoa: User, address: str) -> None:
    client.force_login(hoa)
    assert client.post(f"/accounts/{address}", {"email": "lan@gocua.example"})["Location"] == "/volunteers/me/"


def test_the_page_of_a_signed_in_person_speaks_the_chosen_language(client: Client, cast: Cast) -> None:
    client.force_login(cast.tung)
    client.post("/volunteers/me/", {"what": "profile", "name": "Đỗ Thanh Tùng", "language": "en"})
    assert '<html lang="en"' in client.get("/volunteers/me/").content.decode()
