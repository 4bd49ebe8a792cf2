"""The calendar's pages and feeds."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from project.lib.clock import now
from tests.cast import Cast
from tests.factories.work import make_session
from volunteers.sessions.models import Session, SignUp


def test_a_member_signs_up_and_leaves(cast: Cast, client: Client) -> None:
    session = make_session(cast.commune, cast.team, title="Ngày lưu động thôn 1")
    client.force_login(cast.tung)
    assert "Ngày lưu động" in client.get(reverse("sessions:list")).content.decode()
    client.post(reverse("sessions:sign_up", args=[session.pk]))
    assert SignUp.objects.get().status == SignUp.Status.GOING
    client.post(reverse("sessions:leave", args=[session.pk]))
    assert SignUp.objects.get().status == SignUp.Status.LEFT


def test_a_stranger_gets_404_and_a_volunteer_may_not_cancel(cast: Cast, client: Client) -> None:
    session = make_session(cast.commune, cast.team)
    client.force_login(cast.son)
    for name in ("detail", "cancel", "sign_up", "move", "leave"):
        address = reverse(f"sessions:{name}", args=[session.pk])
        assert (client.get(address) if name == "detail" else client.post(address)).status_code == 404
    client.force_login(cast.tung)
    assert client.post(reverse("sessions:cancel", args=[session.pk])).status_code == 403
    client.force_login(cast.minh)
    client.post(reverse("sessions:cancel", args=[session.pk]))
    session.refresh_from_db()
    assert session.status == Session.Status.CANCELLED


def test_a_lead_opens_a_session_and_wrong_times_are_told_at_the_field(cast: Cast, client: Client) -> None:
    client.force_login(cast.minh)
    address = reverse("sessions:new", args=[cast.commune.code])
    day = (now() + timedelta(days=2)).date()
    wrong = client.post(address, {"kind": "mobile_day", "day": day, "start": "10:00", "end": "09:00"})
    assert wrong.status_code == 200
    assert wrong.context["form"].errors["end"]
    done = client.post(address, {"kind": "mobile_day", "day": day, "start": "08:00", "end": "11:00", "is_public": "on"})
    assert done.status_code == 302
    assert Session.objects.get().area == cast.commune
    client.force_login(cast.son)
    assert client.get(address).status_code == 404


def test_the_public_calendar_shows_public_sessions_only(cast: Cast, client: Client) -> None:
    make_session(cast.commune, cast.team, title="Công khai", is_public=True)
    make_session(cast.commune, cast.team, title="Nội bộ")
    for address in ("/lich/", "/lich/?xa=25396", "/lich/25396.ics"):
        text = client.get(address).content.decode()
        assert "Công khai" in text
        assert "Nội bộ" not in text
    assert client.get("/lich/?xa=99999").status_code == 404
    assert client.get("/en/lich/").status_code == 200


def test_a_signed_feed_needs_no_sign_in_and_a_forged_one_is_404(cast: Cast, client: Client) -> None:
    session = make_session(cast.commune, cast.team, title="Của Tùng")
    client.force_login(cast.tung)
    client.post(reverse("sessions:sign_up", args=[session.pk]))
    feed = client.get(reverse("sessions:list")).context["feed"]
    client.logout()
    assert "Của Tùng" in client.get(reverse("sessions:own_feed", args=[feed])).content.decode()
    assert client.get(reverse("sessions:own_feed", args=[feed[:-2] + "xx"])).status_code == 404
