"""The inbox, the choice of mail, and the number on the bell."""

from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from project.accounts.models import User
from volunteers.access.guards import SignedInRequest, signed_in
from volunteers.notifications import actions, queries
from volunteers.notifications.forms import PreferencesForm
from volunteers.notifications.models import Notification

ON_A_PAGE = 30


def unread(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `unread_count` for the bell; counted only where a page shows it, once a request."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"unread_count": 0}
    count: Callable[[], int] = cache(lambda: queries.unread_count(user))
    return {"unread_count": count}


@signed_in
@never_cache
@require_safe
def inbox(request: SignedInRequest) -> HttpResponse:
    """My notices, newest first."""
    pages = Paginator(queries.inbox(request.user), ON_A_PAGE)
    return render(request, "volunteers/notifications/inbox.html", {"page_obj": pages.get_page(request.GET.get("page"))})


@signed_in
@require_POST
def read(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Mark one as read and go where it leads."""
    notice: Notification = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    actions.read_notice(notice)
    if notice.url and url_has_allowed_host_and_scheme(notice.url, None):
        return redirect(notice.url)
    return redirect("notifications:inbox")


@signed_in
@require_POST
def read_all(request: SignedInRequest) -> HttpResponse:
    """Mark all as read."""
    actions.read_all(request.user)
    return redirect("notifications:inbox")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: SignedInRequest) -> HttpResponse:
    """Which notices come by e-mail."""
    # Not `request.POST or None`: nothing ticked is an answer too.
    form = PreferencesForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        actions.choose_mail(request.user, form.choices())
        messages.success(request, _("Saved."))
        return redirect("notifications:preferences")
    return render(request, "volunteers/notifications/preferences.html", {"form": form})
