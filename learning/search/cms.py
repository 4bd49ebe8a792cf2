"""The editors' report «what people searched in vain»: the lessons that are still to be written."""

from datetime import timedelta
from typing import Any

from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.admin.auth import permission_required
from wagtail.admin.menu import MenuItem

from learning.search.actions import KEPT_DAYS
from learning.search.models import SearchMiss
from project.lib.clock import today

MOST = 200
LATELY_DAYS = 30


@require_safe
@permission_required("wagtailadmin.access_admin")
def misses(request: HttpRequest) -> HttpResponse:
    """Queries without a hit, the most frequent first: how often in all, how often lately, when last."""
    rows = SearchMiss.objects.values("query", "language").annotate(total=Sum("count"), last=Max("day"))
    found = list(rows.order_by("-total", "-last", "query")[:MOST])
    recent = SearchMiss.objects.filter(day__gte=today() - timedelta(days=LATELY_DAYS))
    lately = {
        (row["query"], row["language"]): row["total"]
        for row in recent.values("query", "language").annotate(total=Sum("count"))
    }
    may_promote = request.user.has_perm("wagtailsearchpromotions.add_searchpromotion")
    context = {
        "rows": [row | {"lately": lately.get((row["query"], row["language"]), 0)} for row in found],
        "kept_days": KEPT_DAYS,
        "lately_days": LATELY_DAYS,
        "promote_href": reverse("wagtailsearchpromotions:add") if may_promote else "",
        "page_title": _now("Searched in vain"),
        "header_icon": "search",
    }
    return render(request, "learning/search_misses.html", context)


def offer_report() -> None:
    """Reports → Searched in vain."""

    @hooks.register("register_admin_urls")
    def admin_urls() -> list[Any]:
        return [path("tim-khong-thay/", misses, name="learning_search_misses")]

    @hooks.register("register_reports_menu_item")
    def menu_item() -> MenuItem:
        return MenuItem(_("Searched in vain"), reverse("learning_search_misses"), icon_name="search", order=910)
