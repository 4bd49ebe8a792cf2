"""What a phone may carry: the person's own sessions and visits, the doors of those visits, and nothing else."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, Q

from learning import catalog
from project.accounts.models import User
from project.lib.clock import now, start_of_day, today
from volunteers.access.roles import Role
from volunteers.field.models import PackItem, PackSerial, SyncItem
from volunteers.field.protocol import canonical, plain_digest
from volunteers.households.models import Household, HouseholdNote, Person
from volunteers.sessions.models import Session
from volunteers.teams.models import Membership, Team
from volunteers.visits.models import Visit
from volunteers.visits.queries import running_campaign, visit_to_record

DAYS_BACK, DAYS_AHEAD = 1, 7
Item = tuple[str, UUID]  # kind, id
Row = dict[str, Any]


def carried(user: User) -> dict[Item, Row]:
    """Every row of the person's pack: sessions, visits, households, persons. Six queries, whatever its size."""
    visits = list(_own_visits(user))
    sessions = _own_sessions(user, visits)
    rows: dict[Item, Row] = {("session", session.pk): _session_row(session, user) for session in sessions}
    for visit in visits:
        rows[("visit", visit.pk)] = _visit_row(visit)
        household = visit.household
        rows[("household", household.pk)] = _household_row(household)
        for person in household.persons.all():
            if not person.is_refusing_record:
                rows[("person", person.pk)] = _person_row(person)
    return rows


def _window() -> tuple[datetime, datetime]:
    start = start_of_day(today())
    return start - timedelta(days=DAYS_BACK), start + timedelta(days=DAYS_AHEAD)


def _own_visits(user: User) -> Iterable[Visit]:
    """Visits of the person's crews, walk-ins taken, and for a leader those that no crew has yet."""
    member = Q(crew__members__user=user, crew__members__left_on__isnull=True)
    leads = Membership.objects.filter(user=user, left_on__isnull=True, role=Role.TEAM_LEADER.value)
    mine = Visit.objects.filter(
        member
        | Q(taken_by=user, team__in=Membership.objects.filter(user=user, left_on__isnull=True).values("team"))
        | Q(crew__isnull=True, kind=Visit.Kind.PLANNED, team__in=leads.values("team"))
    ).values("pk")
    return (
        Visit.objects.filter(pk__in=mine, planned_start__range=_window())
        .exclude(status=Visit.Status.CANCELLED)
        .exclude(household__status=Household.Status.MERGED)
        .select_related("household__hamlet", "session", "request")
        .prefetch_related(
            "household__needs",
            Prefetch("household__persons", queryset=Person.objects.order_by("slot").prefetch_related("standings")),
            Prefetch("household__notes", queryset=HouseholdNote.objects.order_by("-recorded_at")),
        )
        .in_walking_order()
    )


def _own_sessions(user: User, visits: list[Visit]) -> list[Session]:
    """Sessions of the person's crews and sign-ups in the same days, and those of the visits."""
    window = _window()
    own = Q(crews__members__user=user, crews__members__left_on__isnull=True)
    own |= Q(signups__membership__user=user, signups__status="going", signups__membership__left_on__isnull=True)
    mine = Session.objects.filter(own, ends_at__gte=window[0], starts_at__lt=window[1])
    keys = {*mine.values_list("pk", flat=True), *(visit.session_id for visit in visits)}
    return list(
        Session.objects.filter(pk__in=keys)
        .exclude(status=Session.Status.CANCELLED)
        .select_related("area", "hamlet", "team")
        .prefetch_related("crews__members__user", "crews__leader__user")
        .order_by("starts_at")
    )


def _session_row(session: Session, user: User) -> Row:
    crew = next(
        (one for one in session.crews.all() if any(member.user_id == user.pk for member in one.members.all())), None
    )
    return {
        "id": str(session.pk), "kind": session.kind, "title": session.title, "place": session.place,
        "starts_at": session.starts_at.isoformat(), "ends_at": session.ends_at.isoformat(), "status": session.status,
        "commune": session.area_id, "commune_name": session.area.full_name, "hamlet": session.hamlet_id,
        "team": session.team.name if session.team else "",
        "crew": {
            "number": crew.number,
            "leader": crew.leader.user.given_name,
            "members": sorted(member.user.given_name for member in crew.members.all()),
        } if crew else None,
    }  # fmt: skip


