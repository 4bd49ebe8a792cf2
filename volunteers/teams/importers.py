"""Volunteers of a commune from a spreadsheet (contract §3): each good row becomes an invitation, never a password."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from learning.catalog import services
from project.accounts.models import User
from project.lib import phone as phones
from project.lib.clock import today
from project.lib.import_report import ImportReport
from project.lib.input_guard import check
from project.lib.spreadsheets import CellError, Column, FileRefused, Matched, Table, parse_yes_no
from project.lib.vietnamese import fold
from volunteers.access.policy import require
from volunteers.access.roles import Role
from volunteers.areas.models import Area
from volunteers.audit.log import record
from volunteers.teams import rules
from volunteers.teams.adapter import draft_invitation
from volunteers.teams.models import Invitation, Membership, Team
from volunteers.teams.queries import invitation_link

COLUMNS: list[Column] = [
    Column("name", ("Họ tên", "Họ và tên"), "name", required=True),
    Column("team", ("Đội", "Tổ", "Đội/Tổ"), "team"),
    Column("phone", ("Điện thoại", "Số điện thoại", "SĐT"), "phone"),
    Column("email", ("Email", "Thư điện tử"), "e-mail"),
    Column("role", "Vai trò", "role"),
    Column("may_lead", ("Trưởng nhóm", "Trưởng nhóm đi"), "crew lead"),
    Column("skills", "Kỹ năng", "skills"),
    Column("languages", "Ngôn ngữ", "languages"),
    Column("gender", "Giới tính", "gender"),
    Column("home_hamlet", ("Thôn", "Thôn/Ấp/Khu phố"), "hamlet"),
    Column("travel", "Đi lại", "travel"),
    Column("birth_year", ("Sinh năm", "Năm sinh"), "year"),
]
_ROLES = {
    Role.TEAM_LEADER.value: ("doi truong", "to truong", "truong doi", "team leader", "leader", "team_leader"),
    Role.VOLUNTEER.value: ("", "tinh nguyen vien", "tnv", "thanh vien", "volunteer", "member"),
}
_GENDERS = {"woman": ("nu", "woman", "female", "f"), "man": ("nam", "man", "male", "m"), "": ("",)}
_TRAVELS = {
    "walk": ("di bo", "bo", "walk", "on foot"),
    "bicycle": ("xe dap", "bicycle", "bike"),
    "motorbike": ("", "xe may", "motorbike", "motorcycle"),
}
_PARTS = re.compile(r"[,;\n/]")
_EVERY = 100  # rows between two reports of progress
Progress = Callable[[int], None]


@dataclass(slots=True)
class _Known:
    """What the commune has already, for finding doubles and names without a query a row."""

    commune: Area
    teams: dict[str, Team]
    hamlets: dict[str, str]
    services: dict[str, str]
    held: dict[tuple[str, str], set[str]]  # (field, value) → folded names of the teams that know it
    seen: dict[str, tuple[int, str]] = field(default_factory=dict)  # address → its row in this file and folded name


@dataclass(slots=True)
class _Draft:
    row: int
    team_key: str
    team_name: str
    role: str
    name: str
    phone: str
    email: str
    details: dict[str, Any]


def import_volunteers(
    table: Table,
    commune: Area,
    *,
    by: User | None,
    create_teams: bool = False,
    dry_run: bool = False,
    on_progress: Progress | None = None,
    mapping: Mapping[str, str] | None = None,
    base_url: str = "",
) -> tuple[ImportReport, list[dict[str, Any]]]:
    """Invite everybody on a list; the report of contract §3 and [{"row", "code", "link"}] (empty on a dry run).

    Who is a member of the team, or invited to it, is a duplicate. `mapping`: our key → the file's header. Never
    raises for what is in the file; all invitations are saved together or none. Rights: import.run, team.manage.
    """
    require(by, "import.run", commune)
    require(by, "team.manage", commune)
    try:
        table.refuse_id_numbers()
        matched = _matched(table, mapping)
        report = ImportReport(ignored_columns=list(matched.ignored))
        drafts = _read(table, matched, _known(commune), report, create_teams, on_progress)
    except FileRefused as refusal:
        return refusal.report(), []
    report.created = len(drafts)
    return report, [] if dry_run else _save(drafts, commune, by, base_url)


def _matched(table: Table, mapping: Mapping[str, str] | None) -> Matched:
    if mapping is None:
        matched = table.match(COLUMNS)
    else:
        matched = Matched(dict(mapping), [header for header in table.headers if header not in mapping.values()], [])
    if "phone" not in matched.columns and "email" not in matched.columns:
        raise FileRefused("missing_column", "Điện thoại")
    return matched


def _known(commune: Area) -> _Known:
    held: dict[tuple[str, str], set[str]] = {}

    def note(rows: Iterable[tuple[str | None, str | None, str]]) -> None:
        for phone, email, team in rows:
            for address in (("phone", phone), ("email", email)):
                if address[1]:
                    held.setdefault((address[0], address[1]), set()).add(team)

    members = Membership.objects.current().filter(team__area=commune)
    note(members.values_list("user__phone", "user__email", "team__folded"))
    open_ones = Invitation.objects.open().filter(scope=commune.scope, team__isnull=False)
    note(open_ones.values_list("phone", "email", "team__folded"))
    hamlets: dict[str, str] = {}
    for hamlet in Area.objects.hamlets().filter(parent=commune):
        for name in (hamlet.name, hamlet.full_name, hamlet.code, hamlet.code.rpartition("-")[2]):
            hamlets.setdefault(fold(name), hamlet.code)
    named: dict[str, str] = {}
    for card in services():
        for name in (card.code, card.name_vi, card.name_en, card.short_vi, card.short_en):
            named.setdefault(fold(name), card.code)
    teams = {team.folded: team for team in Team.objects.filter(area=commune, is_active=True)}
    return _Known(commune, teams, hamlets, named, held)


def _read(
    table: Table, matched: Matched, known: _Known, report: ImportReport, create_teams: bool, tell: Progress | None
) -> list[_Draft]:
    drafts: list[_Draft] = []
    for count, (number, values) in enumerate(table, start=1):
        report.read += 1
        row = {column.key: "" for column in COLUMNS} | matched.pick(values)
        faults: list[tuple[str, Any]] = []
        draft = _draft(number, row, known, faults, create_teams)
        if draft is not None and not faults:
            _place(draft, known, faults, report, drafts)
        for key, error in faults:
            report.reject(number, matched.columns.get(key, key), row[key], error)
        if tell is not None and count % _EVERY == 0:
            tell(count)
    if tell is not None:
        tell(report.read)
    return drafts


def _draft(
    number: int, row: dict[str, str], known: _Known, faults: list[tuple[str, Any]], create_teams: bool
) -> _Draft | None:
    name = row["name"]
    if not name or len(name) > 120 or check(name):
        faults.append(("name", _("Write the person's name here, at most 120 letters.")))
    team_key = _team(row["team"], known, faults, create_teams)
    role = _one_of(_ROLES, row["role"], "role", _("Write «đội trưởng» or «tình nguyện viên» here."), faults)
    phone, email = _phone(row["phone"], faults), _email(row["email"], faults)
    if not row["phone"] and not row["email"]:
        faults.append(("phone", _("Write a phone number or an e-mail address: one of them becomes the login name.")))
    details = _details(row, known, faults)
    if not faults and not rules.may_lead_at_all(
        role, bool(details.get("may_lead")), details.get("birth_year"), today().year
    ):
        faults.append(("birth_year", _("Somebody under 18 may not lead a team or a crew.")))
    return None if faults else _Draft(number, team_key, row["team"], role, name, phone, email, details)


def _details(row: dict[str, str], known: _Known, faults: list[tuple[str, Any]]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    try:
        told["may_lead"] = bool(parse_yes_no(row["may_lead"]))
    except CellError as fault:
        faults.append(("may_lead", fault.message))
    told["skills"] = _codes(row["skills"], known.services.get, "skills", _("No service is called so."), faults)
    told["languages"] = _codes(
        row["languages"], rules.language_code, "languages", _("No language here is called so."), faults
    )
    told["gender"] = _one_of(_GENDERS, row["gender"], "gender", _("Write «nam» or «nữ» here, or nothing."), faults)
    told["travel"] = _one_of(_TRAVELS, row["travel"], "travel", _("Write «đi bộ», «xe đạp» or «xe máy» here."), faults)
    told["birth_year"] = _year(row["birth_year"], faults)
    if row["home_hamlet"]:
        told["home_hamlet"] = known.hamlets.get(fold(row["home_hamlet"]))
        if told["home_hamlet"] is None:
            faults.append(("home_hamlet", _("The commune has no hamlet of this name.")))
    return {key: value for key, value in told.items() if value}


def _team(text: str, known: _Known, faults: list[tuple[str, Any]], create_teams: bool) -> str:
    key = fold(text)
    if not key and len(known.teams) == 1:
        return next(iter(known.teams))
    if not key:
        faults.append(("team", _("Write the name of the team here.")))
    elif len(text) > 80 or check(text):
        faults.append(("team", _("Write the name of a team here, at most 80 letters.")))
    elif key not in known.teams:
        if not create_teams:
            faults.append(("team", _("The commune has no team of this name.")))
        else:
            known.teams[key] = Team(area=known.commune, name=text, folded=key)  # made when all rows are read
    return key


def _place(
    draft: _Draft, known: _Known, faults: list[tuple[str, Any]], report: ImportReport, drafts: list[_Draft]
) -> None:
    """Into the drafts, or counted as a double: of an earlier row, of a member, of an open invitation."""
    person = fold(draft.name)
    for key in ("phone", "email"):
        address = getattr(draft, key)
        if not address:
            continue
        if draft.team_key in known.held.get((key, address), set()):
            report.duplicates += 1
            return
        before = known.seen.get(address)
        if before is not None and before[1] == person:
            report.duplicates += 1
            return
        if before is not None:
            faults.append((key, _("Row %(row)d of this file has it already, for another person.") % {"row": before[0]}))
            return
    for address in (draft.phone, draft.email):
        if address:
            known.seen[address] = (draft.row, person)
    drafts.append(draft)


def _save(drafts: list[_Draft], commune: Area, by: User | None, base_url: str) -> list[dict[str, Any]]:
    with transaction.atomic():
        teams = {team.folded: team for team in Team.objects.filter(area=commune, is_active=True)}
        made, rows, answer = 0, [], []
        for draft in drafts:
            if draft.team_key not in teams:
                team = Team.objects.create(area=commune, name=draft.team_name, folded=draft.team_key)
                record("team.created", team, by=by, kind=team.kind)
                teams[draft.team_key] = team
                made += 1
            invitation, code, token = draft_invitation(
                draft.role, scope=commune.scope, team=teams[draft.team_key], by=by, name=draft.name,
                phone=draft.phone, email=draft.email, details=draft.details,
            )  # fmt: skip
            rows.append(invitation)
            answer.append({"row": draft.row, "code": code, "link": invitation_link(token, base_url)})
        Invitation.objects.bulk_create(rows, batch_size=200)
        if rows:
            record("invitations.imported", commune, by=by, created=len(rows), teams=made)
    return answer


def _one_of(
    choices: Mapping[str, tuple[str, ...]], text: str, key: str, error: Any, faults: list[tuple[str, Any]]
) -> str:
    folded = fold(text)
    for value, names in choices.items():
        if folded == value or folded in names:
            return value
    faults.append((key, error))
    return ""


def _codes(
    text: str, find: Callable[[str], str | None], key: str, error: Any, faults: list[tuple[str, Any]]
) -> list[str]:
    codes: list[str] = []
    for part in _PARTS.split(text):
        if not part.strip():
            continue
        code = find(fold(part))
        if code is None:
            faults.append((key, error))
            return []
        if code not in codes:
            codes.append(code)
    return codes


def _phone(text: str, faults: list[tuple[str, Any]]) -> str:
    try:
        return phones.parse(text) if text else ""
    except phones.PhoneError as fault:
        faults.append(("phone", str(fault)))
        return ""


def _email(text: str, faults: list[tuple[str, Any]]) -> str:
    email = text.strip().lower()
    if email:
        try:
            validate_email(email)
        except ValidationError:
            faults.append(("email", _("This is no e-mail address. Please look at it once more.")))
            return ""
    return email


def _year(text: str, faults: list[tuple[str, Any]]) -> int | None:
    if not text:
        return None
    # A whole birthday is more than we want to know: only its year is read.
    found = re.fullmatch(r"(?:\d{1,2}[/-]\d{1,2}[/-])?(\d{4})(?:-\d{2}-\d{2})?", text)
    year = int(found[1]) if found else 0
    if not today().year - 100 <= year <= today().year - 10:
        faults.append(("birth_year", _("Write the year with four digits, for example 1990.")))
        return None
    return year
