"""Painting the week, and days that differ."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from project.lib.clock import today
from tests.cast import Cast
from volunteers.audit.models import AuditEntry
from volunteers.availability.actions import add_exception, paint_week, remove_exception
from volunteers.availability.models import AvailabilityException, Pattern
from volunteers.availability.queries import free_intervals, painted


def test_it_joins_neighbouring_blocks_and_replaces_the_week(cast: Cast) -> None:
    paint_week(cast.tung_member, [(0, "pm"), (0, "eve"), (6, "am")], by=cast.tung)
    assert sorted(Pattern.objects.values_list("weekday", "start_minute", "end_minute")) == [
        (0, 810, 1260),
        (6, 480, 690),
    ]
    assert painted(cast.tung_member) == {(0, "pm"), (0, "eve"), (6, "am")}
    paint_week(cast.tung_member, [], by=cast.tung)
    assert not Pattern.objects.exists()
    assert AuditEntry.objects.filter(action="availability.painted", actor_id=cast.tung.pk).count() == 2


def test_it_refuses_a_stranger(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        paint_week(cast.tung_member, [(0, "am")], by=cast.son)
    assert not Pattern.objects.exists()


def test_free_intervals_take_two_queries_however_many_members(cast: Cast, django_assert_num_queries: object) -> None:
    paint_week(cast.tung_member, [(0, "am")], by=cast.tung)
    monday = date(2026, 11, 2)
    add_exception(cast.hoa_member, monday, is_free=True, start=480, end=690, by=cast.hoa)
    with django_assert_num_queries(2):  # type: ignore[operator]
        free = free_intervals([cast.tung_member, cast.hoa_member], first=monday, last=monday)
    assert free == {cast.tung_member.pk: {monday: [(480, 690)]}, cast.hoa_member.pk: {monday: [(480, 690)]}}


def test_an_exception_can_be_taken_back(cast: Cast) -> None:
    row = add_exception(cast.tung_member, today(), is_free=False, by=cast.tung)
    add_exception(cast.tung_member, today(), is_free=False, by=cast.tung)
    assert AvailabilityException.objects.count() == 1
    remove_exception(AvailabilityException.objects.get(), by=cast.hoa)
    assert not AvailabilityException.objects.exists()
    assert row.day == today()


def test_the_page_saves_what_is_painted(cast: Cast, client: Client) -> None:
    client.force_login(cast.tung)
    answer = client.post(reverse("availability:week"), {"cells": ["0-am", "2-eve"]}, follow=True)
    assert answer.status_code == 200
    assert painted(cast.tung_member) == {(0, "am"), (2, "eve")}
    assert b'value="0-am" checked' in answer.content


def test_the_page_notes_a_day_and_refuses_a_past_one(cast: Cast, client: Client) -> None:
    client.force_login(cast.tung)
    client.post(reverse("availability:except"), {"day": today() + timedelta(days=3), "is_free": "0"})
    client.post(reverse("availability:except"), {"day": today() - timedelta(days=3), "is_free": "0"})
    row = AvailabilityException.objects.get()
    assert row.day == today() + timedelta(days=3)
    client.force_login(cast.son)
    assert client.post(reverse("availability:remove", args=[row.pk])).status_code == 404
    assert AvailabilityException.objects.exists()


def test_a_lead_without_a_team_has_no_week(cast: Cast, client: Client) -> None:
    client.force_login(cast.minh)
    assert client.get(reverse("availability:week")).status_code == 404
    client.logout()
    assert client.get(reverse("availability:week")).status_code == 302
