"""The blocks of the questions after a lesson: a choice, and «real or fake»."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

MEDIA = [
    ("message", _("Message")),
    ("call", _("Phone call")),
    ("link", _("A link")),
    ("app", _("App")),
    ("video", _("Video call")),
]


class OptionBlock(blocks.StructBlock):
    """One answer with the kind words that follow it."""

    text = blocks.CharBlock(max_length=90, label=_("Answer"))
    why = blocks.CharBlock(max_length=200, label=_("What we say then"))
    right = blocks.BooleanBlock(required=False, label=_("This one is right"))

    class Meta:
        label = _("Answer")


class ChoiceQuestionBlock(blocks.StructBlock):
    """A question with two to four answers."""

    question = blocks.CharBlock(max_length=160, label=_("Question"))
    options = blocks.ListBlock(OptionBlock(), min_num=2, max_num=4, label=_("Answers"))
    hint = blocks.CharBlock(max_length=160, label=_("Hint"))

    class Meta:
        label = _("Question")
        icon = "help"

    def clean(self, value: Any) -> Any:
        """One answer is right; a draft may be saved without."""
        cleaned = super().clean(value)
        if not self.is_deferred_validation and sum(bool(option["right"]) for option in cleaned["options"]) != 1:
            error = ValidationError(_now("Exactly one answer is right. Please tick one."))
            raise blocks.StructBlockValidationError(block_errors={"options": error})
        return cleaned


class ScamBlock(blocks.StructBlock):
    """Real or fake? With the reason."""

    medium = blocks.ChoiceBlock(choices=MEDIA, default="message", label=_("What comes"))
    sender = blocks.CharBlock(max_length=60, label=_("Who it says it is from"))
    body = blocks.CharBlock(max_length=240, label=_("What it says"))
    fake = blocks.BooleanBlock(required=False, label=_("It is fake"))
    why = blocks.CharBlock(max_length=240, label=_("The reason"))
    hint = blocks.CharBlock(max_length=160, label=_("Hint"))

    class Meta:
        label = _("Real or fake")
        icon = "warning"
