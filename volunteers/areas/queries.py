"""Reads of places: the search that knows old names, the hamlets of a commune, what became of a merged one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from project.lib.vietnamese import fold
from volunteers.access.scoping import beneath
from volunteers.areas.models import Area, AreaName, AreaSuccession, LegacyName

# What people write before a name, folded; each says which kind of unit they mean.
_WORDS = {
    "xa": "commune", "phuong": "commune", "dac khu": "commune", "thi tran": "commune", "tt": "commune",
    "huyen": "district", "quan": "district", "thi xa": "district", "tx": "district",
    "q": "district", "p": "commune", "h": "district", "tinh": "province", "thanh pho": "", "tp": "",
}  # fmt: skip
_PREFIX = re.compile(rf"^({'|'.join(sorted(map(re.escape, _WORDS), key=len, reverse=True))})(?:\. *| +)(?=\S)")
_LONG = {"q": "quan", "p": "phuong", "h": "huyen"}
_COMMA = re.compile(r"\s*[,;/(–—]\s*|\s+-\s+")
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A commune that a search found: with its province, and why it was found ('' = by its present name)."""

    area: Area
    province: Area
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    name: str  # folded, without the kind word
    meant: str  # 'commune', 'district', 'province' or '' (not said)
    more: tuple[str, ...]  # further words that must fit the district or the province


def search_communes(text: str, limit: int = 10) -> list[Place]:
    """Communes in force by any name people know: present ones first, then old communes, districts, provinces.

    Marks, case, NFC or NFD do not matter; «huyện Bù Đăng» gives the communes of that old district; words after a
    comma narrow («Tân Phú, Đồng Nai»). At most `limit`; each commune once, with the line that says why.
    """
    asked = _asked(text)
    if len(asked.name) < _SHORTEST:
        return []
    found: dict[str, Place] = {}
    for place in _finds(asked):
        found.setdefault(place.area.code, place)
        if len(found) >= limit:
            break
    if not found and not asked.more and " " in asked.name:
        for place in _by_every_word(asked.name.split(), limit):
            found.setdefault(place.area.code, place)
    return list(found.values())[:limit]


def _asked(text: str) -> _Asked:
    first, *more = [part for part in _COMMA.split(fold(text).strip(" .,;)(")) if part] or [""]
    meant = ""
    if match := _PREFIX.match(first):
        meant, name = _WORDS[match[1]], first[match.end() :].strip()
        # «Quận 1», «phường 12»: a number alone is no name, the kind word belongs to it.
        first = f"{_LONG.get(match[1], match[1])} {name}" if name.isdigit() else name
    if first in _WORDS:  # a kind word alone names nothing
        first = ""
    return _Asked(first.strip(), meant, tuple(_PREFIX.sub("", part, count=1).strip(" )") for part in more))


def _finds(asked: _Asked) -> Iterator[Place]:
    steps = {
        "commune": (_present, _renamed, _old_communes),
        "district": (_old_districts,),
        "province": (_in_province, _in_old_province),
    }
    order = [asked.meant, *(level for level in ("commune", "district", "province") if level != asked.meant)]
    for level in filter(None, order):
        for step in steps[level]:
            yield from step(asked)
        if level == asked.meant and level == "province":
            return


def _communes() -> QuerySet[Area]:
    return Area.objects.communes().select_related("parent")


def _present(asked: _Asked) -> Iterator[Place]:
    rows = _communes().filter(folded__contains=asked.name)
    for word in asked.more:
        rows = rows.filter(parent__folded__contains=word)
    for area in sorted(rows, key=lambda area: (*_closeness(asked.name, fold(area.name)), area.sort_key, area.code)):
        yield _place(area)


def _renamed(asked: _Asked) -> Iterator[Place]:
    """Names that the area itself had since July 2025."""
    if asked.more:
        return
    rows = AreaName.objects.filter(
        folded__contains=asked.name, valid_to__isnull=False, area__level=Area.Level.COMMUNE,
        area__retired_on__isnull=True,
    )  # fmt: skip
    for row in rows.select_related("area__parent").order_by("area__sort_key"):
        yield _place(row.area, _("formerly %(name)s") % {"name": _small(row.full_name)})


