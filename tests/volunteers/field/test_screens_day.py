"""The other pages of the field: today's list, people who come by, coming and going, danger, the companion."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from learning import catalog
from project.lib import clock
from project.lib.ids import new_id
from tests.cast import Cast
from tests.factories.people import make_member
from tests.factories.work import make_crew, make_household, make_session, make_visit
from volunteers.activations.models import Event
from volunteers.audit.models import AuditEntry
from volunteers.field.models import SyncItem
from volunteers.households.models import Household
from volunteers.sessions.models import Session, SignUp
from volunteers.visits.models import Visit

pytestmark = pytest.mark.usefixtures("services")


@pytest.fixture
def round_(cast: Cast, services: None, monday: clock.FrozenClock) -> Session:
    session = make_session(cast.commune, cast.team)
    make_crew(session, cast.hoa_member, cast.tung_member)
    return session


@pytest.fixture
def tung(client: Client, cast: Cast) -> Client:
    client.force_login(cast.tung)
    return client


GUEST = {"n1-consent": "yes", "n1-rung_vneid_l2": "registered", "lane": "Ngõ 9, cạnh giếng", "faces": "3"}


def test_the_list_shows_todays_visits(tung: Client, cast: Cast, round_: Session) -> None:
    visit = make_visit(round_, make_household(cast.h1), round_.crews.get())
    text = tung.get(reverse("field:shell")).content.decode()
    assert reverse("field:visit", args=[visit.pk]) in text
    assert reverse("field:walk_in", args=[round_.pk]) in text


def test_an_empty_list_says_what_to_do(tung: Client, cast: Cast) -> None:
    assert reverse("visits:today") in tung.get(reverse("field:shell")).content.decode()


def test_somebody_who_came_by_is_recorded(tung: Client, cast: Cast, round_: Session) -> None:
    address = reverse("field:walk_in", args=[round_.pk])
    fields = GUEST | {"batch": str(new_id()), "hamlet": cast.h1.code}
    assert tung.post(address, fields).status_code == 302
    assert tung.post(address, fields).status_code == 302  # the same page again
    visit = Visit.objects.get()
    assert (visit.kind, visit.status, visit.result, visit.faces) == ("walk_in", "completed", "done", 3)
    assert Household.objects.get().hamlet_id == cast.h1.code
    assert Event.objects.get().rung == "registered"


def test_a_member_without_a_crew_may_record_at_a_counter(client: Client, cast: Cast, round_: Session) -> None:
    shift = make_session(cast.commune, cast.team, kind="counter_shift")
    member = make_member(cast.team)
    client.force_login(member.user)
    fields = GUEST | {"batch": str(new_id()), "hamlet": cast.h1.code}
    client.post(reverse("field:walk_in", args=[shift.pk]), fields)
    assert Event.objects.get().recorded_by_id == member.user_id
    assert not SyncItem.objects.exclude(status="applied").exists()


def test_somebody_who_came_by_needs_a_door_and_a_yes(tung: Client, cast: Cast, round_: Session) -> None:
    address = reverse("field:walk_in", args=[round_.pk])
    base = GUEST | {"batch": str(new_id()), "hamlet": cast.h1.code}
    for wrong in ({"lane": ""}, {"hamlet": ""}, {"n1-consent": ""}, {"lane": "cccd 001200012345"}):
        assert tung.post(address, base | wrong).status_code == 200
    assert not Visit.objects.exists()
    assert not SyncItem.objects.exists()


def test_somebody_who_came_by_and_wants_no_record_leaves_no_door(tung: Client, cast: Cast, round_: Session) -> None:
    fields = GUEST | {
        "batch": str(new_id()), "hamlet": cast.h1.code, "n1-consent": "no", "n1-rung_vneid_l2": "", "n1-unnamed": "epay"
    }  # fmt: skip
    assert tung.post(reverse("field:walk_in", args=[round_.pk]), fields).status_code == 302
    household = Household.objects.get()
    assert household.hamlet_id == f"{cast.commune.code}-h0"
    assert "Ngõ 9" not in household.lane
    assert household.status == "refused"  # never planned
    assert Visit.objects.get().unnamed_services == ["epay"]
    assert not Event.objects.exists()


def test_another_communes_session_is_not_there(client: Client, cast: Cast, round_: Session) -> None:
    client.force_login(cast.son)
    for name in ("walk_in", "shift"):
        address = reverse(f"field:{name}", args=[round_.pk])
        assert client.post(address, GUEST | {"batch": str(new_id()), "turn": "in"}).status_code == 404
    raised = client.post(reverse("field:safety"), {"batch": str(new_id()), "session": str(round_.pk)})
    assert raised.status_code == 404
    assert not SyncItem.objects.exists()


def test_coming_and_going_is_written_once(tung: Client, cast: Cast, round_: Session) -> None:
    address = reverse("field:shift", args=[round_.pk])
    batch = str(new_id())
    for turn in ("in", "in", "out"):
        assert tung.post(address, {"batch": batch, "turn": turn}).status_code == 302
    row = SignUp.objects.get(membership=cast.tung_member)
    assert row.checked_in_at
    assert row.checked_out_at
    assert SyncItem.objects.count() == 2
    tung.post(address, {"batch": batch, "turn": "sideways"})
    assert SyncItem.objects.count() == 2


def test_danger_is_told_at_once(tung: Client, cast: Cast, round_: Session) -> None:
    visit = make_visit(round_, make_household(cast.h1), round_.crews.get())
    tung.post(reverse("field:safety"), {"session": str(round_.pk), "visit": str(visit.pk)})  # even from an old page
    assert AuditEntry.objects.filter(action="session.safety_raised").count() == 1
    assert tung.post(reverse("field:safety"), {"session": "nonsense"}).status_code == 400


def step(number: int, iphone: bool = False) -> catalog.Step:
    return catalog.Step(
        id=f"s{number}", number=number, text=f"Bác chạm vào {'nút «Nhận»' if iphone else f'ô số {number}'}.",
        picture=None, hints=(catalog.Hint("Máy hỏi mã", "Bác chờ tin nhắn"),), helper_note="Ngồi cạnh, đừng cầm máy.",
        voice_url="", voice_seconds=0, is_machine_voice=False, tracks=(), do=("Ngồi sang bên",), dont=("Bấm hộ",),
        terms=(catalog.Term("OTP", "Mã trong tin nhắn", ""),), link_url="https://vneid.gov.vn/", link_label="VNeID",
        helper_never="Không đọc mã thành tiếng.", has_variant=number == 2,
    )  # fmt: skip


@pytest.fixture
def lesson(monkeypatch: pytest.MonkeyPatch) -> None:
    card = catalog.LessonCard(
        7, "Kích hoạt", "/bai-hoc/x/y/", 3, 10, "phone", "vi", "/b/7/the/", "/b/7/in/", "/bai-hoc/x/y/?thu=1"
    )
    monkeypatch.setattr(catalog, "lesson_card", lambda number, language="vi": card if number == 7 else None)
    monkeypatch.setattr(
        catalog, "lesson_steps", lambda number, language="vi", iphone=False: [step(n, iphone) for n in (1, 2, 3)]
    )


@pytest.mark.usefixtures("lesson")
def test_the_companion_shows_the_step_and_what_the_helper_does(tung: Client) -> None:
    address = reverse("field:companion", args=[7])
    text = tung.get(f"{address}?buoc=2").content.decode()
    assert "Bác chạm vào ô số 2." in text
    assert "Ngồi cạnh, đừng cầm máy." in text
    assert "buoc=1" in text
    assert "buoc=3" in text
    for odd in ("0", "99", "x", "²", ""):
        assert tung.get(address, {"buoc": odd}).status_code == 200
    assert tung.get(reverse("field:companion", args=[8])).status_code == 404


@pytest.mark.usefixtures("lesson")
def test_the_companion_says_what_never_to_do_and_what_words_mean(tung: Client) -> None:
    text = tung.get(f"{reverse('field:companion', args=[7])}?buoc=2").content.decode()
    for words in ("Không đọc mã thành tiếng.", "Ngồi sang bên", "Bấm hộ", "OTP", "Mã trong tin nhắn"):
        assert words in text
    for href in ("https://vneid.gov.vn/", "/b/7/the/", "/b/7/in/", "/bai-hoc/x/y/?thu=1"):
        assert f'href="{href}"' in text


@pytest.mark.usefixtures("lesson")
def test_the_companion_shows_the_iphone_where_it_differs_and_keeps_it(tung: Client) -> None:
    address = reverse("field:companion", args=[7])
    text = tung.get(f"{address}?buoc=2&may=iphone").content.decode()
    assert "Bác chạm vào nút «Nhận»." in text
    assert 'href="?buoc=3&amp;may=iphone"' in text
    assert 'href="?buoc=2"' in text  # back to the other phone
    assert "may=iphone" not in tung.get(f"{address}?buoc=1").content.decode()  # this step is the same on both


@pytest.mark.usefixtures("lesson")
def test_the_companion_leads_back_to_the_visit(tung: Client, cast: Cast, round_: Session) -> None:
    visit = make_visit(round_, make_household(cast.h1), round_.crews.get())
    address = reverse("field:companion", args=[7])
    text = tung.get(f"{address}?luot={visit.pk}&buoc=3").content.decode()
    assert reverse("field:visit", args=[visit.pk]) in text
    assert f"luot={visit.pk}" in text
    assert tung.get(f"{address}?luot=nonsense").status_code == 200


@pytest.mark.parametrize("name", ["shell", "companion"])
def test_anonymous_people_go_to_the_sign_in_page(client: Client, db: None, name: str) -> None:
    args: list[Any] = [7] if name == "companion" else []
    assert "/accounts/login/" in client.get(reverse(f"field:{name}", args=args))["Location"]


def test_the_pages_never_say_counted(tung: Client, cast: Cast, round_: Session) -> None:
    visit = make_visit(round_, make_household(cast.h1), round_.crews.get())
    for path in (reverse("visits:today"), reverse("field:visit", args=[visit.pk]), reverse("field:shell")):
        text = re.sub(r"<[^>]+>", " ", tung.get(path).content.decode()).lower()
        assert "counted" not in text
        assert "đã tính" not in text
