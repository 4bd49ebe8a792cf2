"""What every way out for a message has in common."""

from dataclasses import dataclass
from typing import Protocol

from project.accounts.models import User
from volunteers.notifications.models import Notification


@dataclass(frozen=True)
class Message:
    """One person's notice in that person's language, not yet anywhere."""

    recipient: User
    entry_id: int
    action: str
    subject: str
    body: str
    url: str
    is_mail_wanted: bool


class Transport(Protocol):
    """A way out: may it go to this person at all, and sending one notice that lies in the inbox already."""

    def reaches(self, person: User) -> bool:
        """Whether the person can be reached this way."""

    def send(self, notice: Notification) -> None:
        """Send; raises whatever the way out raises."""
