"""Short numbers of lessons, printed on paper and read aloud: given once, for ever, the same in all languages."""

import uuid

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _


class LessonNumber(models.Model):
    """The number of `/b/<number>/`. It outlives the lesson: a retired number leads to the topic."""

    number = models.PositiveIntegerField(_("Number"), unique=True)
    translation_key = models.UUIDField(unique=True, editable=False)
    topic_key = models.UUIDField(editable=False)  # translation key of the topic, for the day the lesson is gone

    class Meta:
        verbose_name = _("lesson number")
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.number)


def give_number(translation_key: uuid.UUID, topic_key: uuid.UUID) -> int:
    """The lesson's number: the one it has, or the next free one. Safe when two editors publish at once."""
    for _attempt in range(5):
        try:
            with transaction.atomic():
                row = LessonNumber.objects.filter(translation_key=translation_key).first()
                if row is None:
                    last = LessonNumber.objects.aggregate(last=models.Max("number"))["last"] or 0
                    row = LessonNumber.objects.create(
                        number=last + 1, translation_key=translation_key, topic_key=topic_key
                    )
                elif row.topic_key != topic_key:
                    row.topic_key = topic_key
                    row.save(update_fields=["topic_key"])
                return row.number
        except IntegrityError:  # another process took the number between the two statements
            continue
    raise RuntimeError("no lesson number could be given: too many publications at once")
