"""How accounts are made in code; people get theirs by invitation only."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager

from project.lib import phone as phones

if TYPE_CHECKING:
    from project.accounts.models import User


class UserManager(BaseUserManager["User"]):
    """Makes users from a name and a phone or an e-mail address (either is the login name)."""

    def create_user(
        self,
        *,
        name: str,
        email: str | None = None,
        phone: str | None = None,
        password: str | None = None,
        **extra: Any,
    ) -> "User":
        """A new active user. `phone` in any usual writing; raises ValueError when both addresses are missing."""
        if not email and not phone:
            raise ValueError("a user needs an e-mail address or a phone number")
        user = self.model(
            name=name.strip(),
            email=self.normalize_email(email).lower() if email else None,
            phone=phones.parse(phone) if phone else None,
            **extra,
        )
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, *, name: str, email: str, password: str | None = None, **extra: Any) -> "User":
        """For `manage.py createsuperuser` on a new installation: an account that may do everything in Wagtail too."""
        return self.create_user(name=name, email=email, password=password, is_staff=True, is_superuser=True, **extra)
