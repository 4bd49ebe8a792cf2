"""Verbs of households: what the door tells us about them (below), and what leads keep of them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from project.accounts.models import User
from project.lib.clock import kept_since, now
from project.lib.ids import lookup_code, new_id
from project.lib.refusal import Refusal
from project.lib.vietnamese import fold
from volunteers.access.policy import require
from volunteers.areas.models import Area
from volunteers.audit.log import record
from volunteers.households.models import Consent, Household, HouseholdNote, Person
from volunteers.households.queries import highest_made_code, lock_commune, made_code
from volunteers.households.rules import CONSENT_VERSION, same_key

# -- At the door -----------------------------------------------------------------------------------------------------
# A volunteer reaches a household only through a visit, and visits live upstairs. So these verbs take `through`: the
# row that gives the right (a visit, a pack's row); a lead needs none, the household's own scope answers.

SLOTS = "ABCDEFGHJKLMNPQRSTUVWXY"  # no I, O and Z: read from paper


def add_person(
    household: Household,
    *,
    by: User,
    id: UUID | None = None,
    call_name: str = "",
    age_band: str = "",
    at: datetime | None = None,
    through: Any = None,
) -> Person:
    """A new slot (A, B, C …) for somebody who agreed to a record: the consent is stored with it (contract §6).

    `id` may have been minted on a phone. Refusal `invalid` for an id that is taken or a full household.
    """
    require(by, "visit.record", through or household)
    with transaction.atomic():
        Household.objects.select_for_update(no_key=True).get(pk=household.pk)
        taken = set(household.persons.values_list("slot", flat=True))
        slot = next((letter for letter in SLOTS if letter not in taken), None)
        if slot is None or (id is not None and Person.objects.filter(pk=id).exists()):
            raise Refusal("invalid", _("This person cannot be added. Please look whether they are in the list."))
        person = Person.objects.create(
            id=id or new_id(), household=household, slot=slot, call_name=call_name, age_band=age_band, created_by=by
        )
        _keep_consent(household, person, Consent.Purpose.HELP_RECORD, True, CONSENT_VERSION, by=by, at=at or now())
        record("person.added", person, by=by, household=household.pk)
    return person


def record_consent(
    person: Person,
    *,
    by: User,
    purpose: str,
    given: bool,
    text_version: str,
    at: datetime | None = None,
    channel: str = Consent.Channel.SPOKEN,
    through: Any = None,
) -> Consent:
    """A yes or a no for one purpose; a new row each time. The newest at the door counts, in whatever order they arrive.

    A no to `help_record` ends all recording about the person; a no to `call_back` by all also drops the phone number.
    """
    require(by, "visit.record", through or person)
    with transaction.atomic():
        household = Household.objects.select_for_update(no_key=True).get(pk=person.household_id)
        row = _keep_consent(household, person, purpose, given, text_version, by=by, at=at or now(), channel=channel)
        if purpose == Consent.Purpose.HELP_RECORD:
            person.is_refusing_record = not _latest(person, purpose)
            person.save(update_fields=["is_refusing_record"])
        elif purpose == Consent.Purpose.CALL_BACK and household.phone and not _may_call(household):
            household.phone = ""
            household.save(update_fields=["phone"])
        record("consent.recorded", row, by=by, scope=household.scope_path, purpose=purpose, given=given)
    return row


def record_contact(household: Household, *, by: User, phone: str, consent: Consent, through: Any = None) -> Household:
    """Keep a phone number (E.164), encrypted; only upon a yes to a call back from a person of this household."""
    require(by, "visit.record", through or household)
    if consent.household_id != household.pk or consent.purpose != Consent.Purpose.CALL_BACK:
        raise Refusal("no_consent", _("A phone number needs the consent to a call back of somebody who lives here."))
    if not consent.is_given or consent.person is None or not _latest(consent.person, consent.purpose):
        raise Refusal("no_consent", _("This person does not want to be called back: the number was not kept."))
    with transaction.atomic():
        household.phone = phone
        household.updated_at = now()
        household.save(update_fields=["phone", "updated_at"])
        record("household.contact_recorded", household, by=by, consent=consent.pk)
    return household


def forget_contact(household: Household, *, by: User, through: Any = None) -> None:
    """Drop the phone number again."""
    require(by, "visit.record", through or household)
    with transaction.atomic():
        Household.objects.filter(pk=household.pk).update(phone="", updated_at=now())
        record("household.contact_forgotten", household, by=by)


def note_household(
    household: Household,
    *,
    by: User,
    note: str,
    good_time: Sequence[dict[str, Any]] | None = None,
    at: datetime | None = None,
    through: Any = None,
) -> HouseholdNote:
    """A few words for the next crew; the caller has looked for secrets in them. `good_time` None leaves it as it is."""
    require(by, "visit.record", through or household)
    with transaction.atomic():
        row = HouseholdNote.objects.create(household=household, text=note, recorded_by=by, recorded_at=at or now())
        fields: dict[str, Any] = {"updated_at": now()}
        if good_time is not None:
            fields["good_time"] = list(good_time)
        Household.objects.filter(pk=household.pk).update(**fields)
        record("household.noted", household, by=by, good_time=good_time is not None)
    return row


def remove_note(note: HouseholdNote, *, by: User) -> None:
    """The author takes the words back."""
    if note.recorded_by_id != by.pk:
        require(by, "household.manage", note)
    with transaction.atomic():
        record("household.note_removed", note, by=by)
        note.delete()


def remove_person(person: Person, *, by: User) -> None:
    """The author takes back a person just added; the caller has made sure that nothing was recorded of them."""
    if person.created_by_id != by.pk:
        require(by, "household.manage", person)
    with transaction.atomic():
        record("person.removed", person, by=by)
        person.consents.all().delete()
        person.delete()


def make_walk_in_household(
    hamlet: Area, *, by: User, id: UUID, lane: str, call_name: str = "", through: Any = None
) -> tuple[Household, bool]:
    """A household of somebody who came by, minted on a phone; with whether a door like it is on the roster already."""
    require(by, "visit.record", through or hamlet)
    key = same_key(hamlet.code, lane, call_name)
    is_known = Household.objects.filter(hamlet=hamlet, lane_folded=fold(lane)).exists()
    commune = hamlet.commune
    for _attempt in range(5):
        try:
            with transaction.atomic():
                household = Household.objects.create(
                    id=id,
                    code=f"K-{lookup_code(6)}",
                    has_made_code=True,
                    commune=commune,
                    hamlet=hamlet,
                    lane=lane,
                    lane_folded=fold(lane),
                    call_name=call_name,
                    same_key=key,
                    created_by=by,
                )
                record("household.added", household, by=by, walk_in=True)
                return household, is_known
        except IntegrityError:
            if Household.objects.filter(pk=id).exists():
                break
    raise Refusal("invalid", _("This household cannot be added."))


def apply_result(
    household: Household,
    *,
    by: User | None,
    status: str,
    not_home_count: int,
    come_back_on: date | None = None,
    come_back_good_time: Sequence[dict[str, Any]] = (),
    blocker: str = "",
) -> None:
    """What a visit's result means for the household (contract §6). `status` '' leaves the pool to `settle`."""
    changed: dict[str, Any] = {
        "not_home_count": not_home_count, "come_back_on": come_back_on,
        "come_back_good_time": list(come_back_good_time), "blocker": blocker, "updated_at": now(),
    }  # fmt: skip
    if status:
        changed["status"] = status
    with transaction.atomic():
        Household.objects.filter(pk=household.pk).exclude(status=Household.Status.MERGED).update(**changed)
        if status and status != household.status:
            record("household.status_changed", household, by=by, status=status)
    for name, value in changed.items():
        setattr(household, name, value)


