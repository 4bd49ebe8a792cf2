"""Verbs of help requests: receive, assign, close, cancel, reopen, show the phone.

Codes have 10 characters of 24 (6 × 10^13, 46 bits): short enough to be read over the phone. Fewer than the 64 bits
of a secret is enough, because look-ups are limited per sender and a found code tells a state, a day and given names,
never a place or a number.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from learning import catalog
from project.accounts.models import User
from project.lib.clock import kept_since, now, today
from project.lib.ids import lookup_code
from project.lib.input_guard import check
from volunteers.access.policy import require
from volunteers.areas.models import Area
from volunteers.audit.log import record
from volunteers.requests import states
from volunteers.requests.models import HelpRequest
from volunteers.teams.models import Team

CODE_LENGTH = 10
MOST_NAMES = 120
PHONE_KEPT = 30  # days after the request was closed: the public page promises it


class RequestRefused(ValueError):
    """An assignment that cannot be: `field` is at fault, `message` (translated late) says what to do."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(field)
        self.field, self.message = field, message

    def __str__(self) -> str:
        return str(self.message)


def receive_request(
    commune: Area,
    *,
    topic: str,
    phone: str,
    hamlet: Area | None = None,
    good_time: str = "",
    lesson_number: int | None = None,
    step: str = "",
    by: User | None = None,
) -> HelpRequest:
    """Write down what an elder asked for; `phone` is E.164. Anybody may ask, so nobody's right is questioned."""
    if hamlet is not None and hamlet.parent_id != commune.pk:
        raise RequestRefused("hamlet", _("This hamlet is not in that commune."))
    for _attempt in range(5):
        try:
            with transaction.atomic():
                row = HelpRequest.objects.create(
                    code=lookup_code(CODE_LENGTH), area=commune, hamlet=hamlet, topic=topic, phone=phone,
                    good_time=good_time, lesson_number=lesson_number, step=step[:40],
                )  # fmt: skip
                record("request.received", row, by=by, topic=topic, hamlet=hamlet.pk if hamlet else None)
                if lesson_number is not None:
                    _tell_editors(lesson_number, step[:40])
                return row
        except IntegrityError:
            if _attempt == 4:
                raise
    raise AssertionError("unreachable")


def assign_request(
    request: HelpRequest, *, by: User | None, team: Team, comes_on: date, names: Sequence[str] = ()
) -> HelpRequest:
    """Promise a team, a day and who comes (given names only: they stand on the public page). May be changed again."""
    require(by, "request.assign", request)
    if team.area_id != request.area_id or not team.is_active:
        raise RequestRefused("team", _("Choose a team of this commune."))
    if not today() <= comes_on <= today() + states.FARTHEST:
        raise RequestRefused("comes_on", _("Choose a day between today and two months from now."))
    with transaction.atomic():
        row = _moving(request, states.ASSIGNED)
        row.team, row.comes_on, row.comes_names = team, comes_on, _given_names(names)
        row.assigned_at, row.assigned_by = now(), by
        row.save(update_fields=["status", "team", "comes_on", "comes_names", "assigned_at", "assigned_by"])
        record("request.assigned", row, by=by, team=team.pk, comes_on=comes_on)
    return _same(request, row)


def close_request(request: HelpRequest, *, by: User | None, visit: Any = None) -> HelpRequest:
    """The elder was helped. `visit` is the id of the visit that did it: its own verb has asked for the right then."""
    if visit is None:
        require(by, "request.close", request)
    with transaction.atomic():
        row = _moving(request, states.DONE)
        row.done_at = now()
        row.save(update_fields=["status", "done_at"])
        record("request.closed", row, by=by, **({"visit": visit} if visit is not None else {}))
    return _same(request, row)


def cancel_request(request: HelpRequest, *, by: User | None) -> HelpRequest:
    """Nobody needs to come any more: asked twice, called off by phone, or a prank."""
    require(by, "request.assign", request)
    with transaction.atomic():
        row = _moving(request, states.CANCELLED)
        row.done_at = now()
        row.save(update_fields=["status", "done_at"])
        record("request.cancelled", row, by=by)
    return _same(request, row)


def reopen_request(request: HelpRequest, *, by: User | None) -> HelpRequest:
    """Back to «received»: the team cannot come after all, or it was closed by mistake. The clock keeps its start."""
    require(by, "request.close", request)
    with transaction.atomic():
        row = _moving(request, states.RECEIVED)
        team = row.team_id
        row.team, row.comes_on, row.comes_names = None, None, ""
        row.assigned_at, row.assigned_by, row.done_at = None, None, None
        row.save(
            update_fields=["status", "team", "comes_on", "comes_names", "assigned_at", "assigned_by", "done_at"]
        )  # fmt: skip
        record("request.reopened", row, by=by, team=team)
    return _same(request, row)


def show_phone(request: HelpRequest, *, by: User) -> str:
    """The number to call back (E.164); that it was looked at is written down."""
    require(by, "request.view", request)
    with transaction.atomic():
        record("request.phone_shown", request, by=by)
    return request.phone or ""


def move_requests(old: Area, new: Area, by: User | None) -> None:
    """A merge of places (areas.actions.register_mover): all requests follow, so that the heir's lead sees them."""
    HelpRequest.objects.filter(hamlet=old).update(hamlet=new, area=new.commune)
    if old.level == Area.Level.COMMUNE:
        HelpRequest.objects.filter(area=old).update(area=new)


def forget_phones(today: date) -> dict[str, int]:
    """Retention: the numbers of requests that were done or cancelled 30 days ago."""
    closed = HelpRequest.objects.filter(
        status__in=[states.DONE, states.CANCELLED], done_at__lt=kept_since(today, PHONE_KEPT)
    )
    # The column is ciphertext: only its length tells whether there is something.
    return {"request_phones": closed.alias(kept=Length("phone")).filter(kept__gt=0).update(phone="")}


def _moving(request: HelpRequest, new: str) -> HelpRequest:
    """The row, locked, on its way to `new`; MoveRefused if it cannot go there."""
    row = HelpRequest.objects.select_for_update(of=("self",)).select_related("area").get(pk=request.pk)
    if not states.may_become(row.status, new):
        raise states.MoveRefused(row.status, new)
    row.status = new
    return row


def _tell_editors(lesson: int, step: str) -> None:
    """One more on the lesson's anonymous counts, after the commit and never at the cost of the request."""

    def tell() -> None:  # no partial: Django calls a robust hook that failed by its __qualname__
        catalog.count_request(lesson, step)

    transaction.on_commit(tell, robust=True)


def _given_names(names: Sequence[str]) -> str:
    kept = [states.given_name(name)[:20] for name in names]
    text = ", ".join(dict.fromkeys(name for name in kept if name.isalpha()))[:MOST_NAMES]
    return "" if check(text) else text


def _same(request: HelpRequest, row: HelpRequest) -> HelpRequest:
    """Bring the caller's object in step, so that a page drawn after the verb tells the truth."""
    for field in HelpRequest._meta.concrete_fields:
        setattr(request, field.attname, getattr(row, field.attname))
    return request
