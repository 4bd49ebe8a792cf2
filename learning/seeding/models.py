"""What `seed_lessons` wrote, so that it never overwrites an editor."""

from django.db import models


class ShippedContent(models.Model):
    """Digests of one shipped piece: of the file, and of the result as it was left in the database."""

    key = models.CharField(max_length=120, unique=True)
    file_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.key
