"""Grants: a role on a scope; and tokens of programs that read aggregates."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from project.lib.clock import now
from project.lib.ids import new_id
from volunteers.access.roles import Role


class Grant(models.Model):
    """`user` holds `role` on everything whose scope begins with `scope`."""

    class Roles(models.TextChoices):
        ADMINISTRATOR = Role.ADMINISTRATOR.value, _("administrator")
        PROVINCE_COORDINATOR = Role.PROVINCE_COORDINATOR.value, _("province coordinator")
        COMMUNE_LEAD = Role.COMMUNE_LEAD.value, _("commune lead")
        CONTENT_EDITOR = Role.CONTENT_EDITOR.value, _("content editor")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("Role"), max_length=24, choices=Roles.choices)
    scope = models.CharField(_("Scope"), max_length=64, db_index=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    granted_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("grant")
        constraints = [
            models.CheckConstraint(condition=Q(scope__endswith="/"), name="grant_scope_ends_in_slash"),
            models.UniqueConstraint(fields=["user", "role", "scope"], name="grant_once"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.scope}"

    @property
    def scope_path(self) -> str:
        """Where the grant lies, for the guards and the audit."""
        return self.scope


class ApiToken(models.Model):
    """A program's key to aggregates beneath a scope (contract §2 `mint_token`): only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=80)
    scope = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(scope__endswith="/"), name="token_scope_ends_in_slash"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_path(self) -> str:
        """Where the token reads, for the audit."""
        return self.scope
