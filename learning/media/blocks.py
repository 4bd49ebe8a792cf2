"""The block of an uploaded picture, as steps and practice screens hold it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.images.blocks import ImageBlock


def picture_block(label: Any) -> ImageBlock:
    """Wagtail's ImageBlock, not required; its chooser has a name that can be translated (Wagtail's has none)."""
    block = ImageBlock(required=False, label=label)
    block.child_blocks["image"].label = _("Picture")
    return block
