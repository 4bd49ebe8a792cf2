"""The icons that an editor may choose: names of the project's sprite with words."""

from django.utils.translation import gettext_lazy as _

ICON_CHOICES = [
    ("lesson", _("Lesson")),
    ("phone", _("Phone")),
    ("id-card", _("Identity card")),
    ("paper", _("Paper")),
    ("hospital", _("Health")),
    ("money", _("Money")),
    ("shield", _("Shield")),
    ("signature", _("Signature")),
    ("globe", _("On the net")),
    ("key", _("Key")),
    ("lock", _("Padlock")),
    ("people", _("People")),
    ("house", _("House")),
    ("call", _("Call")),
    ("book", _("Book")),
]
