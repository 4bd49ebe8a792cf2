"""Reads of the audit trail beneath a person's scope, with the places and people that the entries name."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from project.accounts.models import User
from project.lib.clock import start_of_day
from volunteers.access.policy import can
from volunteers.access.queries import area_scopes
from volunteers.access.scoping import beneath
from volunteers.areas.models import Area
from volunteers.areas.queries import past_scopes, places_by_scope, present_of
from volunteers.audit.models import AuditEntry
from volunteers.reports.catalog import words_for

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the page shows it."""

    entry: AuditEntry
    words: Promise | str
    actor: str
    place: str
    facts: str


@dataclass(frozen=True, slots=True)
class Trail:
    """A page of the trail, newest first; `older` is the cursor of the next page, None on the last."""

    lines: list[Line]
    older: int | None


def trail(
    user: User,
    *,
    scope: str = "",
    action: str = "",
    actor: uuid.UUID | None = None,
    since: date | None = None,
    until: date | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> Trail:
    """What was done beneath the scopes where this person may read the audit; filters by words of the form.

    Entries of areas that were merged into those scopes belong to them too: an entry keeps the scope of its day.
    """
    rows = _beneath_scopes(readable_scopes(user, scope))
    if action:
        rows = rows.filter(action=action)
    if actor is not None:
        rows = rows.filter(actor_id=actor)
    if since is not None:
        rows = rows.filter(at__gte=start_of_day(since))
    if until is not None:
        rows = rows.filter(at__lt=start_of_day(until + timedelta(days=1)))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    entries = list(rows.order_by("-pk")[: limit + 1])
    more = len(entries) > limit
    entries = entries[:limit]
    return Trail(_lines(entries), entries[-1].pk if more else None)


def readable_scopes(user: User, scope: str = "") -> list[str]:
    """Where the person may read the trail: the own scopes with the right, narrowed to `scope`; old scopes included."""
    own = [held for held in area_scopes(user) if can(user, "audit.view", held)]
    if scope:
        own = [scope] if any(scope.startswith(held) for held in own) else []
    return own + past_scopes(own)


def _beneath_scopes(scopes: Iterable[str]) -> QuerySet[AuditEntry]:
    wall = Q()
    for scope in scopes:
        wall |= beneath("scope", scope)
    return AuditEntry.objects.filter(wall) if wall else AuditEntry.objects.none()


def actions_done(user: User) -> list[tuple[str, str]]:
    """The kinds of entries in the person's latest 2,000, with their words, for the filter."""
    latest = _beneath_scopes(readable_scopes(user)).order_by("-pk").values_list("action", flat=True)[:2000]
    return sorted(((code, str(words_for(code))) for code in set(latest)), key=lambda pair: pair[1])


def actor_name(actor: uuid.UUID | None) -> str:
    """The name of who did it, for the filter's chip."""
    person = User.objects.filter(pk=actor).first() if actor else None
    return person.name if person else ""


def _lines(entries: list[AuditEntry]) -> list[Line]:
    people = User.objects.in_bulk({entry.actor_id for entry in entries if entry.actor_id})
    places = places_by_scope(entry.scope for entry in entries)
    labels = {scope: _place(area) for scope, area in places.items()}
    return [
        Line(
            entry=entry,
            words=words_for(entry.action),
            actor=_actor(entry, people),
            place=labels.get(entry.scope, _("the whole country") if entry.scope == "VN/" else ""),
            facts=_facts(entry.detail),
        )
        for entry in entries
    ]


def _actor(entry: AuditEntry, people: dict[Any, User]) -> str:
    if entry.actor_id is None:
        return _("somebody without an account") if entry.action == "request.received" else _("the system")
    person = people.get(entry.actor_id)
    return person.name if person else _("an account that was erased")


def _place(area: Area) -> str:
    """The place as it was called, and what it is now if it was merged since."""
    name = area.full_name
    if area.level == Area.Level.HAMLET and area.parent is not None:
        name = f"{name}, {area.parent.full_name}"
    if area.retired_on is None:
        return name
    present = present_of(area)
    return name if present.pk == area.pk else _("%(old)s (now %(new)s)") % {"old": name, "new": present.full_name}


def _facts(detail: dict[str, Any]) -> str:
    """Counts of the entry («12 created»); ids and codes say nothing to a reader."""
    words = {"created": _("newly added"), "updated": _("updated"), "hamlets": _("hamlets"), "entries": _("entries")}
    found = [f"{words[key]}: {value}" for key, value in detail.items() if key in words and isinstance(value, int)]
    return ", ".join(found)
