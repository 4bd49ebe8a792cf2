"""Template tags of what can be carried away: packs of topics and lessons, their sizes as people read them."""

from django import template

from learning.lessons.models import LessonPage
from learning.lessons.tree import TopicPage
from learning.offline import queries
from learning.offline.bundle import size_words
from learning.offline.models import Pack

register = template.Library()


@register.simple_tag
def topic_pack(topic: TopicPage) -> Pack | None:
    """`{% topic_pack page as pack %}`: the topic's file for a memory card."""
    return queries.topic_pack(topic)


@register.simple_tag
def loudspeaker_packs(topic: TopicPage) -> list[tuple[LessonPage, Pack]]:
    """`{% loudspeaker_packs page as sounds %}`: the topic's lessons with their sounds for the loudspeaker."""
    return queries.loudspeaker_packs(topic)


@register.simple_tag
def kept_bytes(lesson: LessonPage) -> int:
    """`{% kept_bytes page as bytes %}`: what a phone downloads to keep the lesson; 0 if that is not known yet."""
    return queries.kept_bytes(lesson)


@register.filter
def size(count: int) -> str:
    """612345 → '0,6 MB'."""
    return size_words(count)
