"""The index through which Wagtail finds what the slices offer to editors."""

from learning.editor import viewsets
from learning.lessons.show import offer_previews

__all__ = ["viewsets"]

offer_previews()
