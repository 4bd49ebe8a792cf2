"""Notices: computed from the audit stream, once for each person and event."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from project.lib.clock import now
from project.lib.ids import new_id
from volunteers.access.scoping import Lookup, ScopedQuerySet


class NotificationQuerySet(ScopedQuerySet):
    assignment_lookups: ClassVar[tuple[Lookup, ...]] = ("recipient",)

    def unread(self) -> NotificationQuerySet:
        """Not yet opened, newest first."""
        return self.filter(read_at__isnull=True).order_by("-created_at")


class Notification(models.Model):
    """One notice to one person about one audit entry."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    entry_id = models.PositiveBigIntegerField()  # the audit entry it speaks of
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=160)
    body = models.TextField()
    url = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True, blank=True)
    mail_state = models.CharField(max_length=8, default="due")  # due, claimed, sent, none
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        constraints = [models.UniqueConstraint(fields=["entry_id", "recipient"], name="notice_once")]
        indexes = [
            models.Index(fields=["recipient", "created_at"], name="notice_inbox"),
            models.Index(fields=["created_at"], condition=Q(mail_state="due"), name="notice_mail_due"),
        ]

    def __str__(self) -> str:
        return self.subject


class Preference(models.Model):
    """Whether a person wants e-mail for a kind of notice; the inbox always has everything."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preferences")
    action = models.CharField(max_length=60)
    is_mail_wanted = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("preference")
        constraints = [models.UniqueConstraint(fields=["user", "action"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.action}"
