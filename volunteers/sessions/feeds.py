"""Sessions as a calendar file (RFC 5545). Neutral words only: a feed may lie on a shared computer."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from project.lib.clock import now
from volunteers.sessions.models import Session


def calendar(sessions: Iterable[Session], *, name: str) -> bytes:
    """The sessions as one .ics file; a cancelled session is marked, so that calendars take it out."""
    feed = Calendar()
    feed.add("prodid", "-//Go Cua//VI")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", name)
    feed.add("x-wr-timezone", "Asia/Ho_Chi_Minh")
    for session in sessions:
        event = Event()
        event.add("uid", f"{session.pk}@gocua")
        event.add("dtstamp", now())
        event.add("last-modified", session.updated_at)
        event.add("dtstart", session.starts_at)
        event.add("dtend", session.ends_at)
        event.add("summary", session.title or str(session.get_kind_display()).capitalize())
        where = [session.place, str(session.hamlet) if session.hamlet else "", str(session.area)]
        event.add("location", ", ".join(part for part in where if part))
        if session.status == Session.Status.CANCELLED:
            event.add("status", "CANCELLED")
            event.add("description", _("This session was cancelled."))
        feed.add_component(event)
    return bytes(feed.to_ical())
