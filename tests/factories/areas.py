"""Places: a province, three communes, their hamlets."""

from project.lib.vietnamese import fold, place_key
from volunteers.areas.models import Area


def make_area(code: str, *, level: str, kind: str, name: str, parent: Area | None = None, **overrides: object) -> Area:
    """One area with its scope; the same code again returns the one that is there."""
    full_name = f"{Area.Kind(kind).label.capitalize()} {name}"
    found = Area.objects.filter(code=code).first()
    if found:
        return found
    return Area.objects.create(
        code=code,
        level=level,
        kind=kind,
        name=name,
        full_name=full_name,
        folded=fold(full_name),
        sort_key=place_key(name),
        parent=parent,
        scope=Area.scope_for(code, parent),
        **overrides,
    )


def make_province(code: str = "75", name: str = "Đồng Nai", kind: str = "thanh_pho") -> Area:
    """Đồng Nai unless said otherwise."""
    return make_area(code, level="province", kind=kind, name=name)


def make_commune(code: str = "25396", name: str = "Bù Đăng", kind: str = "xa", parent: Area | None = None) -> Area:
    """Bù Đăng of Đồng Nai unless said otherwise, with its unlisted hamlet."""
    commune = make_area(code, level="commune", kind=kind, name=name, parent=parent or make_province())
    make_hamlet(commune, "h0", name="Chưa rõ thôn", is_unlisted=True)
    return commune


def make_hamlet(commune: Area, own: str = "h1", *, name: str = "", kind: str = "thon", **overrides: object) -> Area:
    """A hamlet `<commune>-<own>`."""
    return make_area(
        f"{commune.code}-{own}",
        level="hamlet",
        kind=kind,
        name=name or own.removeprefix("h"),
        parent=commune,
        **overrides,
    )
