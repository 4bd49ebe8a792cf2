"""The blocks of a drawn phone screen and of the rehearsal phone."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from learning.media.blocks import picture_block
from learning.media.places import AreaBlock

CELL_KINDS = ("tabs", "grid", "keys")  # several places to tap: «a|b*|c», the star marks one

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
    ("toggle", _("Switch: «name|on» or «name|off»")),
    ("check", _("Box to tick: «words|x» is ticked")),
    ("tabs", _("Bar at the foot: «a|b*|c», the star marks one")),
    ("grid", _("Apps on the home screen: «a|b*|c»")),
    ("search", _("Search field")),
    ("bubble", _("Chat message: «sender|words»")),
    ("call", _("Incoming call: «caller|words»")),
    ("photo", _("Camera view of a paper: «clear», «blurred», «crooked», «dark»")),
    ("card", _("Card: «title|words»")),
    ("file", _("Attached file: «name|words»")),
    ("slider", _("Slider: «name|small…large»")),
    ("keys", _("Keys of a keyboard: «d|đ*|s»")),
    ("qr", _("QR code (a drawing)")),
    ("notice", _("Notice from an app: «app|words»")),
]


class ScreenRowBlock(blocks.StructBlock):
    """One row of a drawn phone screen."""

    kind = blocks.ChoiceBlock(choices=ROW_KINDS, default="button", label=_("What it is"))
    text = blocks.CharBlock(required=False, max_length=90, label=_("Words on it"))
    marked = blocks.BooleanBlock(required=False, label=_("This is the place to tap"))

    class Meta:
        label = _("Row")


class ScreenBlock(blocks.StructBlock):
    """A phone screen that the screen kit draws; no rows mean no drawing."""

    title = blocks.CharBlock(required=False, max_length=28, label=_("Title bar"))
    rows = blocks.ListBlock(ScreenRowBlock(), default=[], max_num=7, label=_("Rows of the screen"))

    class Meta:
        label = _("Drawn screen")
        icon = "mobile-alt"


def right_places(screen: Any) -> int:
    """How many places of a drawn screen are marked: whole rows, and stars in rows with cells."""
    found = 0
    for row in screen["rows"]:
        if row["kind"] in CELL_KINDS:
            found += (row["text"] or "").count("*")
        elif row["marked"]:
            found += 1
    return found


class RehearsalScreenBlock(blocks.StructBlock):
    """One screen of the rehearsal phone: a task, and one right place on a drawn screen or on an uploaded picture."""

    task = blocks.CharBlock(max_length=160, label=_("What to tap"))
    screen = ScreenBlock()
    image = picture_block(_("Picture instead of a drawing"))
    area = AreaBlock(required=False, label=_("The right place on the picture"))
    hint = blocks.CharBlock(max_length=160, label=_("Hint after a wrong tap"))

    class Meta:
        label = _("Practice screen")
        icon = "mobile-alt"

    def clean(self, value: Any) -> Any:
        """Exactly one right place; a draft may be saved without."""
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        errors: dict[str, ValidationError] = {}
        rows, image = cleaned["screen"]["rows"], cleaned["image"]
        if image and not cleaned["area"]:
            errors["area"] = ValidationError(_now("Click on the picture where the right place is."))
        elif not image and not rows:
            errors["image"] = ValidationError(_now("A practice screen needs a drawn screen or a picture."))
        elif not image and right_places(cleaned["screen"]) != 1:
            errors["screen"] = ValidationError(_now("Exactly one row is the place to tap. Please tick one."))
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return cleaned
