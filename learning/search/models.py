"""Queries that found nothing: the lessons that are still to be written."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchMiss(models.Model):
    """How often a query found nothing on a day. Folded words only; nothing about who asked; secrets are never kept."""

    query = models.CharField(_("Query"), max_length=80)
    language = models.CharField(_("Language"), max_length=8)
    day = models.DateField(_("Day"))
    count = models.PositiveIntegerField(_("How often"), default=0)

    class Meta:
        verbose_name = _("search without a hit")
        verbose_name_plural = _("searches without a hit")
        constraints = [models.UniqueConstraint(fields=["query", "language", "day"], name="search_miss_once")]

    def __str__(self) -> str:
        return f"{self.query} {self.day}"
