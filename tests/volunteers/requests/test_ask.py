"""The help form: three screens, no account, no script, nothing lost on the way back."""

import re
from datetime import timedelta
from unicodedata import normalize

import pytest
from django.test import Client

from project.lib.clock import FrozenClock
from tests.cast import Cast
from tests.factories.areas import make_commune
from volunteers.audit.models import AuditEntry
from volunteers.requests.models import HelpRequest
from volunteers.requests.schemas import PER_HAMLET, PER_NUMBER, PER_SENDER

pytestmark = pytest.mark.usefixtures("services")
GOOD = {"xa": "25396", "thon": "h1", "viec": "vneid_l2", "luc": "morning"}


def seal_of(body: str) -> str:
    found = re.search(r'name="seal" value="([^"]+)"', body)
    assert found
    return found[1]


def file_one(client: Client, clock: FrozenClock, phone: str = "0912 345 678", path: str = "/nho-giup/", **more: str):  # type: ignore[no-untyped-def]
    """From the last screen to the answer, as a browser does it."""
    page = client.get(path, GOOD | more)
    clock.advance(timedelta(seconds=20))
    return client.post(path, GOOD | more | {"seal": seal_of(page.content.decode()), "phone": phone})


def test_three_screens_lead_to_a_request(client: Client, cast: Cast, monday: FrozenClock) -> None:
    first = client.get("/nho-giup/", {"q": normalize("NFD", "bù đăng")}).content.decode()
    assert "xa=25396" in first
    second = client.get("/nho-giup/", {"xa": "25396"}).content.decode()
    assert "thon=h1" in second
    assert "thon=h0" in second
    third = client.get("/nho-giup/", {"xa": "25396", "thon": "h1"}).content.decode()
    assert 'value="vneid_l2"' in third
    answer = file_one(client, monday)
    row = HelpRequest.objects.get()
    assert answer.status_code == 303
    assert answer.url == f"/nho-giup/{row.code}/?moi=1"
    assert (row.area, row.hamlet, row.topic, row.good_time) == (cast.commune, cast.h1, "vneid_l2", "morning")
    assert row.phone == "+84912345678"
    entry = AuditEntry.objects.get(action="request.received")
    assert entry.scope == cast.commune.scope
    assert "912" not in str(entry.detail)


def test_the_answer_shows_the_code_and_never_the_number(client: Client, cast: Cast, monday: FrozenClock) -> None:
    page = client.get(file_one(client, monday).url)
    row = HelpRequest.objects.get()
    body = page.content.decode()
    assert f"{row.code[:3]}-{row.code[3:6]}-{row.code[6:]}" in body
    assert "<svg" in body
    assert "345" not in body.replace(row.code, "")
    assert "no-store" in page["Cache-Control"]


def test_nobody_gets_a_session_or_csrf_cookie(client: Client, cast: Cast, monday: FrozenClock) -> None:
    file_one(client, monday)
    assert set(client.cookies) <= {"gocua_xa"}


def test_the_commune_is_remembered_only_after_it_was_chosen(client: Client, cast: Cast) -> None:
    client.get("/nho-giup/", {"q": "bu dang"})
    assert "gocua_xa" not in client.cookies
    client.get("/nho-giup/", {"xa": "25396"})
    assert client.cookies["gocua_xa"].value == "25396"
    assert "xa=25396" in client.get("/nho-giup/").content.decode()


def test_back_shows_what_was_chosen(client: Client, cast: Cast) -> None:
    body = client.get("/nho-giup/", GOOD | {"man": "2"}).content.decode()
    assert re.search(r'value="vneid_l2" checked', body)
    assert re.search(r'value="morning" checked', body)
    assert "thon=h1" in client.get("/nho-giup/", GOOD | {"man": "1"}).content.decode()


def test_a_forgotten_answer_is_asked_for_beside_its_tiles(client: Client, cast: Cast) -> None:
    body = client.get("/nho-giup/", {"xa": "25396", "thon": "h1", "man": "3", "viec": "portal"}).content.decode()
    assert body.count('class="errorlist"') == 1
    assert re.search(r'value="portal" checked', body)


def test_the_lesson_and_its_step_travel_along(client: Client, cast: Cast, monday: FrozenClock) -> None:
    body = client.get("/nho-giup/", {"bai": "7", "buoc": "dat-ma", "q": "bu dang"}).content.decode()
    assert "bai=7&amp;buoc=dat-ma&amp;xa=25396" in body
    file_one(client, monday, bai="7", buoc="dat-ma")
    row = HelpRequest.objects.get()
    assert (row.lesson_number, row.step) == (7, "dat-ma")


@pytest.mark.parametrize("phone", ["", "0912", "09123456789", "không nhớ", "0162 345 6789"])
def test_a_wrong_number_is_told_beside_the_field_and_nothing_is_lost(
    client: Client, cast: Cast, monday: FrozenClock, phone: str
) -> None:
    answer = file_one(client, monday, phone)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="errorlist"' in body
    assert 'name="viec" value="vneid_l2"' in body
    assert not HelpRequest.objects.exists()