def settle(household: Household, *, is_served: bool, by: User | None) -> None:
    """Out of the pool when all is done, back when not; a household that refused or moved away stays as it is."""
    status = Household.Status.SERVED if is_served else Household.Status.WAITING
    open_states = [Household.Status.SERVED, Household.Status.WAITING]
    with transaction.atomic():
        rows = Household.objects.filter(pk=household.pk, status__in=open_states).exclude(status=status)
        if rows.update(status=status, updated_at=now()):
            record("household.status_changed", household, by=by, status=status.value)
            household.status = status


# -- Retention ---------------------------------------------------------------------------------------------------------
# Which doors are due, visits knows (visits.actions.forget_doors). Columns are ciphertext: only a length tells of text.

NOTE_KEPT = 365  # days


def forget_phones(due: QuerySet[Household]) -> int:
    """Empty the numbers of these households; returns how many there were."""
    return due.alias(kept=Length("phone")).filter(kept__gt=0).update(phone="")


def forget_call_names(due: QuerySet[Household]) -> int:
    """Empty how to greet these households and their people; returns how many there were."""
    people = Person.objects.filter(household__in=due).alias(kept=Length("call_name")).filter(kept__gt=0)
    gone = people.update(call_name="")
    return gone + due.alias(kept=Length("call_name")).filter(kept__gt=0).update(call_name="")


