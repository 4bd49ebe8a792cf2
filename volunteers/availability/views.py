"""The volunteer's own free time: a week to paint, and days that differ."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from project.lib.clock import today
from volunteers.access.guards import SignedInRequest, signed_in
from volunteers.availability.actions import add_exception, paint_week, remove_exception
from volunteers.availability.forms import BLOCK_NAMES, DAYS, ExceptionForm, WeekForm
from volunteers.availability.models import AvailabilityException
from volunteers.availability.queries import painted
from volunteers.teams.models import Membership


def own_membership(request: SignedInRequest) -> Membership:
    """The signed-in person's membership of today; somebody without a team gets 404."""
    mine = Membership.objects.current().filter(user=request.user).select_related("team__area").order_by("joined_on")
    return get_object_or_404(mine[:1])


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def week(request: SignedInRequest) -> HttpResponse:
    """Paint the week."""
    membership = own_membership(request)
    form = WeekForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        paint_week(membership, form.painted(), by=request.user)
        messages.success(request, _("Saved. The planner uses it from the next plan on."))
        return redirect("availability:week")
    marked = painted(membership)
    rows = [
        {"name": day, "cells": [{"value": f"{number}-{key}", "name": name, "on": (number, key) in marked}
                                for key, name in BLOCK_NAMES.items()]}
        for number, day in enumerate(DAYS)
    ]  # fmt: skip
    exceptions = AvailabilityException.objects.filter(membership=membership, day__gte=today()).order_by("day")
    context = {
        "rows": rows,
        "exceptions": exceptions,
        "exception_form": ExceptionForm(),
        "blocks": BLOCK_NAMES.values(),
    }
    return render(request, "volunteers/availability/week.html", context)


@signed_in
@require_POST
def except_day(request: SignedInRequest) -> HttpResponse:
    """One day that differs."""
    membership = own_membership(request)
    form = ExceptionForm(request.POST)
    if form.is_valid():
        add_exception(membership, form.cleaned_data["day"], is_free=form.cleaned_data["is_free"], by=request.user)
        messages.success(request, _("Noted. Your team leader sees it too."))
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("availability:week")


@signed_in
@require_POST
def remove(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The day is as every week again."""
    row = get_object_or_404(AvailabilityException.objects.visible_to(request.user), pk=pk)
    remove_exception(row, by=request.user)
    messages.success(request, _("That day is as every week again."))
    return redirect("availability:week")
