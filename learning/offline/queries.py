"""Reads of what can be carried away."""

from django.http import Http404

from learning.lessons.models import LessonPage
from learning.lessons.tree import TopicPage
from learning.offline.models import Pack, PackFile
from learning.serving.answers import prefixed, spoken_language


def lesson_at(topic: str, lesson: str) -> LessonPage:
    """The published lesson at `/bai-hoc/<topic>/<lesson>/` in the language of the address. Http404 if there is none,
    or if it is not for everybody: a phone would keep it."""
    rows = LessonPage.objects.live().public().filter(slug=lesson, url_path__endswith=f"/bai-hoc/{topic}/{lesson}/")
    page: LessonPage | None = rows.filter(locale__language_code=spoken_language()).select_related("locale").first()
    if page is None or page.number is None:
        raise Http404(f"no lesson {topic}/{lesson}")
    page.address = prefixed(f"/bai-hoc/{topic}/{lesson}/")
    return page


def topic_pack(topic: TopicPage) -> Pack | None:
    """The topic's file for a memory card; None while it is being made, and for a topic without lessons."""
    row = PackFile.objects.filter(page_id=topic.pk).first()
    return row.pack if row else None


def loudspeaker_pack(lesson: LessonPage) -> Pack | None:
    """The lesson's one sound for the loudspeaker; None while it is being made."""
    row = PackFile.objects.filter(page_id=lesson.pk).first()
    return row.pack if row else None


def loudspeaker_packs(topic: TopicPage) -> list[tuple[LessonPage, Pack]]:
    """The sounds of a topic's lessons, in the editors' order; lessons whose sound is not made yet are left out."""
    lessons = list(LessonPage.objects.live().child_of(topic).select_related("locale"))
    rows = PackFile.objects.in_bulk([lesson.pk for lesson in lessons], field_name="page_id")
    found = ((lesson, rows[lesson.pk].pack) for lesson in lessons if lesson.pk in rows)
    return [(lesson, pack) for lesson, pack in found if pack is not None]


def kept_bytes(lesson: LessonPage) -> int:
    """What a phone downloads to keep a lesson, in bytes, with its voices; 0 if that is not known yet."""
    row = PackFile.objects.filter(page_id=lesson.pk).values_list("kept_bytes", flat=True).first()
    return row or 0