def _visit_row(visit: Visit) -> Row:
    return {
        "id": str(visit.pk), "session": str(visit.session_id), "household": str(visit.household_id), "kind": visit.kind,
        "position": visit.position, "planned_start": visit.planned_start.isoformat(),
        "planned_end": visit.planned_end.isoformat(), "status": visit.status, "result": visit.result,
        "request_topic": visit.request.topic if visit.request else "",
    }  # fmt: skip


def _household_row(household: Household) -> Row:
    return {
        "id": str(household.pk), "code": household.code, "hamlet": household.hamlet_id,
        "hamlet_name": household.hamlet.full_name, "lane": household.lane, "call_name": household.call_name,
        "people": household.people, "needs": sorted(service.code for service in household.needs.all()),
        "good_time": household.good_time, "language": household.language, "woman_wanted": household.woman_wanted,
        "phone": household.phone or None,  # there is one only where somebody agreed to a call back
        "needs_call_first": household.needs_call_first,
        "come_back_on": household.come_back_on.isoformat() if household.come_back_on else None,
        "notes": [note.text for note in household.notes.all()[:3]],
    }  # fmt: skip


def _person_row(person: Person) -> Row:
    return {
        "id": str(person.pk), "household": str(person.household_id), "slot": person.slot, "call_name": person.call_name,
        "age_band": person.age_band,
        "reached": {row.service_id: sorted(row.reached) for row in person.standings.all() if row.reached},
    }  # fmt: skip


def surroundings(user: User) -> Row:
    """What goes with the rows: the person, team leaders to call, services with their lessons, the campaign."""
    members = list(
        Membership.objects.filter(user=user, left_on__isnull=True).select_related("team__area").order_by("joined_on")
    )
    language = user.language
    services = catalog.services()
    numbers = sorted({service.lesson_number for service in services if service.lesson_number})
    lessons = [card for number in numbers if (card := catalog.lesson_card(number, language)) is not None]
    campaign = running_campaign(members[0].team.area, today()) if members else None
    return {
        "person": {"name": user.name, "language": language},
        "teams": [_team_row(member.team) for member in members],
        "services": [
            {
                "code": one.code, "name": one.name_en if language == "en" else one.name_vi, "icon": one.icon,
                "goal_rung": one.goal_rung, "needs_own_device": one.needs_own_device, "lesson": one.lesson_number,
            }
            for one in services
        ],
        "lessons": [
            {
                "number": card.number, "title": card.title, "minutes": card.minutes, "short_url": f"/b/{card.number}/",
                "companion_url": f"/doi/thuc-dia/bai/{card.number}/",
            }
            for card in lessons
        ],
        "campaign": {
            "slug": campaign.slug, "name": campaign.name, "starts_on": campaign.starts_on.isoformat(),
            "ends_on": campaign.ends_on.isoformat(),
        } if campaign else None,
    }  # fmt: skip


def _team_row(team: Team) -> Row:
    leaders = team.memberships.filter(left_on__isnull=True, role=Role.TEAM_LEADER.value).select_related("user")
    return {
        "id": str(team.pk),
        "name": team.name,
        "leaders": [{"name": one.user.given_name, "phone": one.user.phone} for one in leaders.order_by("joined_on")],
    }


# -- What was handed out, and what has changed since -----------------------------------------------------------------


