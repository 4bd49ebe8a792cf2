"""The audit trail: what was done beneath the person's scope, newest first."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from project.accounts.models import User
from volunteers.access.guards import allowed, signed_in
from volunteers.access.policy import can_somewhere
from volunteers.areas.models import Area
from volunteers.reports import queries
from volunteers.reports.forms import TrailForm


@signed_in
@never_cache
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """Entries beneath the grants that may read them; `?area=` narrows, `?before=` is the cursor."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    if not can_somewhere(user, "audit.view"):
        raise PermissionDenied("audit.view")
    area = None
    if code := request.GET.get("area", ""):
        area = get_object_or_404(Area.objects.visible_to(user), code=code)
        allowed(user, "audit.view", area)
    form = TrailForm(request.GET, actions=queries.actions_done(user))
    cursor = request.GET.get("before", "")
    before = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 19 else None
    chosen = form.chosen()
    page = queries.trail(user, scope=area.scope if area else "", before=before, **chosen)
    context = {
        "trail": page,
        "form": form,
        "area": area,
        "is_first": before is None,
        "actor": form.chosen_actor,
        "actor_name": queries.actor_name(form.chosen_actor) if page.lines else "",
        "crumbs": [{"label": _("Audit trail"), "url": ""}],
    }
    return render(request, "volunteers/reports/audit.html", context)
