"""The trail: entries with plain values (they outlive the rows they speak of) and the seals that chain them."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from project.lib.clock import now
from volunteers.audit.rules import canonical


class AuditEntry(models.Model):
    """One thing that was done. Ids and field names only, never words, names or numbers of people."""

    id: models.BigAutoField = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=now)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=64)
    scope = models.CharField(max_length=64, blank=True, db_index=True)
    actor_id = models.UUIDField(null=True, blank=True)
    detail = models.JSONField(default=dict)
    seal_number = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="audit_object"),
            models.Index(fields=["id"], name="audit_unsealed", condition=Q(seal_number__isnull=True)),
            models.Index(fields=["seal_number", "id"], name="audit_sealed"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"

    def canonical_bytes(self) -> bytes:
        """The entry as the seal's digest sees it: every column but the seal's number, in a fixed writing."""
        return canonical(
            id=self.pk,
            at=self.at,
            action=self.action,
            object_type=self.object_type,
            object_id=self.object_id,
            scope=self.scope,
            actor_id=self.actor_id,
            detail=self.detail,
        )


class AuditSeal(models.Model):
    """A block of entries, closed: its digest covers the entries and the digest before it."""

    number = models.PositiveBigIntegerField(primary_key=True)
    entry_count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.digest[:12]}"


def plain(value: Any) -> Any:
    """A detail's value as JSON keeps it: dates in ISO form, ids as text, lists element by element."""
    if isinstance(value, uuid.UUID):
        return str(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
