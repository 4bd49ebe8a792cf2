"""Sentences of Django that our catalogue words anew: an official tone does not belong in front of an elder."""

from django.utils.translation import gettext_noop as _

REWORDED = (
    _("This field is required."),
    _("Enter a valid email address."),
    _("Enter a whole number."),
    _("Enter a valid date."),
    _("Enter a valid time."),
    _("The submitted file is empty."),
)
