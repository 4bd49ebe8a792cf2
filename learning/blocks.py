"""The blocks of a lesson: a step with its picture, marks, hints, helper's note and voices."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock
from wagtailmedia.blocks import AudioChooserBlock

MAX_STEPS = 12
SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)")

ROW_KINDS = [
    ("heading", _("Heading")),
    ("text", _("Text")),
    ("button", _("Button")),
    ("quiet", _("Second button")),
    ("field", _("Field to fill in")),
    ("secret", _("Hidden field (password)")),
    ("boxes", _("Six boxes for a code")),
    ("item", _("Line of a list")),
    ("app", _("App with a button: «name|button»")),
    ("message", _("Text message")),
    ("done", _("Done sign")),
]


def sentences_in(text: str) -> int:
    """How many sentences a text has: it ends with a stop, or without one."""
    parts = [part for part in SENTENCE_END.split(text.strip()) if part.strip(" «»\"'")]
    return len(parts)


class ScreenRowBlock(blocks.StructBlock):
    """One row of a drawn phone screen."""

    kind = blocks.ChoiceBlock(choices=ROW_KINDS, default="text", label=_("What it is"))
    text = blocks.CharBlock(required=False, max_length=90, label=_("Words on it"))
    marked = blocks.BooleanBlock(required=False, label=_("Put the yellow mark here"))

    class Meta:
        label = _("Row")


class ScreenBlock(blocks.StructBlock):
    """A phone screen that the screen kit draws; empty rows mean no drawing."""

    title = blocks.CharBlock(required=False, max_length=28, label=_("Title bar"))
    rows = blocks.ListBlock(ScreenRowBlock(), default=[], max_num=7, label=_("Rows"))

    class Meta:
        label = _("Drawn screen")
        icon = "mobile-alt"


class MarkBlock(blocks.StructBlock):
    """A numbered mark on an uploaded picture, in percent of its width and height."""

    x = blocks.IntegerBlock(min_value=0, max_value=100, label=_("From the left, in percent"))
    y = blocks.IntegerBlock(min_value=0, max_value=100, label=_("From the top, in percent"))

    class Meta:
        label = _("Mark")


class HintBlock(blocks.StructBlock):
    """What the learner may meet instead, and what to do then."""

    sees = blocks.CharBlock(max_length=90, label=_("What one may see"))
    act = blocks.CharBlock(max_length=240, label=_("What to do then"))

    class Meta:
        label = _("You may see")


class StepBlock(blocks.StructBlock):
    """One act: at most two short sentences and one picture. Its block id is the step's stable id."""

    text = blocks.TextBlock(
        max_length=240,
        rows=2,
        label=_("What to do"),
        help_text=_("At most two short sentences, one act. The word on the phone stands in «quotes»."),
    )
    screen = ScreenBlock()
    image = ImageBlock(required=False, label=_("Picture instead of a drawing"))
    marks = blocks.ListBlock(MarkBlock(), default=[], max_num=3, label=_("Marks on the picture"))
    hints = blocks.ListBlock(HintBlock(), default=[], max_num=4, label=_("You may see"))
    helper_note = blocks.TextBlock(
        required=False,
        max_length=400,
        rows=2,
        label=_("For the helper"),
        help_text=_("What the volunteer says or watches; learners do not see it."),
    )
    voices = blocks.ListBlock(
        AudioChooserBlock(label=_("Recording")), default=[], max_num=6, label=_("Recorded voices")
    )

    class Meta:
        label = _("Step")
        icon = "form"
        collapsed = True

    def clean(self, value: Any) -> Any:
        """Two sentences at most, and a picture on every step."""
        cleaned = super().clean(value)
        errors: dict[str, ValidationError] = {}
        if sentences_in(cleaned["text"]) > 2:
            errors["text"] = ValidationError(_now("At most two sentences. Please split the step."))
        if not cleaned["screen"]["rows"] and not cleaned["image"]:
            errors["image"] = ValidationError(_now("A step needs a drawn screen or a picture."))
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return cleaned
