"""A list of volunteers becomes invitations: columns, doubles, refusals, nothing half-imported."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.core.management.base import CommandError

from project.lib import clock
from project.lib.spreadsheets import Table, read_table
from tests.cast import Cast
from volunteers.audit.models import AuditEntry
from volunteers.teams.actions import accept_invitation
from volunteers.teams.importers import import_volunteers
from volunteers.teams.models import Invitation, Membership, Team
from volunteers.teams.queries import open_invitation

HEAD = "Họ tên,Đội,Điện thoại,Email,Vai trò,Trưởng nhóm,Kỹ năng,Ngôn ngữ,Giới tính,Thôn,Đi lại,Sinh năm"
GOOD = 'Ngô Thị Mới,Tổ Hoa,0912 345 678,,tình nguyện viên,có,"vneid_l2; epay",S\'tiêng,nữ,Thôn 1,xe đạp,1995'


def table(*rows: str, head: str = HEAD) -> Table:
    return read_table(io.BytesIO("\n".join([head, *rows]).encode()))


def faults(report: Any) -> list[tuple[int, str]]:
    return [(item["row"], item["column"]) for item in report.to_json()["rejected"]]


def test_a_row_becomes_an_invitation_that_carries_what_the_list_told(cast: Cast, services: None) -> None:
    report, invitations = import_volunteers(table(GOOD), cast.commune, by=cast.minh)
    assert report.to_json() == {
        "read": 1, "created": 1, "updated": 0, "duplicates": 0, "rejected": [], "ignored_columns": [],
    }  # fmt: skip
    assert invitations[0]["row"] == 2
    row = open_invitation(code=invitations[0]["code"])
    assert row is not None
    assert invitations[0]["link"].endswith(f"/loi-moi/{row.token}/")
    member = Membership.objects.get(user=accept_invitation(row, password="con-meo-nha-toi"))
    assert (member.team, member.may_lead, member.gender, member.travel) == (cast.team, True, "woman", "bicycle")
    assert (member.birth_year, member.home_hamlet, member.languages) == (1995, cast.h1, ["sti"])
    assert {skill.code for skill in member.skills.all()} == {"vneid_l2", "epay"}


def test_english_headers_any_order_and_unknown_columns(cast: Cast, services: None) -> None:
    report, _rows = import_volunteers(
        table("x,a@gocua.example,Mới,Tổ Hoa", head="Ghi chú,e-mail,NAME,Team"), cast.commune, by=cast.minh
    )
    assert (report.created, report.ignored_columns) == (1, ["Ghi chú"])


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",Tổ Hoa,0912345678,,,,,,,,,", "Họ tên"),
        ("Mới,Tổ Không Có,0912345678,,,,,,,,,", "Đội"),
        ("Mới,,0912345678,,,,,,,,,", "Đội"),
        ("Mới,Tổ Hoa,,,,,,,,,,", "Điện thoại"),
        ("Mới,Tổ Hoa,091234567,,,,,,,,,", "Điện thoại"),
        ("Mới,Tổ Hoa,,khong-phai-thu,,,,,,,,", "Email"),
        ("Mới,Tổ Hoa,0912345678,,chủ tịch,,,,,,,", "Vai trò"),
        ("Mới,Tổ Hoa,0912345678,,,có thể,,,,,,", "Trưởng nhóm"),
        ("Mới,Tổ Hoa,0912345678,,,,nấu ăn,,,,,", "Kỹ năng"),
        ("Mới,Tổ Hoa,0912345678,,,,,tiếng Sao Hỏa,,,,", "Ngôn ngữ"),
        ("Mới,Tổ Hoa,0912345678,,,,,,khác thường,,,", "Giới tính"),
        ("Mới,Tổ Hoa,0912345678,,,,,,,Thôn 99,,", "Thôn"),
        ("Mới,Tổ Hoa,0912345678,,,,,,,,máy bay,", "Đi lại"),
        ("Mới,Tổ Hoa,0912345678,,,,,,,,,95", "Sinh năm"),
        ("Mới,Tổ Hoa,0912345678,,đội trưởng,,,,,,,2010", "Sinh năm"),
        ("Mới,Tổ Hoa,0912345678,,,có,,,,,,2010", "Sinh năm"),
    ],
)
def test_a_faulty_row_is_left_out_and_the_good_one_goes_in(
    cast: Cast, services: None, monday: clock.FrozenClock, row: str, column: str
) -> None:
    Team.objects.create(area=cast.commune, name="Tổ Hai", folded="to hai")
    report, invitations = import_volunteers(
        table(row, GOOD.replace("0912 345 678", "0987654321")), cast.commune, by=cast.minh
    )
    assert (2, column) in faults(report)
    assert report.rejected_rows == {2}
    assert report.created == len(invitations) == Invitation.objects.count() == 1


def test_who_is_known_counts_as_a_duplicate(cast: Cast, services: None) -> None:
    import_volunteers(table(GOOD), cast.commune, by=cast.minh)
    report, invitations = import_volunteers(
        table(GOOD, "Tùng,Tổ Hoa,,TUNG@gocua.example,,,,,,,,", "Tùng,Tổ Hoa,,tung@gocua.example,,,,,,,,"),
        cast.commune, by=cast.minh,
    )  # fmt: skip
    assert (report.read, report.duplicates, report.created, invitations) == (3, 3, 0, [])


def test_one_number_for_two_people_is_a_fault(cast: Cast, services: None) -> None:
    report, _rows = import_volunteers(table(GOOD, GOOD.replace("Mới", "Khác")), cast.commune, by=cast.minh)
    assert report.created == 1
    assert faults(report) == [(3, "Điện thoại")]
    assert "2" in str(report.rejected[0].error)


def test_teams_are_made_only_when_asked_for(cast: Cast, services: None) -> None:
    rows = [GOOD.replace("Tổ Hoa", "Tổ Mới"), GOOD.replace("Tổ Hoa", "tổ mới").replace("0912 345 678", "0987654321")]
    report, _rows = import_volunteers(table(*rows), cast.commune, by=cast.minh)
    assert report.rejected_rows == {2, 3}
    report, _rows = import_volunteers(table(*rows), cast.commune, by=cast.minh, create_teams=True, dry_run=True)
    assert (report.created, Team.objects.filter(folded="to moi").count(), Invitation.objects.count()) == (2, 0, 0)
    report, _rows = import_volunteers(table(*rows), cast.commune, by=cast.minh, create_teams=True)
    assert report.created == 2
    assert Team.objects.get(folded="to moi").name == "Tổ Mới"
    assert AuditEntry.objects.get(action="invitations.imported").detail == {"created": 2, "teams": 1}


def test_a_list_with_id_numbers_is_refused_whole(cast: Cast, services: None) -> None:
    report, invitations = import_volunteers(
        table("Mới,Tổ Hoa,0912345678,075090001234", head="Họ tên,Đội,Điện thoại,Số CCCD"), cast.commune, by=cast.minh
    )
    assert report.to_json()["refused"]["column"] == "Số CCCD"
    assert (report.read, invitations, Invitation.objects.count()) == (0, [], 0)


def test_a_stranger_and_a_team_leader_may_not_import(cast: Cast, services: None) -> None:
    for weak in (cast.son, cast.hoa, cast.tung):
        with pytest.raises(PermissionDenied):
            import_volunteers(table(GOOD), cast.commune, by=weak)


def test_progress_is_told_and_a_long_list_is_quick(cast: Cast, services: None) -> None:
    told: list[int] = []
    rows = [f"Người {n},Tổ Hoa,09{n:08},,,,,,,,," for n in range(10_000_000, 10_000_250)]
    report, invitations = import_volunteers(table(*rows), cast.commune, by=cast.minh, on_progress=told.append)
    assert told == [100, 200, 250]
    assert report.created == len({item["code"] for item in invitations}) == 250


# The command


def run(*args: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    try:
        call_command("import_volunteers", *args, "--json")
        code = 0
    except SystemExit as stop:
        code = int(stop.code or 0)
    return code, json.loads(capsys.readouterr().out)


def test_the_command_prints_the_report_with_codes_and_links(
    cast: Cast, services: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tnv.csv"
    file.write_text("\n".join([HEAD, GOOD]), encoding="utf-8-sig")
    code, answer = run(str(file), "--commune", "25396", "--dry-run", capsys=capsys)
    assert (code, answer["created"], answer["invitations"], Invitation.objects.count()) == (0, 1, [], 0)
    code, answer = run(str(file), "--commune", "25396", capsys=capsys)
    assert (code, answer["created"]) == (0, 1)
    assert set(answer["invitations"][0]) == {"row", "code", "link"}
    assert answer["invitations"][0]["link"].startswith("http")


def test_the_command_ends_with_1_for_rows_left_out_and_for_a_refused_file(
    cast: Cast, services: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tnv.csv"
    file.write_text("\n".join([HEAD, "Mới,Tổ Hoa,,,,,,,,,,"]), encoding="utf-8")
    assert run(str(file), "--commune", "25396", capsys=capsys)[0] == 1
    file.write_bytes(b"")
    code, answer = run(str(file), "--commune", "25396", capsys=capsys)
    assert (code, answer["read"], "error" in answer["refused"]) == (1, 0, True)


def test_a_wrong_call_ends_with_2(cast: Cast, tmp_path: Path) -> None:
    for args in ([str(tmp_path / "x.csv"), "--commune", "25396"], [__file__, "--commune", "99999"]):
        with pytest.raises(CommandError) as refusal:
            call_command("import_volunteers", *args)
        assert refusal.value.returncode == 2
