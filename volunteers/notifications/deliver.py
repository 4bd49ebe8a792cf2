"""From an audit entry to notices: who, in which words, by which ways out."""

from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import translation

from project.accounts.models import User
from volunteers.audit.models import AuditEntry
from volunteers.notifications import queries
from volunteers.notifications.catalog import KINDS, Kind
from volunteers.notifications.models import Notification
from volunteers.notifications.transports import inbox, mail
from volunteers.notifications.transports.base import Message


def deliver(entry: AuditEntry) -> list[str]:
    """Write the notices that the entry calls for, once for each person; returns the keys of those to be mailed.

    The same entry again writes nothing new. A row that is gone by now makes no notice.
    """
    kind = KINDS.get(entry.action)
    row = _row(kind, entry) if kind is not None else None
    if kind is None or row is None:
        return []
    people = _people(kind, row, entry)
    if not people:
        return []
    refused = queries.refusals(people, kind.action)
    words = {person.language: _words(kind, row, entry, person.language) for person in people}
    inbox.keep(
        Message(
            recipient=person,
            entry_id=entry.pk,
            action=kind.action,
            subject=words[person.language][0],
            body=words[person.language][1],
            url=kind.where(row, entry),
            is_mail_wanted=mail.reaches(person) and person.pk not in refused,
        )
        for person in people
    )
    due = Notification.objects.filter(entry_id=entry.pk, mail_state="due").values_list("pk", flat=True)
    return [str(key) for key in due]


def _row(kind: Kind, entry: AuditEntry) -> Model | None:
    return kind.model._default_manager.filter(pk=entry.object_id).first()


def _people(kind: Kind, row: Model, entry: AuditEntry) -> list[User]:
    """Everybody once; without the actor, who knows already, and without closed accounts."""
    people = {person.pk: person for person in kind.who(row, entry) if person.is_active}
    if not kind.tells_actor and entry.actor_id is not None:
        people.pop(entry.actor_id, None)
    return list(people.values())


def _words(kind: Kind, row: Model, entry: AuditEntry, language: str) -> tuple[str, str]:
    with translation.override(language):
        words = kind.words(row, entry)
        subject, body = (render_to_string(template, words).strip() for template in kind.templates)
    return " ".join(subject.split())[:160], body