def test_a_machine_that_fills_every_field_files_nothing(client: Client, cast: Cast, monday: FrozenClock) -> None:
    seal = seal_of(client.get("/nho-giup/", GOOD).content.decode())
    monday.advance(timedelta(seconds=20))
    client.post("/nho-giup/", GOOD | {"seal": seal, "phone": "0912345678", "leave_empty": "http://x"})
    assert not HelpRequest.objects.exists()


def test_a_form_sent_at_once_or_after_a_day_is_drawn_again(client: Client, cast: Cast, monday: FrozenClock) -> None:
    seal = seal_of(client.get("/nho-giup/", GOOD).content.decode())
    body = GOOD | {"seal": seal, "phone": "0912345678"}
    fast = client.post("/nho-giup/", body)
    assert fast.status_code == 422
    monday.advance(timedelta(days=2))
    assert client.post("/nho-giup/", body).status_code == 422
    assert client.post("/nho-giup/", body | {"seal": "made up"}).status_code == 422
    assert not HelpRequest.objects.exists()
    again = client.get("/nho-giup/", GOOD).content.decode()
    monday.advance(timedelta(seconds=9))
    assert client.post("/nho-giup/", body | {"seal": seal_of(again)}).status_code == 303


def test_the_same_form_twice_is_one_request(client: Client, cast: Cast, monday: FrozenClock) -> None:
    seal = seal_of(client.get("/nho-giup/", GOOD).content.decode())
    monday.advance(timedelta(seconds=20))
    answers = [client.post("/nho-giup/", GOOD | {"seal": seal, "phone": "0912345678"}) for _turn in range(3)]
    assert HelpRequest.objects.count() == 1
    assert {answer.url.partition("?")[0] for answer in answers} == {f"/nho-giup/{HelpRequest.objects.get().code}/"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_from_another_site_is_refused(
    client: Client, cast: Cast, monday: FrozenClock, headers: dict[str, str]
) -> None:
    seal = seal_of(client.get("/nho-giup/", GOOD).content.decode())
    monday.advance(timedelta(seconds=20))
    answer = client.post("/nho-giup/", GOOD | {"seal": seal, "phone": "0912345678"}, headers=headers)
    assert answer.status_code == 403
    assert not HelpRequest.objects.exists()


def test_one_number_cannot_be_flooded(client: Client, cast: Cast, monday: FrozenClock) -> None:
    for _turn in range(PER_NUMBER):
        assert file_one(client, monday).status_code == 303
    assert file_one(client, monday).status_code == 429
    assert file_one(client, monday, "0987654321").status_code == 303


def test_one_hamlet_and_one_sender_cannot_be_flooded(client: Client, cast: Cast, monday: FrozenClock) -> None:
    for turn in range(PER_HAMLET):
        assert file_one(client, monday, f"09123450{turn:02d}").status_code == 303
    assert file_one(client, monday, "0912345999").status_code == 429
    for turn in range(PER_SENDER - PER_HAMLET):
        assert file_one(client, monday, f"09123460{turn:02d}", thon="h2").status_code == 303
    assert file_one(client, monday, "0912346999", thon="h2").status_code == 429
    monday.advance(timedelta(hours=1))
    assert file_one(client, monday, "0912346999", thon="h2").status_code == 303


def test_a_commune_without_hamlets_asks_for_none(client: Client, cast: Cast) -> None:
    make_commune("25399", "Đak Nhau", parent=cast.province)
    body = client.get("/nho-giup/", {"xa": "25399"}).content.decode()
    assert 'name="viec"' in body


@pytest.mark.parametrize(
    "query", [{"xa": "99999"}, {"xa": "25396", "thon": "../"}, {"xa": "25396", "thon": "26041-h1"}, {"bai": "x"}]
)
def test_words_that_fit_nothing_are_left_out(client: Client, cast: Cast, query: dict[str, str]) -> None:
    assert client.get("/nho-giup/", query).status_code == 200


def test_the_english_twin_speaks_english_and_leads_to_the_english_page(
    client: Client, cast: Cast, monday: FrozenClock
) -> None:
    body = client.get("/en/nho-giup/", GOOD).content.decode()
    assert "Which number may we call?" in body
    assert 'action="/en/nho-giup/"' in body
    answer = file_one(client, monday, path="/en/nho-giup/")
    assert answer.url.startswith("/en/nho-giup/")
    assert "Your request has arrived" in client.get(answer.url).content.decode()


def test_browsing_by_province_needs_no_typing(client: Client, cast: Cast) -> None:
    assert "tinh=75" in client.get("/nho-giup/").content.decode()
    assert "xa=25396" in client.get("/nho-giup/", {"tinh": "75"}).content.decode()


def test_a_typed_code_leads_to_its_page(client: Client, cast: Cast) -> None:
    assert client.get("/nho-giup/", {"ma": " k7m-2qx 9dcf"}).url == "/nho-giup/K7M2QX9DCF/"
