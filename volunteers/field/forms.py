"""What is written down at a door on a plain page, and the ops of contract §6 that it stands for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from learning import catalog
from learning.catalog import ServiceCard
from project.lib import input_guard
from project.lib.clock import ZONE, today
from project.lib.vietnamese import day_label
from volunteers.areas.models import Area
from volunteers.households.models import Person
from volunteers.households.rules import CONSENT_VERSION
from volunteers.sessions.models import Session
from volunteers.visits.models import Visit

HIGH = frozenset({"activated", "did_alone"})  # the rungs for which the person's own phone and SIM are asked
RUNG_WORDS = (
    ("briefed", _("Told")), ("referred", _("Referred")), ("registered", _("Registered")), ("activated", _("Activated")),
    ("did_alone", _("Did alone")),
)  # fmt: skip
# One tap answers both questions of contract §6: own_device, own_sim.
OWN = {"both": (True, True), "sim_other": (True, False), "device_other": (False, True), "none": (False, False)}
OWN_WORDS = (
    ("both", _("Own phone, own SIM")), ("sim_other", _("Own phone, SIM in another name")),
    ("device_other", _("Somebody else's phone, own SIM")), ("none", _("Neither is their own")),
)  # fmt: skip
PARTS = (("", _("Any time")), ("sáng", _("Morning")), ("chiều", _("Afternoon")), ("tối", _("Evening")))
RESULTS = (
    ("done", _("Done, they were helped")), ("not_home", _("Nobody at home")), ("come_back", _("Come back another day")),
    ("refused", _("Does not want visits")), ("moved_away", _("Moved away")), ("cannot_serve", _("Could not be helped")),
)  # fmt: skip
SECRETS: dict[str, Any] = {
    "phone": _("There seems to be a phone number in it. Numbers are kept only when the person agrees: take it out."),
    "otp": _("There seems to be a one-time code in it. We never keep codes: take it out, then save again."),
    "password": _("There seems to be a password in it. We never keep passwords: take it out, then save again."),
    "pass_phrase": _("There seems to be a password in it. We never keep passwords: take it out, then save again."),
}
OTHER_SECRET = _("There seems to be the number of a paper or a card in it. We never keep those: take it out.")


def guarded(text: str) -> str:
    """The text itself, or ValidationError that says what to take out."""
    found = input_guard.check(text)
    if found:
        raise forms.ValidationError(SECRETS.get(found[0].kind, OTHER_SECRET))
    return text


class PlainText(forms.CharField):
    """Free text on its way through the input guard."""

    def clean(self, value: Any) -> str:
        """Stripped, guarded."""
        return guarded(str(super().clean(value)))


@dataclass(frozen=True)
class Draft:
    """An op before it has an envelope: a stable place in its batch, kind, payload, and words for its answer."""

    place: int
    kind: str
    payload: dict[str, Any]
    label: str = ""
    supersedes: UUID | None = None


def raw_ops(drafts: Iterable[Draft], batch: UUID, moment: datetime) -> list[dict[str, Any]]:
    """The drafts as ops. Ids follow from the page's batch and the content, so the same tap twice is the same op.

    What was corrected gets an id of its own, so after a refusal the same page can be sent again: what was written
    answers `duplicate`, what was mended is new. `seq` grows with the batch's own time (UUIDv7: 48 bits).
    """
    first = (batch.int >> 80) * 1024 % 2**53
    ops = []
    for draft in drafts:
        content = (
            f"{draft.kind} {draft.place} {sorted(draft.payload.items(), key=lambda pair: pair[0])!r} {draft.supersedes}"
        )
        op: dict[str, Any] = {
            "op_id": str(uuid5(batch, content)), "kind": draft.kind, "schema": 1, "seq": first + draft.place,
            "recorded_at": moment.astimezone(ZONE).isoformat(), "payload": draft.payload,
        }  # fmt: skip
        if draft.supersedes is not None:
            op["supersedes"] = str(draft.supersedes)
        ops.append(op)
    return ops


@dataclass(frozen=True)
class Row:
    """One service of a person: the taps, and what was reached before."""

    service: ServiceCard
    field: Any  # a BoundField; its first choice is «none»
    reached: str  # the highest rung, '' for none


@dataclass
class Surroundings:
    """What every person of a page shares."""

    needs: frozenset[str]
    referrals: Sequence[Session] = ()
    services: list[ServiceCard] = field(default_factory=catalog.services)


class PersonForm(forms.Form):
    """One person: the question for consent (somebody new), a rung for each service, own phone, blocker, referral."""

    use_required_attribute = False  # half of it may be hidden: a browser must not wait for what nobody sees

    consent = forms.ChoiceField(
        required=False, widget=forms.RadioSelect, label=_("What did they answer?"),
        choices=[("yes", _("Yes, write it down")), ("no", _("No record"))],
    )  # fmt: skip
    call_name = PlainText(label=_("How to greet them"), required=False, max_length=40)
    age_band = forms.ChoiceField(
        label=_("Age"), required=False, widget=forms.RadioSelect, choices=Person.AgeBand.choices
    )
    own = forms.ChoiceField(
        label=_("Whose phone and SIM card?"), required=False, widget=forms.RadioSelect, choices=OWN_WORDS
    )
    blocker = forms.ChoiceField(label=_("What stood in the way?"), required=False, choices=Visit.Blocker.choices)
    referred_to = forms.ChoiceField(label=_("Referred to which session?"), required=False)
    stop = forms.BooleanField(label=_("They changed their mind: keep nothing more about them"), required=False)

    def __init__(
        self, around: Surroundings, *args: Any, number: int, letter: str = "", person: Person | None = None, **more: Any
    ) -> None:
        """`number`: the place among the page's persons; `person` None for somebody new; `letter` heads the tab."""
        super().__init__(*args, **more)
        self.around, self.number, self.person, self.letter = around, number, person, letter
        chips = [(card.code, card.short) for card in around.services]
        self.fields["unnamed"] = forms.MultipleChoiceField(
            label=_("What did you show them? Nothing is kept about the person."), required=False, choices=chips,
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
        when = [(str(row.pk), _session_label(row)) for row in around.referrals]
        self.fields["referred_to"].choices = [("", _("no session yet")), *when]  # type: ignore[attr-defined]
        for card in around.services:
            words = RUNG_WORDS[:1] if card.goal_rung == "briefed" else RUNG_WORDS
            self.fields[f"rung_{card.code}"] = forms.ChoiceField(
                label=card.name, required=False, widget=forms.RadioSelect, choices=[("", _("Take off")), *words]
            )
        self.fields["blocker"].choices = [("", _("nothing")), *Visit.Blocker.choices[1:]]  # type: ignore[attr-defined]

    @property
    def needed(self) -> list[Row]:
        """The services that the household asked for."""
        return [row for row in self._rows() if row.service.code in self.around.needs]

    @property
    def others(self) -> list[Row]:
        """All other services."""
        return [row for row in self._rows() if row.service.code not in self.around.needs]

    def _rows(self) -> list[Row]:
        reached: dict[str, str] = {}
        if self.person is not None:
            for standing in self.person.standings.all():
                known = [rung for rung in catalog.rungs() if rung in standing.reached]
                reached[standing.service_id] = known[-1] if known else ""
        return [Row(card, self[f"rung_{card.code}"], reached.get(card.code, "")) for card in self.around.services]

    def is_others_open(self) -> bool:
        """Whether something was chosen, or is wrong, beyond the household's needs."""
        return any(row.field.value() or row.field.errors for row in self.others)

    def clean(self) -> dict[str, Any]:
        """A record needs the person's yes; a high rung needs the answer whose phone it was."""
        cleaned: dict[str, Any] = super().clean() or {}
        rungs = self.rungs()
        told = bool(rungs or cleaned.get("call_name") or cleaned.get("age_band") or cleaned.get("blocker"))
        if self.person is None and told and not cleaned.get("consent"):
            self.add_error("consent", _("Read the question aloud first, then tap the answer."))
        if self.is_refusing or (self.person is None and not cleaned.get("consent")):
            return cleaned
        needs_own = {card.code for card in self.around.services if card.needs_own_device}
        if any(rung in HIGH and code in needs_own for code, rung in rungs.items()) and not cleaned.get("own"):
            self.add_error("own", _("Tap whose phone and SIM card it was."))
        if cleaned.get("blocker") and not rungs:
            self.add_error("blocker", _("Tap how far you came with one service, for example «Told»."))
        if cleaned.get("referred_to") and "referred" not in rungs.values():
            self.add_error("referred_to", _("Tap «Referred» at the service that the session is for."))
        return cleaned

    def rungs(self) -> dict[str, str]:
        """Service → the rung that was tapped."""
        values = ((card.code, self.cleaned_data.get(f"rung_{card.code}")) for card in self.around.services)
        return {code: rung for code, rung in values if rung}

    @property
    def is_refusing(self) -> bool:
        """Whether this person wants no record (any more)."""
        return self.cleaned_data.get("consent") == "no" if self.person is None else bool(self.cleaned_data.get("stop"))

    def unnamed(self) -> list[str]:
        """What was shown to somebody who wants no record: the ticks, and rungs that were tapped all the same."""
        if not self.is_refusing:
            return []
        return list(dict.fromkeys([*self.cleaned_data.get("unnamed", []), *self.rungs()]))

    def drafts(self, *, visit: UUID, household: UUID, batch: UUID) -> list[Draft]:
        """The ops of this person, in the order in which they stand on each other."""
        base = 100 * self.number
        name = self.cleaned_data.get("call_name") or (self.person.slot if self.person else self.letter)
        if self.is_refusing:
            if self.person is None:
                return []
            said = {"purpose": "help_record", "given": False, "text_version": CONSENT_VERSION}
            return [
                Draft(base, "consent.recorded", {"person": str(self.person.pk), **said}, now_("%s: no record") % name)
            ]
        rungs = self.rungs()
        drafts: list[Draft] = []
        if self.person is None:
            if self.cleaned_data.get("consent") != "yes":
                return []
            person = new_person_id(batch, self.prefix or "")
            payload = {"person": str(person), "household": str(household)}
            payload |= {key: self.cleaned_data[key] for key in ("call_name", "age_band") if self.cleaned_data.get(key)}
            drafts.append(Draft(base, "person.added", payload, str(name)))
        else:
            person = self.person.pk
        own_device, own_sim = OWN.get(self.cleaned_data.get("own", ""), (False, False))
        for index, (code, rung) in enumerate(rungs.items(), start=1):
            outcome: dict[str, Any] = {
                "visit": str(visit), "person": str(person), "service": code, "rung": rung,
                "own_device": own_device, "own_sim": own_sim,
            }  # fmt: skip
            if self._meets_blocker(code, rungs):
                outcome["blocker"] = self.cleaned_data["blocker"]
            if rung == "referred" and self.cleaned_data.get("referred_to"):
                outcome["referred_to"] = self.cleaned_data["referred_to"]
            label = f"{name}: {self.fields[f'rung_{code}'].label}, {dict(RUNG_WORDS)[rung]}"
            drafts.append(Draft(base + index, "outcome.recorded", outcome, label))
        return drafts

    def _meets_blocker(self, code: str, rungs: dict[str, str]) -> bool:
        """A blocker belongs to what stayed below its goal; to all if everything reached it."""
        if not self.cleaned_data.get("blocker"):
            return False
        goals = catalog.goal_rungs()
        short = [key for key, rung in rungs.items() if catalog.rung_index(rung) < catalog.rung_index(goals[key])]
        return code in (short or rungs)


def new_person_id(batch: UUID, prefix: str) -> UUID:
    """The id of somebody new on a page: the same each time the page is sent."""
    return uuid5(batch, f"person {prefix}")


class FinishForm(forms.Form):
    """How the visit ended, the resident's face, a note for the next crew. Nothing of it is ticked beforehand."""

    use_required_attribute = False

    note = PlainText(
        label=_("Note for the next crew"), required=False, max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example «go round to the back gate». No numbers of papers, no codes, nothing about health."),
    )  # fmt: skip
    faces = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, choices=[("1", "1"), ("2", "2"), ("3", "3")]
    )
    result = forms.ChoiceField(label=_("How did it end?"), required=False, widget=forms.RadioSelect, choices=RESULTS)
    come_back_on = forms.TypedChoiceField(
        label=_("On which day?"), required=False, coerce=date.fromisoformat, empty_value=None
    )
    come_back_part = forms.ChoiceField(
        label=_("At what time of day?"), required=False, choices=PARTS, widget=forms.RadioSelect
    )
    blocker = forms.ChoiceField(label=_("Why not?"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [today() + timedelta(days=step) for step in range(29)]
        labels = [(day.isoformat(), f"{day:%d/%m}" if get_language() == "en" else day_label(day)) for day in days]
        self.fields["come_back_on"].choices = [("", _("choose a day")), *labels]  # type: ignore[attr-defined]
        self.fields["blocker"].choices = [("", _("choose a reason")), *Visit.Blocker.choices[1:]]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A promise needs its day, a visit that could not help its reason; faces go with a result."""
        cleaned: dict[str, Any] = super().clean() or {}
        result = cleaned.get("result")
        if result == "come_back" and not cleaned.get("come_back_on"):
            self.add_error("come_back_on", _("Tap the day that was agreed."))
        if result == "cannot_serve" and not cleaned.get("blocker"):
            self.add_error("blocker", _("Tap the reason: the commune works on it."))
        if cleaned.get("faces") and not result and "result" not in self.errors:
            self.add_error("result", _("Tap how it ended: the face is kept together with it."))
        return cleaned

    def drafts(self, *, visit: UUID, household: UUID, minutes: int | None, unnamed: Sequence[str]) -> list[Draft]:
        """The note and the end of the visit."""
        cleaned = self.cleaned_data
        drafts: list[Draft] = []
        if cleaned.get("note"):
            payload = {"household": str(household), "note": cleaned["note"]}
            drafts.append(Draft(1001, "household.noted", payload, now_("The note")))
        if result := cleaned.get("result"):
            end: dict[str, Any] = {"visit": str(visit), "result": result}
            if minutes is not None:
                end["minutes"] = minutes
            if cleaned.get("faces"):
                end["faces"] = cleaned["faces"]
            if unnamed:
                end["unnamed_services"] = list(unnamed)
            if result == "come_back":
                end["come_back_on"] = cleaned["come_back_on"].isoformat()
                end |= {"good_time": cleaned["come_back_part"]} if cleaned.get("come_back_part") else {}
            if result == "cannot_serve":
                end["blocker"] = cleaned["blocker"]
            drafts.append(Draft(1002, "visit.finished", end, str(dict(RESULTS)[result])))
        return drafts


class WalkInForm(forms.Form):
    """Where somebody who came by lives: enough to find the door again, nothing that names a person."""

    use_required_attribute = False

    hamlet = forms.ChoiceField(label=_("Which hamlet do they live in?"))
    lane = PlainText(label=_("Lane or landmark"), required=False, max_length=60, help_text=_("Where the door is."))
    faces = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, choices=[("1", "1"), ("2", "2"), ("3", "3")]
    )

    def __init__(self, hamlets: Sequence[Area], *args: Any, **kwargs: Any) -> None:
        """`hamlets`: those of the commune, the unlisted one last."""
        super().__init__(*args, **kwargs)
        choices = [(row.code, _("Not known") if row.is_unlisted else str(row)) for row in hamlets]
        self.fields["hamlet"].choices = [("", _("choose a hamlet")), *choices]  # type: ignore[attr-defined]


def _session_label(session: Session) -> str:
    begin = session.starts_at.astimezone(ZONE)
    day = f"{begin:%d/%m}" if get_language() == "en" else day_label(begin.date())
    return f"{day} {begin:%H:%M} · {session.title or session.get_kind_display()}"


class VoiceForm(forms.Form):
    """A step as somebody reads it: which language, from where, the recording, and that it may be used."""

    language = forms.ChoiceField(label=_("In which language do you read?"))
    region = PlainText(
        label=_("From which region?"),
        required=False,
        max_length=catalog.REGION_LENGTH,
        help_text=_("People speak differently in different places, for example: Đắk Lắk."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("A recording from your phone"),
        help_text=_("MP3, WAV or OGG, at most 3 MB. Recordings that end in M4A cannot be read."),
        widget=forms.FileInput(attrs={"accept": ".mp3,.wav,.ogg,.oga,.opus,audio/mpeg,audio/wav,audio/ogg"}),
        error_messages={
            "required": _("There is no recording yet. Record the step, or choose a file."),
            "empty": _("This file is empty. Please record the step once more."),
        },
    )
    agree = forms.BooleanField(
        label=_("I agree that this voice is used"),
        error_messages={"required": _("Without your yes we cannot use the recording.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("Choose a language")), *catalog.tongue_choices()]  # type: ignore[attr-defined]