def renew(user: User) -> tuple[int, dict[Item, Row]]:
    """Compare the pack with what was last handed out: its serial now, and its rows.

    Contents are compared, not times: a change that was committed late is found at the next contact all the same.
    Writes only when something differs.
    """
    rows = carried(user)
    serial = PackSerial.objects.filter(user=user).values_list("serial", flat=True).first()
    if serial is not None and not _differences(user, rows) and not _unshown(user).exists():
        return serial, rows
    with transaction.atomic():
        PackSerial.objects.bulk_create([PackSerial(user=user)], ignore_conflicts=True)
        counter = PackSerial.objects.select_for_update().get(user=user)
        rows = carried(user)
        changes = _differences(user, rows)
        shown = _unshown(user).update(shown_serial=counter.serial + 1)
        if changes or shown or counter.serial == 0:
            counter.serial += 1
            counter.save(update_fields=["serial"])
            for item in changes:
                item.serial = counter.serial
            PackItem.objects.bulk_create(
                changes,
                update_conflicts=True,
                unique_fields=["user", "kind", "object_id"],
                update_fields=["digest", "serial", "given_at", "gone_at", "reason"],
            )
    return counter.serial, rows


def _unshown(user: User) -> Any:
    """Answers that no `changes` has told of yet."""
    return SyncItem.objects.filter(author=user, state=SyncItem.State.ANSWERED, shown_serial__isnull=True)


def _differences(user: User, rows: dict[Item, Row]) -> list[PackItem]:
    """New, changed and gone rows, as they are to be kept."""
    moment = now()
    known = {(item.kind, item.object_id): item for item in PackItem.objects.filter(user=user)}
    changes: list[PackItem] = []
    for (kind, object_id), row in rows.items():
        digest = plain_digest(canonical(row))
        item = known.get((kind, object_id))
        if item is None:
            changes.append(PackItem(user=user, kind=kind, object_id=object_id, digest=digest, given_at=moment))
        elif item.gone_at is not None or item.digest != digest:
            item.given_at = moment if item.gone_at is not None else item.given_at
            item.digest, item.gone_at, item.reason = digest, None, ""
            changes.append(item)
    for key, item in known.items():
        if key not in rows and item.gone_at is None:
            item.gone_at, item.reason = moment, _reason(user, item)
            changes.append(item)
    return changes


def _reason(user: User, item: PackItem) -> str:
    """Why a row is gone, as the phone may know it."""
    Reason = PackItem.Reason
    if item.kind == "visit":
        visit = Visit.objects.filter(pk=item.object_id).first()
        if visit is None or visit.status == Visit.Status.CANCELLED:
            return Reason.DELETED
        return Reason.EXPIRED if visit_to_record(user, item.object_id) else Reason.OUT_OF_SCOPE
    if item.kind == "session":
        session = Session.objects.filter(pk=item.object_id).first()
        if session is None or session.status == Session.Status.CANCELLED:
            return Reason.DELETED
        return Reason.EXPIRED if session.ends_at < _window()[0] else Reason.OUT_OF_SCOPE
    if item.kind == "household":
        status = Household.objects.filter(pk=item.object_id).values_list("status", flat=True).first()
        if status == Household.Status.MERGED:
            return Reason.MERGED
        return Reason.DELETED if status is None else Reason.OUT_OF_SCOPE
    return Reason.OUT_OF_SCOPE if Person.objects.filter(pk=item.object_id).exists() else Reason.DELETED


def since(user: User, serial: int, rows: dict[Item, Row]) -> tuple[list[Row], list[Row]]:
    """Upserts and tombstones after a serial; the answers of ops among the upserts."""
    upserts: list[Row] = []
    tombstones: list[Row] = []
    for item in PackItem.objects.filter(user=user, serial__gt=serial).order_by("serial", "pk"):
        if item.gone_at is not None:
            tombstones.append({"kind": item.kind, "id": str(item.object_id), "reason": item.reason})
        elif (item.kind, item.object_id) in rows:
            row = rows[(item.kind, item.object_id)]
            upserts.append({"kind": item.kind, "id": str(item.object_id), "row": row})
    for op in SyncItem.objects.filter(author=user, shown_serial__gt=serial).order_by("shown_serial", "pk"):
        row = {"status": op.status, "code": op.code, "message": op.message, "counted": op.is_counted}
        upserts.append({"kind": "op", "id": str(op.op_id), "row": row})
    return upserts, tombstones


def oldest_serial(user: User) -> int:
    """Cursors below it are too old: tombstones after them were thrown away."""
    return PackSerial.objects.filter(user=user).values_list("oldest", flat=True).first() or 0
