"""The form that moves a visit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from project.lib.clock import ZONE
from project.lib.vietnamese import hour_label, weekday_name
from volunteers.sessions.models import Crew
from volunteers.visits.models import Visit


class RescheduleForm(forms.Form):
    """Another crew, another hour, or both; at least one of them."""

    crew = forms.ChoiceField(label=_("Which crew goes"), required=False)
    start = forms.TimeField(
        label=_("From what time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Leave it empty to keep the place in the crew's order."),
    )  # fmt: skip

    def __init__(self, visit: Visit, crews: Sequence[Crew], *args: Any, **kwargs: Any) -> None:
        """`crews` are those that the visit may go to."""
        super().__init__(*args, **kwargs)
        self.visit = visit
        self.crews = {str(crew.pk): crew for crew in crews}
        choices = [(key, self._label(crew)) for key, crew in self.crews.items() if crew.pk != visit.crew_id]
        self.fields["crew"].choices = [("", _("the same crew")), *choices]  # type: ignore[attr-defined]

    @staticmethod
    def _label(crew: Crew) -> str:
        begin = crew.session.starts_at.astimezone(ZONE)
        number = _("crew %(number)s") % {"number": crew.number}
        if get_language() == "en":
            when = f"{begin:%d/%m}, {begin:%H:%M}"
        else:
            when = f"{weekday_name(begin.date())} {begin:%d/%m}, {hour_label(begin)}"
        return f"{when}: {number} ({crew.leader.user.given_name})"

    def clean(self) -> dict[str, Any]:
        """Something must change, and the hour must lie in the session."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        if not cleaned.get("crew") and not cleaned.get("start"):
            raise forms.ValidationError(_("Choose another crew or another time."))
        moment = self._moment(cleaned)
        session = self._session(cleaned)
        if moment is not None and not session.starts_at <= moment < session.ends_at:
            self.add_error("start", _("That is not within the session's hours."))
        return cleaned

    def goal(self) -> dict[str, Any]:
        """What `reschedule_visit` is told."""
        crew = self.crews.get(self.cleaned_data.get("crew", ""))
        return {"crew": crew, "to": self._moment(self.cleaned_data)}

    def _session(self, cleaned: dict[str, Any]) -> Any:
        crew = self.crews.get(cleaned.get("crew", ""))
        return crew.session if crew else self.visit.session

    def _moment(self, cleaned: dict[str, Any]) -> datetime | None:
        start = cleaned.get("start")
        if start is None:
            return None
        day = self._session(cleaned).starts_at.astimezone(ZONE).date()
        return datetime.combine(day, start, tzinfo=ZONE)
