"""Renaming, adding, closing and merging places: codes stay, history is kept, the living moves along."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from project.accounts.models import User
from project.lib.clock import FrozenClock
from tests.cast import Cast
from tests.factories.areas import make_hamlet
from tests.factories.people import make_grant
from volunteers.access.models import Grant
from volunteers.areas import actions
from volunteers.areas.actions import AreaRefused
from volunteers.areas.models import Area, AreaName, AreaSuccession
from volunteers.areas.queries import hamlets_of, past_scopes, present_of, search_communes
from volunteers.audit.models import AuditEntry


@pytest.fixture
def moved() -> Iterator[list[tuple[str, str]]]:
    """What a slice above was told to move; nobody else's movers run."""
    seen: list[tuple[str, str]] = []
    kept, actions._movers[:] = actions._movers[:], [lambda old, new, by: seen.append((old.pk, new.pk))]
    yield seen
    actions._movers[:] = kept


def actions_recorded() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_a_commune_keeps_code_scope_and_old_name(cast: Cast, monday: FrozenClock) -> None:
    actions.rename_area(
        cast.commune, by=cast.lan, name="Bù Đăng Mới", kind="phuong", since=date(2026, 12, 1), source="12/NQ"
    )
    area = Area.objects.get(pk="25396")
    assert (area.full_name, area.scope, area.folded) == ("Phường Bù Đăng Mới", "VN/75/25396/", "phuong bu dang moi")
    names = list(AreaName.objects.filter(area=area).order_by("pk").values_list("full_name", "valid_from", "valid_to"))
    assert names == [("Xã Bù Đăng", None, date(2026, 11, 30)), ("Phường Bù Đăng Mới", date(2026, 12, 1), None)]
    entry = AuditEntry.objects.get(action="area.renamed")
    assert (entry.actor_id, entry.scope) == (cast.lan.pk, "VN/75/25396/")
    assert [place.area.code for place in search_communes("Bù Đăng Mới")] == ["25396"]
    assert "25396" in [place.area.code for place in search_communes("xã Bù Đăng")]


def test_the_same_name_again_writes_nothing(cast: Cast) -> None:
    actions.rename_area(cast.commune, by=cast.lan, name="Bù Đăng")
    assert not AreaName.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_lead_may_not_rename_the_commune_and_a_stranger_nothing(cast: Cast) -> None:
    for person in (cast.minh, cast.hoa, cast.son):
        with pytest.raises(PermissionDenied):
            actions.rename_area(cast.commune, by=person, name="Khác")
    with pytest.raises(PermissionDenied):
        actions.rename_area(cast.far_h1, by=cast.minh, name="Khác")
    actions.rename_area(cast.h1, by=cast.minh, name="Khác")


def test_a_hamlet_gets_the_next_code_that_was_never_used(cast: Cast) -> None:
    first = actions.add_hamlet(cast.commune, by=cast.minh, name="Tân Lập", kind="ap", household_count=120)
    assert (first.code, first.full_name, first.scope) == ("25396-h3", "Ấp Tân Lập", "VN/75/25396/h3/")
    actions.retire_hamlet(first, by=cast.minh)
    assert actions.add_hamlet(cast.commune, by=cast.minh, name="Tân Hoà").code == "25396-h4"
    assert actions.add_hamlet(cast.commune, by=cast.minh, name="Đội 5", own_code="d5").code == "25396-d5"
    assert actions_recorded() == ["hamlet.added", "hamlet.retired", "hamlet.added", "hamlet.added"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "1"}, "name"), ({"name": " "}, "name"), ({"name": "001200012345"}, "name"),
        ({"name": "Mới", "own_code": "h1"}, "own_code"), ({"name": "Mới", "own_code": "h0"}, "own_code"),
        ({"name": "Mới", "own_code": "a/b"}, "own_code"), ({"name": "Mới", "kind": "pho"}, "kind"),
    ],
)  # fmt: skip
def test_a_hamlet_that_cannot_be_is_refused_beside_its_field(cast: Cast, values: dict[str, str], field: str) -> None:
    with pytest.raises((AreaRefused, ValueError)) as refused:
        actions.add_hamlet(cast.commune, by=cast.minh, **values)
    if isinstance(refused.value, AreaRefused):
        assert refused.value.field == field
        assert str(refused.value)


def test_facts_are_corrected_and_only_real_changes_are_recorded(cast: Cast) -> None:
    actions.edit_hamlet(cast.h1, by=cast.minh, household_count=90, network="3g")
    actions.edit_hamlet(cast.h1, by=cast.minh, household_count=90, network="3g")
    assert AuditEntry.objects.get(action="hamlet.edited").detail == {"fields": ["household_count", "network"]}
    with pytest.raises(PermissionDenied):
        actions.edit_hamlet(cast.h1, by=cast.hoa, household_count=1)


def test_a_hamlet_where_something_lives_is_not_closed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        actions, "_blockers", [lambda hamlet: "3 households live there" if hamlet.pk == cast.h1.pk else ""]
    )
    with pytest.raises(AreaRefused, match="3 households"):
        actions.retire_hamlet(cast.h1, by=cast.minh)
    actions.retire_hamlet(cast.h2, by=cast.minh)
    assert Area.objects.get(pk=cast.h2.pk).retired_on is not None
    with pytest.raises(AreaRefused):
        actions.retire_hamlet(cast.h2, by=cast.minh)