def forget_notes(today: date) -> dict[str, int]:
    """Retention: notes of more than 12 months ago."""
    return {"notes": HouseholdNote.objects.filter(recorded_at__lt=kept_since(today, NOTE_KEPT)).delete()[0]}


def _keep_consent(
    household: Household, person: Person, purpose: str, given: bool, version: str, *, by: User, at: datetime,
    channel: str = Consent.Channel.SPOKEN,
) -> Consent:  # fmt: skip
    return Consent.objects.create(
        household=household,
        person=person,
        purpose=purpose,
        is_given=given,
        text_version=version,
        channel=channel,
        recorded_by=by,
        recorded_at=at,
    )


def _latest(person: Person, purpose: str) -> bool:
    """The person's newest answer; no answer is no consent."""
    rows = person.consents.filter(purpose=purpose).order_by("-recorded_at", "-id")
    return bool(rows.values_list("is_given", flat=True).first())


def _may_call(household: Household) -> bool:
    return any(_latest(person, Consent.Purpose.CALL_BACK) for person in household.persons.all())


# -- What leads keep ---------------------------------------------------------------------------------------------------
# Lists of doors come by file (importers.py, deliver.py); these verbs are for one door at a time.


def create_household(hamlet: Area, *, by: User, code: str = "", **told: Any) -> Household:
    """A door added by hand; the next H-number unless the commune's own code is given. `told`: as `update_household`.

    Refusal `code_taken`, or `known` when the same hamlet, lane and call name is on the roster already.
    """
    require(by, "household.manage", hamlet)
    with transaction.atomic():
        lock_commune(hamlet.commune)
        own = code or made_code(highest_made_code(hamlet.commune) + 1)
        if Household.objects.filter(commune=hamlet.commune, code=own).exists():
            raise Refusal("code_taken", _("Another household has this code. Leave it empty to get the next free one."))
        household = Household(code=own, has_made_code=not code, commune=hamlet.commune, hamlet=hamlet, created_by=by)
        needs = _fill(household, hamlet, told)
        twins = Household.objects.filter(commune=hamlet.commune, same_key=household.same_key)
        if not code and twins.exists():
            raise Refusal("known", _("This door is on the list already: same hamlet, lane and way to greet."))
        household.save(force_insert=True)
        household.needs.set(needs)
        if household.phone:
            _agreed(household, by, given=True)
        record("household.created", household, by=by)
    return household


