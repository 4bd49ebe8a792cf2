"""Makes `project` an installed app, so that its commands, tags and tasks are found."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "project"
    verbose_name = "Gõ Cửa"
