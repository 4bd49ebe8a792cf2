"""Lessons for elders."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    name = "learning"
    verbose_name = _("Lessons")

    def ready(self) -> None:
        """Kept pages hear of publications; lessons get their layout in the editor."""
        from learning.editor.panels import lay_out  # models are ready only now
        from learning.lessons.freshness import listen

        listen()
        lay_out()