def update_household(household: Household, *, by: User, hamlet: Area, **told: Any) -> Household:
    """Correct what is known of a door: lane, call_name, people, needs (Services), good_time, priority, language,
    woman_wanted, phone (E.164; '' forgets it), lat, lon. A number comes only with the consent that the form asked for.
    """
    require(by, "household.manage", household)
    require(by, "household.manage", hamlet)
    if hamlet.commune.pk != household.commune_id:
        raise Refusal("other_commune", _("Choose a hamlet of the same commune."))
    with transaction.atomic():
        row = Household.objects.select_for_update().get(pk=household.pk)
        before = {field.attname: getattr(row, field.attname) for field in Household._meta.concrete_fields}
        needs = _fill(row, hamlet, told)
        changed = sorted(name for name, value in before.items() if getattr(row, name) != value)
        if set(needs) != set(row.needs.all()):
            row.needs.set(needs)
            changed.append("needs")
        if "phone" in changed:
            _agreed(row, by, given=bool(row.phone))
        if changed:
            row.updated_at = now()
            row.save()
            record("household.updated", row, by=by, fields=changed)
    return row


def retire_household(household: Household, *, by: User, status: str) -> bool:
    """Out of the pool because the people moved away or want no visits; False if it is so already."""
    require(by, "household.manage", household)
    if status not in (Household.Status.MOVED, Household.Status.REFUSED):
        raise Refusal("bad_status", _("Choose why nobody should come any more."))
    return _turn(household, by, status, "household.retired")


def reactivate_household(household: Household, *, by: User) -> bool:
    """Back into the pool: the household asked for a visit again. Times nobody was at home are forgotten."""
    require(by, "household.manage", household)
    return _turn(household, by, Household.Status.WAITING, "household.reactivated", not_home_count=0)


def reveal_phone(household: Household, *, by: User) -> str:
    """The number (E.164), with a line in the audit trail for every look; '' if there is none."""
    require(by, "household.manage", household)
    if household.phone:
        with transaction.atomic():
            record("household.phone_shown", household, by=by)
    return household.phone or ""


def move_households(old: Area, new: Area, by: User | None) -> None:
    """The mover of areas.actions: the doors of a merged hamlet (and commune) go on in the new one.

    Their keys are made anew from the new hamlet's code; a code that the new commune has already gets the old
    commune's before it.
    """
    if old.level == Area.Level.COMMUNE:
        return  # its hamlets were moved one by one before
    commune = new.commune
    taken: set[str] = set()
    if old.parent_id != commune.pk:
        taken = set(Household.objects.filter(commune=commune).values_list("code", flat=True))
    rows = list(Household.objects.filter(hamlet=old).select_for_update())
    for row in rows:
        row.hamlet, row.commune = new, commune
        row.same_key = same_key(new.code, row.lane, row.call_name or "")
        if row.code in taken:
            row.code = f"{old.parent_id}.{row.code}"[:24]
    Household.objects.bulk_update(rows, ["hamlet", "commune", "same_key", "code"], batch_size=200)
    if rows:
        record("households.moved", new, by=by, count=len(rows), was=old.pk)


def live_there(hamlet: Area) -> str:
    """The blocker of areas.actions: a hamlet with households is merged, not closed."""
    if Household.objects.filter(hamlet=hamlet).exists():
        return str(_("Households live in this hamlet. Merge it into another one instead."))
    return ""


def _fill(household: Household, hamlet: Area, told: dict[str, Any]) -> list[Any]:
    """Write the values onto the row, unsaved; returns the needs."""
    needs = list(told.pop("needs", []))
    household.hamlet = hamlet
    for name, value in told.items():
        setattr(household, name, value)
    household.lane_folded = fold(household.lane)
    household.same_key = same_key(hamlet.code, household.lane, household.call_name or "")
    return needs


def _agreed(household: Household, by: User, *, given: bool) -> None:
    Consent.objects.create(
        household=household, purpose=Consent.Purpose.CALL_BACK, is_given=given, text_version=CONSENT_VERSION,
        channel=Consent.Channel.SPOKEN, recorded_by=by,
    )  # fmt: skip


def _turn(household: Household, by: User, status: str, action: str, **values: Any) -> bool:
    with transaction.atomic():
        rows = Household.objects.filter(pk=household.pk).exclude(status__in=[status, Household.Status.MERGED])
        if not rows.update(status=status, come_back_on=None, come_back_good_time=[], updated_at=now(), **values):
            return False
        record(action, household, by=by, status=status)
    household.status = status
    return True
