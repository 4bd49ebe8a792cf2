"""The user: who somebody is. Roles, areas and teams are known upstairs, never here."""

import uuid

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from project.accounts.managers import UserManager
from project.lib.clock import now
from project.lib.ids import new_id


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # of models without types
    """A person who signs in with a phone number or an e-mail address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("Full name"), max_length=120)
    email = models.EmailField(_("E-mail"), unique=True, null=True, blank=True)
    phone = models.CharField(_("Phone"), max_length=16, unique=True, null=True, blank=True)
    is_phone_verified = models.BooleanField(default=False)
    language = models.CharField(_("Language"), max_length=5, choices=settings.LANGUAGES, default="vi")
    conduct_version = models.PositiveSmallIntegerField(default=0)
    conduct_accepted_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(_("Active"), default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(condition=Q(email__isnull=False) | Q(phone__isnull=False), name="user_has_address"),
        ]

    pk: uuid.UUID

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name as the person writes it (Wagtail asks for it)."""
        return self.name

    def get_short_name(self) -> str:
        """The given name: the last word of a Vietnamese name."""
        return self.name.split()[-1] if self.name.split() else self.name

    @property
    def given_name(self) -> str:
        """What others call the person: the last word of a Vietnamese name."""
        return self.get_short_name()
