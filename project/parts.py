"""The parts page: every part of the visual language with sample data, to be looked at together."""

from datetime import date, time
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from project.templatetags.project_tags import percent_of


class SampleForm(forms.Form):
    """One field of every kind; shown once empty-handed and once with mistakes."""

    who = forms.CharField(label=gettext_lazy("Name people call you by"), max_length=40)
    phone = forms.CharField(
        label=gettext_lazy("Phone number"),
        help_text=gettext_lazy("We only call this number about your visit."),
        min_length=10,
        error_messages={"min_length": gettext_lazy("One digit is missing. Please look at it again.")},
    )
    topic = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        choices=[("id", gettext_lazy("Electronic identity")), ("health", gettext_lazy("Health book"))],
        widget=forms.RadioSelect,
    )
    day = forms.DateField(label=gettext_lazy("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=forms.Textarea)
    alone = forms.BooleanField(label=gettext_lazy("I would like a relative to be there"), required=False)


def parts(request: HttpRequest) -> HttpResponse:
    """The workspace's parts; ?for=elder: elders' pages on their own sheet; ?for=volunteer: the bottom bar."""
    elder = request.GET.get("for") == "elder"
    return render(request, f"project/{'parts_elder' if elder else 'parts'}.html", sample(request))


def sample(request: HttpRequest) -> dict[str, Any]:
    """Invented data for both pages: no real person, place or number."""
    people = Paginator([f"{number}" for number in range(1, 90)], 10).page(2)
    return {
        "form": SampleForm({"phone": "091234567"}),
        "page_obj": people,
        "today": date(2026, 11, 29),
        "hour": time(8, 30),
        "unread_count": 3,
        "crumbs": [
            {"url": "/tinh/demo/", "label": _("Sample province")},
            {"url": "/xa/demo/", "label": _("Sample commune")},
            {"url": "", "label": _("Parts")},
        ],
        "nav": _navigation(),
        "nav_bottom": _navigation()[:4] if request.GET.get("for") == "volunteer" else None,
        "icons": ICONS,
        "pictures": PICTURES,
        "tasks": _tasks(),
        "hamlets": [
            {
                "name": _("Hamlet %(number)s") % {"number": number},
                "url": "#coverage",
                "done": done,
                "total": total,
            }
            for number, done, total in (
                (1, 42, 42),
                (2, 31, 48),
                (3, 12, 39),
                (4, 0, 51),
                (5, 20, 22),
                (6, 7, 33),
            )
        ],
        "needs": [
            {"icon": "id-card", "label": _("Electronic identity, level 2")},
            {"icon": "hospital", "label": _("Health book on the phone")},
        ],
        "columns": [
            {"key": "name", "label": _("Hamlet")},
            {"key": "done", "label": _("Reported"), "number": True},
            {"key": "verified", "label": _("Verified"), "number": True},
            {"key": "share", "label": _("Percent"), "number": True},
        ],
        "rows": [
            {
                "name": _("Hamlet %(number)s") % {"number": 1},
                "done": 42,
                "verified": 40,
                "share": percent_of(40, 42),
            },
            {
                "name": _("Hamlet %(number)s") % {"number": 2},
                "done": 31,
                "verified": 24,
                "share": percent_of(24, 48),
            },
        ],
        "marks": [{"x": 53, "y": 76}],
        "dos": [_("Ask the name first."), _("Let the person tap the phone.")],
        "donts": [_("Never read or keep a code."), _("Never carry the phone away.")],
        "scam_steps": [_("Hang up at once."), _("Call a relative."), _("Tell the commune's police.")],
    }


def _navigation() -> list[dict[str, Any]]:
    return [
        {"url": "#today", "label": _("Today"), "icon": "home", "active": True, "count": 0},
        {"url": "#households", "label": _("Households"), "icon": "house", "active": False, "count": 0},
        {"url": "#requests", "label": _("Help requests"), "icon": "help-hand", "active": False, "count": 4},
        {"url": "#sessions", "label": _("Sessions of work"), "icon": "calendar", "active": False, "count": 0},
        {"url": "#progress", "label": _("Progress"), "icon": "chart", "active": False, "count": 0},
    ]


def _tasks() -> list[dict[str, Any]]:
    return [
        {
            "icon": "help-hand",
            "title": _("4 help requests have waited for more than two days"),
            "why": _("The oldest came on Thursday at 9:00."),
            "href": "#requests",
            "label": _("Assign them"),
            "urgent": True,
        },
        {
            "icon": "calendar",
            "title": _("Sunday's session has no crew lead yet"),
            "why": _("6 volunteers have signed up."),
            "href": "#sessions",
            "label": _("Choose one"),
            "urgent": False,
        },
    ]


# fmt: off
ICONS = (
    "home", "lesson", "book", "voice", "speaker", "back", "next", "help-hand", "phone", "call", "door",
    "lane", "house", "crew", "people", "calendar", "clock", "check", "warning", "shield", "paper", "upload",
    "download", "search", "filter", "edit", "trash", "undo", "plus", "minus", "list", "map", "chart",
    "target", "bell", "mail", "user", "key", "logout", "qr", "print", "link", "star", "eye", "lock", "sync",
    "cloud-off", "face-sad", "face-neutral", "face-happy", "id-card", "hospital", "money", "signature",
    "megaphone", "route", "settings", "globe", "close", "info", "arrow-right", "external", "copy", "pin", "wait",
    "mic", "stop",
    "pic-nha", "pic-ga", "pic-dua", "pic-non", "pic-xe", "pic-ca", "pic-meo", "pic-lua", "pic-am", "pic-thuyen",
    "pic-sao", "pic-quat",
)
PICTURES = (
    "knock", "elder-phone", "volunteers-pair", "lead-board", "empty-list", "lane", "phone-help",
    "paper-sun",
)
# fmt: on
