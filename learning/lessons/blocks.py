"""The block of a lesson's step: one act with its picture, marks, hints, helper's note and voices."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtailmedia.blocks import AudioChooserBlock

from learning.guardrails.rules import MAX_SENTENCES, is_official, sentences
from learning.media.blocks import picture_block
from learning.media.places import MarksBlock
from learning.rehearsal.blocks import ScreenBlock


class HintBlock(blocks.StructBlock):
    """What the learner may meet instead, and what to do then."""

    sees = blocks.CharBlock(max_length=90, label=_("What one may see"))
    act = blocks.CharBlock(max_length=240, label=_("What to do then"))

    class Meta:
        label = _("You may see")


class VariantBlock(blocks.StructBlock):
    """The step on an iPhone, where it differs; empty parts are those of the step itself."""

    text = blocks.TextBlock(required=False, max_length=240, rows=2, label=_("What to do on an iPhone"))
    screen = ScreenBlock()
    image = picture_block(_("Picture of an iPhone"))
    marks = MarksBlock(required=False, label=_("Marks on the picture"))

    class Meta:
        label = _("On an iPhone")
        icon = "mobile-alt"
        collapsed = True


class LinkBlock(blocks.StructBlock):
    """One official address."""

    url = blocks.URLBlock(required=False, label=_("Official address"))
    label = blocks.CharBlock(required=False, max_length=60, label=_("Words on the link"))

    class Meta:
        label = _("Official link")
        icon = "link"

    def clean(self, value: Any) -> Any:
        """Only addresses of the allow-list; a draft may be saved with anything."""
        cleaned = super().clean(value)
        if not self.is_deferred_validation and cleaned["url"] and not is_official(cleaned["url"]):
            words = _now("Only official addresses: https and ending in .gov.vn, or the two app stores.")
            raise blocks.StructBlockValidationError(block_errors={"url": ValidationError(words)})
        return cleaned


class SpokenTrackBlock(blocks.StructBlock):
    """The step in another language of the country, read by a machine: a sample until somebody records it."""

    language = blocks.CharBlock(max_length=8, label=_("Language"), help_text=_("A code such as yue, sti or hmn."))
    region = blocks.CharBlock(required=False, max_length=24, label=_("Region"))
    says = blocks.TextBlock(max_length=400, rows=2, label=_("What is said"))

    class Meta:
        label = _("Voice in another language")
        icon = "openquote"


class StepBlock(blocks.StructBlock):
    """One act: at most two short sentences and one picture. Its block id is the step's stable id."""

    text = blocks.TextBlock(
        max_length=240,
        rows=2,
        label=_("What to do"),
        help_text=_("At most two short sentences, one act. The word on the phone stands in «quotes»."),
    )
    screen = ScreenBlock()
    image = picture_block(_("Picture instead of a drawing"))
    marks = MarksBlock(required=False, label=_("Marks on the picture"))
    iphone = VariantBlock()
    hints = blocks.ListBlock(HintBlock(), default=[], max_num=4, label=_("You may see"))
    do = blocks.ListBlock(blocks.CharBlock(max_length=120), default=[], max_num=3, label=_("Do"))
    dont = blocks.ListBlock(blocks.CharBlock(max_length=120), default=[], max_num=3, label=_("Do not"))
    terms = blocks.ListBlock(
        SnippetChooserBlock("learning.GlossaryTerm"), default=[], max_num=2, label=_("Words to explain")
    )
    link = LinkBlock()
    helper_note = blocks.TextBlock(
        required=False,
        max_length=400,
        rows=2,
        label=_("For the helper: say or watch"),
        help_text=_("What the volunteer says or watches; learners do not see it."),
    )
    helper_never = blocks.TextBlock(required=False, max_length=240, rows=2, label=_("For the helper: never do here"))
    voices = blocks.ListBlock(
        AudioChooserBlock(label=_("Recording")), default=[], max_num=6, label=_("Recorded voices")
    )
    tracks = blocks.ListBlock(SpokenTrackBlock(), default=[], max_num=4, label=_("Voices in other languages"))

    class Meta:
        label = _("Step")
        icon = "form"
        collapsed = True
        # What every step needs stands open; the rest is one click away.
        form_layout = BlockGroup(
            children=[
                "text",
                "screen",
                "image",
                "marks",
                BlockGroup(["voices", "tracks"], heading=_("Voice"), icon="media", classname="collapsed"),
                BlockGroup(
                    ["hints", "do", "dont", "terms", "link"],
                    heading=_("More on this screen"),
                    icon="list-ul",
                    classname="collapsed",
                ),
                BlockGroup(
                    ["helper_note", "helper_never"], heading=_("For the helper"), icon="user", classname="collapsed"
                ),
                "iphone",
            ]
        )

    def clean(self, value: Any) -> Any:
        """Two sentences at most, and a picture on every step; a draft may be saved without."""
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        errors: dict[str, ValidationError] = {}
        if len(sentences(cleaned["text"])) > MAX_SENTENCES:
            errors["text"] = ValidationError(_now("At most two sentences. Please split the step."))
        if not cleaned["screen"]["rows"] and not cleaned["image"]:
            errors["image"] = ValidationError(_now("A step needs a drawn screen or a picture."))
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return cleaned