def _legacy(level: Iterable[str], asked: _Asked, where: Q) -> list[LegacyName]:
    """Rows whose district or province, old or new, fits the further words."""
    rows = LegacyName.objects.filter(where, old_level__in=level, area__retired_on__isnull=True)
    found = list(rows.select_related("area__parent"))
    for word in asked.more:
        found = [
            row for row in found if word in f"{row.district_folded} {fold(row.province)} {_parent_folded(row.area)}"
        ]
    return found


def _parent_folded(area: Area) -> str:
    return area.parent.folded if area.parent is not None else ""


def _old_communes(asked: _Asked) -> Iterator[Place]:
    rows = _legacy(("commune", "district"), asked, Q(folded__contains=asked.name))
    closest = sorted(rows, key=lambda row: (*_closeness(asked.name, fold(row.name)), not row.is_main, row.area_id))
    for row in closest:
        if row.area.level == Area.Level.COMMUNE:
            yield _place(row.area, _formerly(row))


def _formerly(row: LegacyName) -> str:
    parts = [_small(row.full_name), _small(row.district), _small(row.province)]
    where = {"name": ", ".join(part for part in parts if part)}
    if row.is_part:
        return _("part of the former %(name)s") % where
    return _("formerly %(name)s") % where


def _old_districts(asked: _Asked) -> Iterator[Place]:
    rows = _legacy(("commune",), asked, Q(district_folded__contains=asked.name))
    closest = sorted(
        rows,
        key=lambda row: (
            _closeness(asked.name, fold(row.area.name))[0] > 0,  # the commune that has the name today comes first
            *_district_closeness(asked.name, row.district_folded),
            row.district_folded,
            row.area.sort_key,
        ),
    )
    for row in closest:
        name = ", ".join(part for part in (_small(row.district), _small(row.province)) if part)
        yield _place(row.area, _("formerly in %(name)s") % {"name": name})


def _in_province(asked: _Asked) -> Iterator[Place]:
    for area in _communes().filter(parent__folded__contains=asked.name).order_by("parent__sort_key", "sort_key"):
        if area.parent is not None and _closeness(asked.name, fold(area.parent.name))[0] < 3:
            yield _place(area)


def _in_old_province(asked: _Asked) -> Iterator[Place]:
    """An old province that is now in another: its communes carry its name."""
    names = LegacyName.objects.filter(old_level="province", folded__contains=asked.name)
    full = {row.full_name for row in names if _closeness(asked.name, fold(row.name))[0] < 3}
    rows = LegacyName.objects.filter(old_level="commune", province__in=full, area__retired_on__isnull=True)
    for row in rows.select_related("area__parent").order_by("area__sort_key"):
        yield _place(row.area, _("formerly in %(name)s") % {"name": _small(row.province)})


def _by_every_word(words: list[str], limit: int) -> Iterator[Place]:
    """«bom bo bu dang»: every word fits the name, the old district or the province."""
    present, old = _communes(), LegacyName.objects.filter(old_level="commune", area__retired_on__isnull=True)
    for word in words:
        if word in _WORDS:
            continue
        present = present.filter(Q(folded__contains=word) | Q(parent__folded__contains=word))
        old = old.filter(
            Q(folded__contains=word) | Q(district_folded__contains=word) | Q(area__parent__folded__contains=word)
            | Q(area__folded__contains=word)
        )  # fmt: skip
    for area in present.order_by("sort_key")[:limit]:
        yield _place(area)
    for row in old.select_related("area__parent").order_by("area__sort_key", "old_code")[: 4 * limit]:
        yield _place(row.area, _formerly(row))


