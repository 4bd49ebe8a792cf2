"""E-mail: plain text, with a link into the product."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from project.accounts.models import User
from volunteers.notifications.models import Notification


def reaches(person: User) -> bool:
    """Whether the person has an address and an open account."""
    return bool(person.email) and person.is_active


def send(notice: Notification) -> None:
    """Send one notice to its recipient; raises what the mail server's connection raises."""
    base = settings.SITE_URL or settings.WAGTAILADMIN_BASE_URL
    person = notice.recipient
    with translation.override(person.language):
        parts = [notice.body]
        if notice.url:
            parts.append(f"{base}{notice.url}")
        choice = f"{base}{reverse('notifications:preferences')}"
        parts.append(_("Gõ Cửa. Which notices come by e-mail is your choice: %(link)s") % {"link": choice})
    assert person.email is not None
    EmailMessage(
        subject=f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{notice.subject}",
        body="\n\n".join(parts),
        to=[person.email],
        headers={"Auto-Submitted": "auto-generated", "Message-ID": f"<{notice.pk}@{_domain()}>"},
    ).send()


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ") or "localhost"
