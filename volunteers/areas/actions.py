"""Verbs of places: rename, add, edit and retire hamlets, merge hamlets and communes. Codes and scopes never change.

A merge never rewrites the past: the old area stays, retired, with a row in AreaSuccession that leads to the new one;
events and audit entries keep the hamlet and the scope of their day. What lives today is moved by the movers that
upper slices register (`volunteers/apps.py`), inside the same transaction.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from project.accounts.models import User
from project.lib.clock import today
from project.lib.input_guard import check
from project.lib.vietnamese import fold
from volunteers.access.actions import rescope
from volunteers.access.policy import require
from volunteers.areas.adapter import dated_name, named, unlisted_hamlet
from volunteers.areas.importers import hamlet_full_name, hamlet_row, next_own_codes
from volunteers.areas.models import Area, AreaName, AreaSuccession
from volunteers.audit.log import record

Mover = Callable[[Area, Area, User | None], None]
Blocker = Callable[[Area], str]
_movers: list[Mover] = []
_blockers: list[Blocker] = []


class AreaRefused(ValueError):
    """A change of places that cannot be: `field` is at fault, str() says what to do."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(field)
        self.field, self.message = field, message

    def __str__(self) -> str:
        return str(self.message)


def register_mover(mover: Mover) -> None:
    """Have `mover(old, new, by)` called inside every merge: it moves its slice's living rows from `old` to `new`.

    Called once for each hamlet pair and, when communes merge, once more for the communes, after their hamlets.
    """
    if mover not in _movers:
        _movers.append(mover)


def register_blocker(blocker: Blocker) -> None:
    """Have `blocker(hamlet)` asked before a hamlet is retired: a sentence if something still lives there, else ''."""
    if blocker not in _blockers:
        _blockers.append(blocker)


def rename_area(
    area: Area, *, by: User | None, name: str, kind: str | None = None, since: date | None = None, source: str = ""
) -> Area:
    """Give an area its new name (and kind) from `since` (today) on; the old name keeps its days."""
    require(by, "area.edit_hamlets" if area.level == Area.Level.HAMLET else "area.rename", area)
    name, since = " ".join(name.split()), since or today()
    kind = kind or area.kind
    _check_name(area, name, kind)
    with transaction.atomic():
        row = Area.objects.select_for_update().get(pk=area.pk)
        if (row.name, row.kind) == (name, kind):
            return area
        held = AreaName.objects.select_for_update().filter(area=row, valid_to__isnull=True).first()
        if held is None:  # a hamlet's first name was not dated
            held = dated_name(row, None)
            held.save()
        if held.valid_from is not None and since <= held.valid_from:
            raise AreaRefused("since", _("The present name began after that day. Choose a later one."))
        held.valid_to = since - timedelta(days=1)
        held.save(update_fields=["valid_to"])
        row.name, row.kind = name, kind
        row.full_name = hamlet_full_name(kind, name) if row.level == Area.Level.HAMLET else _full_name(kind, name)
        for column, value in named(row).items():
            setattr(row, column, value)
        row.save(update_fields=["kind", "name", "full_name", "folded", "sort_key"])
        dated_name(row, since, source).save()
        record("area.renamed", row, by=by, since=since)
    return _same(area, row)


def add_hamlet(
    commune: Area, *, by: User | None, name: str, kind: str = Area.Kind.THON, own_code: str = "", **facts: Any
) -> Area:
    """A new hamlet of the commune, with the next free code unless one is given.

    `facts`: lat, lon (degrees, rounded to 3 decimals), household_count, network.
    """
    require(by, "area.edit_hamlets", commune)
    if commune.level != Area.Level.COMMUNE or commune.retired_on:
        raise AreaRefused("name", _("Hamlets belong to a commune that exists."))
    name = " ".join(name.split())
    with transaction.atomic():
        Area.objects.select_for_update().get(pk=commune.pk)  # two at once would take the same code
        own = own_code.strip().lower() or next_own_codes(commune, 1)[0]
        if kind not in Area.Kind.values:
            raise AreaRefused("kind", _("Choose a kind."))
        try:
            hamlet = hamlet_row(commune, own, kind=kind, name=name, **facts)
        except ValueError as error:
            raise AreaRefused("own_code", _("A code has only letters a–z and digits, for example h7.")) from error
        _check_name(hamlet, name, kind)
        if Area.objects.filter(pk=hamlet.pk).exists():
            raise AreaRefused("own_code", _("This code is taken. Leave it empty to get the next free one."))
        hamlet.save(force_insert=True)
        dated_name(hamlet, today()).save()
        record("hamlet.added", hamlet, by=by)
    return hamlet


def edit_hamlet(hamlet: Area, *, by: User | None, **facts: Any) -> Area:
    """Correct facts of a hamlet: lat, lon, household_count, network. A new name is `rename_area`."""
    require(by, "area.edit_hamlets", hamlet)
    allowed = {"lat", "lon", "household_count", "network"}
    if unknown := set(facts) - allowed:
        raise ValueError(f"not facts of a hamlet: {sorted(unknown)}")
    changed = [name for name, value in facts.items() if getattr(hamlet, name) != value]
    if changed:
        with transaction.atomic():
            for name in changed:
                setattr(hamlet, name, facts[name])
            hamlet.save(update_fields=changed)
            record("hamlet.edited", hamlet, by=by, fields=sorted(changed))
    return hamlet