def test_the_unlisted_hamlet_stays(cast: Cast) -> None:
    unlisted = Area.objects.get(pk="25396-h0")
    for refused in (
        lambda: actions.retire_hamlet(unlisted, by=cast.minh),
        lambda: actions.merge_hamlets(unlisted, cast.h1, by=cast.minh),
        lambda: actions.rename_area(unlisted, by=cast.minh, name="Khác"),
    ):
        with pytest.raises(AreaRefused):
            refused()


def test_a_merged_hamlet_leads_to_its_heir_and_the_living_moves(
    cast: Cast, monday: FrozenClock, moved: list[tuple[str, str]]
) -> None:
    helper = make_grant(cast.tung, "content_editor", cast.h1.scope)
    actions.merge_hamlets(cast.h1, cast.h2, by=cast.minh)
    old = Area.objects.get(pk=cast.h1.pk)
    assert old.retired_on == date(2026, 11, 2)
    assert old.scope == "VN/75/25396/h1/"
    assert present_of(old) == cast.h2
    assert moved == [("25396-h1", "25396-h2")]
    assert list(hamlets_of(cast.commune)) == [cast.h2]
    assert Grant.objects.get(pk=helper.pk).scope == cast.h2.scope
    row = AreaSuccession.objects.get()
    assert (row.on, row.recorded_by) == (date(2026, 11, 2), cast.minh)
    assert AuditEntry.objects.get(action="hamlet.merged").detail == {"into": "25396-h2"}


def test_a_mover_that_fails_undoes_the_whole_merge(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(old: Area, new: Area, by: User | None) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr(actions, "_movers", [broken])
    with pytest.raises(RuntimeError):
        actions.merge_hamlets(cast.h1, cast.h2, by=cast.minh)
    assert Area.objects.get(pk=cast.h1.pk).retired_on is None
    assert not AreaSuccession.objects.exists()


def test_hamlets_of_two_communes_are_not_merged(cast: Cast) -> None:
    for into in (cast.far_h1, cast.h1, cast.commune):
        with pytest.raises((AreaRefused, PermissionDenied)):
            actions.merge_hamlets(cast.h1, into, by=cast.lan)
    with pytest.raises(PermissionDenied):
        actions.merge_hamlets(cast.h1, cast.h2, by=cast.hoa)


def test_a_merged_commune_brings_its_hamlets_under_new_codes(
    cast: Cast, monday: FrozenClock, moved: list[tuple[str, str]]
) -> None:
    twin_h1 = make_hamlet(cast.twin, "h1")
    make_hamlet(cast.twin, "h2", name="Tân Lập")
    lead, helper = (
        make_grant(cast.son, "commune_lead", cast.twin.scope),
        make_grant(cast.son, "content_editor", twin_h1.scope),
    )
    assert actions.merge_areas(cast.twin, cast.commune, by=cast.lan) == 2
    assert [area.full_name for area in hamlets_of(cast.commune)] == [
        "Thôn 1", "Thôn 1 (Bù Đăng Hạ)", "Thôn 2", "Thôn Tân Lập",
    ]  # fmt: skip
    heir = present_of(twin_h1)
    assert (heir.code, heir.scope) == ("25396-h3", "VN/75/25396/h3/")
    assert present_of(Area.objects.get(pk="25397-h0")).pk == "25396-h0"
    assert present_of(cast.twin) == cast.commune
    assert moved == [
        ("25397-h1", "25396-h3"), ("25397-h2", "25396-h4"), ("25397-h0", "25396-h0"), ("25397", "25396"),
    ]  # fmt: skip
    assert Grant.objects.get(pk=lead.pk).scope == cast.commune.scope
    assert Grant.objects.get(pk=helper.pk).scope == heir.scope
    assert set(past_scopes([cast.commune.scope])) >= {"VN/75/25397/"}
    assert "25396" in [place.area.code for place in search_communes("Bù Đăng")]
    assert "25397" not in [place.area.code for place in search_communes("Bù Đăng Hạ")]


def test_mergers_follow_each_other(cast: Cast, moved: list[tuple[str, str]]) -> None:
    actions.merge_areas(cast.twin, cast.commune, by=cast.lan)
    actions.merge_areas(cast.commune, cast.far, by=cast.lan)
    assert present_of(Area.objects.get(pk="25397")) == cast.far
    assert {"VN/75/25396/", "VN/75/25397/"} <= set(past_scopes([cast.far.scope]))
    with pytest.raises(AreaRefused):
        actions.merge_areas(Area.objects.get(pk="25397"), cast.far, by=cast.lan)


def test_a_lead_may_not_swallow_the_neighbour(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        actions.merge_areas(cast.twin, cast.commune, by=cast.minh)
    with pytest.raises(PermissionDenied):
        actions.merge_areas(cast.commune, cast.twin, by=cast.minh)


def test_the_command_merges_and_a_dry_run_does_not(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("merge_areas", "25397", "25396", "--dry-run", "--json")
    assert Area.objects.get(pk="25397").retired_on is None
    call_command("merge_areas", "25397", "25396", "--json")
    assert Area.objects.get(pk="25397").retired_on is not None
    assert '"hamlets": 0' in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("merge_areas", "25397", "25396")
    with pytest.raises(CommandError) as wrong:
        call_command("merge_areas", "99999", "25396")
    assert wrong.value.returncode == 2