def _closeness(asked: str, name: str) -> tuple[int, int]:
    """How well a folded name fits: 0 the same, 1 begins so, 2 a word begins so, 3 somewhere inside; then its length."""
    if asked.rpartition(" ")[2].isdigit() and name.isdigit():
        asked = asked.rpartition(" ")[2]
    if name == asked:
        return 0, 0
    if name.startswith(asked):
        return 1, len(name)
    return (2 if f" {asked}" in f" {name}" else 3), len(name)


def _district_closeness(asked: str, folded: str) -> tuple[int, int]:
    """With its kind word or without, whichever fits better."""
    return min(_closeness(asked, folded), _closeness(asked, _PREFIX.sub("", folded, count=1)))


def _small(full_name: str) -> str:
    """'Huyện Bù Đăng' → 'huyện Bù Đăng', as it stands inside a sentence."""
    return full_name[:1].lower() + full_name[1:]


def _place(area: Area, why: str = "") -> Place:
    province = area.parent
    if province is None:
        raise ValueError(f"{area.code} has no province")
    return Place(area, province, why)


def provinces() -> QuerySet[Area]:
    """Provinces in force, for browsing without typing."""
    return Area.objects.provinces()


def communes_of(province_code: str) -> QuerySet[Area]:
    """Communes in force of one province, with it."""
    return _communes().filter(parent_id=province_code)


def commune_with_code(code: str) -> Area | None:
    """The commune in force that stands for `code` today: itself, or what it was merged into; None if unknown."""
    return _in_force(code, Area.Level.COMMUNE)


def hamlet_with_code(code: str) -> Area | None:
    """The same for a hamlet's public code (`25396-h7`); also the unlisted `…-h0`."""
    return _in_force(code, Area.Level.HAMLET)


def _in_force(code: str, level: str) -> Area | None:
    area = Area.objects.filter(code=code.strip(), level=level).select_related("parent__parent").first()
    if area is None:
        return None
    area = present_of(area)
    return area if area.retired_on is None and area.level == level else None


def hamlets_of(commune: Area) -> QuerySet[Area]:
    """The listed hamlets in force, in the order of their numbers."""
    return Area.objects.hamlets().filter(parent=commune)


def unlisted_of(commune: Area) -> Area | None:
    """The hamlet «Chưa rõ thôn», where records stand whose hamlet is unknown."""
    return Area.objects.filter(parent=commune, is_unlisted=True).first()


def communes_with_counts(scope: str) -> QuerySet[Area]:
    """Communes in force beneath a scope, each with `hamlet_count` of its listed hamlets."""
    listed = Q(children__is_unlisted=False, children__retired_on__isnull=True)
    return _communes().filter(beneath("scope", scope)).annotate(hamlet_count=Count("children", filter=listed))


def present_of(area: Area) -> Area:
    """What the area is today: itself, or the end of the chain of mergers."""
    seen = {area.pk}
    while True:
        step = AreaSuccession.objects.filter(old=area).select_related("new__parent__parent").first()
        if step is None or step.new_id in seen:
            return area
        area = step.new
        seen.add(area.pk)


def past_scopes(scopes: Iterable[str]) -> list[str]:
    """Scopes of areas that were merged into areas beneath `scopes`, however long ago, unless they lie beneath too."""
    covered, queue = list(scopes), list(scopes)
    past: list[str] = []
    while queue:
        wall = Q()
        for scope in queue:
            wall |= beneath("new__scope", scope)
        found = AreaSuccession.objects.filter(wall).values_list("old__scope", flat=True) if wall else []
        queue = [scope for scope in found if not any(scope.startswith(held) for held in covered)]
        covered += queue
        past += queue
    return past


def names_of(area: Area) -> QuerySet[AreaName]:
    """Every name with its days, newest first."""
    return AreaName.objects.filter(area=area).order_by("valid_to", "-valid_from", "-pk")


def places_by_scope(scopes: Iterable[str]) -> dict[str, Area]:
    """For each scope path the area at its end, if known: two queries whatever the number."""
    wanted = set(scopes)
    return {area.scope: area for area in Area.objects.filter(scope__in=wanted).select_related("parent")}