def retire_hamlet(hamlet: Area, *, by: User | None) -> Area:
    """Close a hamlet in which nothing lives any more; one with households is merged instead. Its past stays."""
    require(by, "area.edit_hamlets", hamlet)
    _check_hamlet(hamlet)
    with transaction.atomic():
        row = Area.objects.select_for_update().get(pk=hamlet.pk)
        for blocker in _blockers:
            if told := blocker(row):
                raise AreaRefused("", told)
        _retire(row)
        record("hamlet.retired", row, by=by)
    return _same(hamlet, row)


def merge_hamlets(old: Area, into: Area, *, by: User | None) -> None:
    """`old` becomes part of `into` (same commune) from today on: households move, the past stays where it was."""
    require(by, "area.merge", old)
    require(by, "area.merge", into)
    _check_hamlet(old)
    if into.level != Area.Level.HAMLET or into.retired_on or into.parent_id != old.parent_id or into.pk == old.pk:
        raise AreaRefused("into", _("Choose another hamlet of the same commune."))
    with transaction.atomic():
        list(Area.objects.select_for_update().filter(pk__in=[old.pk, into.pk]).order_by("pk"))
        old.refresh_from_db()
        into.refresh_from_db()
        if old.retired_on or into.retired_on:
            raise AreaRefused("into", _("One of the two has been closed in the meantime."))
        _succeed(old, into, by)
        record("hamlet.merged", old, by=by, into=into.pk)


def merge_areas(old: Area, into: Area, *, by: User | None) -> int:
    """Commune `old` becomes part of commune `into` from today on. Returns how many hamlets came along.

    Each living hamlet of `old` goes on as a new hamlet of `into` (codes are for ever, so it gets a new one), with its
    name; where `into` has that name already, the old commune's name is added. Grants move with the areas.
    """
    if old.level == into.level == Area.Level.HAMLET:
        merge_hamlets(old, into, by=by)
        return 1
    require(by, "area.merge", old)
    require(by, "area.merge", into)
    communes = old.level == into.level == Area.Level.COMMUNE
    if not communes or old.pk == into.pk or old.retired_on or into.retired_on:
        raise AreaRefused("into", _("Only two communes that exist can be merged."))
    with transaction.atomic():
        list(Area.objects.select_for_update().filter(pk__in=[old.pk, into.pk]).order_by("pk"))
        old.refresh_from_db()
        into.refresh_from_db()
        if old.retired_on or into.retired_on:
            raise AreaRefused("into", _("One of the two has been closed in the meantime."))
        came = _bring_hamlets(old, into, by)
        _succeed(old, into, by)
        record("area.merged", old, by=by, into=into.pk, hamlets=came)
    return came


def _bring_hamlets(old: Area, into: Area, by: User | None) -> int:
    hamlets = list(Area.objects.hamlets().filter(parent=old))
    taken = set(Area.objects.hamlets().filter(parent=into).values_list("folded", flat=True))
    for hamlet, own in zip(hamlets, next_own_codes(into, len(hamlets)), strict=True):
        name = hamlet.name
        if fold(hamlet.full_name) in taken:
            name = f"{hamlet.name} ({old.name})"
        facts = {key: getattr(hamlet, key) for key in ("lat", "lon", "household_count", "network")}
        heir = hamlet_row(into, own, kind=hamlet.kind, name=name, **facts)
        heir.save(force_insert=True)
        dated_name(heir, today()).save()
        taken.add(heir.folded)
        _succeed(hamlet, heir, by)
    unlisted = Area.objects.filter(parent=old, is_unlisted=True, retired_on__isnull=True).first()
    if unlisted is not None:
        theirs = Area.objects.filter(parent=into, is_unlisted=True).first()
        if theirs is None:
            theirs = unlisted_hamlet(into)
            theirs.save(force_insert=True)
        _succeed(unlisted, theirs, by)
    return len(hamlets)


def _succeed(old: Area, new: Area, by: User | None) -> None:
    """Retire `old` in favour of `new`: the way is written down, living rows and grants move."""
    AreaSuccession.objects.create(old=old, new=new, on=today(), recorded_by=by)
    _retire(old)
    for mover in _movers:
        mover(old, new, by)
    rescope(old.scope, new.scope, by=by)


def _retire(area: Area) -> None:
    area.retired_on = today()
    area.save(update_fields=["retired_on"])
    AreaName.objects.filter(area=area, valid_to__isnull=True).update(valid_to=today())


def _check_hamlet(hamlet: Area) -> None:
    if hamlet.level != Area.Level.HAMLET or hamlet.retired_on:
        raise AreaRefused("", _("This hamlet is closed already."))
    if hamlet.is_unlisted:
        raise AreaRefused("", _("«Chưa rõ thôn» stays: records whose hamlet is unknown stand there."))


def _check_name(area: Area, name: str, kind: str) -> None:
    if not name or len(name) > 80 or check(name):
        raise AreaRefused("name", _("Write the name alone, at most 80 letters."))
    if kind not in Area.Kind.values:
        raise AreaRefused("kind", _("Choose a kind."))
    if area.is_unlisted:
        raise AreaRefused("name", _("«Chưa rõ thôn» stays: records whose hamlet is unknown stand there."))
    if area.level == Area.Level.HAMLET:
        folded = fold(hamlet_full_name(kind, name))
        if Area.objects.hamlets().filter(parent_id=area.parent_id, folded=folded).exclude(pk=area.pk).exists():
            raise AreaRefused("name", _("This commune has a hamlet of that name already."))


def _full_name(kind: str, name: str) -> str:
    label = str(Area.Kind(kind).label)
    return f"{label[:1].upper()}{label[1:]} {name}"


def _same(area: Area, row: Area) -> Area:
    for field in Area._meta.concrete_fields:
        setattr(area, field.attname, getattr(row, field.attname))
    return area
